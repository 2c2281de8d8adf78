/* Time is microseconds since the epoch, written as RFC 3339. */
/* SPDX-License-Identifier: MIT */
#include <time.h>

#include "base/clock.h"
#include "unit.h"

static void assert_time(int64_t time, const char *expected)
{
	char text[FC_TIME_TEXT_SIZE];
	fc_time_format(time, text);
	assert_string_equal(text, expected);
}

static void times_are_written_in_utc_with_six_decimals(void **state)
{
	(void)state;
	assert_time(0, "1970-01-01T00:00:00.000000Z");
	assert_time(1662454321581172, "2022-09-06T08:52:01.581172Z");
	assert_time(951782400000001, "2000-02-29T00:00:00.000001Z");
	assert_time(253402300799999999, "9999-12-31T23:59:59.999999Z");
}

static void times_before_the_epoch_are_written_too(void **state)
{
	(void)state;
	assert_time(-1, "1969-12-31T23:59:59.999999Z");
	assert_time(-1000000, "1969-12-31T23:59:59.000000Z");
}

static void every_time_fits_its_buffer(void **state)
{
	(void)state;
	static const int64_t times[] = { INT64_MAX, INT64_MIN, INT64_MAX - 1, INT64_MIN + 1 };
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		char text[FC_TIME_TEXT_SIZE + 1];
		text[FC_TIME_TEXT_SIZE] = '#';
		fc_time_format(times[i], text);
		assert_int_equal(text[FC_TIME_TEXT_SIZE], '#');
		assert_true(text[0] != '\0');
	}
}

static void now_agrees_with_the_system_clock(void **state)
{
	(void)state;
	struct timespec before, after;
	clock_gettime(CLOCK_REALTIME, &before);
	int64_t now = fc_clock_now();
	clock_gettime(CLOCK_REALTIME, &after);
	assert_true(now / 1000000 >= before.tv_sec);
	assert_true(now / 1000000 <= after.tv_sec);
}

static void the_monotonic_clock_does_not_go_back(void **state)
{
	(void)state;
	int64_t last = fc_clock_monotonic_ms();
	for (int i = 0; i < 10000; i++) {
		int64_t now = fc_clock_monotonic_ms();
		assert_true(now >= last);
		last = now;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_written_in_utc_with_six_decimals),
		cmocka_unit_test(times_before_the_epoch_are_written_too),
		cmocka_unit_test(every_time_fits_its_buffer),
		cmocka_unit_test(now_agrees_with_the_system_clock),
		cmocka_unit_test(the_monotonic_clock_does_not_go_back),
	};
	return cmocka_run_group_tests_name("base/clock", tests, NULL, NULL);
}
