/* The ledger policy of verbs that enrol photos, on files with made-up content and with results that no worker has made. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../gallery/scratch.h"
#include "base/digest.h"
#include "base/file.h"
#include "service/batch/ledger.h"
#include "service/input/photo_identity.h"

struct book {
	struct scratch *scratch;
	struct fc_gallery_handle handle;
	char path[128];
};

static int setup(void **state)
{
	struct book *book = calloc(1, sizeof(*book));
	if (!book || enter_scratch((void **)&book->scratch) != 0) {
		return -1;
	}
	book->handle.options = (struct fc_gallery_options){ .directory = book->scratch->gallery,
							    .lock_timeout = 10000 };
	*state = book;
	return 0;
}

static int teardown(void **state)
{
	struct book *book = *state;
	fc_gallery_handle_close(&book->handle);
	int left = leave_scratch((void **)&book->scratch);
	free(book);
	return left;
}

/* ---- files ---- */

static const char *file_of(struct book *book, const char *name)
{
	snprintf(book->path, sizeof(book->path), "%s/%s", book->scratch->directory, name);
	return book->path;
}

/* Wait until the file's times are old enough to be trusted, as the ledger does not trust a change of the last milliseconds. */
static void wait_until_trusted(const char *path)
{
	struct stat info;
	do {
		assert_int_equal(stat(path, &info), 0);
		usleep(1000);
	} while (fc_photo_identity(&info).changed == 0);
}

static void write_file(struct book *book, const char *name, const char *content)
{
	const char *path = file_of(book, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(content, file) >= 0);
	assert_int_equal(fclose(file), 0);
	wait_until_trusted(path);
}

static void move_file(struct book *book, const char *from, const char *to)
{
	char old[sizeof(book->path)];
	snprintf(old, sizeof(old), "%s", file_of(book, from));
	assert_int_equal(rename(old, file_of(book, to)), 0);
	wait_until_trusted(book->path);
}

static struct fc_analysis analysis_of(const char *content)
{
	struct fc_analysis analysis = { .bytes = strlen(content) };
	analysis.sha256 = fc_sha256_of(content, strlen(content));
	return analysis;
}

/* ---- one photo through the ledger ---- */

static struct fc_batch_ledger begin(struct book *book)
{
	struct fc_batch_ledger ledger = {
		.gallery = &book->handle,
		.enabled = true,
		.verb = "set",
		.service = "local",
		.space = "5",
		.rules = 7,
		.rule_reasons = FC_REASON_BIT(FC_REASON_POOR_QUALITY),
		.photo_bytes = 1000,
	};
	assert_int_equal(fc_batch_ledger_init(&ledger, NULL), FC_OK);
	return ledger;
}

/* Look a photo of a person up. The caller releases it. */
static struct fc_ledger_photo look_up(struct book *book, struct fc_batch_ledger *ledger,
				      const char *name, uint64_t number)
{
	FC_CLEANUP(fc_fd_close) int fd = -1;
	struct fc_ledger_photo photo = { 0 };
	const struct fc_photo given = { .path = file_of(book, name),
					.has_number = true,
					.number = number };
	assert_int_equal(fc_batch_ledger_look_up(ledger, &given, &photo, &fd, NULL), FC_OK);
	return photo;
}

static enum fc_photo_match match_of(struct book *book, struct fc_batch_ledger *ledger,
				    const char *name, uint64_t number)
{
	struct fc_ledger_photo photo = look_up(book, ledger, name, number);
	enum fc_photo_match match = photo.match;
	fc_ledger_photo_release(&photo);
	return match;
}

struct writing {
	struct fc_batch_ledger *ledger;
	struct fc_ledger_photo *photo;
};

static enum fc_status write_photo(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct writing *writing = context;
	return fc_batch_ledger_write(txn, writing->ledger, writing->photo, err);
}

static void write_down(struct book *book, struct fc_batch_ledger *ledger,
		       struct fc_ledger_photo *photo)
{
	struct writing writing = { ledger, photo };
	struct fc_gallery *gallery;
	assert_int_equal(fc_gallery_handle_open(&book->handle, FC_GALLERY_CREATE, &gallery, NULL),
			 FC_OK);
	must_write(gallery, write_photo, &writing);
}

