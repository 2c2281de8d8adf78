/* One row of a manifest: its text becomes the cells that facectl knows. Private to lib/service/manifest*.c and their tests. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_MANIFEST_ROW_H
#define FC_SERVICE_MANIFEST_ROW_H

#include "base/buffer.h"
#include "base/error.h"

enum {
	FC_MANIFEST_ROW_MAXIMUM = 1 << 20, /* bytes of a row */
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
	FC_ROW_CELLS,
};

/* Which cell each column of a table is. */
struct fc_row_columns {
	/* FC_ROW_CELLS for one that facectl does not know */
	uint8_t cells[FC_MANIFEST_COLUMNS_MAXIMUM];
	size_t count;
};

/* { 0 } is empty; may be used again and again. */
struct fc_row {
	const char *cells[FC_ROW_CELLS]; /* NULL: not said */
	struct fc_buffer texts;          /* what they point into */
};

void fc_row_release(struct fc_row *row);

/*
 * The first line of TSV or CSV. text is a C string of that length, and is changed.
 * Errors: FC_INVALID_ARGUMENT (no path, a column twice, too many, quotes that are off), FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_row_columns_parse(enum fc_row_syntax syntax, char *text,
						size_t length, struct fc_row_columns *out,
						struct fc_error *err);

/*
 * A row; the columns matter for TSV and CSV. text is a C string of that length, and may be changed. Errors: FC_INVALID_ARGUMENT,
 * FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_row_parse(enum fc_row_syntax syntax, char *text, size_t length,
					const struct fc_row_columns *columns, struct fc_row *row,
					struct fc_error *err);

#endif
