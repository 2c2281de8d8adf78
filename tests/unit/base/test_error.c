/* Names of statuses, and error texts. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "unit.h"

static void a_failure_returns_its_status_even_without_err(void **state)
{
	(void)state;
	struct fc_error err = { 0 };
	assert_int_equal(fc_fail(&err, FC_NOT_FOUND, "no person %d", 7), FC_NOT_FOUND);
	assert_int_equal(err.status, FC_NOT_FOUND);
	assert_string_equal(err.text, "no person 7");
	assert_int_equal(fc_fail(NULL, FC_BUSY, "ignored"), FC_BUSY);
	assert_int_equal(fc_fail_errno(NULL, FC_IO, EIO, "nor this"), FC_IO);
}

static void a_documented_condition_has_a_code_until_the_next_failure(void **state)
{
	(void)state;
	struct fc_error err = { 0 };
	assert_int_equal(fc_fail_code(&err, FC_BAD_IMAGE, FC_CODE_EMPTY_IMAGE, "'%s': empty", "a"),
			 FC_BAD_IMAGE);
	assert_int_equal(err.status, FC_BAD_IMAGE);
	assert_int_equal(err.code, FC_CODE_EMPTY_IMAGE);
	assert_string_equal(err.text, "'a': empty");
	fc_error_prefix(&err, "service 'x'");
	assert_int_equal(err.code, FC_CODE_EMPTY_IMAGE);
	FC_IGNORE(fc_fail(&err, FC_BUSY, "later"));
	assert_int_equal(err.code, FC_CODE_NONE);
	FC_IGNORE(fc_fail_code(&err, FC_BAD_IMAGE, FC_CODE_EMPTY_IMAGE, "again"));
	FC_IGNORE(fc_fail_errno(&err, FC_IO, EIO, "cannot read"));
	assert_int_equal(err.code, FC_CODE_NONE);
	assert_int_equal(fc_fail_code(NULL, FC_BUSY, FC_CODE_NONE, "not kept"), FC_BUSY);
}

static void a_system_failure_ends_with_the_text_of_errno(void **state)
{
	(void)state;
	struct fc_error err = { 0 };
	assert_int_equal(fc_fail_errno(&err, FC_UNREADABLE, ENOENT, "cannot open '%s'", "a.jpg"),
			 FC_UNREADABLE);
	assert_string_equal(err.text, "cannot open 'a.jpg': No such file or directory");
}

static void missing_permission_is_not_an_io_error(void **state)
{
	(void)state;
	static const int forbidden[] = { EACCES, EPERM, EROFS };
	struct fc_error err = { 0 };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(forbidden); i++) {
		assert_int_equal(fc_fail_errno(&err, FC_IO, forbidden[i], "cannot write 'a'"),
				 FC_PERMISSION);
		assert_int_equal(err.status, FC_PERMISSION);
	}
	assert_int_equal(fc_fail_errno(&err, FC_UNREADABLE, EACCES, "cannot open 'a.jpg'"),
			 FC_UNREADABLE);
	assert_int_equal(fc_fail_errno(NULL, FC_IO, EACCES, "ignored"), FC_PERMISSION);
}

static void a_process_limit_is_reported_with_the_remedy(void **state)
{
	(void)state;
	struct fc_error err = { 0 };
	FC_IGNORE(fc_fail_errno(&err, FC_IO, EMFILE, "cannot open 'a'"));
	assert_string_equal(err.text,
			    "cannot open 'a': Too many open files; raise the limit with ulimit -n");
	FC_IGNORE(fc_fail_errno(&err, FC_IO, EFBIG, "cannot write 'a'"));
	assert_string_equal(err.text,
			    "cannot write 'a': File too large; raise the limit with ulimit -f");
}

static void the_text_of_errno_survives_a_long_subject(void **state)
{
	(void)state;
	struct fc_error err = { 0 };
	char name[2000];
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	FC_IGNORE(fc_fail_errno(&err, FC_UNREADABLE, ENOENT, "cannot open '%s'", name));
	const char *reason = ": No such file or directory";
	assert_true(strlen(err.text) < sizeof(err.text));
	assert_string_equal(err.text + strlen(err.text) - strlen(reason), reason);
}

static void a_prefix_keeps_status_and_text(void **state)
{
	(void)state;
	struct fc_error err = { 0 };
	FC_IGNORE(fc_fail(&err, FC_DAMAGED, "record 7 fails its checksum"));
	fc_error_prefix(&err, "gallery '%s'", "g");
	assert_int_equal(err.status, FC_DAMAGED);
	assert_string_equal(err.text, "gallery 'g': record 7 fails its checksum");
	fc_error_prefix(NULL, "ignored");
	for (int i = 0; i < 100; i++) {
		fc_error_prefix(&err, "again and again");
	}
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
}

static void every_status_has_its_own_name(void **state)
{
	(void)state;
	for (unsigned i = 0; i < FC_STATUS_COUNT; i++) {
		const char *name = fc_status_name((enum fc_status)i);
		assert_non_null(name);
		assert_string_not_equal(name, "unknown");
		for (unsigned other = 0; other < i; other++) {
			assert_string_not_equal(name, fc_status_name((enum fc_status)other));
		}
	}
	assert_string_equal(fc_status_name(FC_STATUS_COUNT), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failure_returns_its_status_even_without_err),
		cmocka_unit_test(a_documented_condition_has_a_code_until_the_next_failure),
		cmocka_unit_test(a_system_failure_ends_with_the_text_of_errno),
		cmocka_unit_test(missing_permission_is_not_an_io_error),
		cmocka_unit_test(a_process_limit_is_reported_with_the_remedy),
		cmocka_unit_test(the_text_of_errno_survives_a_long_subject),
		cmocka_unit_test(a_prefix_keeps_status_and_text),
		cmocka_unit_test(every_status_has_its_own_name),
	};
	return cmocka_run_group_tests_name("base/error", tests, NULL, NULL);
}