/* A photo of person 1 is worked on with this result. Whether it was written. */
static bool work(struct book *book, struct fc_batch_ledger *ledger, const char *name,
		 const struct fc_analysis *analysis, const struct fc_ledger_result *result)
{
	struct fc_ledger_photo photo = look_up(book, ledger, name, 1);
	bool taken = fc_batch_ledger_take(ledger, &photo, analysis, result);
	if (taken) {
		write_down(book, ledger, &photo);
	}
	fc_ledger_photo_release(&photo);
	return taken;
}

static const struct fc_ledger_result enrolled = { .action = FC_ACTION_ENROLLED };

static void must_enrol_file(struct book *book, struct fc_batch_ledger *ledger, const char *name,
			    const char *content)
{
	const struct fc_analysis analysis = analysis_of(content);
	write_file(book, name, content);
	assert_true(work(book, ledger, name, &analysis, &enrolled));
}

/* ---- known ---- */

static void a_photo_is_known_by_its_path(void **state)
{
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	write_file(*state, "a.jpg", "ada");
	assert_int_equal(match_of(*state, &ledger, "a.jpg", 1), FC_PHOTO_NEW);
	must_enrol_file(*state, &ledger, "a.jpg", "ada");
	assert_int_equal(match_of(*state, &ledger, "a.jpg", 1), FC_PHOTO_SAME_FILE);
}

static void a_known_photo_has_nothing_to_write(void **state)
{
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	const struct fc_analysis analysis = analysis_of("ada");
	must_enrol_file(*state, &ledger, "a.jpg", "ada");
	assert_false(work(*state, &ledger, "a.jpg", &analysis, &enrolled));
}

static void a_photo_of_another_person_is_new(void **state)
{
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	must_enrol_file(*state, &ledger, "a.jpg", "ada");
	assert_int_equal(match_of(*state, &ledger, "a.jpg", 2), FC_PHOTO_NEW);
}

static void a_copy_is_known_by_its_content(void **state)
{
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	must_enrol_file(*state, &ledger, "a.jpg", "ada");
	write_file(*state, "copy.jpg", "ada");
	const struct fc_analysis analysis = analysis_of("ada");
	assert_int_equal(match_of(*state, &ledger, "copy.jpg", 1), FC_PHOTO_SAME_CONTENT);
	assert_true(work(*state, &ledger, "copy.jpg", &analysis, &enrolled));
	assert_int_equal(match_of(*state, &ledger, "copy.jpg", 1), FC_PHOTO_SAME_FILE);
	assert_int_equal(match_of(*state, &ledger, "a.jpg", 1), FC_PHOTO_SAME_FILE);
}

/* What stands at the old path later is no longer a change of a known file. */
static void a_moved_photo_leaves_its_old_path(void **state)
{
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	const struct fc_analysis analysis = analysis_of("ada");
	must_enrol_file(*state, &ledger, "a.jpg", "ada");
	move_file(*state, "a.jpg", "b.jpg");
	assert_true(work(*state, &ledger, "b.jpg", &analysis, &enrolled));
	write_file(*state, "a.jpg", "bruno");
	struct fc_ledger_photo photo = look_up(*state, &ledger, "a.jpg", 1);
	assert_int_equal(photo.match, FC_PHOTO_NEW);
	assert_false(photo.path_is_known);
	fc_ledger_photo_release(&photo);
}

static void a_changed_photo_is_new_at_a_known_path(void **state)
{
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	const struct fc_analysis before = analysis_of("ada");
	must_enrol_file(*state, &ledger, "a.jpg", "ada");
	write_file(*state, "a.jpg", "eve"); /* of the same size */
	struct fc_ledger_photo photo = look_up(*state, &ledger, "a.jpg", 1);
	assert_int_equal(photo.match, FC_PHOTO_NEW);
	assert_true(photo.path_is_known);
	assert_true(fc_sha256_equal(&photo.path_content, &before.sha256));
	fc_ledger_photo_release(&photo);
}

