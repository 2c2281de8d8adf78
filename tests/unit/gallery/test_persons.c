/* Persons: how they are found, what is refused, and what goes with one that is deleted. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <stdlib.h>

#include "base/clock.h"
#include "gallery/rows/entry_query.h"

static enum fc_status update_person(struct fc_gallery_txn *txn, void *person, struct fc_error *err)
{
	return fc_person_update(txn, person, err);
}

static void a_person_is_found_by_pid_and_by_number(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	char name[] = "Анна", user_data[] = "{\"room\": 7}\n";
	struct fc_person person = {
		.has_number = true, .number = 41, .name = name, .user_data = user_data
	};
	int64_t before = fc_clock_now();
	must_write(gallery, add_person_to_5, &person);
	assert_true(person.created >= before && person.updated == person.created);

	FC_CLEANUP(fc_person_release) struct fc_person by_pid = { 0 };
	FC_CLEANUP(fc_person_release) struct fc_person by_number = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_person_get(txn, &person.pid, &by_pid, NULL), FC_OK);
	assert_int_equal(fc_person_by_number(txn, person.space, 41, &by_number, NULL), FC_OK);
	assert_int_equal(fc_person_by_number(txn, person.space, 42, &by_number, NULL),
			 FC_NOT_FOUND);
	assert_int_equal(fc_person_by_number(txn, person.space + 1, 41, &by_number, NULL),
			 FC_NOT_FOUND);
	fc_gallery_end_read(txn);
	assert_true(fc_uuid_equal(&by_number.pid, &person.pid));
	assert_string_equal(by_pid.name, name);
	assert_string_equal(by_pid.user_data, user_data);
	assert_int_equal(by_pid.number, 41);
	assert_int_equal(must_find_space(gallery, "5").next_number, 42);
}

/* The person with a name in the space with id 1. */
static enum fc_status look_up(struct fc_gallery *gallery, const char *name, struct fc_uuid *pid)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	enum fc_status status = fc_person_by_name(txn, 1, name, &person, NULL);
	*pid = person.pid;
	fc_gallery_end_read(txn);
	return status;
}

static void a_person_is_found_by_a_name_that_nobody_else_has(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	char anna[] = "Anna", ann[] = "Ann", longest[FC_LABEL_MAXIMUM + 1];
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	struct fc_person first = { .name = anna }, second = { .name = ann };
	struct fc_person third = { .name = longest };
	struct fc_uuid pid;
	must_write(gallery, add_person_to_5, &first);
	must_write(gallery, add_person_to_5, &second);
	must_write(gallery, add_person_to_5, &third);
	assert_int_equal(look_up(gallery, "Ann", &pid), FC_OK);
	assert_true(fc_uuid_equal(&pid, &second.pid));
	assert_int_equal(look_up(gallery, longest, &pid), FC_OK);
	assert_int_equal(look_up(gallery, "An", &pid), FC_NOT_FOUND);

	second.name = anna;
	must_write(gallery, update_person, &second);
	assert_int_equal(look_up(gallery, "Ann", &pid), FC_NOT_FOUND);
	assert_int_equal(look_up(gallery, "Anna", &pid), FC_CONFLICT);
	first.name = NULL;
	must_write(gallery, update_person, &first);
	assert_int_equal(look_up(gallery, "Anna", &pid), FC_OK);
	assert_true(fc_uuid_equal(&pid, &second.pid));
}

static enum fc_status put_with_a_long_name(struct fc_gallery_txn *txn, void *name,
					   struct fc_error *err)
{
	struct fc_key key = fc_key_name(1, name);
	return fc_store_put(txn, FC_DB_PERSON_NAME, &key, NULL, FC_STORE_REPLACE, err);
}

static void a_name_too_long_for_a_key_is_not_cut(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	char longest[FC_LABEL_MAXIMUM + 1], longer[FC_LABEL_MAXIMUM + 2];
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	memcpy(longest, longer + 1, sizeof(longest));
	struct fc_person person = { .name = longest };
	struct fc_uuid pid;
	must_write(gallery, add_person_to_5, &person);
	assert_int_equal(look_up(gallery, longest, &pid), FC_OK);
	assert_int_equal(look_up(gallery, longer, &pid), FC_NOT_FOUND);
	expect_write(gallery, put_with_a_long_name, longer, FC_INVALID_ARGUMENT);

	const char *origins[] = { longer };
	const struct fc_entry_query query = { .origins = origins, .origin_count = 1 };
	struct fc_entry entry = { .result = FC_RESULT_DET, .origin = longest };
	uint64_t count;
	must_write(gallery, add_entry_to_5, &entry);
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_entry_count(txn, &query, &count, NULL), FC_OK);
	fc_gallery_end_read(txn);
	assert_int_equal(count, 0);
}

