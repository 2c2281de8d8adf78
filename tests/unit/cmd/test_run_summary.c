/* What a batch comes to: photos are counted once, by what became of them and why. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "photos/run_summary.h"

static const struct fc_analysis one_face = { .face_count = 1 };
static const struct fc_analysis no_face = { 0 };

static void count(struct run_summary *summary, enum fc_status status, enum fc_action action,
		  enum fc_reason reason)
{
	const struct fc_photo_outcome outcome = {
		.status = status,
		.action = action,
		.reason = reason,
		.analysis = status == FC_OK ? &one_face : &no_face,
	};
	run_summary_count(summary, &outcome);
	if (action != FC_ACTION_NONE) {
		run_summary_result(summary, fc_action_name(action));
	}
}

/* The text up to the time that it took. */
static void expect(const struct run_summary *summary, const struct fc_folder_skipped *skipped,
		   const char *wanted)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	run_summary_text(summary, skipped, &text);
	const char *words = fc_buffer_text(&text);
	assert_int_equal(strncmp(words, wanted, strlen(wanted)), 0);
	assert_int_equal(words[strlen(wanted)], ';');
}

static void photos_are_counted_by_action_and_reason(void **state)
{
	(void)state;
	struct run_summary summary;
	run_summary_begin(&summary);
	count(&summary, FC_OK, FC_ACTION_ENROLLED, FC_REASON_NONE);
	count(&summary, FC_OK, FC_ACTION_ENROLLED, FC_REASON_NONE);
	count(&summary, FC_OK, FC_ACTION_UNCHANGED, FC_REASON_NONE);
	count(&summary, FC_POOR_QUALITY, FC_ACTION_REJECTED, FC_REASON_FACE_TOO_SMALL);
	count(&summary, FC_IO, FC_ACTION_FAILED, FC_REASON_OTHER);
	assert_int_equal(summary.photos, 5);
	assert_int_equal(summary.faces, 3);
	assert_int_equal(summary.accepted, 3);
	assert_int_equal(summary.rejected, 1);
	assert_int_equal(summary.failed, 1);
	expect(&summary, NULL,
	       "5 photos: 2 enrolled, 1 unchanged, 1 rejected, 1 failed (1 face_too_small, 1 io)");
}

static void verbs_that_enrol_nobody_tell_by_status(void **state)
{
	(void)state;
	const struct fc_folder_skipped skipped = {
		.hidden = 2, .linked = 1, .special = 3, .first_link = "anna"
	};
	struct run_summary summary;
	run_summary_begin(&summary);
	count(&summary, FC_BAD_IMAGE, FC_ACTION_NONE, FC_REASON_NONE);
	count(&summary, FC_UNREADABLE, FC_ACTION_NONE, FC_REASON_NONE);
	expect(&summary, &skipped,
	       "2 photos: 1 rejected, 1 failed (1 bad_image, 1 unreadable); skipped 2 hidden, "
	       "1 link to a folder (without --follow-links; 'anna'), 3 named like a photo but not a regular file");
}

static void more_words_than_there_is_room_for_are_left_out(void **state)
{
	(void)state;
	static char words[SUMMARY_WORDS + 2][8];
	struct run_summary summary;
	run_summary_begin(&summary);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(words); i++) {
		words[i][0] = (char)('a' + (char)i);
		run_summary_result(&summary, words[i]);
	}
	assert_int_equal(summary.results.count, SUMMARY_WORDS);
	expect(&summary, NULL,
	       "0 photos: 1 a, 1 b, 1 c, 1 d, 1 e, 1 f, 1 g, 1 h, 1 i, 1 j, 1 k, 1 l, 1 m, 1 n, 1 "
	       "o, 1 p, 1 q, 1 r, 1 s, 1 t, 1 u, 1 v, 1 w, 1 x");
}

static void a_rate_of_less_than_a_second_is_left_out(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	struct run_summary summary;
	run_summary_begin(&summary);
	count(&summary, FC_OK, FC_ACTION_UNCHANGED, FC_REASON_NONE);
	summary.started -= 1;
	run_summary_text(&summary, NULL, &text);
	assert_null(strstr(fc_buffer_text(&text), "photos/s"));
	fc_buffer_clear(&text);
	summary.started -= 2000;
	run_summary_text(&summary, NULL, &text);
	assert_non_null(strstr(fc_buffer_text(&text), "photos/s"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(photos_are_counted_by_action_and_reason),
		cmocka_unit_test(verbs_that_enrol_nobody_tell_by_status),
		cmocka_unit_test(a_rate_of_less_than_a_second_is_left_out),
		cmocka_unit_test(more_words_than_there_is_room_for_are_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
