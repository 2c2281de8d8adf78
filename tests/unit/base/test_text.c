/* UTF-8 checks and escapes. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "base/unicode.h"
#include "unit.h"

static void well_formed_utf8_is_accepted(void **state)
{
	(void)state;
	/* The first and last code point of each length, and the neighbours of the surrogates. */
	static const char *const texts[] = {
		"",
		"plain",
		"\x7f",
		"\xc2\x80",
		"\xdf\xbf",
		"\xe0\xa0\x80",
		"\xed\x9f\xbf",
		"\xee\x80\x80",
		"\xef\xbf\xbf",
		"\xf0\x90\x80\x80",
		"\xf4\x8f\xbf\xbf",
		"\xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0",
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(texts); i++) {
		assert_true(fc_text_is_utf8(texts[i], strlen(texts[i])));
	}
}

static void malformed_utf8_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"\x80", /* a continuation alone */
		"\xbf",
		"\xc0\x80", /* overlong */
		"\xc1\xbf",
		"\xe0\x9f\xbf",
		"\xf0\x8f\xbf\xbf",
		"\xed\xa0\x80", /* surrogates */
		"\xed\xbf\xbf",
		"\xf4\x90\x80\x80", /* above U+10FFFF */
		"\xf5\x80\x80\x80",
		"\xfe",
		"\xff",
		"\xc3", /* cut short */
		"\xe2\x82",
		"\xf0\x9f\x98",
		"\xc3(",
		"a\xe2(\xa1",
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(texts); i++) {
		assert_false(fc_text_is_utf8(texts[i], strlen(texts[i])));
	}
}

static void assert_visible(const char *text, const char *expected)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
	fc_text_append_visible(&out, text);
	assert_string_equal(fc_buffer_text(&out), expected);
}

static void control_characters_are_shown_as_hexadecimal(void **state)
{
	(void)state;
	assert_visible("anna.jpg", "anna.jpg");
	assert_visible("J\xc3\xbcrgen", "J\xc3\xbcrgen");
	assert_visible("back\\slash", "back\\slash");
	assert_visible("\x1b[31mred", "\\x1b[31mred");
	assert_visible("two\nlines\t", "two\\x0alines\\x09");
	assert_visible("\x7f", "\\x7f");
	assert_visible("\xc2\x9b", "\\xc2\\x9b"); /* C1: control sequence introducer */
	assert_visible("\xe2\x80\xae"
		       "gpj",
		       "\\xe2\\x80\\xaegpj"); /* right-to-left override */
	assert_visible("\xe2\x81\xa9", "\\xe2\\x81\\xa9");
	assert_visible("\xe2\x80\xa8", "\\xe2\\x80\\xa8"); /* line separator */
	assert_visible("a\xff"
		       "b",
		       "a\\xff"
		       "b");
}

static void markup_is_escaped(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
	fc_text_append_markup(&out, "<b a=\"1\">J\xc3\xbcrgen & 'Co'</b>");
	assert_string_equal(fc_buffer_text(&out),
			    "&lt;b a=&quot;1&quot;&gt;J\xc3\xbcrgen &amp; 'Co'&lt;/b&gt;");
}

static void columns_count_what_is_shown(void **state)
{
	(void)state;
	assert_int_equal(fc_text_cells(""), 0);
	assert_int_equal(fc_text_cells("J\xc3\xbcrgen"), 6);
	assert_int_equal(fc_text_cells("\n"), 4);
	assert_int_equal(fc_text_cells("\xc2\x9b"), 8);
	assert_int_equal(fc_text_cells("a\xff"), 5);
	/* wide characters, a combining accent, an emoji */
	assert_int_equal(fc_text_cells("\xe5\xb1\xb1\xe7\x94\xb0"), 4);
	assert_int_equal(fc_text_cells("e\xcc\x81"), 1);
	assert_int_equal(fc_text_cells("\xf0\x9f\x98\x80"), 2);
}

static void a_label_is_utf8_without_controls_within_its_limit(void **state)
{
	(void)state;
	assert_true(fc_text_is_label("Anna K.", 255));
	assert_true(fc_text_is_label("\xc3\xbc", 2));
	assert_false(fc_text_is_label("\xc3\xbc", 1));
	assert_false(fc_text_is_label("", 255));
	assert_false(fc_text_is_label("a\nb", 255));
	assert_false(fc_text_is_label("a\xff", 255));
}

static void a_space_name_is_short_lower_case_ascii(void **state)
{
	(void)state;
	char longest[66];
	memset(longest, 'a', sizeof(longest));
	longest[64] = '\0';
	assert_true(fc_text_is_space_name(longest));
	longest[64] = 'a';
	longest[65] = '\0';
	assert_false(fc_text_is_space_name(longest));
	assert_true(fc_text_is_space_name("0"));
	assert_true(fc_text_is_space_name("front-door_2"));
	assert_false(fc_text_is_space_name(""));
	assert_false(fc_text_is_space_name("Office"));
	assert_false(fc_text_is_space_name("a b"));
	assert_false(fc_text_is_space_name("../x"));
	assert_false(fc_text_is_space_name("\xc3\xbc"));
}

static void a_line_ends_at_control_characters_and_between_characters(void **state)
{
	(void)state;
	assert_int_equal(fc_text_line_length("one\r\ntwo", 100), 3);
	assert_int_equal(fc_text_line_length("", 100), 0);
	assert_int_equal(fc_text_line_length("one", 3), 3);
	assert_int_equal(fc_text_line_length("one", 2), 2);
	/* two, three and four bytes */
	assert_int_equal(fc_text_line_length("a\xc3\xa9", 2), 1);
	assert_int_equal(fc_text_line_length("a\xe2\x82\xac", 3), 1);
	assert_int_equal(fc_text_line_length("a\xf0\x9f\x98\x80", 4), 1);
	assert_int_equal(fc_text_line_length("a\xf0\x9f\x98\x80", 5), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_ends_at_control_characters_and_between_characters),
		cmocka_unit_test(well_formed_utf8_is_accepted),
		cmocka_unit_test(malformed_utf8_is_refused),
		cmocka_unit_test(control_characters_are_shown_as_hexadecimal),
		cmocka_unit_test(markup_is_escaped),
		cmocka_unit_test(columns_count_what_is_shown),
		cmocka_unit_test(a_label_is_utf8_without_controls_within_its_limit),
		cmocka_unit_test(a_space_name_is_short_lower_case_ascii),
	};
	return cmocka_run_group_tests_name("base/text", tests, NULL, NULL);
}
