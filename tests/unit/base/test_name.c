/* Names of persons in one form. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include "base/memory.h"
#include "base/name.h"

static void expect(const char *text, const char *wanted)
{
	FC_CLEANUP(fc_free) char *out = NULL;
	assert_int_equal(fc_name_normalise(text, &out, NULL), FC_OK);
	assert_string_equal(out, wanted);
}

static void letters_are_composed(void **state)
{
	(void)state;
	expect("Jo\xcc\x88rg", "J\xc3\xb6rg");
	expect("J\xc3\xb6rg", "J\xc3\xb6rg");
	expect("\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "\xed\x95\x9c"); /* Hangul */
}

static void white_space_is_removed_at_the_ends_only(void **state)
{
	(void)state;
	expect("  Anna  Berg\t\r\n", "Anna  Berg");
	expect("\xc2\xa0"
	       "Anna\xe3\x80\x80",
	       "Anna"); /* no-break and ideographic space */
	expect(" \xe2\x80\x83 ", "");
	expect("", "");
}

static void case_and_compatible_letters_are_kept(void **state)
{
	(void)state;
	expect("McDonald", "McDonald");
	expect("\xef\xac\x81", "\xef\xac\x81"); /* the ligature fi */
}

static void a_text_that_is_not_utf_8_is_kept(void **state)
{
	(void)state;
	expect(" \xff ", " \xff ");
}

static void folded_names_have_no_case(void **state)
{
	(void)state;
	FC_CLEANUP(fc_free) char *a = NULL;
	FC_CLEANUP(fc_free) char *b = NULL;
	assert_int_equal(fc_name_fold(" A\xcc\x8angstr\xc3\x96m", &a, NULL), FC_OK);
	assert_int_equal(fc_name_fold("\xc3\xa5NGSTR\xc3\xb6M ", &b, NULL), FC_OK);
	assert_string_equal(a, b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_are_composed),
		cmocka_unit_test(white_space_is_removed_at_the_ends_only),
		cmocka_unit_test(case_and_compatible_letters_are_kept),
		cmocka_unit_test(a_text_that_is_not_utf_8_is_kept),
		cmocka_unit_test(folded_names_have_no_case),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
