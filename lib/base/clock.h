/* Time as microseconds since 1970-01-01T00:00:00Z, and its RFC 3339 text. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_CLOCK_H
#define FC_BASE_CLOCK_H

#include <stdint.h>

/* The wall clock, in microseconds since the epoch. */
int64_t fc_clock_now(void);

/* A monotonic clock, in milliseconds. */
int64_t fc_clock_monotonic_ms(void);
int64_t fc_clock_monotonic_us(void); /* in microseconds */

enum { FC_TIME_TEXT_SIZE = 33 };

/* "2022-09-06T08:52:01.581172Z" */
void fc_time_format(int64_t time, char out[FC_TIME_TEXT_SIZE]);

#endif