/* The file was replaced between the lookup and the work: what was worked on counts. */
static void the_content_that_was_analysed_is_written(void **state)
{
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	const struct fc_analysis other = analysis_of("bruno");
	write_file(*state, "a.jpg", "ada");
	assert_true(work(*state, &ledger, "a.jpg", &other, &enrolled));
	assert_int_equal(match_of(*state, &ledger, "a.jpg", 1), FC_PHOTO_NEW);
	write_file(*state, "a.jpg", "bruno");
	assert_int_equal(match_of(*state, &ledger, "a.jpg", 1), FC_PHOTO_SAME_CONTENT);
}

static void a_rewritten_photo_with_the_same_content_is_known(void **state)
{
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	must_enrol_file(*state, &ledger, "a.jpg", "ada");
	write_file(*state, "a.jpg", "ada");
	assert_int_equal(match_of(*state, &ledger, "a.jpg", 1), FC_PHOTO_SAME_CONTENT);
}

/* ---- refused and failed ---- */

static void must_fail_file(struct book *book, struct fc_batch_ledger *ledger, enum fc_action action,
			   enum fc_reason reason, bool written)
{
	const struct fc_analysis analysis = analysis_of("ada");
	const struct fc_ledger_result result = { .action = action,
						 .reason = reason,
						 .error = "no" };
	write_file(book, "a.jpg", "ada");
	assert_int_equal(work(book, ledger, "a.jpg", &analysis, &result), written);
}

static void a_refused_photo_is_known_under_the_same_rules(void **state)
{
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	must_fail_file(*state, &ledger, FC_ACTION_REJECTED, FC_REASON_POOR_QUALITY, true);
	struct fc_ledger_photo photo = look_up(*state, &ledger, "a.jpg", 1);
	assert_int_equal(photo.match, FC_PHOTO_SAME_FILE);
	assert_int_equal(photo.item.state, FC_LEDGER_REFUSED);
	assert_int_equal(photo.item.reason, FC_REASON_POOR_QUALITY);
	assert_string_equal(photo.item.text, "no");
	fc_ledger_photo_release(&photo);
	ledger.rules = 8;
	assert_int_equal(match_of(*state, &ledger, "a.jpg", 1), FC_PHOTO_NEW);
}

static void a_reason_that_no_rule_changes_is_known_under_any_rules(void **state)
{
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	must_fail_file(*state, &ledger, FC_ACTION_REJECTED, FC_REASON_NO_FACE, true);
	ledger.rules = 8;
	assert_int_equal(match_of(*state, &ledger, "a.jpg", 1), FC_PHOTO_SAME_FILE);
}

static void failures_are_tried_again_when_that_is_wanted(void **state)
{
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	must_fail_file(*state, &ledger, FC_ACTION_REJECTED, FC_REASON_NO_FACE, true);
	ledger.retry_failed = true;
	assert_int_equal(match_of(*state, &ledger, "a.jpg", 1), FC_PHOTO_NEW);
}

static void a_photo_that_crashes_the_worker_is_hashed_and_known(void **state)
{
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	const struct fc_ledger_result crashed = { .action = FC_ACTION_FAILED,
						  .reason = FC_REASON_DECODER_CRASHED };
	const struct fc_analysis nothing = { 0 };
	write_file(*state, "a.jpg", "ada");
	assert_true(work(*state, &ledger, "a.jpg", &nothing, &crashed));
	assert_int_equal(match_of(*state, &ledger, "a.jpg", 1), FC_PHOTO_SAME_FILE);
	write_file(*state, "copy.jpg", "ada");
	assert_int_equal(match_of(*state, &ledger, "copy.jpg", 1), FC_PHOTO_SAME_CONTENT);
}

static void other_failures_are_not_written(void **state)
{
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	must_fail_file(*state, &ledger, FC_ACTION_FAILED, FC_REASON_WORKER_KILLED, false);
	must_fail_file(*state, &ledger, FC_ACTION_FAILED, FC_REASON_CONFLICT, false);
}

/* ---- faces ---- */

struct replacement {
	struct fc_batch_ledger *ledger;
	struct fc_ledger_photo *photo;
	struct fc_sha256 content;
	struct fc_uuid pid;
	struct fc_ledger_replaced found;
};

static enum fc_status find_replaced(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct replacement *replacement = context;
	return fc_batch_ledger_find_replaced(txn, replacement->ledger, replacement->photo,
					     &replacement->content, &replacement->pid,
					     &replacement->found, err);
}

