/*
 * Records: facectl's own lines of data. One constant table of fields per type of record drives text, TSV, NDJSON and JSON.
 *
 * NDJSON is one object a line, TSV one line of columns under a line of names, JSON an array of the objects (or the object alone
 * for a command that has just one), text a table of the fields that have a heading. Every record carries its type and schema 1.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_RECORD_H
#define FC_CMD_RECORD_H

#include <stdint.h>

#include "output/out.h"

enum { RECORD_SCHEMA = 1 };

/* Each type has a value for "absent": the field does not appear then. */
enum record_type {
	RECORD_END = 0,
	RECORD_TEXT,    /* const char *; NULL */
	RECORD_INTEGER, /* int64_t; RECORD_ABSENT */
	RECORD_REAL,    /* double; NAN */
	RECORD_FLAG,    /* enum record_flag; RECORD_UNSAID */
	RECORD_TEXTS,   /* struct record_texts; count 0 */
	RECORD_REALS,   /* struct record_reals; count 0 */
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

/* Fields of faces that only some runs have, or show. */
enum record_group {
	RECORD_LIVENESS = 1 << 0,
	RECORD_ATTRIBUTES = 1 << 1,
	RECORD_LANDMARKS = 1 << 2
};

struct record_field {
	enum record_type type;
	const char *name; /* the key and the column's name */
	size_t offset;
	unsigned decimals;
	const char *heading; /* of its column in text; NULL: not shown there */
	bool json_only;      /* too large or too deep for a column */
	/* Shown in text only by a writer that shows one of these groups; 0: always. */
	enum record_group group;
};

/* The outcome of a command with --dry-run: text says what would be done, records the same as without it (and have dry_run). */
const char *record_outcome(const struct out *out, bool dry_run, const char *done,
			   const char *would_be_done);

/* How a row of text is painted. */
enum record_tone { TONE_PLAIN, TONE_GOOD, TONE_BAD, TONE_FAINT };

enum { RECORD_COLUMNS = 20 };

struct record_writer {
	struct out *out;
	const char *type;
	const struct record_field *fields;
	unsigned groups; /* enum record_group: shown in text */
	bool single;     /* this command has one record: JSON is the object itself */
	bool begun;
	size_t widths[RECORD_COLUMNS]; /* of the columns of text */
	bool endless; /* the number of rows is not known: widths are fixed after one screen, up to a maximum */
	size_t rows;            /* of text so far */
	struct fc_buffer cells; /* rows of text not yet laid out: each cell ends with a NUL */
	struct fc_buffer tones; /* a byte for each of these rows */
};

struct record_writer record_writer_of(struct out *out, const char *type,
				      const struct record_field *fields, bool single);
void record_writer_release(struct record_writer *writer);

/* Make the n-th shown column of text at least this wide, for rows that are written before the others are known. */
void record_reserve(struct record_writer *writer, size_t column, size_t width);

FC_MUST_USE enum fc_status record_write(struct record_writer *writer, const void *record,
					enum record_tone tone, struct fc_error *err);

/* Lay out the rows of text so far and write everything to standard output. */
FC_MUST_USE enum fc_status record_flush(struct record_writer *writer, struct fc_error *err);

/* The end of the last record. */
FC_MUST_USE enum fc_status record_finish(struct record_writer *writer, struct fc_error *err);

/* All of this for a command that has one record. */
FC_MUST_USE enum fc_status record_show(struct out *out, const char *type,
				       const struct record_field *fields, const void *record,
				       enum record_tone tone, struct fc_error *err);

#endif
