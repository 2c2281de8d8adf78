/* Export and import: pages, conflicts, what is there already, and a gallery that has to grow meanwhile. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <stdio.h>
#include <string.h>

#include "gallery/transfer/export.h"
#include "gallery/transfer/import.h"

/* ---- lines, as a program would write them ---- */

static void append_face(struct fc_buffer *out, const char *whose, uint64_t seed)
{
	float vector[DIMENSION];
	FC_CLEANUP(fc_buffer_release) struct fc_buffer floats = { 0 };
	make_template(seed, vector);
	fc_buffer_put_f32s(&floats, vector, DIMENSION);
	fc_buffer_printf(out,
			 "{\"type\":\"face\",\"space\":\"s\",%s,\"model\":\"%s\",\"template\":\"",
			 whose, make_pin().name);
	fc_base64_append(out, floats.data, floats.length);
	fc_buffer_append_text(out, "\"}\n");
}

struct log {
	size_t count;
	char text[256];
};

static void note(void *context, const char *text)
{
	struct log *log = context;
	log->count++;
	snprintf(log->text, sizeof(log->text), "%s", text);
}

static enum fc_status describe(void *context, const char *model, struct fc_embedder_pin *out,
			       struct fc_error *err)
{
	(void)context, (void)model, (void)err;
	*out = make_pin();
	return FC_OK;
}

static enum fc_status import_into(struct fc_gallery *gallery, struct fc_buffer *lines,
				  enum fc_import_conflict conflict, struct log *log,
				  struct fc_import_tally *tally, struct fc_error *err)
{
	const struct fc_import_options options = { .gallery = gallery,
						   .source = "records",
						   .conflict = conflict,
						   .problem = note,
						   .describe = describe,
						   .context = log };
	FC_CLEANUP(fc_import_closep) struct fc_import *import = NULL;
	assert_int_equal(fc_import_open(&options, &import, err), FC_OK);
	const char *text = fc_buffer_text(lines);
	for (uint64_t line = 1; *text != '\0'; line++) {
		size_t length = strcspn(text, "\n");
		FC_TRY(fc_import_line(import, line, text, length, err));
		text += length + 1;
	}
	FC_TRY(fc_import_finish(import, err));
	*tally = *fc_import_tally(import);
	return FC_OK;
}

/* ---- the tests ---- */

struct count {
	uint64_t kinds[FC_TRANSFER_KINDS];
	struct fc_uuid person; /* of the last person's record */
	uint64_t faces;        /* of it */
	float last;
};

static enum fc_status count_record(void *context, const struct fc_transfer *record,
				   struct fc_error *err)
{
	struct count *count = context;
	(void)err;
	count->kinds[record->kind]++;
	if (record->kind == FC_TRANSFER_PERSON) {
		count->person = record->person.pid;
	} else if (record->kind == FC_TRANSFER_FACE) {
		assert_true(fc_uuid_equal(&record->person.pid, &count->person));
		assert_non_null(record->face.embedding);
	} else if (record->kind == FC_TRANSFER_END) {
		assert_int_equal(record->counts[FC_TRANSFER_FACE], count->kinds[FC_TRANSFER_FACE]);
	}
	return FC_OK;
}

static void a_person_with_more_faces_than_a_page_is_exported_whole(void **state)
{
	enum { FACES = 700, PERSONS = 300 };
	struct count count = { 0 };
	struct fc_error err = { 0 };
	struct fc_gallery *gallery = must_open(*state, FC_GALLERY_CREATE);
	for (uint64_t i = 0; i < FACES; i++) {
		must_enrol(gallery, "s", 1, i);
	}
	for (uint64_t i = 0; i < PERSONS; i++) {
		must_enrol(gallery, "s", 2 + i, FACES + i);
	}
	const struct fc_export_options options = { .entries = true };
	assert_int_equal(fc_gallery_export(gallery, &options, count_record, &count, &err), FC_OK);
	assert_int_equal(count.kinds[FC_TRANSFER_PERSON], PERSONS + 1);
	assert_int_equal(count.kinds[FC_TRANSFER_FACE], PERSONS + FACES);
	assert_int_equal(count.kinds[FC_TRANSFER_ENTRY], PERSONS + FACES);
	assert_int_equal(count.kinds[FC_TRANSFER_SPACE], 1);
	assert_int_equal(count.kinds[FC_TRANSFER_END], 1);
	fc_gallery_close(gallery);
}

/* A refusal that was noted in the first run of a change must not look settled in the second. */
static void a_conflict_is_told_once_although_the_gallery_grew(void **state)
{
	SKIP_IN_POSTGRES();
	struct scratch *scratch = *state;
	struct fc_gallery *gallery = NULL;
	struct fc_import_tally tally;
	struct log log = { 0 };
	struct fc_error err = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer lines = { 0 };
	const struct fc_gallery_options options = { .directory = scratch->gallery,
						    .mode = FC_GALLERY_CREATE,
						    .lock_timeout = 1000 };
	assert_int_equal(fc_store_open(&options, 1 << 20, &gallery, &err), FC_OK);
	must_enrol(gallery, "s", 1, 1);
	append_face(&lines, "\"pid\":\"0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4\",\"person_id\":1", 2);
	append_face(&lines, "\"pid\":\"0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4\",\"person_id\":1", 3);
	for (uint64_t i = 0; i < 2000; i++) {
		append_face(&lines, "\"person_id\":2", 10 + i);
	}
	assert_int_equal(import_into(gallery, &lines, FC_IMPORT_ERROR, &log, &tally, &err), FC_OK);
	assert_int_equal(log.count, 1);
	assert_non_null(strstr(log.text, "records:1: person_id 1 is already used by profile"));
	assert_int_equal(tally.failed, 1);
	assert_int_equal(tally.skipped, 1);
	assert_int_equal(tally.added[FC_TRANSFER_FACE], 2000);
	assert_int_equal(tally.added[FC_TRANSFER_PERSON], 1);
	must_check(gallery);
	fc_gallery_close(gallery);
}