static uint64_t replaced_face(struct book *book, struct fc_batch_ledger *ledger, const char *name,
			      const char *content, const struct fc_uuid *pid)
{
	struct fc_ledger_photo photo = look_up(book, ledger, name, 1);
	struct replacement replacement = {
		ledger, &photo, analysis_of(content).sha256, *pid, { 0 }
	};
	must_write(book->handle.gallery, find_replaced, &replacement);
	fc_ledger_photo_release(&photo);
	return replacement.found.face;
}

/* a.jpg became a face of person 1. */
static struct enrolment must_enrol_face(struct book *book, struct fc_batch_ledger *ledger)
{
	const struct fc_analysis analysis = analysis_of("ada");
	struct enrolment enrolment = { .space = "5", .number = 1, .seed = 1 };
	struct fc_gallery *gallery;
	assert_int_equal(fc_gallery_handle_open(&book->handle, FC_GALLERY_CREATE, &gallery, NULL),
			 FC_OK);
	must_write(gallery, enrol, &enrolment);
	const struct fc_ledger_result result = { .action = FC_ACTION_ENROLLED,
						 .space = must_find_space(gallery, "5").id,
						 .pid = enrolment.pid,
						 .face = enrolment.face };
	write_file(book, "a.jpg", "ada");
	assert_true(work(book, ledger, "a.jpg", &analysis, &result));
	return enrolment;
}

static void a_changed_photo_replaces_the_face_of_its_file(void **state)
{
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	const struct enrolment ada = must_enrol_face(*state, &ledger);
	const struct fc_uuid other = { { 1 } };
	write_file(*state, "a.jpg", "ada later");
	assert_int_equal(replaced_face(*state, &ledger, "a.jpg", "ada later", &ada.pid), ada.face);
	assert_int_equal(replaced_face(*state, &ledger, "a.jpg", "ada later", &other), 0);
}

static void a_face_of_two_files_is_not_replaced(void **state)
{
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	const struct enrolment ada = must_enrol_face(*state, &ledger);
	const struct fc_analysis analysis = analysis_of("ada");
	write_file(*state, "copy.jpg", "ada");
	assert_true(work(*state, &ledger, "copy.jpg", &analysis, &enrolled));
	write_file(*state, "a.jpg", "ada later");
	assert_int_equal(replaced_face(*state, &ledger, "a.jpg", "ada later", &ada.pid), 0);
}

static void a_refused_photo_does_not_take_the_path_of_a_face(void **state)
{
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	const struct enrolment ada = must_enrol_face(*state, &ledger);
	const struct fc_analysis blurred = analysis_of("blurred");
	const struct fc_ledger_result refused = { .action = FC_ACTION_REJECTED,
						  .reason = FC_REASON_POOR_QUALITY };
	write_file(*state, "a.jpg", "blurred");
	assert_true(work(*state, &ledger, "a.jpg", &blurred, &refused));
	write_file(*state, "a.jpg", "ada later");
	assert_int_equal(replaced_face(*state, &ledger, "a.jpg", "ada later", &ada.pid), ada.face);
}

static void a_known_photo_has_its_person(void **state)
{
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	const struct enrolment ada = must_enrol_face(*state, &ledger);
	struct fc_ledger_photo photo = look_up(*state, &ledger, "a.jpg", 1);
	assert_int_equal(photo.match, FC_PHOTO_SAME_FILE);
	assert_int_equal(photo.item.face, ada.face);
	assert_true(fc_uuid_equal(&photo.person.pid, &ada.pid));
	assert_int_equal(photo.person.number, 1);
	fc_ledger_photo_release(&photo);
}

/* ---- runs ---- */

static void a_stopped_run_is_resumed(void **state)
{
	static const char *const names[] = { "0.jpg", "1.jpg", "2.jpg", "3.jpg" };
	{
		FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
		must_enrol_file(*state, &ledger, names[0], "zero");
		must_enrol_file(*state, &ledger, names[1], "one");
	}
	write_file(*state, names[2], "two");
	write_file(*state, names[3], "three");
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(names); i++) {
		assert_int_equal(match_of(*state, &ledger, names[i], 1),
				 i < 2 ? FC_PHOTO_SAME_FILE : FC_PHOTO_NEW);
	}
}

