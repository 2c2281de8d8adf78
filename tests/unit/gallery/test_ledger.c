/* The ledger: lookups, and what is removed together with persons and faces. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <stdlib.h>

#include "gallery/rows/ledger.h"

static const struct fc_ledger_task task = { .verb = "set", .service = "local", .space = "5" };

struct book {
	struct scratch *scratch;
	struct fc_gallery *gallery;
	struct fc_ledger_target target;
};

static int setup(void **state)
{
	struct book *book = calloc(1, sizeof(*book));
	if (!book || enter_gallery((void **)&book->scratch) != 0) {
		return -1;
	}
	book->gallery = book->scratch->open;
	*state = book;
	return fc_ledger_target_of(&task, &book->target, NULL) == FC_OK ? 0 : -1;
}

static int teardown(void **state)
{
	struct book *book = *state;
	int left = leave_gallery((void **)&book->scratch);
	free(book);
	return left;
}

/* A photo of so many bytes that holds nothing but `content`. */
struct note {
	const struct fc_ledger_task *task;
	struct fc_ledger_item item;
	const char *path;
	struct fc_file_identity identity;
};

static struct note note_of(const struct book *book, uint64_t number, uint8_t content,
			   const char *path)
{
	struct note note = {
		.task = &task,
		.item = { .target = book->target,
			  .size = 1000,
			  .content = { .bytes = { content } },
			  .state = FC_LEDGER_DONE },
		.path = path,
		.identity = { 1, content, 1000, 5000, 6000 },
	};
	assert_int_equal(fc_ledger_person_key_of(&number, NULL, NULL, &note.item.person_key, NULL),
			 FC_OK);
	return note;
}

static enum fc_status write_note(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct note *note = context;
	FC_TRY(fc_ledger_put(txn, note->task, &note->item, err));
	return note->path ? fc_ledger_put_path(txn, &note->item, note->path, &note->identity, err)
			  : FC_OK;
}

/* A note about the face that a photo became. */
static struct note must_note_face(const struct book *book, uint64_t number, uint8_t content,
				  const char *path)
{
	struct enrolment enrolment = { .space = "5", .number = number, .seed = content };
	must_write(book->gallery, enrol, &enrolment);
	struct note note = note_of(book, number, content, path);
	note.item.space = 1;
	note.item.pid = enrolment.pid;
	note.item.face = enrolment.face;
	must_write(book->gallery, write_note, &note);
	return note;
}

static enum fc_status find_path(const struct book *book, const struct note *note, bool *same)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
	struct fc_gallery_txn *txn = must_read(book->gallery);
	enum fc_status status = fc_ledger_find_path(txn, &book->target, note->path, &note->identity,
						    &item, same, NULL);
	fc_gallery_end_read(txn);
	return status;
}

static enum fc_status find_item(const struct book *book, const struct note *note)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
	struct fc_gallery_txn *txn = must_read(book->gallery);
	enum fc_status status = fc_ledger_find(txn, &note->item, &item, NULL);
	fc_gallery_end_read(txn);
	return status;
}

static bool knows_size(const struct book *book, uint64_t size)
{
	bool known = false;
	struct fc_gallery_txn *txn = must_read(book->gallery);
	assert_int_equal(fc_ledger_knows_size(txn, &book->target, size, &known, NULL), FC_OK);
	fc_gallery_end_read(txn);
	return known;
}

static void erasing_a_space_removes_the_items_of_every_service(void **state)
{
	SKIP_IN_POSTGRES();
	const struct book *book = *state;
	const struct fc_ledger_task remote = { .verb = "set", .service = "cloud", .space = "5" };
	const struct fc_ledger_task other = { .verb = "set", .service = "cloud", .space = "6" };
	struct note local = must_note_face(book, 1, 7, "/photos/a.jpg");
	struct note sent = note_of(book, 2, 8, "/photos/b.jpg");
	struct note kept = note_of(book, 2, 9, "/photos/c.jpg");
	const struct fc_erase_request request = { .whole_space = true, .space = "5" };
	struct fc_erase_report report;
	sent.task = &remote;
	kept.task = &other;
	assert_int_equal(fc_ledger_target_of(&remote, &sent.item.target, NULL), FC_OK);
	assert_int_equal(fc_ledger_target_of(&other, &kept.item.target, NULL), FC_OK);
	must_write(book->gallery, write_note, &sent);
	must_write(book->gallery, write_note, &kept);
	assert_int_equal(fc_gallery_erase(book->gallery, &request, &report, NULL), FC_OK);
	assert_int_equal(report.items, 2);
	assert_int_equal(find_item(book, &local), FC_NOT_FOUND);
	assert_int_equal(find_item(book, &sent), FC_NOT_FOUND);
	assert_int_equal(find_item(book, &kept), FC_OK);
}

