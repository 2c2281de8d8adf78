/* Dates and times in text: "2022-09-06", "2 days ago", "2d". */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_WHEN_H
#define FC_BASE_WHEN_H

#include <stdint.h>

#include "base/error.h"

/* Converts between UTC and the wall-clock time of a zone, in microseconds since the epoch. NULL in place of a zone means UTC. */
struct fc_zone {
	int64_t (*to_utc)(int64_t wall);
	int64_t (*to_wall)(int64_t time);
};

/*
 * Parse one of these forms into microseconds since the epoch:
 *   2022-09-06T08:52:01.581172Z, 2022-09-06T08:52:01+02:00   RFC 3339
 *   2022-09-06, 2022-09-06 08:52, 2022-09-06 08:52:01        in the zone; T is allowed instead of the space
 *   now, today, yesterday, yesterday 14:00                   days begin at 00:00 in the zone
 *   5 seconds ago, 1 minute ago, 3 hours ago, 2 days ago, 1 week ago
 *   30s, 5m, 2h, 90d, 1w                                     so long ago
 *   @1662454321, @1662454321.5                               seconds since the epoch
 * now: the current time, to which the relative forms refer. `what` names the value in the error text.
 * Errors: FC_INVALID_ARGUMENT.
 */
enum fc_status fc_when_parse(const char *text, int64_t now, const struct fc_zone *zone,
			     const char *what, int64_t *out, struct fc_error *err);

enum { FC_WHEN_TEXT_SIZE = 40 };

/*
 * Describe a time: "just now", "5 minutes ago", "yesterday 14:03", "3 days ago". Times in the future or at least two weeks ago become
 * "2022-09-06 08:52+02:00".
 */
void fc_when_describe(int64_t time, int64_t now, const struct fc_zone *zone,
		      char out[FC_WHEN_TEXT_SIZE]);

/* Format a time as RFC 3339 with the offset of the zone: "2022-09-06T08:52:01+02:00". */
void fc_when_format(int64_t time, const struct fc_zone *zone, char out[FC_WHEN_TEXT_SIZE]);

#endif
