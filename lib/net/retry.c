/* Decides whether to retry and how long to wait. */
/* SPDX-License-Identifier: MIT */
#include "net/retry.h"

#include <ctype.h>
#include <curl/curl.h>
#include <string.h>
#include <sys/random.h>

enum { DAY_SECONDS = 24 * 60 * 60 };

uint64_t fc_retry_wait(const struct fc_retry_policy *policy, unsigned failures, double draw,
		       const struct fc_http_response *response)
{
	uint64_t span = policy->base_ms;
	for (unsigned i = 1; i < failures && span < policy->ceiling_ms; i++) {
		span *= 2;
	}
	if (span > policy->ceiling_ms) {
		span = policy->ceiling_ms;
	}
	uint64_t wait = (uint64_t)((double)span * draw);
	return response->has_wait ? response->wait_ms + wait / 4 : wait;
}

enum fc_http_verdict fc_retry_verdict(int http_status)
{
	switch (http_status) {
	case 429:
		return FC_HTTP_NOT_DONE;
	case 408:
	case 500:
	case 502:
	case 503:
	case 504:
		return FC_HTTP_TRY_AGAIN;
	default:
		return FC_HTTP_FINAL;
	}
}

double fc_retry_draw(void)
{
	uint32_t random = 0;
	/* If this fails, random stays 0 and the wait is the shortest one. */
	FC_IGNORE(getrandom(&random, sizeof(random), GRND_NONBLOCK));
	return (double)random / UINT32_MAX;
}

/* Read the digits at the start of text as seconds, at most a day. False if there are no digits. */
static bool read_seconds(const char *text, size_t length, uint64_t *seconds, size_t *used)
{
	uint64_t value = 0;
	size_t i = 0;
	for (; i < length && isdigit((unsigned char)text[i]); i++) {
		value = value * 10 + (uint64_t)(text[i] - '0');
		if (value > DAY_SECONDS) {
			value = DAY_SECONDS;
		}
	}
	*seconds = value;
	*used = i;
	return i > 0;
}

bool fc_retry_after(const char *value, int64_t now, uint64_t *wait_ms)
{
	uint64_t seconds;
	size_t used;
	if (read_seconds(value, strlen(value), &seconds, &used) && value[used] == '\0') {
		*wait_ms = seconds * 1000;
		return true;
	}
	int64_t date = curl_getdate(value, NULL);
	if (date < 0 || used > 0) {
		return false;
	}
	int64_t ahead = date > now ? date - now : 0;
	*wait_ms = (uint64_t)(ahead < DAY_SECONDS ? ahead : DAY_SECONDS) * 1000;
	return true;
}

bool fc_retry_seconds_in_words(const char *text, size_t length, uint64_t *wait_ms)
{
	static const char words[] = "ry again in "; /* after T or t */
	const char *found = memmem(text, length, words, sizeof(words) - 1);
	if (!found) {
		return false;
	}
	const char *number = found + sizeof(words) - 1;
	size_t left = length - (size_t)(number - text);
	uint64_t seconds;
	size_t used;
	if (!read_seconds(number, left, &seconds, &used) || left - used < 7 ||
	    memcmp(number + used, " second", 7) != 0) {
		return false;
	}
	*wait_ms = seconds * 1000;
	return true;
}