static void an_item_comes_back_by_path_and_by_content(void **state)
{
	const struct book *book = *state;
	char words[] = "face_too_small: 38 px";
	struct note note = note_of(book, 1, 7, "/photos/a.jpg");
	note.item.state = FC_LEDGER_REFUSED;
	note.item.reason = 6;
	note.item.rules = UINT64_C(0xF00DF00DF00D);
	note.item.text = words;
	must_write(book->gallery, write_note, &note);

	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
	struct fc_gallery_txn *txn = must_read(book->gallery);
	bool same;
	assert_int_equal(fc_ledger_find_path(txn, &book->target, note.path, &note.identity, &item,
					     &same, NULL),
			 FC_OK);
	assert_true(same);
	assert_int_equal(item.state, FC_LEDGER_REFUSED);
	assert_int_equal(item.reason, 6);
	assert_int_equal(item.rules, note.item.rules);
	assert_int_equal(item.time, note.item.time);
	assert_string_equal(item.text, words);
	assert_true(fc_sha256_equal(&item.content, &note.item.content));
	fc_gallery_end_read(txn);
	assert_true(knows_size(book, 1000));
	assert_false(knows_size(book, 1001));
}

static void a_file_is_the_same_when_nothing_of_its_status_differs(void **state)
{
	const struct book *book = *state;
	struct note note = note_of(book, 1, 7, "/photos/a.jpg");
	bool same;
	must_write(book->gallery, write_note, &note);
	for (size_t i = 0; i < 5; i++) {
		struct note other = note;
		other.identity.device += i == 0;
		other.identity.inode += i == 1;
		other.identity.size += i == 2;
		other.identity.modified += i == 3;
		other.identity.changed += i == 4;
		assert_int_equal(find_path(book, &other, &same), FC_OK);
		assert_false(same);
	}
}

static void persons_tasks_and_spaces_know_nothing_of_each_other(void **state)
{
	const struct book *book = *state;
	struct note note = note_of(book, 1, 7, "/photos/a.jpg");
	must_write(book->gallery, write_note, &note);
	struct note other = note_of(book, 2, 7, NULL);
	assert_int_equal(find_item(book, &other), FC_NOT_FOUND);

	static const struct fc_ledger_task tasks[] = {
		{ .verb = "create", .service = "local", .space = "5" },
		{ .verb = "set", .service = "cloud", .space = "5" },
		{ .verb = "set", .service = "local", .space = "6" },
		{ .verb = "set", .service = "local", .space = "5", .models = { { 1 } } },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(tasks); i++) {
		other = note;
		assert_int_equal(fc_ledger_target_of(&tasks[i], &other.item.target, NULL), FC_OK);
		assert_int_equal(find_item(book, &other), FC_NOT_FOUND);
	}
	char name[] = "1";
	struct fc_ledger_person_key by_name;
	assert_int_equal(fc_ledger_person_key_of(NULL, NULL, name, &by_name, NULL), FC_OK);
	assert_memory_not_equal(&by_name, &note.item.person_key, sizeof(by_name));
}

static void a_changed_file_leaves_nothing_of_what_it_held(void **state)
{
	const struct book *book = *state;
	struct note before = note_of(book, 1, 7, "/photos/a.jpg");
	struct note after = note_of(book, 1, 8, "/photos/a.jpg");
	must_write(book->gallery, write_note, &before);
	must_write(book->gallery, write_note, &after);
	assert_int_equal(find_item(book, &before), FC_NOT_FOUND);
	assert_int_equal(find_item(book, &after), FC_OK);
}

static void what_a_copy_leads_to_stays_when_the_first_file_changes(void **state)
{
	const struct book *book = *state;
	struct note first = note_of(book, 1, 7, "/photos/a.jpg");
	struct note copy = note_of(book, 1, 7, "/photos/copy.jpg");
	struct note after = note_of(book, 1, 8, "/photos/a.jpg");
	bool same, has_other;
	must_write(book->gallery, write_note, &first);
	must_write(book->gallery, write_note, &copy);
	struct fc_gallery_txn *txn = must_read(book->gallery);
	assert_int_equal(fc_ledger_has_other_path(txn, &first.item, first.path, &has_other, NULL),
			 FC_OK);
	assert_true(has_other);
	fc_gallery_end_read(txn);
	must_write(book->gallery, write_note, &after);
	assert_int_equal(find_item(book, &first), FC_OK);
	assert_int_equal(find_path(book, &copy, &same), FC_OK);
	txn = must_read(book->gallery);
	assert_int_equal(fc_ledger_has_other_path(txn, &copy.item, copy.path, &has_other, NULL),
			 FC_OK);
	assert_false(has_other);
	fc_gallery_end_read(txn);
}

