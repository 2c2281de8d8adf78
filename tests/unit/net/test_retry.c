/* Waits: computed, and requested in headers and messages. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "net/retry.h"

static const struct fc_retry_policy policy = { .tries = 5, .base_ms = 1000, .ceiling_ms = 30000 };

static void waits_double_up_to_the_ceiling(void **state)
{
	(void)state;
	const struct fc_http_response no_wish = { 0 };
	static const uint64_t expected[] = { 1000, 2000, 4000, 8000, 16000, 30000, 30000 };
	for (unsigned i = 0; i < FC_ARRAY_LENGTH(expected); i++) {
		assert_int_equal(fc_retry_wait(&policy, i + 1, 1.0, &no_wish), expected[i]);
		assert_int_equal(fc_retry_wait(&policy, i + 1, 0.0, &no_wish), 0);
		assert_int_equal(fc_retry_wait(&policy, i + 1, 0.5, &no_wish), expected[i] / 2);
	}
	assert_int_equal(fc_retry_wait(&policy, 4000000000u, 1.0, &no_wish), 30000);
}

static void a_requested_wait_is_never_shortened(void **state)
{
	(void)state;
	const struct fc_http_response wish = { .has_wait = true, .wait_ms = 21000 };
	assert_int_equal(fc_retry_wait(&policy, 1, 0.0, &wish), 21000);
	assert_in_range(fc_retry_wait(&policy, 1, 1.0, &wish), 21000, 22000);
}

static void retry_after_is_seconds_or_a_date(void **state)
{
	(void)state;
	const int64_t now = 1445412480; /* Wed, 21 Oct 2015 07:28:00 GMT */
	static const struct {
		const char *value;
		bool valid;
		uint64_t wait_ms;
	} cases[] = {
		{ "0", true, 0 },
		{ "120", true, 120000 },
		{ "999999999", true, 86400000 },
		{ "99999999999999999999999999", true, 86400000 },
		{ "Wed, 21 Oct 2015 07:29:00 GMT", true, 60000 },
		{ "Wed, 21 Oct 2015 07:27:00 GMT", true, 0 },
		{ "Thu, 01 Jan 1970 00:00:01 GMT", true, 0 },
		{ "Fri, 31 Dec 2199 23:59:59 GMT", true, 86400000 },
		{ "", false, 0 },
		{ "soon", false, 0 },
		{ "-5", false, 0 },
		{ "5 minutes", false, 0 },
		{ "1.5", false, 0 },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		uint64_t wait_ms = 7;
		bool valid = fc_retry_after(cases[i].value, now, &wait_ms);
		assert_int_equal(valid, cases[i].valid);
		assert_int_equal(wait_ms, cases[i].valid ? cases[i].wait_ms : 7);
	}
}

static void seconds_are_found_in_a_message(void **state)
{
	(void)state;
	static const char azure[] = "{\"error\":{\"code\":\"429\",\"message\": \"Rate limit is "
				    "exceeded. Try again in 21 seconds.\"}}";
	static const char *const none[] = { "",
					    "Try again in ",
					    "Try again in 5",
					    "try again later",
					    "Try again in 5 minutes",
					    "Try again in x seconds" };
	uint64_t wait_ms = 0;
	assert_true(fc_retry_seconds_in_words(azure, strlen(azure), &wait_ms));
	assert_int_equal(wait_ms, 21000);
	assert_true(fc_retry_seconds_in_words("try again in 1 second", 21, &wait_ms));
	assert_int_equal(wait_ms, 1000);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(none); i++) {
		assert_false(fc_retry_seconds_in_words(none[i], strlen(none[i]), &wait_ms));
	}
}

static void statuses_decide_about_a_retry(void **state)
{
	(void)state;
	for (int status = 100; status < 600; status++) {
		enum fc_http_verdict expected = FC_HTTP_FINAL;
		if (status == 429) {
			expected = FC_HTTP_NOT_DONE;
		} else if (status == 408 || status == 500 || (status >= 502 && status <= 504)) {
			expected = FC_HTTP_TRY_AGAIN;
		}
		assert_int_equal(fc_retry_verdict(status), expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_double_up_to_the_ceiling),
		cmocka_unit_test(a_requested_wait_is_never_shortened),
		cmocka_unit_test(retry_after_is_seconds_or_a_date),
		cmocka_unit_test(seconds_are_found_in_a_message),
		cmocka_unit_test(statuses_decide_about_a_retry),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
