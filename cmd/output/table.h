/* Records as text: a table that fits the terminal. Private to output. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OUTPUT_TABLE_H
#define FC_CMD_OUTPUT_TABLE_H

#include "output/record_writer.h"

/* Add a row to the rows that table_lay_out writes. */
void table_add_headings(struct record_writer *writer);
void table_add_row(struct record_writer *writer, const void *record, enum record_tone tone);

/* Add a row with heading and value for each field of a single record that is not absent. */
void table_add_upright(struct record_writer *writer, const void *record, enum record_tone tone);

/*
 * Align the rows so far and append them to the data. The first call decides which columns fit the terminal, and how wide they are; later
 * rows use the same. Without a terminal every column is shown, as wide as its cells.
 */
void table_lay_out(struct record_writer *writer);

#endif
