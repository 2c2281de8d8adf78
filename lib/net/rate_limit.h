/* A token bucket that limits the rate of requests. The caller passes the current time. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_NET_RATE_LIMIT_H
#define FC_NET_RATE_LIMIT_H

#include <stdint.h>

/* The bucket has room for the tokens of one second, at least one. Each request takes one token. */
struct fc_rate_limit {
	double rate; /* tokens a second; 0: no limit */
	double tokens;
	int64_t filled_at; /* milliseconds of a monotonic clock */
};

void fc_rate_limit_init(struct fc_rate_limit *limit, double rate, int64_t now);

/* Take a token and return 0; without one, return the milliseconds until there is one. */
int64_t fc_rate_limit_take(struct fc_rate_limit *limit, int64_t now);

#endif