static enum fc_status delete_face(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct note *note = context;
	return fc_face_delete(txn, 1, note->item.face, err);
}

static enum fc_status delete_person(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct note *note = context;
	return fc_person_delete(txn, &note->item.pid, err);
}

static enum fc_status truncate_space(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	uint64_t persons, faces;
	(void)context;
	return fc_space_truncate(txn, 1, &persons, &faces, err);
}

static void a_deleted_face_is_forgotten_with_its_paths(void **state)
{
	const struct book *book = *state;
	bool same;
	struct note note = must_note_face(book, 1, 7, "/photos/a.jpg");
	struct note other = must_note_face(book, 1, 8, "/photos/b.jpg");
	must_write(book->gallery, delete_face, &note);
	assert_int_equal(find_path(book, &note, &same), FC_NOT_FOUND);
	assert_int_equal(find_item(book, &note), FC_NOT_FOUND);
	assert_int_equal(find_path(book, &other, &same), FC_OK);
}

static void a_deleted_person_is_forgotten_whatever_was_said_of_it(void **state)
{
	const struct book *book = *state;
	struct note face = must_note_face(book, 1, 7, "/photos/a.jpg");
	struct note answer = note_of(book, 9, 8, "/photos/b.jpg"); /* no face, an answer alone */
	answer.item.space = 1;
	answer.item.pid = face.item.pid;
	must_write(book->gallery, write_note, &answer);
	struct note stranger = must_note_face(book, 2, 9, "/photos/c.jpg");
	must_write(book->gallery, delete_person, &face);
	assert_int_equal(find_item(book, &face), FC_NOT_FOUND);
	assert_int_equal(find_item(book, &answer), FC_NOT_FOUND);
	assert_int_equal(find_item(book, &stranger), FC_OK);
}

static void an_emptied_space_is_forgotten_and_another_service_is_not(void **state)
{
	const struct book *book = *state;
	static const struct fc_ledger_task cloud = { .verb = "set",
						     .service = "cloud",
						     .space = "5" };
	struct note face = must_note_face(book, 1, 7, "/photos/a.jpg");
	struct note refused = note_of(book, 1, 8, "/photos/b.jpg");
	struct note remote = note_of(book, 1, 9, "/photos/c.jpg");
	refused.item.state = FC_LEDGER_REFUSED;
	remote.task = &cloud;
	assert_int_equal(fc_ledger_target_of(&cloud, &remote.item.target, NULL), FC_OK);
	must_write(book->gallery, write_note, &refused);
	must_write(book->gallery, write_note, &remote);
	must_write(book->gallery, truncate_space, NULL);
	assert_int_equal(find_item(book, &face), FC_NOT_FOUND);
	assert_int_equal(find_item(book, &refused), FC_NOT_FOUND);
	assert_int_equal(find_item(book, &remote), FC_OK);
}

static void an_item_of_nobody_who_is_there_is_refused(void **state)
{
	const struct book *book = *state;
	struct note note = note_of(book, 1, 7, NULL);
	note.item.space = 1;
	note.item.pid = fc_uuid_new();
	expect_write(book->gallery, write_note, &note, FC_NOT_FOUND);
}

struct paths {
	size_t count;
	bool found;
};

static bool count_path(const char *path, const struct fc_file_identity *identity,
		       const struct fc_ledger_item *item, void *context)
{
	struct paths *paths = context;
	(void)identity;
	paths->count++;
	paths->found =
		paths->found || (strcmp(path, "/photos/b.jpg") == 0 && item->content.bytes[0] == 8);
	return true;
}

static void paths_are_walked(void **state)
{
	const struct book *book = *state;
	struct note notes[] = { note_of(book, 1, 7, "/photos/a.jpg"),
				note_of(book, 1, 8, "/photos/b.jpg") };
	struct paths paths = { 0 };
	must_write(book->gallery, write_note, &notes[0]);
	must_write(book->gallery, write_note, &notes[1]);
	struct fc_gallery_txn *txn = must_read(book->gallery);
	assert_int_equal(fc_ledger_each_path(txn, &book->target, count_path, &paths, NULL), FC_OK);
	fc_gallery_end_read(txn);
	assert_int_equal(paths.count, 2);
	assert_true(paths.found);
}

/* ---- a part of a change ---- */

static enum fc_status write_and_refuse(struct fc_gallery_txn *txn, void *context,
				       struct fc_error *err)
{
	FC_TRY(write_note(txn, context, err));
	return fc_fail(err, FC_CONFLICT, "refused after all");
}

static enum fc_status attempt_both(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct note *notes = context;
	assert_int_equal(fc_gallery_attempt(txn, write_note, &notes[0], err), FC_OK);
	assert_int_equal(fc_gallery_attempt(txn, write_and_refuse, &notes[1], err), FC_CONFLICT);
	return fc_gallery_attempt(txn, write_note, &notes[2], err);
}

