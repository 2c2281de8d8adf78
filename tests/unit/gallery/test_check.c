/* The check names each record that is damaged or contradicts another one, and outlives a crash. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "gallery/check/check.h"
#include "gallery/rows/origin.h"

/* A record to store. */
struct edit {
	enum fc_database database;
	struct fc_key key;
	bool exists; /* false: delete the record */
	struct fc_buffer payload;
};

static void edit_release(struct edit *edit)
{
	fc_buffer_release(&edit->payload);
}

static enum fc_status apply(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct edit *edit = context;
	return edit->exists ? fc_store_put(txn, edit->database, &edit->key, &edit->payload,
					   FC_STORE_REPLACE, err)
			    : fc_store_delete(txn, edit->database, &edit->key, err);
}

/* The edit that restores the record as it is now. */
static struct edit stored(struct fc_gallery *gallery, enum fc_database database,
			  const struct fc_key *key)
{
	struct edit edit = { .database = database, .key = *key };
	struct fc_reader payload;
	struct fc_gallery_txn *txn = must_read(gallery);
	if (fc_store_get(txn, database, key, &payload, NULL) == FC_OK) {
		edit.exists = true;
		fc_buffer_append(&edit.payload, payload.data, payload.left);
	}
	fc_gallery_end_read(txn);
	return edit;
}

static void append_line(const char *text, void *context)
{
	fc_buffer_printf(context, "%s\n", text);
}

/* With this record the check says this, and without it nothing. The payload is released. */
static void assert_named(struct fc_gallery *gallery, enum fc_database database, struct fc_key key,
			 struct fc_buffer *payload, const char *text)
{
	FC_CLEANUP(edit_release) struct edit edit = { database, key, true, *payload };
	FC_CLEANUP(edit_release) struct edit before = stored(gallery, database, &key);
	FC_CLEANUP(fc_buffer_release) struct fc_buffer said = { 0 };
	struct fc_check_report report;
	*payload = (struct fc_buffer){ 0 };
	must_write(gallery, apply, &edit);
	assert_int_equal(fc_gallery_check(gallery, append_line, &said, &report, NULL), FC_OK);
	if (report.problems == 0 || !strstr(fc_buffer_text(&said), text)) {
		fail_msg("not '%s', but: %s", text, fc_buffer_text(&said));
	}
	must_write(gallery, apply, &before);
	must_check(gallery);
}

/* A person with a face and an entry in each of two spaces. */
static struct fc_gallery *two_spaces(void **state, struct enrolment *in_5, struct enrolment *in_6)
{
	struct fc_gallery *gallery = gallery_of(state);
	*in_5 = (struct enrolment){ .space = "5", .number = 1, .seed = 1 };
	*in_6 = (struct enrolment){ .space = "6", .number = 1, .seed = 2 };
	must_write(gallery, enrol, in_5);
	must_write(gallery, enrol, in_6);
	return gallery;
}

static void bytes_that_are_not_a_record_are_named(void **state)
{
	struct enrolment in_5, in_6;
	struct fc_gallery *gallery = two_spaces(state, &in_5, &in_6);
	const struct fc_uuid pid = { { 7 } };
	const struct {
		enum fc_database database;
		struct fc_key key;
	} records[] = {
		{ FC_DB_SPACE, fc_key_space(9) },
		{ FC_DB_PERSON, fc_key_pid(&pid) },
		{ FC_DB_PERSON_NUMBER, fc_key_in_space(1, 77) },
		{ FC_DB_FACE, fc_key_in_space(1, 77) },
		{ FC_DB_ENTRY, fc_key_u64(77) },
		{ FC_DB_ORIGIN, fc_key_space(9) },
		{ FC_DB_SEGMENT, fc_key_in_space(1, 1) },
		{ FC_DB_CALIBRATION, fc_key_space(1) },
		{ FC_DB_LEDGER_TASK, fc_key_u64(7) },
		{ FC_DB_LEDGER_ITEM, fc_key_u64(7) },
		{ FC_DB_LEDGER_PATH, fc_key_u64(7) },
		{ FC_DB_LEDGER_ITEM_PATH, fc_key_u64(7) },
		{ FC_DB_LEDGER_SUBJECT, fc_key_u64(7) },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(records); i++) {
		struct fc_buffer payload = { 0 };
		char key[FC_KEY_TEXT_SIZE], text[FC_KEY_TEXT_SIZE + 80];
		fc_key_format(&records[i].key, key);
		snprintf(text, sizeof(text), "%s/%s: its bytes are not a valid record\n",
			 fc_database_name(records[i].database), key);
		fc_buffer_append_text(&payload, "?");
		assert_named(gallery, records[i].database, records[i].key, &payload, text);
	}
}

