/*
 * Records: the data that commands print in facectl's own format. Each type of record has a constant table of fields.
 *
 * The table is used for all output formats: NDJSON (one object per line), TSV (a header line, then a line per record), JSON (an
 * array of the objects, or the object alone for a command that has just one) and text (a table of the fields that have a
 * heading). Every JSON object has the members "type" and "schema"; schema is 1.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OUTPUT_RECORD_H
#define FC_CMD_OUTPUT_RECORD_H

#include "base/json_writer.h"
#include "output/record_writer.h"

/* What a dry run says instead of a result word: "would enrol" for "enrolled". Words for no change stay as they are. */
const char *record_would(const char *done);

/*
 * The result word for the output. Text has "face added" for "reinit", the word of the platforms, and record_would(done) in a dry run;
 * records have `done`, and dry_run is true. NULL for NULL.
 */
const char *record_outcome(const struct out *out, bool dry_run, const char *done);

struct record_writer record_writer_of(struct out *out, const char *type,
				      const struct record_field *fields, bool single);
void record_writer_release(struct record_writer *writer);

/* Set the minimum width of a field's column of text, for rows that are written before all rows are known. */
void record_reserve(struct record_writer *writer, const char *field, size_t width);

/*
 * Find the fields of --fields in a table: *count is 0 without --fields and for "all". Errors: FC_INVALID_ARGUMENT (an unknown name, with
 * the most similar one, or a field that the format cannot show).
 */
enum fc_status record_choose(const struct out *out, const struct record_field *fields,
			     const struct record_field *chosen[RECORD_FIELDS], size_t *count,
			     struct fc_error *err);

enum fc_status record_write(struct record_writer *writer, const void *record, enum record_tone tone,
			    struct fc_error *err);

/* Write the fields of a record as members of the open object of another JSON document. */
void record_put_members(struct fc_json_writer *json, const struct record_field *fields,
			const void *record);

/* Align the rows of text so far and write all data. */
enum fc_status record_flush(struct record_writer *writer, struct fc_error *err);

/* Finish the output after the last record. */
enum fc_status record_finish(struct record_writer *writer, struct fc_error *err);

/* Write the whole output of a command that has one record. */
enum fc_status record_show(struct out *out, const char *type, const struct record_field *fields,
			   const void *record, enum record_tone tone, struct fc_error *err);

#endif
