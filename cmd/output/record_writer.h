/* The types of records: the fields of a record, and the state of what writes them. Use it through record.h. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OUTPUT_RECORD_WRITER_H
#define FC_CMD_OUTPUT_RECORD_WRITER_H

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
	RECORD_LANDMARKS = 1 << 2,
	RECORD_STORED = 1 << 3,
	/* of similar: by the candidates */
	RECORD_OF_PHOTOS = 1 << 4,
	RECORD_OF_LIST = 1 << 5,
	RECORD_OF_SPACE = 1 << 6,
	RECORD_FACE_ID = 1 << 7,
	RECORD_OCCLUSION = 1 << 8,
};

/* The rank of a field that text shows only with --verbose. */
enum { RECORD_VERBOSE = 255 };

struct record_field {
	enum record_type type;
	const char *name; /* the JSON key and the name of the TSV column */
	size_t offset;
	unsigned decimals;
	const char *heading; /* heading of the column in text; NULL: not shown in text */
	bool json_only;      /* not in TSV and text: too large or too deep for a column */
	/* the field is shown in text only by a writer that shows this group; 0: always */
	enum record_group group;
	/* 0: text always shows it. On a terminal that is too narrow, the columns with the highest ranks are left out first. */
	unsigned char rank;
	bool whole; /* text shows a real number without decimals, and never cuts a text */
	bool rows;  /* of a single record: text has a row for each item of a RECORD_TEXTS */
	bool end_counts; /* a cell that is too wide is cut at its start, as the end of a path says more */
};

/* The colour of a row of text. */
enum record_tone { TONE_PLAIN, TONE_GOOD, TONE_BAD, TONE_FAINT };

enum { RECORD_FIELDS = 80 }; /* at most, of a type of record */

struct record_writer {
	struct out *out;
	const char *type;
	const struct record_field *fields;
	unsigned groups; /* enum record_group: the groups to show in text */
	bool single;     /* the command has one record: JSON is the object itself */
	bool begun;
	const struct record_field *shown[RECORD_FIELDS]; /* the fields to write, in their order */
	size_t count;
	bool chosen; /* by --fields */
	/* text: widths of the columns, of those of record_reserve by the index of the field, and whether a column is left out */
	size_t widths[RECORD_FIELDS], reserved[RECORD_FIELDS];
	bool left_out[RECORD_FIELDS];
	bool endless; /* the number of rows is not known: no column is wider than a limit */
	bool fixed;   /* rows were written: the columns and their widths do not change any more */
	/* cells of the rows of text that are not yet aligned; each cell ends with a NUL */
	struct fc_buffer cells;
	struct fc_buffer tones; /* the tones of these rows, one byte each */
};

#endif
