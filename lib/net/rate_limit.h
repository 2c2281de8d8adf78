/* A token bucket: how long until the next request may start. The caller brings the clock. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_NET_RATE_LIMIT_H
#define FC_NET_RATE_LIMIT_H

#include <stdint.h>

/* Holds one second's worth of tokens, at least one; each request takes one. */
struct fc_rate_limit {
	double rate; /* tokens a second; 0: no limit */
	double tokens;
	int64_t filled_at; /* milliseconds of a clock that never jumps */
};

void fc_rate_limit_init(struct fc_rate_limit *limit, double rate, int64_t now);

/* 0 after taking a token; else the milliseconds until there is one, and nothing is taken. */
int64_t fc_rate_limit_take(struct fc_rate_limit *limit, int64_t now);

#endif