static void a_number_or_pid_is_taken_once(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct fc_person first = { .has_number = true, .number = 1 };
	must_write(gallery, add_person_to_5, &first);
	struct fc_person same_number = { .has_number = true, .number = 1 };
	struct fc_person same_pid = { .pid = first.pid, .has_number = true, .number = 2 };
	expect_write(gallery, add_person_to_5, &same_number, FC_CONFLICT);
	expect_write(gallery, add_person_to_5, &same_pid, FC_CONFLICT);
	assert_int_equal(must_find_space(gallery, "5").person_count, 1);
}

/* What a caller does that takes "there is one already" for an answer. */
static enum fc_status add_and_tolerate(struct fc_gallery_txn *txn, void *person,
				       struct fc_error *err)
{
	enum fc_status status = add_person_to_5(txn, person, err);
	return status == FC_CONFLICT ? FC_OK : status;
}

static void a_conflict_leaves_nothing_behind_in_a_change_that_goes_on(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct fc_person first = { .has_number = true, .number = 1 };
	must_write(gallery, add_person_to_5, &first);
	struct fc_person same_number = { .has_number = true, .number = 1 };
	struct fc_person same_pid = { .pid = first.pid, .has_number = true, .number = 2 };
	must_write(gallery, add_and_tolerate, &same_number);
	must_write(gallery, add_and_tolerate, &same_pid);
	struct fc_check_report report = must_check(gallery);
	assert_int_equal(report.persons, 1);
}

static void a_persons_texts_are_checked(void **state)
{
	char bell[] = "a\ab", broken[] = "\xC3", *long_data = calloc(1, FC_USER_DATA_MAXIMUM + 2);
	assert_non_null(long_data);
	memset(long_data, 'x', FC_USER_DATA_MAXIMUM + 1);
	struct fc_person with_bell = { .name = bell }, with_broken = { .user_data = broken },
			 with_long = { .user_data = long_data };
	expect_write(gallery_of(state), add_person_to_5, &with_bell, FC_INVALID_ARGUMENT);
	expect_write(gallery_of(state), add_person_to_5, &with_broken, FC_INVALID_ARGUMENT);
	expect_write(gallery_of(state), add_person_to_5, &with_long, FC_INVALID_ARGUMENT);
	long_data[FC_USER_DATA_MAXIMUM] = '\0';
	must_write(gallery_of(state), add_person_to_5, &with_long);
	free(long_data);
}

static void an_update_replaces_texts_and_keeps_the_rest(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	char name[] = "Anna", renamed[] = "Anne";
	struct fc_person person = { .has_number = true, .number = 3, .name = name };
	must_write(gallery, add_person_to_5, &person);
	struct fc_person change = { .pid = person.pid, .user_data = renamed };
	must_write(gallery, update_person, &change);

	FC_CLEANUP(fc_person_release) struct fc_person stored = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_person_get(txn, &person.pid, &stored, NULL), FC_OK);
	fc_gallery_end_read(txn);
	assert_null(stored.name);
	assert_string_equal(stored.user_data, renamed);
	assert_int_equal(stored.number, 3);
	assert_int_equal(stored.created, person.created);
	assert_true(stored.updated > person.updated);

	struct fc_person stranger = { .pid = fc_uuid_new() };
	expect_write(gallery, update_person, &stranger, FC_NOT_FOUND);
}

struct walked {
	size_t count, stop_at;
	struct fc_uuid pids[64];
};

static bool note_pid(const struct fc_person *person, void *context)
{
	struct walked *walked = context;
	walked->pids[walked->count++] = person->pid;
	return walked->count != walked->stop_at;
}

