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

#include <stdint.h>

#include "output/out.h"

enum { RECORD_SCHEMA = 1 };

/* The types of fields. Each type has a value that means "absent": the field is then omitted. */
enum record_type {
	RECORD_END = 0,
	RECORD_TEXT,    /* const char *; NULL */
	RECORD_INTEGER, /* int64_t, or uint64_t up to INT64_MAX; RECORD_ABSENT */
	RECORD_REAL,    /* double; NAN */
	RECORD_FLAG,    /* enum record_flag; RECORD_UNSAID */
	RECORD_TEXTS,   /* struct record_texts; count 0 */
	RECORD_REALS,   /* struct record_reals; count 0 */
	RECORD_NAMED, /* struct record_named; count 0: an object of numbers, for fields with json_only */
};

#define RECORD_ABSENT INT64_MIN

enum record_flag { RECORD_UNSAID = 0, RECORD_FALSE, RECORD_TRUE };

struct record_texts {
	const char *const *items;
	size_t count;
};

struct record_reals {
	const double *items;
	size_t count;
};

struct record_named {
	const char *const *names;
	const double *items;
	size_t count;
};

/* Groups of face fields that only some runs measure or show. */
enum record_group {
	RECORD_LIVENESS = 1 << 0,
	RECORD_ATTRIBUTES = 1 << 1,
	RECORD_LANDMARKS = 1 << 2
};

struct record_field {
	enum record_type type;
	const char *name; /* the JSON key and the name of the TSV column */
	size_t offset;
	unsigned decimals;
	const char *heading; /* heading of the column in text; NULL: not shown in text */
	bool json_only;      /* not in TSV and text: too large or too deep for a column */
	/* the field is shown in text only by a writer that shows this group; 0: always */
	enum record_group group;
};

/* What a dry run says instead of a result word: "would enrol" for "enrolled". Words for no change stay as they are. */
const char *record_would(const char *done);

/* The result word for the output: in text a dry run has record_would(done); records have `done`, and dry_run is true. */
const char *record_outcome(const struct out *out, bool dry_run, const char *done);

/* The colour of a row of text. */
enum record_tone { TONE_PLAIN, TONE_GOOD, TONE_BAD, TONE_FAINT };

enum { RECORD_COLUMNS = 20 };

struct record_writer {
	struct out *out;
	const char *type;
	const struct record_field *fields;
	unsigned groups; /* enum record_group: the groups to show in text */
	bool single;     /* the command has one record: JSON is the object itself */
	bool begun;
	size_t widths[RECORD_COLUMNS]; /* widths of the columns of text */
	/* the number of rows is unknown: column widths are fixed after one screen of rows, up to a maximum */
	bool endless;
	size_t rows; /* number of rows of text so far */
	/* cells of the rows of text that are not yet aligned; each cell ends with a NUL */
	struct fc_buffer cells;
	struct fc_buffer tones; /* the tones of these rows, one byte each */
};

struct record_writer record_writer_of(struct out *out, const char *type,
				      const struct record_field *fields, bool single);
void record_writer_release(struct record_writer *writer);

/* Set the minimum width of a shown column of text, for rows that are written before all rows are known. */
void record_reserve(struct record_writer *writer, size_t column, size_t width);

enum fc_status record_write(struct record_writer *writer, const void *record, enum record_tone tone,
			    struct fc_error *err);

/* Align the rows of text so far and write all data. */
enum fc_status record_flush(struct record_writer *writer, struct fc_error *err);

/* Finish the output after the last record. */
enum fc_status record_finish(struct record_writer *writer, struct fc_error *err);

/* Write the whole output of a command that has one record. */
enum fc_status record_show(struct out *out, const char *type, const struct record_field *fields,
			   const void *record, enum record_tone tone, struct fc_error *err);

#endif
