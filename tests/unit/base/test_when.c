/* Dates and times in text. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/clock.h"
#include "base/when.h"

/* 2022-09-06T08:52:01.581172Z */
#define NOW INT64_C(1662454321581172)

static void assert_time(const char *text, const char *wanted)
{
	int64_t time = 0;
	char formatted[FC_TIME_TEXT_SIZE];
	assert_int_equal(fc_when_parse(text, NOW, NULL, "--since", &time, NULL), FC_OK);
	fc_time_format(time, formatted);
	assert_string_equal(formatted, wanted);
}

static void assert_refused(const char *text)
{
	struct fc_error err = { 0 };
	int64_t time = 7;
	assert_int_equal(fc_when_parse(text, NOW, NULL, "--since", &time, &err),
			 FC_INVALID_ARGUMENT);
	assert_non_null(strstr(err.text, "--since"));
	assert_int_equal(time, 7);
}

static void rfc_3339_is_read_to_the_microsecond(void **state)
{
	(void)state;
	assert_time("2022-09-06T08:52:01.581172+00:00", "2022-09-06T08:52:01.581172Z");
	assert_time("2022-09-06t08:52:01z", "2022-09-06T08:52:01.000000Z");
	assert_time("2019-08-19T11:56:01.2Z", "2019-08-19T11:56:01.200000Z");
	assert_time("2019-08-19T11:56:01.2448469Z", "2019-08-19T11:56:01.244846Z");
}

static void an_offset_is_subtracted(void **state)
{
	(void)state;
	assert_time("2022-01-01T00:30:00+02:00", "2021-12-31T22:30:00.000000Z");
	assert_time("2022-01-01T00:30:00-05:30", "2022-01-01T06:00:00.000000Z");
}

static void dates_and_times_of_day_are_utc(void **state)
{
	(void)state;
	assert_time("2020-01-31", "2020-01-31T00:00:00.000000Z");
	assert_time("2020-02-29 23:59", "2020-02-29T23:59:00.000000Z");
	assert_time("2020-01-31 00:00:01", "2020-01-31T00:00:01.000000Z");
	assert_time("1969-12-31 23:59:59", "1969-12-31T23:59:59.000000Z");
	assert_time("2000-03-01", "2000-03-01T00:00:00.000000Z");
}

static void ages_are_subtracted_from_now(void **state)
{
	(void)state;
	assert_time("2 days ago", "2022-09-04T08:52:01.581172Z");
	assert_time("1 day ago", "2022-09-05T08:52:01.581172Z");
	assert_time("3 hours ago", "2022-09-06T05:52:01.581172Z");
	assert_time("1 week ago", "2022-08-30T08:52:01.581172Z");
	assert_time("90 seconds ago", "2022-09-06T08:50:31.581172Z");
	assert_time("0 minutes ago", "2022-09-06T08:52:01.581172Z");
}

static void words_name_days(void **state)
{
	(void)state;
	assert_time("now", "2022-09-06T08:52:01.581172Z");
	assert_time("today", "2022-09-06T00:00:00.000000Z");
	assert_time("yesterday", "2022-09-05T00:00:00.000000Z");
	assert_time("yesterday 14:00", "2022-09-05T14:00:00.000000Z");
	assert_time("today 00:00:01", "2022-09-06T00:00:01.000000Z");
}

static void durations_and_seconds_since_the_epoch_are_times(void **state)
{
	(void)state;
	assert_time("2d", "2022-09-04T08:52:01.581172Z");
	assert_time("90s", "2022-09-06T08:50:31.581172Z");
	assert_time("5m", "2022-09-06T08:47:01.581172Z");
	assert_time("2h", "2022-09-06T06:52:01.581172Z");
	assert_time("1w", "2022-08-30T08:52:01.581172Z");
	assert_time("@1662454321", "2022-09-06T08:52:01.000000Z");
	assert_time("@1662454321.25", "2022-09-06T08:52:01.250000Z");
	assert_time("@0", "1970-01-01T00:00:00.000000Z");
}

/* A zone two hours ahead of UTC. */
static int64_t to_utc(int64_t wall)
{
	return wall - INT64_C(7200000000);
}

static int64_t to_wall(int64_t time)
{
	return time + INT64_C(7200000000);
}

static const struct fc_zone east = { to_utc, to_wall };

