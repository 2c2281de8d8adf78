/* Dates and times in text: "2022-09-06", "2 days ago". Always UTC. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_WHEN_H
#define FC_BASE_WHEN_H

#include <stdint.h>

#include "base/error.h"

/*
 * Microseconds since the epoch of one of
 *   2022-09-06T08:52:01.581172Z, 2022-09-06T08:52:01+02:00   RFC 3339
 *   2022-09-06, 2022-09-06 08:52, 2022-09-06 08:52:01        UTC; T may stand for the space
 *   now, today, yesterday                                    the last two at 00:00 UTC
 *   5 seconds ago, 1 minute ago, 3 hours ago, 2 days ago, 1 week ago
 * and nothing else. now: what the relative ones are relative to. `what` names the value in the error text.
 * Errors: FC_INVALID_ARGUMENT.
 */
FC_MUST_USE enum fc_status fc_when_parse(const char *text, int64_t now, const char *what,
					 int64_t *out, struct fc_error *err);

enum { FC_WHEN_TEXT_SIZE = 32 };

/* "just now", "5 minutes ago", "yesterday 14:03", "3 days ago", and from two weeks on (or in the future) "2022-09-06 08:52". */
void fc_when_describe(int64_t time, int64_t now, char out[FC_WHEN_TEXT_SIZE]);

#endif