static void ids_that_were_never_assigned_are_named(void **state)
{
	struct enrolment in_5, in_6;
	struct fc_gallery *gallery = two_spaces(state, &in_5, &in_6);
	struct fc_buffer payload = { 0 };
	const struct fc_space space = { .id = 9, .name = "9" };
	fc_fields_put(&payload, fc_space_fields, &space);
	assert_named(gallery, FC_DB_SPACE, fc_key_space(9), &payload,
		     "space/00000009: its id was never assigned");
	const struct fc_origin origin = { .id = 9, .space = 1, .name = "gate" };
	fc_fields_put(&payload, fc_origin_fields, &origin);
	assert_named(gallery, FC_DB_ORIGIN, fc_key_space(9), &payload,
		     "origin/00000009: its id was never assigned");
	const struct fc_face_record face = { .id = 99, .space = 1, .pid = in_5.pid };
	fc_record_put_face(&payload, &face);
	assert_named(gallery, FC_DB_FACE, fc_key_in_space(1, 99), &payload,
		     "face/000000010000000000000063: its id was never assigned");
	const struct fc_entry entry = { .id = 99, .space = 1, .result = FC_RESULT_NF };
	fc_record_put_entry(&payload, &entry);
	assert_named(gallery, FC_DB_ENTRY, fc_key_u64(99), &payload,
		     "entry/0000000000000063: its id was never assigned");
}

static void templates_that_cannot_be_compared_are_named(void **state)
{
	struct enrolment in_5, in_6;
	struct fc_gallery *gallery = two_spaces(state, &in_5, &in_6);
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	struct fc_buffer payload = { 0 };
	struct fc_key key = fc_key_in_space(1, in_5.face);
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_face_get(txn, 1, in_5.face, &face, NULL), FC_OK);
	fc_gallery_end_read(txn);
	face.dimension = DIMENSION / 2;
	fc_record_put_face(&payload, &face);
	assert_named(gallery, FC_DB_FACE, key, &payload,
		     ": its template is not of the gallery's embedder");
	face.dimension = DIMENSION;
	for (size_t i = 0; i < DIMENSION; i++) {
		face.embedding[i] *= 1.1F;
	}
	fc_record_put_face(&payload, &face);
	assert_named(gallery, FC_DB_FACE, key, &payload, ": its template is not of length 1");
}

static void references_that_do_not_fit_are_named(void **state)
{
	struct enrolment in_5, in_6;
	struct fc_gallery *gallery = two_spaces(state, &in_5, &in_6);
	FC_CLEANUP(fc_entry_release) struct fc_entry entry = { 0 };
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	struct fc_buffer payload = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_entry_get(txn, in_5.entry, &entry, NULL), FC_OK);
	assert_int_equal(fc_person_get(txn, &in_5.pid, &person, NULL), FC_OK);
	fc_gallery_end_read(txn);
	entry.has_pid = true;
	entry.pid = in_6.pid;
	fc_record_put_entry(&payload, &entry);
	assert_named(gallery, FC_DB_ENTRY, fc_key_u64(in_5.entry), &payload,
		     ": its person is in another space");
	person.has_number = false;
	fc_fields_put(&payload, fc_person_fields, &person);
	assert_named(gallery, FC_DB_PERSON, fc_key_pid(&in_5.pid), &payload,
		     "person_number/000000010000000000000001: its person has no number");
	fc_buffer_put_u32(&payload, 9);
	assert_named(gallery, FC_DB_ORIGIN_NAME, fc_key_text("gate"), &payload,
		     ": its origin is missing");
}

