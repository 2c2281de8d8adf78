/* Preloaded: after SHIFT_CLOCK_AFTER readings of the time of day, the clock is wrong by SHIFT_CLOCK seconds. The monotonic
   clock never jumps. */
/* SPDX-License-Identifier: MIT */
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static atomic_long readings;

static long number_of(const char *variable)
{
	const char *text = getenv(variable);
	return text == NULL ? 0 : strtol(text, NULL, 10);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
	const int failed = (int)syscall(SYS_clock_gettime, clock, now);
	if (failed == 0 && clock == CLOCK_REALTIME &&
	    atomic_fetch_add(&readings, 1) >= number_of("SHIFT_CLOCK_AFTER")) {
		now->tv_sec += number_of("SHIFT_CLOCK");
	}
	return failed;
}
