/* Removing secrets from texts. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "net/redact.h"

static void every_occurrence_of_a_secret_is_removed(void **state)
{
	(void)state;
	FC_CLEANUP(fc_redaction_release) struct fc_redaction redaction = { 0 };
	char text[] = "a+b/c=dd, x=a%2Bb%2Fc%3Ddd; a+b/c=d a+b/c=dda+b/c=dd";
	assert_int_equal(fc_redaction_add(&redaction, "a+b/c=dd", NULL), FC_OK);
	fc_redact(&redaction, text, strlen(text));
	assert_string_equal(text, "********, x=**************; a+b/c=d ****************");
}

static void bytes_after_the_end_are_not_read(void **state)
{
	(void)state;
	FC_CLEANUP(fc_redaction_release) struct fc_redaction redaction = { 0 };
	char text[] = "xx secret00";
	assert_int_equal(fc_redaction_add(&redaction, "secret00", NULL), FC_OK);
	fc_redact(&redaction, text, strlen(text) - 1);
	assert_string_equal(text, "xx secret00");
	fc_redact(&redaction, NULL, 0);
}

static void a_short_secret_is_ignored(void **state)
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
		cmocka_unit_test(every_occurrence_of_a_secret_is_removed),
		cmocka_unit_test(bytes_after_the_end_are_not_read),
		cmocka_unit_test(a_short_secret_is_ignored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
