/* Format a time for a record: RFC 3339 in data, and how long ago it was in a table on a terminal. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OUTPUT_TIME_CELL_H
#define FC_CMD_OUTPUT_TIME_CELL_H

#include "base/clock.h"
#include "output/out.h"

enum { TIME_CELL_SIZE = 40 };

/* Write the text into cell and return cell. Returns NULL if time is 0, which means no time. */
const char *time_cell_fill(char cell[TIME_CELL_SIZE], const struct out *out, int64_t time);

#endif