static void merging_takes_two_persons_with_one_number_for_one(void **state)
{
	struct fc_import_tally tally;
	struct log log = { 0 };
	struct fc_error err = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer lines = { 0 };
	struct fc_gallery *gallery = must_open(*state, FC_GALLERY_CREATE);
	must_enrol(gallery, "s", 1, 1);
	append_face(&lines, "\"pid\":\"0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4\",\"person_id\":1", 2);
	/* The second record does not say the number: the pid is known by now. */
	append_face(&lines, "\"pid\":\"0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4\"", 3);
	assert_int_equal(import_into(gallery, &lines, FC_IMPORT_MERGE, &log, &tally, &err), FC_OK);
	assert_int_equal(tally.added[FC_TRANSFER_FACE], 2);
	assert_int_equal(tally.added[FC_TRANSFER_PERSON], 0);
	struct fc_check_report report = must_check(gallery);
	assert_int_equal(report.persons, 1);
	assert_int_equal(report.faces, 3);
	fc_gallery_close(gallery);
}

static void another_model_ends_the_import_before_anything_is_stored(void **state)
{
	struct fc_import_tally tally;
	struct log log = { 0 };
	struct fc_error err = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer lines = { 0 };
	struct fc_gallery *gallery = must_open(*state, FC_GALLERY_CREATE);
	must_enrol(gallery, "s", 1, 1);
	append_face(&lines, "\"person_id\":2", 2);
	fc_buffer_append_text(&lines,
			      "{\"person_id\":3,\"model\":\"other\",\"template\":\"AACAPw==\"}\n");
	assert_int_equal(import_into(gallery, &lines, FC_IMPORT_ERROR, &log, &tally, &err),
			 FC_INCOMPATIBLE);
	assert_non_null(strstr(err.text, "records:2: "));
	assert_int_equal(must_check(gallery).faces, 1);
	fc_gallery_close(gallery);
}

/* ---- changes during an export ---- */

static enum fc_status merge_two(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person kept = { 0 };
	FC_CLEANUP(fc_person_release) struct fc_person other = { 0 };
	uint64_t faces, entries;
	(void)context;
	FC_TRY(fc_person_by_number(txn, 1, 198, &kept, err));
	FC_TRY(fc_person_by_number(txn, 1, 199, &other, err));
	return fc_person_merge(txn, &kept.pid, &other.pid, &faces, &entries, err);
}

static enum fc_status merge_at_the_first_person(void *context, const struct fc_transfer *record,
						struct fc_error *err)
{
	struct fc_gallery *gallery = context;
	static bool merged;
	if (record->kind != FC_TRANSFER_PERSON || merged) {
		return FC_OK;
	}
	merged = true;
	return fc_gallery_write(gallery, merge_two, NULL, err);
}

static void an_export_during_which_persons_are_merged_is_not_complete(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	const struct fc_export_options options = { 0 };
	struct fc_error err = { 0 };
	for (uint64_t number = 0; number < 200; number++) {
		must_enrol(gallery, "5", number, number);
	}
	assert_int_equal(
		fc_gallery_export(gallery, &options, merge_at_the_first_person, gallery, &err),
		FC_BUSY);
	assert_non_null(strstr(err.text, "merged or moved during the export"));
}

static void more_days_than_a_century_are_not_imported(void **state)
{
	static const char line[] = "{\"type\":\"origin\",\"schema\":1,\"space\":\"s\","
				   "\"origin\":\"camera\",\"entry_storage_days\":999999999}";
	FC_CLEANUP(fc_transfer_release) struct fc_transfer record = { 0 };
	struct fc_error err = { 0 };
	(void)state;
	assert_int_equal(fc_transfer_parse(line, sizeof(line) - 1, &record, &err),
			 FC_INVALID_ARGUMENT);
	assert_non_null(strstr(err.text, "entry_storage_days"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_GALLERY(an_export_during_which_persons_are_merged_is_not_complete),
		cmocka_unit_test(more_days_than_a_century_are_not_imported),
		cmocka_unit_test_setup_teardown(
			a_person_with_more_faces_than_a_page_is_exported_whole, enter_scratch,
			leave_scratch),
		cmocka_unit_test_setup_teardown(a_conflict_is_told_once_although_the_gallery_grew,
						enter_scratch, leave_scratch),
		cmocka_unit_test_setup_teardown(merging_takes_two_persons_with_one_number_for_one,
						enter_scratch, leave_scratch),
		cmocka_unit_test_setup_teardown(
			another_model_ends_the_import_before_anything_is_stored, enter_scratch,
			leave_scratch),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
