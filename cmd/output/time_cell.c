/* Format a time for a record. */
/* SPDX-License-Identifier: MIT */
#include "output/time_cell.h"

#include <unistd.h>

#include "base/when.h"
#include "output/local_zone.h"

_Static_assert(TIME_CELL_SIZE >= (int)FC_WHEN_TEXT_SIZE && TIME_CELL_SIZE >= (int)FC_TIME_TEXT_SIZE,
	       "a cell has room for both forms of a time");

const char *time_cell_fill(char cell[TIME_CELL_SIZE], const struct out *out, int64_t time)
{
	if (time == 0) {
		return NULL;
	}
	if (out->format == FORMAT_TEXT && isatty(out->fd)) {
		fc_when_describe(time, fc_clock_now(), &local_zone, cell);
	} else if (out->format == FORMAT_TEXT) {
		fc_when_format(time, &local_zone, cell);
	} else {
		fc_time_format(time, cell);
	}
	return cell;
}