static void a_refused_part_of_a_change_leaves_the_rest(void **state)
{
	const struct book *book = *state;
	struct note notes[] = { note_of(book, 1, 7, "/a"), note_of(book, 1, 8, "/b"),
				note_of(book, 1, 9, "/c") };
	must_write(book->gallery, attempt_both, notes);
	assert_int_equal(find_item(book, &notes[0]), FC_OK);
	assert_int_equal(find_item(book, &notes[1]), FC_NOT_FOUND);
	assert_int_equal(find_item(book, &notes[2]), FC_OK);
}

static enum fc_status change_models(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct fc_sha256 *models = context;
	return fc_ledger_change_models(txn, "local", &models[0], &models[1], err);
}

/* What it is when other models look at photos. */
static struct note under_other_models(const struct note *note, const struct fc_sha256 *models)
{
	struct note other = *note;
	struct fc_ledger_task other_task = *note->task;
	other_task.models = *models;
	assert_int_equal(fc_ledger_target_of(&other_task, &other.item.target, NULL), FC_OK);
	return other;
}

static void other_models_know_the_faces_that_are_stored(void **state)
{
	const struct book *book = *state;
	const struct fc_sha256 models[2] = { { { 0 } }, { { 1 } } };
	struct note stored = must_note_face(book, 1, 7, "/a");
	struct note copy = stored, refused = note_of(book, 1, 8, "/c"), answered = refused;
	copy.path = "/b";
	refused.item.state = FC_LEDGER_REFUSED;
	answered.item.content.bytes[0] = 9;
	/* Another verb, another service, and models that are not those that change. */
	const struct fc_ledger_task others[] = {
		{ .verb = "create", .service = "local", .space = "5" },
		{ .verb = "set", .service = "cloud", .space = "5" },
		{ .verb = "set", .service = "local", .space = "5", .models = { { 77 } } },
	};
	struct note elsewhere[FC_ARRAY_LENGTH(others)];
	must_write(book->gallery, write_note, &copy);
	must_write(book->gallery, write_note, &refused);
	must_write(book->gallery, write_note, &answered);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(others); i++) {
		elsewhere[i] = stored;
		elsewhere[i].task = &others[i];
		assert_int_equal(fc_ledger_target_of(&others[i], &elsewhere[i].item.target, NULL),
				 FC_OK);
		must_write(book->gallery, write_note, &elsewhere[i]);
	}
	for (int back = 0; back < 2; back++) {
		struct fc_sha256 step[2] = { models[back], models[!back] };
		struct note before = under_other_models(&stored, &step[0]);
		struct note after = under_other_models(&stored, &step[1]);
		struct note refused_after = under_other_models(&refused, &step[1]);
		struct note answered_after = under_other_models(&answered, &step[1]);
		struct note created = under_other_models(&elsewhere[0], &step[1]);
		struct book now = { .gallery = book->gallery, .target = after.item.target };
		bool same = false;
		must_write(book->gallery, change_models, step);
		assert_int_equal(find_item(book, &before), FC_NOT_FOUND);
		assert_int_equal(find_item(book, &after), FC_OK);
		assert_int_equal(find_item(book, &created), FC_OK);
		for (int i = 0; i < 2; i++) {
			after.path = i == 0 ? "/a" : "/b";
			assert_int_equal(find_path(&now, &after, &same), FC_OK);
			assert_true(same);
		}
		assert_int_equal(find_item(book, &refused_after), FC_NOT_FOUND);
		assert_int_equal(find_item(book, &answered_after), FC_NOT_FOUND);
		assert_int_equal(find_item(book, &elsewhere[1]), FC_OK);
		assert_int_equal(find_item(book, &elsewhere[2]), FC_OK);
	}
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(an_item_comes_back_by_path_and_by_content),
		CASE(a_file_is_the_same_when_nothing_of_its_status_differs),
		CASE(persons_tasks_and_spaces_know_nothing_of_each_other),
		CASE(a_changed_file_leaves_nothing_of_what_it_held),
		CASE(what_a_copy_leads_to_stays_when_the_first_file_changes),
		CASE(a_deleted_face_is_forgotten_with_its_paths),
		CASE(a_deleted_person_is_forgotten_whatever_was_said_of_it),
		CASE(an_emptied_space_is_forgotten_and_another_service_is_not),
		CASE(erasing_a_space_removes_the_items_of_every_service),
		CASE(an_item_of_nobody_who_is_there_is_refused),
		CASE(paths_are_walked),
		CASE(a_refused_part_of_a_change_leaves_the_rest),
		CASE(other_models_know_the_faces_that_are_stored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
