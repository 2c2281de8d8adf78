/* Dates and times in text. */
/* SPDX-License-Identifier: MIT */
#include "base/when.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define WEEK (7 * DAY)

/* ---- reading ---- */

/* Exactly `count` digits. */
static bool read_digits(const char **cursor, int count, int *out)
{
	int value = 0;
	for (int i = 0; i < count; i++) {
		if (!isdigit((unsigned char)(*cursor)[i])) {
			return false;
		}
		value = value * 10 + ((*cursor)[i] - '0');
	}
	*cursor += count;
	*out = value;
	return true;
}

static bool read_char(const char **cursor, char wanted)
{
	if (**cursor != wanted) {
		return false;
	}
	(*cursor)++;
	return true;
}

static int days_of_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month == 2 && leap ? 29 : days[month - 1];
}

/* Days since 1970-01-01 in the Gregorian calendar (Howard Hinnant, "days_from_civil"). */
static int64_t days_since_epoch(int year, int month, int day)
{
	int shifted = month <= 2 ? year - 1 : year;
	int era = (shifted >= 0 ? shifted : shifted - 399) / 400;
	int year_of_era = shifted - era * 400;
	int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return (int64_t)era * 146097 + day_of_era - 719468;
}

static bool read_date(const char **cursor, int64_t *out)
{
	int year, month, day;
	if (!read_digits(cursor, 4, &year) || !read_char(cursor, '-') ||
	    !read_digits(cursor, 2, &month) || !read_char(cursor, '-') ||
	    !read_digits(cursor, 2, &day)) {
		return false;
	}
	if (month < 1 || month > 12 || day < 1 || day > days_of_month(year, month)) {
		return false;
	}
	*out = days_since_epoch(year, month, day) * DAY;
	return true;
}

/* Digits after the decimal point, as microseconds; more than six are truncated. */
static bool read_fraction(const char **cursor, int64_t *out)
{
	int64_t unit = SECOND / 10;
	if (!isdigit((unsigned char)**cursor)) {
		return false;
	}
	for (; isdigit((unsigned char)**cursor); (*cursor)++) {
		*out += unit * (**cursor - '0');
		unit /= 10;
	}
	return true;
}

/* Read "08:52", "08:52:01" or "08:52:01.5". *whole: whether the seconds were present. */
static bool read_time_of_day(const char **cursor, int64_t *out, bool *whole)
{
	int hour, minute;
	int second = 0;
	int64_t fraction = 0;
	if (!read_digits(cursor, 2, &hour) || !read_char(cursor, ':') ||
	    !read_digits(cursor, 2, &minute)) {
		return false;
	}
	*whole = read_char(cursor, ':');
	if (*whole && !read_digits(cursor, 2, &second)) {
		return false;
	}
	if (*whole && read_char(cursor, '.') && !read_fraction(cursor, &fraction)) {
		return false;
	}
	*out = hour * HOUR + minute * MINUTE + second * SECOND + fraction;
	return hour <= 23 && minute <= 59 && second <= 59;
}

/* "Z" or "+02:00" as the offset to subtract for UTC. */
static bool read_offset(const char **cursor, int64_t *out)
{
	int hour, minute;
	int64_t sign = **cursor == '-' ? -1 : 1;
	if (read_char(cursor, 'Z') || read_char(cursor, 'z')) {
		*out = 0;
		return true;
	}
	if ((!read_char(cursor, '+') && !read_char(cursor, '-')) ||
	    !read_digits(cursor, 2, &hour) || !read_char(cursor, ':') ||
	    !read_digits(cursor, 2, &minute)) {
		return false;
	}
	*out = sign * (hour * HOUR + minute * MINUTE);
	return hour <= 23 && minute <= 59;
}

