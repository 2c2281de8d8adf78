/* Every status has the exit status that facectl(1) promises. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "exit.h"

static void every_status_has_its_number(void **state)
{
	(void)state;
	static const struct {
		enum fc_status status;
		int number;
	} rows[] = {
		{ FC_OK, 0 },
		{ FC_NOT_FOUND, 1 },
		{ FC_INVALID_ARGUMENT, 2 },
		{ FC_UNSUPPORTED, 2 },
		{ FC_PARTIAL, 3 },
		{ FC_UNREADABLE, 4 },
		{ FC_BAD_IMAGE, 4 },
		{ FC_TOO_LARGE, 4 },
		{ FC_NO_FACE, 4 },
		{ FC_SEVERAL_FACES, 4 },
		{ FC_POOR_QUALITY, 4 },
		{ FC_CONFLICT, 4 },
		{ FC_WORKER_DIED, 75 },
		{ FC_WORKER_KILLED, 75 },
		{ FC_TIMED_OUT, 75 },
		{ FC_GALLERY_MISSING, 5 },
		{ FC_GALLERY_LOST, 5 },
		{ FC_DAMAGED, 5 },
		{ FC_FULL, 5 },
		{ FC_INCOMPATIBLE, 5 },
		{ FC_MODEL_MISSING, 6 },
		{ FC_MODEL_MISMATCH, 6 },
		{ FC_REFUSED, 7 },
		{ FC_BUSY, 75 },
		{ FC_PERMISSION, 77 },
		{ FC_NO_MEMORY, 75 },
		{ FC_IO, 74 },
		{ FC_INTERNAL, 70 },
	};
	assert_int_equal(FC_ARRAY_LENGTH(rows), FC_STATUS_COUNT);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(rows); i++) {
		assert_int_equal(exit_status_of(rows[i].status), rows[i].number);
	}
}

static void a_failure_without_a_message_is_a_bug(void **state)
{
	(void)state;
	struct fc_error err = { 0 };
	assert_int_equal(exit_require_message(FC_OK, "set", &err), FC_OK);
	assert_int_equal(exit_require_message(FC_NOT_FOUND, "set", &err), FC_INTERNAL);
	assert_string_equal(err.text, "internal error: 'set' failed without a message (not_found)");
}

static void a_failure_with_a_message_stays(void **state)
{
	(void)state;
	struct fc_error err = { 0 };
	FC_IGNORE(fc_fail(&err, FC_BUSY, "busy"));
	assert_int_equal(exit_require_message(FC_BUSY, "set", &err), FC_BUSY);
	assert_string_equal(err.text, "busy");
}

static void a_negative_answer_is_shown_already(void **state)
{
	(void)state;
	struct fc_error err = { 0 };
	FC_IGNORE(fc_fail(&err, FC_NOT_FOUND, "a lookup on the way"));
	assert_int_equal(exit_no(&err), FC_NOT_FOUND);
	assert_int_equal(exit_require_message(FC_NOT_FOUND, "verify", &err), FC_NOT_FOUND);
	assert_true(err.shown);
	assert_string_equal(err.text, "");
	FC_IGNORE(fc_fail(&err, FC_IO, "a later failure"));
	assert_false(err.shown);
}

static void a_status_that_does_not_exist_is_a_bug(void **state)
{
	(void)state;
	assert_int_equal(exit_status_of(FC_STATUS_COUNT), EXIT_BUG);
	assert_int_equal(exit_status_of((enum fc_status) - 1), EXIT_BUG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failure_without_a_message_is_a_bug),
		cmocka_unit_test(a_failure_with_a_message_stays),
		cmocka_unit_test(a_negative_answer_is_shown_already),
		cmocka_unit_test(every_status_has_its_number),
		cmocka_unit_test(a_status_that_does_not_exist_is_a_bug),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
