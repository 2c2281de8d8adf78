/* Secrets blotted out of words. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "net/redact.h"

static void a_secret_is_blotted_out_wherever_it_stands(void **state)
{
	(void)state;
	FC_CLEANUP(fc_redaction_release) struct fc_redaction redaction = { 0 };
	char text[] = "a+b/c=dd, x=a%2Bb%2Fc%3Ddd; a+b/c=d a+b/c=dda+b/c=dd";
	assert_int_equal(fc_redaction_add(&redaction, "a+b/c=dd", NULL), FC_OK);
	fc_redact(&redaction, text, strlen(text));
	assert_string_equal(text, "********, x=**************; a+b/c=d ****************");
}

static void bytes_behind_the_end_are_not_looked_at(void **state)
{
	(void)state;
	FC_CLEANUP(fc_redaction_release) struct fc_redaction redaction = { 0 };
	char text[] = "xx secret00";
	assert_int_equal(fc_redaction_add(&redaction, "secret00", NULL), FC_OK);
	fc_redact(&redaction, text, strlen(text) - 1);
	assert_string_equal(text, "xx secret00");
	fc_redact(&redaction, NULL, 0);
}

static void what_is_too_short_would_blot_out_ordinary_words(void **state)
{
	(void)state;
	FC_CLEANUP(fc_redaction_release) struct fc_redaction redaction = { 0 };
	char text[] = "status";
	assert_int_equal(fc_redaction_add(&redaction, "tat", NULL), FC_OK);
	assert_int_equal(fc_redaction_add(&redaction, "", NULL), FC_OK);
	fc_redact(&redaction, text, strlen(text));
	assert_string_equal(text, "status");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_secret_is_blotted_out_wherever_it_stands),
		cmocka_unit_test(bytes_behind_the_end_are_not_looked_at),
		cmocka_unit_test(what_is_too_short_would_blot_out_ordinary_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
