/* The token bucket, with a clock that the test sets. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "net/rate_limit.h"

static void without_a_rate_there_is_no_wait(void **state)
{
	(void)state;
	struct fc_rate_limit limit;
	fc_rate_limit_init(&limit, 0, 1000);
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(fc_rate_limit_take(&limit, 1000), 0);
	}
}

static void one_second_of_tokens_is_free_then_the_rate_applies(void **state)
{
	(void)state;
	struct fc_rate_limit limit;
	fc_rate_limit_init(&limit, 10, 5000);
	for (int i = 0; i < 10; i++) {
		assert_int_equal(fc_rate_limit_take(&limit, 5000), 0);
	}
	int64_t wait = fc_rate_limit_take(&limit, 5000);
	assert_in_range(wait, 100, 102);
	assert_int_equal(fc_rate_limit_take(&limit, 5000 + wait), 0);
	assert_true(fc_rate_limit_take(&limit, 5000 + wait) > 0);
}

static void any_minute_stays_within_the_rate(void **state)
{
	(void)state;
	struct fc_rate_limit limit;
	int taken = 0;
	/* 20 calls a minute, as Azure's free tier has it */
	fc_rate_limit_init(&limit, 20.0 / 60, 0);
	for (int64_t now = 0; now < 600000; now += 7) {
		taken += fc_rate_limit_take(&limit, now) == 0;
	}
	assert_in_range(taken, 199, 201);
}

static void idle_time_does_not_accumulate_tokens(void **state)
{
	(void)state;
	struct fc_rate_limit limit;
	fc_rate_limit_init(&limit, 2, 0);
	int taken = 0;
	while (fc_rate_limit_take(&limit, 3600 * 1000) == 0) {
		taken++;
	}
	assert_int_equal(taken, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_rate_there_is_no_wait),
		cmocka_unit_test(one_second_of_tokens_is_free_then_the_rate_applies),
		cmocka_unit_test(any_minute_stays_within_the_rate),
		cmocka_unit_test(idle_time_does_not_accumulate_tokens),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
