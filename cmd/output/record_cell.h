/* One field of a record as a cell of TSV or text. Private to output. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OUTPUT_RECORD_CELL_H
#define FC_CMD_OUTPUT_RECORD_CELL_H

#include "output/record_writer.h"

static inline const void *record_place(const struct record_field *field, const void *record)
{
	return (const char *)record + field->offset;
}

bool record_is_absent(const struct record_field *field, const void *record);

/* Append the value at `place`, which is not absent. decimals: of real numbers. */
void record_append_cell(struct fc_buffer *cell, const struct record_field *field, unsigned decimals,
			const void *place);

/* Append text with "\t", "\n", "\r" and "\\" escaped as two characters, and other control characters as \xNN. */
void record_append_escaped(struct fc_buffer *out, const char *text);

#endif
