/* The local time zone, by the C library. */
/* SPDX-License-Identifier: MIT */
#include "output/local_zone.h"

#include <time.h>

#define SECOND INT64_C(1000000)

static int64_t whole_seconds(int64_t time)
{
	return time / SECOND - (time % SECOND < 0);
}

/* A wall-clock time that a change of the clock skips or repeats becomes one of the two times around it. */
static int64_t to_utc(int64_t wall)
{
	struct tm fields = { 0 };
	time_t seconds = (time_t)whole_seconds(wall);
	FC_IGNORE(gmtime_r(&seconds, &fields));
	fields.tm_isdst = -1;
	return (int64_t)mktime(&fields) * SECOND + (wall - whole_seconds(wall) * SECOND);
}

static int64_t to_wall(int64_t time)
{
	struct tm fields = { 0 };
	time_t seconds = (time_t)whole_seconds(time);
	FC_IGNORE(localtime_r(&seconds, &fields));
	return time + (int64_t)fields.tm_gmtoff * SECOND;
}

const struct fc_zone local_zone = { to_utc, to_wall };