/* ---- a check that does not finish ---- */

enum { DAMAGED = 4000 /* so many problems that the check must wait until they are received */ };

static enum fc_status add_damaged_persons(struct fc_gallery_txn *txn, void *context,
					  struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	(void)context;
	fc_buffer_append_text(&payload, "?");
	for (size_t i = 0; i < DAMAGED; i++) {
		const struct fc_uuid pid = { { (uint8_t)(i / 256), (uint8_t)(i % 256) } };
		struct fc_key key = fc_key_pid(&pid);
		FC_TRY(fc_store_put(txn, FC_DB_PERSON, &key, &payload, FC_STORE_REPLACE, err));
	}
	return FC_OK;
}

static void make_damaged_gallery(struct scratch *scratch)
{
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	must_write(gallery, add_damaged_persons, NULL);
	fc_gallery_close(gallery);
}

/* Remove the pages that the check still has to read. */
static void cut_the_file(const char *text, void *context)
{
	(void)text;
	assert_int_equal(truncate(scratch_file(context, "data.mdb"), 8192), 0);
}

static void a_file_that_is_cut_during_the_check_is_damage(void **state)
{
	struct scratch *scratch = *state;
	struct fc_check_report report = { 0 };
	struct fc_error err = { 0 };
	make_damaged_gallery(scratch);
	enum fc_status status =
		fc_check_directory(scratch->gallery, cut_the_file, scratch, &report, &err);
	assert_int_equal(status, FC_DAMAGED);
	assert_non_null(strstr(err.text, scratch->gallery));
	assert_non_null(strstr(err.text, "is damaged"));
	assert_null(strstr(err.text, "signal"));
}

/* Send a signal to the child processes of this one. */
static void signal_children(int number)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer pids = { 0 };
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)gettid());
	assert_int_equal(fc_file_read(path, 4096, &pids, NULL), FC_OK);
	char *rest = (char *)(uintptr_t)fc_buffer_text(&pids);
	for (long pid; (pid = strtol(rest, &rest, 10)) > 0;) {
		FC_IGNORE(kill((pid_t)pid, number));
	}
}

static void kill_children(const char *text, void *context)
{
	(void)text, (void)context;
	signal_children(SIGKILL);
}

static void crash_children(const char *text, void *context)
{
	(void)text, (void)context;
	signal_children(SIGBUS);
}

static void a_crash_of_the_check_is_damage(void **state)
{
	struct scratch *scratch = *state;
	struct fc_check_report report;
	struct fc_error err = { 0 };
	make_damaged_gallery(scratch);
	assert_int_equal(
		fc_check_directory(scratch->gallery, crash_children, scratch, &report, &err),
		FC_DAMAGED);
	assert_non_null(strstr(err.text, scratch->gallery));
	assert_non_null(strstr(err.text, "is damaged: the check crashed in 'person' (signal 7)"));
}

static void a_check_that_is_killed_is_not_damage(void **state)
{
	struct scratch *scratch = *state;
	struct fc_check_report report;
	struct fc_error err = { 0 };
	make_damaged_gallery(scratch);
	assert_int_equal(fc_check_directory(scratch->gallery, kill_children, NULL, &report, &err),
			 FC_IO);
	assert_non_null(strstr(err.text, "was ended by signal 9"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, enter_scratch, leave_scratch)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_GALLERY(bytes_that_are_not_a_record_are_named),
		IN_A_GALLERY(ids_that_were_never_assigned_are_named),
		IN_A_GALLERY(templates_that_cannot_be_compared_are_named),
		IN_A_GALLERY(references_that_do_not_fit_are_named),
		CASE(a_file_that_is_cut_during_the_check_is_damage),
		CASE(a_crash_of_the_check_is_damage),
		CASE(a_check_that_is_killed_is_not_damage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