static void persons_are_walked_in_pid_order_page_by_page(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	for (size_t i = 0; i < 20; i++) {
		struct fc_person person = { 0 };
		must_write(gallery, add_person_to_5, &person);
	}
	must_enrol(gallery, "other", 1, 1);
	uint32_t space = must_find_space(gallery, "5").id;
	struct walked whole = { 0 }, paged = { .stop_at = 7 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_person_each(txn, space, NULL, note_pid, &whole, NULL), FC_OK);
	assert_int_equal(fc_person_each(txn, space, NULL, note_pid, &paged, NULL), FC_OK);
	assert_int_equal(paged.count, 7);
	paged.stop_at = 0;
	assert_int_equal(fc_person_each(txn, space, &paged.pids[6], note_pid, &paged, NULL), FC_OK);
	fc_gallery_end_read(txn);
	assert_int_equal(whole.count, 20);
	assert_int_equal(paged.count, 20);
	for (size_t i = 0; i < 20; i++) {
		assert_true(fc_uuid_equal(&whole.pids[i], &paged.pids[i]));
		assert_true(i == 0 || memcmp(&whole.pids[i - 1], &whole.pids[i], 16) < 0);
	}
}

static void persons_are_found_by_the_first_bytes_of_a_pid(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct fc_person persons[] = {
		{ .pid = { { 0x12, 0x34, 0x55 } } },
		{ .pid = { { 0x12, 0x34, 0x56 } } },
		{ .pid = { { 0x12, 0x35 } } },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(persons); i++) {
		must_write(gallery, add_person_to_5, &persons[i]);
	}
	static const size_t expected[] = { 3, 3, 2, 1 };
	struct fc_gallery_txn *txn = must_read(gallery);
	for (size_t bytes = 0; bytes < FC_ARRAY_LENGTH(expected); bytes++) {
		struct walked near = { 0 };
		assert_int_equal(
			fc_person_each_near(txn, &persons[1].pid, bytes, note_pid, &near, NULL),
			FC_OK);
		assert_int_equal(near.count, expected[bytes]);
	}
	fc_gallery_end_read(txn);
}

static void all_persons_of_a_name_are_found(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	char anna[] = "Anna", ann[] = "Ann";
	struct fc_person persons[] = { { .name = anna }, { .name = ann }, { .name = anna } };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(persons); i++) {
		must_write(gallery, add_person_to_5, &persons[i]);
	}
	struct walked named = { 0 };
	uint32_t space = must_find_space(gallery, "5").id;
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_person_each_named(txn, space, "Anna", note_pid, &named, NULL), FC_OK);
	fc_gallery_end_read(txn);
	assert_int_equal(named.count, 2);
}

static enum fc_status delete_person(struct fc_gallery_txn *txn, void *pid, struct fc_error *err)
{
	return fc_person_delete(txn, pid, err);
}

static void deleting_a_person_takes_its_faces_and_leaves_its_entries(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct enrolment gone = { .space = "5", .number = 1 };
	for (gone.seed = 1; gone.seed <= 5; gone.seed++) {
		must_write(gallery, enrol, &gone);
	}
	must_enrol(gallery, "5", 2, 100);
	must_write(gallery, delete_person, &gone.pid);
	expect_write(gallery, delete_person, &gone.pid, FC_NOT_FOUND);

	struct fc_space space = must_find_space(gallery, "5");
	assert_int_equal(space.person_count, 1);
	assert_int_equal(space.face_count, 1);
	assert_int_equal(space.entry_count, 6);
	FC_CLEANUP(fc_entry_release) struct fc_entry entry = { 0 };
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_entry_get(txn, gone.entry, &entry, NULL), FC_OK);
	assert_int_equal(fc_person_by_number(txn, space.id, 1, &person, NULL), FC_NOT_FOUND);
	fc_gallery_end_read(txn);
	assert_true(entry.has_pid);
	assert_true(fc_uuid_equal(&entry.pid, &gone.pid));
	assert_int_equal(entry.result, FC_RESULT_NEW);
	must_enrol(gallery, "5", 1, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_GALLERY(a_person_is_found_by_pid_and_by_number),
		IN_A_GALLERY(a_person_is_found_by_a_name_that_nobody_else_has),
		IN_A_GALLERY(a_name_too_long_for_a_key_is_not_cut),
		IN_A_GALLERY(a_number_or_pid_is_taken_once),
		IN_A_GALLERY(a_conflict_leaves_nothing_behind_in_a_change_that_goes_on),
		IN_A_GALLERY(a_persons_texts_are_checked),
		IN_A_GALLERY(an_update_replaces_texts_and_keeps_the_rest),
		IN_A_GALLERY(persons_are_walked_in_pid_order_page_by_page),
		IN_A_GALLERY(persons_are_found_by_the_first_bytes_of_a_pid),
		IN_A_GALLERY(all_persons_of_a_name_are_found),
		IN_A_GALLERY(deleting_a_person_takes_its_faces_and_leaves_its_entries),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