static bool read_absolute(const char *text, int64_t *out)
{
	const char *cursor = text;
	int64_t date = 0;
	int64_t time = 0;
	int64_t offset = 0;
	bool whole = false;
	if (!read_date(&cursor, &date)) {
		return false;
	}
	if (*cursor != '\0') {
		if ((!read_char(&cursor, 'T') && !read_char(&cursor, 't') &&
		     !read_char(&cursor, ' ')) ||
		    !read_time_of_day(&cursor, &time, &whole)) {
			return false;
		}
	}
	if (whole && *cursor != '\0' && !read_offset(&cursor, &offset)) {
		return false;
	}
	*out = date + time - offset;
	return *cursor == '\0';
}

/* The start of the day (00:00 UTC) of a time, which may be before the epoch. */
static int64_t day_of(int64_t time)
{
	int64_t rest = time % DAY;
	return time - (rest < 0 ? rest + DAY : rest);
}

/* "2 days ago" */
static bool read_ago(const char *text, int64_t now, int64_t *out)
{
	static const struct {
		const char *one, *many;
		int64_t length;
	} units[] = {
		{ "second ago", "seconds ago", SECOND }, { "minute ago", "minutes ago", MINUTE },
		{ "hour ago", "hours ago", HOUR },       { "day ago", "days ago", DAY },
		{ "week ago", "weeks ago", WEEK },
	};
	const char *cursor = text;
	int64_t count = 0;
	for (; isdigit((unsigned char)*cursor); cursor++) {
		count = count * 10 + (*cursor - '0');
		if (count > 1000000) {
			return false;
		}
	}
	if (cursor == text || !read_char(&cursor, ' ')) {
		return false;
	}
	for (size_t i = 0; i < FC_ARRAY_LENGTH(units); i++) {
		if (strcmp(cursor, units[i].many) == 0 || strcmp(cursor, units[i].one) == 0) {
			*out = now - count * units[i].length;
			return true;
		}
	}
	return false;
}

static bool read_word(const char *text, int64_t now, int64_t *out)
{
	if (strcmp(text, "now") == 0) {
		*out = now;
	} else if (strcmp(text, "today") == 0) {
		*out = day_of(now);
	} else if (strcmp(text, "yesterday") == 0) {
		*out = day_of(now) - DAY;
	} else {
		return false;
	}
	return true;
}

enum fc_status fc_when_parse(const char *text, int64_t now, const char *what, int64_t *out,
			     struct fc_error *err)
{
	int64_t time;
	if (!read_absolute(text, &time) && !read_word(text, now, &time) &&
	    !read_ago(text, now, &time)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "%s takes a time such as 2022-09-06, '2022-09-06 08:52', "
			       "2022-09-06T08:52:01Z, today, yesterday or '2 days ago', not '%s'",
			       what, text);
	}
	*out = time;
	return FC_OK;
}

/* ---- writing ---- */

static void describe_count(int64_t count, const char *unit, char out[FC_WHEN_TEXT_SIZE])
{
	snprintf(out, FC_WHEN_TEXT_SIZE, "%d %s%s ago", (int)count, unit, count == 1 ? "" : "s");
}

void fc_when_describe(int64_t time, int64_t now, char out[FC_WHEN_TEXT_SIZE])
{
	int64_t age = now - time;
	int64_t days = (day_of(now) - day_of(time)) / DAY;
	time_t seconds = (time_t)(day_of(time) / SECOND + (time - day_of(time)) / SECOND);
	struct tm utc = { 0 };
	FC_IGNORE(gmtime_r(&seconds, &utc));
	if (age < 0 || days >= 14) {
		FC_IGNORE(strftime(out, FC_WHEN_TEXT_SIZE, "%Y-%m-%d %H:%M", &utc));
	} else if (age < MINUTE) {
		snprintf(out, FC_WHEN_TEXT_SIZE, "just now");
	} else if (age < HOUR) {
		describe_count(age / MINUTE, "minute", out);
	} else if (age < 12 * HOUR || days == 0) {
		describe_count(age / HOUR, "hour", out);
	} else if (days == 1) {
		FC_IGNORE(strftime(out, FC_WHEN_TEXT_SIZE, "yesterday %H:%M", &utc));
	} else {
		describe_count(days, "day", out);
	}
}
