/* Parse one row of a manifest. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_INPUT_MANIFEST_ROW_H
#define FC_SERVICE_INPUT_MANIFEST_ROW_H

#include "base/buffer.h"
#include "base/error.h"

enum {
	FC_MANIFEST_ROW_MAXIMUM = 1 << 20, /* bytes */
	FC_MANIFEST_COLUMNS_MAXIMUM = 256,
};

enum fc_row_syntax { FC_ROW_TSV, FC_ROW_CSV, FC_ROW_NDJSON };

enum fc_row_cell {
	FC_ROW_PATH,
	FC_ROW_PERSON_ID,
	FC_ROW_PID,
	FC_ROW_NAME,
	FC_ROW_ORIGIN,
	FC_ROW_USER_DATA,
	FC_ROW_GROUP,
	FC_ROW_FACE,
	FC_ROW_CELLS,
};

/* Which cell each column of a table is. */
struct fc_row_columns {
	/* FC_ROW_CELLS for an unknown column */
	uint8_t cells[FC_MANIFEST_COLUMNS_MAXIMUM];
	size_t count;
	char separator; /* of CSV */
};

/* { 0 } is empty. Can be reused for the next row. */
struct fc_row {
	const char *cells[FC_ROW_CELLS]; /* NULL: missing */
	struct fc_buffer texts;          /* memory of the cells' strings */
};

void fc_row_release(struct fc_row *row);

/* Whether a row of CSV has no value: spreadsheets write such rows at the end. */
bool fc_row_is_blank(const char *text, char separator);

/*
 * Parse the first line of TSV or CSV, with this separator in CSV. text is modified.
 * Errors: FC_INVALID_ARGUMENT (no column 'path', a column twice, too many columns, invalid quotes), FC_NO_MEMORY.
 */
enum fc_status fc_row_columns_parse(enum fc_row_syntax syntax, char separator, char *text,
				    struct fc_row_columns *out, struct fc_error *err);

/*
 * Parse a row; columns are used for TSV and CSV. text is a C string of that length, and may be modified. Errors: FC_INVALID_ARGUMENT,
 * FC_NO_MEMORY.
 */
enum fc_status fc_row_parse(enum fc_row_syntax syntax, char *text, size_t length,
			    const struct fc_row_columns *columns, struct fc_row *row,
			    struct fc_error *err);

#endif
