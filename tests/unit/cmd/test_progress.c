/* How long a batch will still take. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>

#include "photos/progress.h"

static struct progress begun_at(int64_t now)
{
	return (struct progress){ .started = now, .earlier = { now, 0 }, .later = { now, 0 } };
}

static void an_even_run_takes_as_long_as_it_took(void **state)
{
	(void)state;
	struct progress progress = begun_at(5000);
	for (int second = 1; second < 100; second++) {
		double left =
			progress_seconds_left(&progress, second / 100.0, 5000 + second * 1000);
		double expected = 100 - second;
		assert_float_equal(left, expected, 1e-6);
	}
}

/* Nine tenths are remembered from the run before. */
static void what_was_passed_over_at_first_is_soon_forgotten(void **state)
{
	(void)state;
	struct progress progress = begun_at(0);
	double left = progress_seconds_left(&progress, 0.9, 1000);
	assert_true(left < 1);
	for (int second = 2; second <= 22; second++) {
		left = progress_seconds_left(&progress, 0.9 + second / 10000.0, second * 1000);
	}
	assert_float_equal(left, 978, 1);
}

static void nobody_can_tell_without_a_share_or_a_step(void **state)
{
	(void)state;
	struct progress progress = begun_at(0);
	assert_true(isnan(progress_seconds_left(&progress, NAN, 1000)));
	assert_true(isnan(progress_seconds_left(&progress, 0, 1000)));
	assert_true(isnan(progress_seconds_left(&progress, 0.5, 0)));
	assert_true(isnan(progress_seconds_left(&progress, 1.5, 1000)));
	assert_float_equal(progress_seconds_left(&progress, 1, 1000), 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_even_run_takes_as_long_as_it_took),
		cmocka_unit_test(what_was_passed_over_at_first_is_soon_forgotten),
		cmocka_unit_test(nobody_can_tell_without_a_share_or_a_step),
	};
	return cmocka_run_group_tests_name("cmd/progress", tests, NULL, NULL);
}
