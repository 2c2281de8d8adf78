/* Dates and times in text: "2022-09-06", "2 days ago". Always UTC. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_WHEN_H
#define FC_BASE_WHEN_H

#include <stdint.h>

#include "base/error.h"

/*
 * Parse one of these forms into microseconds since the epoch:
 *   2022-09-06T08:52:01.581172Z, 2022-09-06T08:52:01+02:00   RFC 3339
 *   2022-09-06, 2022-09-06 08:52, 2022-09-06 08:52:01        UTC; T is allowed instead of the space
 *   now, today, yesterday                                    the last two at 00:00 UTC
 *   5 seconds ago, 1 minute ago, 3 hours ago, 2 days ago, 1 week ago
 * now: the current time, to which the relative forms refer. `what` names the value in the error text.
 * Errors: FC_INVALID_ARGUMENT.
 */
enum fc_status fc_when_parse(const char *text, int64_t now, const char *what, int64_t *out,
			     struct fc_error *err);

enum { FC_WHEN_TEXT_SIZE = 32 };

/*
 * Describe a time: "just now", "5 minutes ago", "yesterday 14:03", "3 days ago". Times in the future or at least two weeks ago become
 * "2022-09-06 08:52".
 */
void fc_when_describe(int64_t time, int64_t now, char out[FC_WHEN_TEXT_SIZE]);

#endif
