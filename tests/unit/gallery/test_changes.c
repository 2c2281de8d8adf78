/* Changes that fail, and changes that are made where they must not be. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

static enum fc_status enrol_and_fail(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	FC_TRY(enrol(txn, context, err));
	return fc_fail(err, FC_NO_FACE, "changed my mind");
}

static void a_change_that_fails_leaves_nothing(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct enrolment enrolment = { .space = "5", .number = 1, .seed = 1 };
	expect_write(gallery, enrol_and_fail, &enrolment, FC_NO_FACE);
	struct fc_check_report report = must_check(gallery);
	assert_int_equal(report.spaces + report.persons + report.faces + report.entries, 0);
}

static enum fc_status write_inside(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct fc_gallery *gallery = context;
	struct enrolment enrolment = { .space = "5", .number = 1, .seed = 1 };
	(void)txn;
	return fc_gallery_write(gallery, enrol, &enrolment, err);
}

static void misuse_is_refused_and_does_no_harm(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	expect_write(gallery, write_inside, gallery, FC_INTERNAL);
	struct enrolment enrolment = { .space = "5", .number = 1, .seed = 1 };
	struct fc_gallery_txn *txn = must_read(gallery);
	expect_write(gallery, enrol, &enrolment, FC_INTERNAL);
	fc_gallery_end_read(txn);
	must_write(gallery, enrol, &enrolment);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_GALLERY(a_change_that_fails_leaves_nothing),
		IN_A_GALLERY(misuse_is_refused_and_does_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
