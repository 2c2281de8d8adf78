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
	assert_int_equal(fc_when_parse(text, NOW, "--since", &time, NULL), FC_OK);
	fc_time_format(time, formatted);
	assert_string_equal(formatted, wanted);
}

static void assert_refused(const char *text)
{
	struct fc_error err = { 0 };
	int64_t time = 7;
	assert_int_equal(fc_when_parse(text, NOW, "--since", &time, &err), FC_INVALID_ARGUMENT);
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
	assert_int_equal(fc_when_parse(time, NOW, "time", &parsed, NULL), FC_OK);
	fc_when_describe(parsed, NOW, text);
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
	assert_described("2022-08-23 23:59", "2022-08-23 23:59");
	assert_described("2022-09-06 08:53", "2022-09-06 08:53");
	assert_described("1969-12-31 23:59:59", "1969-12-31 23:59");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc_3339_is_read_to_the_microsecond),
		cmocka_unit_test(an_offset_is_subtracted),
		cmocka_unit_test(dates_and_times_of_day_are_utc),
		cmocka_unit_test(ages_are_subtracted_from_now),
		cmocka_unit_test(words_name_days),
		cmocka_unit_test(everything_else_is_refused),
		cmocka_unit_test(times_are_described_by_their_age),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