static void a_time_without_a_zone_is_of_the_given_zone(void **state)
{
	static const struct {
		const char *text, *wanted;
	} cases[] = {
		{ "2022-09-06", "2022-09-05T22:00:00.000000Z" },
		{ "2022-09-06 08:52:01", "2022-09-06T06:52:01.000000Z" },
		{ "2022-09-06T08:52:01Z", "2022-09-06T08:52:01.000000Z" },
		{ "today", "2022-09-05T22:00:00.000000Z" },
		{ "yesterday 14:00", "2022-09-05T12:00:00.000000Z" },
	};
	(void)state;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		int64_t time = 0;
		char formatted[FC_TIME_TEXT_SIZE];
		assert_int_equal(fc_when_parse(cases[i].text, NOW, &east, "time", &time, NULL),
				 FC_OK);
		fc_time_format(time, formatted);
		assert_string_equal(formatted, cases[i].wanted);
	}
	char text[FC_WHEN_TEXT_SIZE];
	fc_when_format(NOW, &east, text);
	assert_string_equal(text, "2022-09-06T10:52:01+02:00");
	fc_when_format(NOW, NULL, text);
	assert_string_equal(text, "2022-09-06T08:52:01Z");
	fc_when_describe(0, NOW, &east, text);
	assert_string_equal(text, "1970-01-01 02:00+02:00");
}

static void everything_else_is_refused(void **state)
{
	static const char *const refused[] = {
		"",
		" ",
		"2022",
		"2022-9-6",
		"2022-13-01",
		"2022-00-10",
		"2022-02-29",
		"1900-02-29",
		"2022-09-06x",
		"2022-09-06 ",
		"2022-09-06 8:52",
		"2022-09-06 24:00",
		"2022-09-06 08:60",
		"2022-09-06 08:52:60",
		"2022-09-06T08:52:01.",
		"2022-09-06T08:52Z",
		"2022-09-06T08:52:01+2:00",
		"2022-09-06T08:52:01+24:00",
		"2022-09-06T08:52:01Zjunk",
		" 2022-09-06",
		"+2022-09-06",
		"days ago",
		"2 days",
		"20",
		"2 d",
		"2y",
		"today 25:00",
		"todays",
		"yesterday ",
		"yesterday14:00",
		"now 14:00",
		"@",
		"@-1",
		"@253402300800",
		"@1.x",
		"2days ago",
		"2  days ago",
		"-2 days ago",
		"2 months ago",
		"99999999999999999999 days ago",
		"tomorrow",
		"Today",
	};
	(void)state;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(refused); i++) {
		assert_refused(refused[i]);
	}
}

static void assert_described(const char *time, const char *wanted)
{
	int64_t parsed;
	char text[FC_WHEN_TEXT_SIZE];
	assert_int_equal(fc_when_parse(time, NOW, NULL, "time", &parsed, NULL), FC_OK);
	fc_when_describe(parsed, NOW, NULL, text);
	assert_string_equal(text, wanted);
}

static void times_are_described_by_their_age(void **state)
{
	(void)state;
	assert_described("now", "just now");
	assert_described("59 seconds ago", "just now");
	assert_described("1 minute ago", "1 minute ago");
	assert_described("119 seconds ago", "1 minute ago");
	assert_described("59 minutes ago", "59 minutes ago");
	assert_described("8 hours ago", "8 hours ago");
	assert_described("2022-09-05 14:03", "yesterday 14:03");
	assert_described("2022-09-04 23:59", "2 days ago");
	assert_described("2022-08-24 00:00", "13 days ago");
	assert_described("2022-08-23 23:59", "2022-08-23 23:59Z");
	assert_described("2022-09-06 08:53", "2022-09-06 08:53Z");
	assert_described("1969-12-31 23:59:59", "1969-12-31 23:59Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc_3339_is_read_to_the_microsecond),
		cmocka_unit_test(an_offset_is_subtracted),
		cmocka_unit_test(dates_and_times_of_day_are_utc),
		cmocka_unit_test(ages_are_subtracted_from_now),
		cmocka_unit_test(words_name_days),
		cmocka_unit_test(durations_and_seconds_since_the_epoch_are_times),
		cmocka_unit_test(a_time_without_a_zone_is_of_the_given_zone),
		cmocka_unit_test(everything_else_is_refused),
		cmocka_unit_test(times_are_described_by_their_age),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
