/* A token bucket. */
/* SPDX-License-Identifier: MIT */
#include "net/rate_limit.h"

static double capacity(const struct fc_rate_limit *limit)
{
	return limit->rate > 1 ? limit->rate : 1;
}

void fc_rate_limit_init(struct fc_rate_limit *limit, double rate, int64_t now)
{
	*limit = (struct fc_rate_limit){ .rate = rate, .filled_at = now };
	limit->tokens = capacity(limit);
}

int64_t fc_rate_limit_take(struct fc_rate_limit *limit, int64_t now)
{
	if (limit->rate <= 0) {
		return 0;
	}
	limit->tokens += limit->rate * (double)(now - limit->filled_at) / 1000;
	limit->filled_at = now;
	if (limit->tokens > capacity(limit)) {
		limit->tokens = capacity(limit);
	}
	if (limit->tokens >= 1) {
		limit->tokens -= 1;
		return 0;
	}
	/* rounded up, so that there is a token after this time */
	return (int64_t)((1 - limit->tokens) / limit->rate * 1000) + 1;
}
