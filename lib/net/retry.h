/* When to try again, and how long to wait: arithmetic without a clock. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_NET_RETRY_H
#define FC_NET_RETRY_H

#include "net/http.h"

/*
 * How long to wait before the try that follows `failures` failed ones: draw (in [0, 1]) of base * 2^(failures-1), at most of the
 * ceiling ("full jitter"). A wait that the service asked for is not shortened, and the draw spreads the clients behind it.
 */
uint64_t fc_retry_wait(const struct fc_retry_policy *policy, unsigned failures, double draw,
		       const struct fc_http_response *response);

/* A random number in [0, 1]. */
double fc_retry_draw(void);

/* What an HTTP status alone says about trying again. */
enum fc_http_verdict fc_retry_verdict(int http_status);

/*
 * Retry-After (RFC 9110, 10.2.3): seconds or a date. now: seconds since the epoch. False when it is neither. A date that
 * is past is 0; what is over a day is a day.
 */
bool fc_retry_after(const char *value, int64_t now, uint64_t *wait_ms);

/* "Rate limit is exceeded. Try again in 21 seconds." says 21 seconds. text needs no NUL. */
bool fc_retry_seconds_in_words(const char *text, size_t length, uint64_t *wait_ms);

#endif