static void other_verbs_services_and_models_know_nothing_of_it(void **state)
{
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	must_enrol_file(*state, &ledger, "a.jpg", "ada");
	struct fc_batch_ledger others[] = { ledger, ledger, ledger, ledger };
	others[0].verb = "create";
	others[1].service = "cloud";
	others[2].space = "6";
	others[3].models.bytes[0] = 1;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(others); i++) {
		assert_int_equal(fc_batch_ledger_init(&others[i], NULL), FC_OK);
		assert_int_equal(match_of(*state, &others[i], "a.jpg", 1), FC_PHOTO_NEW);
		fc_batch_ledger_release(&others[i]);
	}
}

static bool place_of_camera(struct fc_gallery_txn *txn, const struct fc_batch_ledger *ledger,
			    const char *origin, char *name, struct fc_buffer *settings)
{
	(void)txn, (void)ledger, (void)settings;
	snprintf(name, FC_LABEL_MAXIMUM + 1, "5");
	return origin && strcmp(origin, "camera") == 0;
}

static void without_a_space_the_origin_has_it(void **state)
{
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger named = begin(*state);
	must_enrol_file(*state, &named, "a.jpg", "ada");
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	ledger.space = NULL;
	ledger.place_of = place_of_camera;
	ledger.origin = "camera";
	assert_int_equal(match_of(*state, &ledger, "a.jpg", 1), FC_PHOTO_SAME_FILE);
	ledger.origin = "unknown";
	assert_int_equal(match_of(*state, &ledger, "a.jpg", 1), FC_PHOTO_NEW);
}

static void photos_without_a_file_have_no_place(void **state)
{
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	const struct fc_analysis analysis = analysis_of("ada");
	static const char *const paths[] = { "-", "/nonexistent/a.jpg", "/dev/null", "/" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(paths); i++) {
		struct fc_ledger_photo photo = { 0 };
		const struct fc_photo given = { .path = paths[i] };
		int fd = -1;
		assert_int_equal(fc_batch_ledger_look_up(&ledger, &given, &photo, &fd, NULL),
				 FC_OK);
		assert_null(photo.path);
		assert_int_equal(fd, -1);
		assert_false(fc_batch_ledger_take(&ledger, &photo, &analysis, &enrolled));
	}
}

static void a_ledger_that_is_not_enabled_knows_nothing(void **state)
{
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = begin(*state);
	must_enrol_file(*state, &ledger, "a.jpg", "ada");
	ledger.enabled = false;
	assert_int_equal(match_of(*state, &ledger, "a.jpg", 1), FC_PHOTO_NEW);
}

#define IN_A_BOOK(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_BOOK(a_photo_is_known_by_its_path),
		IN_A_BOOK(a_known_photo_has_nothing_to_write),
		IN_A_BOOK(a_photo_of_another_person_is_new),
		IN_A_BOOK(a_copy_is_known_by_its_content),
		IN_A_BOOK(a_moved_photo_leaves_its_old_path),
		IN_A_BOOK(a_changed_photo_is_new_at_a_known_path),
		IN_A_BOOK(the_content_that_was_analysed_is_written),
		IN_A_BOOK(a_rewritten_photo_with_the_same_content_is_known),
		IN_A_BOOK(a_refused_photo_is_known_under_the_same_rules),
		IN_A_BOOK(a_reason_that_no_rule_changes_is_known_under_any_rules),
		IN_A_BOOK(failures_are_tried_again_when_that_is_wanted),
		IN_A_BOOK(a_photo_that_crashes_the_worker_is_hashed_and_known),
		IN_A_BOOK(other_failures_are_not_written),
		IN_A_BOOK(a_changed_photo_replaces_the_face_of_its_file),
		IN_A_BOOK(a_face_of_two_files_is_not_replaced),
		IN_A_BOOK(a_refused_photo_does_not_take_the_path_of_a_face),
		IN_A_BOOK(a_known_photo_has_its_person),
		IN_A_BOOK(a_stopped_run_is_resumed),
		IN_A_BOOK(other_verbs_services_and_models_know_nothing_of_it),
		IN_A_BOOK(without_a_space_the_origin_has_it),
		IN_A_BOOK(photos_without_a_file_have_no_place),
		IN_A_BOOK(a_ledger_that_is_not_enabled_knows_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
