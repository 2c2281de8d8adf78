/* A token bucket: the time until the next request may start. The caller has the clock. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_NET_RATE_LIMIT_H
#define FC_NET_RATE_LIMIT_H

#include <stdint.h>

/* Holds the tokens of one second, at least one; each request takes one. */
struct fc_rate_limit {
	double rate; /* tokens a second; 0: no limit */
	double tokens;
	int64_t filled_at; /* milliseconds of a monotonic clock */
};

void fc_rate_limit_init(struct fc_rate_limit *limit, double rate, int64_t now);

/* Take a token and return 0; without one, return the milliseconds until there is one. */
int64_t fc_rate_limit_take(struct fc_rate_limit *limit, int64_t now);

#endif
