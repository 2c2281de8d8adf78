/* Removing secrets from texts. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>

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

static void encoded_secrets_are_removed(void **state)
{
	(void)state;
	static const char *const spellings[] = {
		"a+b/c=dd",
		"a%2bb%2Fc%3ddd",
		"%61%2B%62/%63%3D%64d",
		"a%252Bb%25252fc=dd",
		"a+b\\/c=dd",
		"a\\u002Bb\\u002fc\\u003ddd",
		"\\u0061+b\\\\/c\\\\u003Ddd",
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(spellings); i++) {
		FC_CLEANUP(fc_redaction_release) struct fc_redaction redaction = { 0 };
		char text[100];
		size_t length = strlen(spellings[i]);
		assert_int_equal(fc_redaction_add(&redaction, "a+b/c=dd", NULL), FC_OK);
		snprintf(text, sizeof(text), "xa+%s%%2y", spellings[i]);
		fc_redact(&redaction, text, strlen(text));
		assert_int_equal(strspn(text + 3, "*"), length);
		text[3] = '\0';
		assert_string_equal(text, "xa+");
	}
}

static void a_secret_may_have_the_characters_of_an_encoding(void **state)
{
	(void)state;
	static const char *const secrets[] = { "100%25up", "C:\\dir\\x", "%%25%%25",
					       "\\u002Bab\\" };
	static const char *const encoded[] = { "100%2525up", "C:\\\\dir\\\\x", "%25%25%2525%25",
					       "\\\\u002Bab\\\\" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(secrets); i++) {
		FC_CLEANUP(fc_redaction_release) struct fc_redaction redaction = { 0 };
		char text[100];
		assert_int_equal(fc_redaction_add(&redaction, secrets[i], NULL), FC_OK);
		snprintf(text, sizeof(text), "%s %s", secrets[i], encoded[i]);
		fc_redact(&redaction, text, strlen(text));
		assert_null(strstr(text, secrets[i]));
		assert_int_equal(strspn(text, "*"), strlen(secrets[i]));
	}
}

static void what_only_begins_like_a_secret_stays(void **state)
{
	(void)state;
	FC_CLEANUP(fc_redaction_release) struct fc_redaction redaction = { 0 };
	static const char plain[] = "a+b/c=d a%2 a%2Bb%2 a+b\\ \\u00 a\\u002Bb%25 %";
	char text[sizeof(plain)];
	assert_int_equal(fc_redaction_add(&redaction, "a+b/c=dd", NULL), FC_OK);
	memcpy(text, plain, sizeof(plain));
	fc_redact(&redaction, text, strlen(text));
	assert_string_equal(text, plain);
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
		cmocka_unit_test(encoded_secrets_are_removed),
		cmocka_unit_test(a_secret_may_have_the_characters_of_an_encoding),
		cmocka_unit_test(what_only_begins_like_a_secret_stays),
		cmocka_unit_test(a_short_secret_is_ignored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
