/* Decides whether to retry and how long to wait. Pure functions: the caller passes the current time. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_NET_RETRY_H
#define FC_NET_RETRY_H

#include "net/http.h"

/*
 * The wait after `failures` failed tries: draw (in [0, 1]) * base * 2^(failures-1), limited by the ceiling ("full jitter").
 * A wait that the service asked for is never shortened; part of the draw is added so that clients do not return all at once.
 */
uint64_t fc_retry_wait(const struct fc_retry_policy *policy, unsigned failures, double draw,
		       const struct fc_http_response *response);

/* A random number in [0, 1]. */
double fc_retry_draw(void);

/* Whether to retry, judged by the HTTP status alone. */
enum fc_http_verdict fc_retry_verdict(int http_status);

/*
 * Parse a Retry-After header (RFC 9110, 10.2.3), which is a number of seconds or a date. now: seconds since the epoch. False if it is
 * neither. A date in the past gives 0; the maximum is a day.
 */
bool fc_retry_after(const char *value, int64_t now, uint64_t *wait_ms);

/* Find a requested wait in a message: "Rate limit is exceeded. Try again in 21 seconds." gives 21 seconds. text need not end with a NUL. */
bool fc_retry_seconds_in_words(const char *text, size_t length, uint64_t *wait_ms);

#endif
