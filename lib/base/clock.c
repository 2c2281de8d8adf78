/* Reads the system clocks and formats times. */
/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

#include "base/compiler.h"

int64_t fc_clock_now(void)
{
	struct timespec now;
	FC_IGNORE(clock_gettime(CLOCK_REALTIME, &now));
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t fc_clock_monotonic_us(void)
{
	struct timespec now;
	FC_IGNORE(clock_gettime(CLOCK_MONOTONIC, &now));
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t fc_clock_monotonic_ms(void)
{
	return fc_clock_monotonic_us() / 1000;
}

void fc_time_format(int64_t time, char out[FC_TIME_TEXT_SIZE])
{
	int64_t fraction = time % 1000000;
	time_t seconds = (time_t)(time / 1000000);
	if (fraction < 0) {
		fraction += 1000000;
		seconds--;
	}
	struct tm utc;
	char text[24];
	if (!gmtime_r(&seconds, &utc) ||
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc) == 0) {
		out[0] = '\0';
		return;
	}
	snprintf(out, FC_TIME_TEXT_SIZE, "%s.%06dZ", text, (int)fraction);
}
