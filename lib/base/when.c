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

static int64_t to_utc(const struct fc_zone *zone, int64_t wall)
{
	return zone ? zone->to_utc(wall) : wall;
}

static int64_t to_wall(const struct fc_zone *zone, int64_t time)
{
	return zone ? zone->to_wall(time) : time;
}

static bool read_absolute(const char *text, const struct fc_zone *zone, int64_t *out)
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
	if (!whole || *cursor == '\0') {
		*out = to_utc(zone, date + time);
		return *cursor == '\0';
	}
	if (!read_offset(&cursor, &offset)) {
		return false;
	}
	*out = date + time - offset;
	return *cursor == '\0';
}

/* The start of the day (00:00) of a wall-clock time, which may be before the epoch. */
static int64_t day_of(int64_t time)
{
	int64_t rest = time % DAY;
	return time - (rest < 0 ? rest + DAY : rest);
}

/* "2 days ago" or "2d" */
static bool read_ago(const char *text, int64_t now, int64_t *out)
{
	static const struct {
		const char *one, *many, *letter;
		int64_t length;
	} units[] = {
		{ " second ago", " seconds ago", "s", SECOND },
		{ " minute ago", " minutes ago", "m", MINUTE },
		{ " hour ago", " hours ago", "h", HOUR },
		{ " day ago", " days ago", "d", DAY },
		{ " week ago", " weeks ago", "w", WEEK },
	};
	const char *cursor = text;
	int64_t count = 0;
	for (; isdigit((unsigned char)*cursor); cursor++) {
		count = count * 10 + (*cursor - '0');
		if (count > 1000000) {
			return false;
		}
	}
	for (size_t i = 0; cursor > text && i < FC_ARRAY_LENGTH(units); i++) {
		if (strcmp(cursor, units[i].many) == 0 || strcmp(cursor, units[i].one) == 0 ||
		    strcmp(cursor, units[i].letter) == 0) {
			*out = now - count * units[i].length;
			return true;
		}
	}
	return false;
}

/* "now", "today", "yesterday", and the last two with a time of day */
static bool read_word(const char *text, int64_t now, const struct fc_zone *zone, int64_t *out)
{
	int64_t day = day_of(to_wall(zone, now));
	int64_t time = 0;
	bool whole;
	if (strcmp(text, "now") == 0) {
		*out = now;
		return true;
	}
	size_t length = strcspn(text, " ");
	const char *cursor = text + length;
	if (length == strlen("yesterday") && memcmp(text, "yesterday", length) == 0) {
		day = day_of(day - 1);
	} else if (length != strlen("today") || memcmp(text, "today", length) != 0) {
		return false;
	}
	if (*cursor != '\0' &&
	    (!read_char(&cursor, ' ') || !read_time_of_day(&cursor, &time, &whole))) {
		return false;
	}
	*out = to_utc(zone, day + time);
	return *cursor == '\0';
}

/* "@1662454321": seconds since the epoch, at most those of the year 9999 */
static bool read_epoch(const char *text, int64_t *out)
{
	const char *cursor = text;
	int64_t seconds = 0;
	int64_t fraction = 0;
	if (!read_char(&cursor, '@') || !isdigit((unsigned char)*cursor)) {
		return false;
	}
	for (; isdigit((unsigned char)*cursor) && seconds < 253402300800; cursor++) {
		seconds = seconds * 10 + (*cursor - '0');
	}
	if (read_char(&cursor, '.') && !read_fraction(&cursor, &fraction)) {
		return false;
	}
	*out = seconds * SECOND + fraction;
	return *cursor == '\0' && seconds < 253402300800;
}

enum fc_status fc_when_parse(const char *text, int64_t now, const struct fc_zone *zone,
			     const char *what, int64_t *out, struct fc_error *err)
{
	int64_t time;
	if (!read_absolute(text, zone, &time) && !read_word(text, now, zone, &time) &&
	    !read_ago(text, now, &time) && !read_epoch(text, &time)) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"%s takes a time such as 2022-09-06, '2022-09-06 08:52', "
			"2022-09-06T08:52:01Z, today, 'yesterday 14:00', 2d, '2 days ago' or "
			"@1662454321, not '%s'",
			what, text);
	}
	*out = time;
	return FC_OK;
}

/* ---- writing ---- */

static struct tm fields_of(int64_t wall)
{
	struct tm fields = { 0 };
	time_t seconds = (time_t)(day_of(wall) / SECOND + (wall - day_of(wall)) / SECOND);
	FC_IGNORE(gmtime_r(&seconds, &fields));
	return fields;
}

/* Append "+02:00", or "Z" for UTC. */
static void append_offset(int64_t time, const struct fc_zone *zone, char out[FC_WHEN_TEXT_SIZE])
{
	int64_t minutes = (to_wall(zone, time) - time) / MINUTE;
	int length = (int)(minutes < 0 ? -minutes : minutes);
	size_t used = strlen(out);
	if (minutes == 0) {
		snprintf(out + used, FC_WHEN_TEXT_SIZE - used, "Z");
	} else {
		snprintf(out + used, FC_WHEN_TEXT_SIZE - used, "%c%02d:%02d",
			 minutes < 0 ? '-' : '+', length / 60 % 100, length % 60);
	}
}

void fc_when_format(int64_t time, const struct fc_zone *zone, char out[FC_WHEN_TEXT_SIZE])
{
	struct tm fields = fields_of(to_wall(zone, time));
	FC_IGNORE(strftime(out, FC_WHEN_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &fields));
	append_offset(time, zone, out);
}

static void describe_count(int64_t count, const char *unit, char out[FC_WHEN_TEXT_SIZE])
{
	snprintf(out, FC_WHEN_TEXT_SIZE, "%d %s%s ago", (int)count, unit, count == 1 ? "" : "s");
}

void fc_when_describe(int64_t time, int64_t now, const struct fc_zone *zone,
		      char out[FC_WHEN_TEXT_SIZE])
{
	int64_t age = now - time;
	int64_t wall = to_wall(zone, time);
	int64_t days = (day_of(to_wall(zone, now)) - day_of(wall)) / DAY;
	struct tm fields = fields_of(wall);
	if (age < 0 || days >= 14) {
		FC_IGNORE(strftime(out, FC_WHEN_TEXT_SIZE, "%Y-%m-%d %H:%M", &fields));
		append_offset(time, zone, out);
	} else if (age < MINUTE) {
		snprintf(out, FC_WHEN_TEXT_SIZE, "just now");
	} else if (age < HOUR) {
		describe_count(age / MINUTE, "minute", out);
	} else if (age < 12 * HOUR || days == 0) {
		describe_count(age / HOUR, "hour", out);
	} else if (days == 1) {
		FC_IGNORE(strftime(out, FC_WHEN_TEXT_SIZE, "yesterday %H:%M", &fields));
	} else {
		describe_count(days, "day", out);
	}
}
