/* Persons merged and moved, and the crops that go with their faces. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <stdlib.h>

#include "gallery/rows/crop.h"
#include "gallery/rows/entry_query.h"

struct house {
	struct scratch *scratch;
	struct fc_gallery *gallery;
	struct enrolment anna, anna_again, ben, guest;
	uint32_t door, office;
	uint64_t faces, entries; /* results of a change */
};

static enum fc_status keep_crop(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct house *house = context;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer png = { 0 };
	fc_buffer_append_text(&png, "pixels of ben");
	return fc_crop_put(txn, house->door, house->ben.face, &png, err);
}

static int setup(void **state)
{
	struct house *house = calloc(1, sizeof(*house));
	if (!house || enter_gallery((void **)&house->scratch) != 0) {
		return -1;
	}
	house->gallery = house->scratch->open;
	house->anna = (struct enrolment){ .space = "door", .number = 1, .seed = 1 };
	house->anna_again = (struct enrolment){ .space = "door", .number = 1, .seed = 2 };
	house->ben = (struct enrolment){ .space = "door", .number = 2, .seed = 3 };
	house->guest = (struct enrolment){ .space = "office", .number = 9, .seed = 4 };
	struct enrolment *all[] = { &house->anna, &house->anna_again, &house->ben, &house->guest };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(all); i++) {
		must_write(house->gallery, enrol, all[i]);
	}
	house->door = must_find_space(house->gallery, "door").id;
	house->office = must_find_space(house->gallery, "office").id;
	must_write(house->gallery, keep_crop, house);
	*state = house;
	return 0;
}

static int teardown(void **state)
{
	struct house *house = *state;
	int left = leave_gallery((void **)&house->scratch);
	free(house);
	return left;
}

static void assert_change(struct house *house, fc_gallery_change *change, enum fc_status expected)
{
	expect_write(house->gallery, change, house, expected);
}

static uint64_t entries_of(struct house *house, const struct fc_uuid *pid)
{
	uint64_t count = 0;
	struct fc_entry_query query = { .pids = pid, .pid_count = 1 };
	struct fc_gallery_txn *txn = must_read(house->gallery);
	assert_int_equal(fc_entry_count(txn, &query, &count, NULL), FC_OK);
	fc_gallery_end_read(txn);
	return count;
}

/* The person that is nearest to the template of a seed. */
static struct fc_uuid nearest(struct house *house, uint32_t space, uint64_t seed)
{
	struct fc_search_hit hit = { 0 };
	size_t count;
	struct fc_gallery_txn *txn = must_read(house->gallery);
	assert_int_equal(find_nearest(txn, space, seed, &hit, &count, NULL), FC_OK);
	assert_int_equal(count, 1);
	fc_gallery_end_read(txn);
	return hit.pid;
}

/* ---- merge ---- */

static enum fc_status merge_ben_into_anna(struct fc_gallery_txn *txn, void *context,
					  struct fc_error *err)
{
	struct house *house = context;
	return fc_person_merge(txn, &house->anna.pid, &house->ben.pid, &house->faces,
			       &house->entries, err);
}

static bool has_crop(const struct fc_face_record *face, void *context)
{
	uint64_t *with_crop = context;
	if (face->photo.bytes[0] == 3) { /* ben's */
		*with_crop = face->id;
	}
	return true;
}

static void a_merge_carries_faces_crops_and_entries_over(void **state)
{
	struct house *house = *state;
	uint64_t face = 0;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer png = { 0 };
	FC_CLEANUP(fc_person_release) struct fc_person anna = { 0 };
	assert_change(house, merge_ben_into_anna, FC_OK);
	assert_int_equal(house->faces, 1);
	assert_int_equal(house->entries, 1);
	assert_int_equal(entries_of(house, &house->anna.pid), 3);
	assert_int_equal(entries_of(house, &house->ben.pid), 0);
	struct fc_uuid found = nearest(house, house->door, 3);
	assert_true(fc_uuid_equal(&found, &house->anna.pid));
	struct fc_gallery_txn *txn = must_read(house->gallery);
	assert_int_equal(fc_person_get(txn, &house->ben.pid, &anna, NULL), FC_NOT_FOUND);
	assert_int_equal(fc_person_get(txn, &house->anna.pid, &anna, NULL), FC_OK);
	assert_int_equal(anna.face_count, 3);
	assert_int_equal(fc_face_each_of_person(txn, &anna.pid, has_crop, &face, NULL), FC_OK);
	assert_int_equal(fc_crop_get(txn, house->door, face, &png, NULL), FC_OK);
	assert_string_equal(fc_buffer_text(&png), "pixels of ben");
	fc_gallery_end_read(txn);
}

static enum fc_status merge_with_itself(struct fc_gallery_txn *txn, void *context,
					struct fc_error *err)
{
	struct house *house = context;
	return fc_person_merge(txn, &house->anna.pid, &house->anna.pid, &house->faces,
			       &house->entries, err);
}

static enum fc_status merge_across_spaces(struct fc_gallery_txn *txn, void *context,
					  struct fc_error *err)
{
	struct house *house = context;
	return fc_person_merge(txn, &house->anna.pid, &house->guest.pid, &house->faces,
			       &house->entries, err);
}

static void merges_that_make_no_sense_are_refused(void **state)
{
	struct house *house = *state;
	assert_change(house, merge_with_itself, FC_CONFLICT);
	assert_change(house, merge_across_spaces, FC_CONFLICT);
}

/* ---- move ---- */

static enum fc_status move_anna(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct house *house = context;
	return fc_person_move(txn, &house->anna.pid, house->office, &house->faces, &house->entries,
			      err);
}

static void a_moved_person_is_found_in_the_new_space_alone(void **state)
{
	struct house *house = *state;
	assert_change(house, move_anna, FC_OK);
	assert_int_equal(house->faces, 2);
	assert_int_equal(house->entries, 2);
	struct fc_uuid found = nearest(house, house->office, 1);
	assert_true(fc_uuid_equal(&found, &house->anna.pid));
	found = nearest(house, house->door, 1);
	assert_true(fc_uuid_equal(&found, &house->ben.pid));
	assert_int_equal(entries_of(house, &house->anna.pid), 2);
	assert_change(house, move_anna, FC_CONFLICT);
}

static void a_number_that_is_taken_there_is_refused(void **state)
{
	struct house *house = *state;
	must_enrol(house->gallery, "office", 1, 77);
	assert_change(house, move_anna, FC_CONFLICT);
	assert_int_equal(entries_of(house, &house->anna.pid), 2);
}

static void a_photo_that_is_enrolled_there_is_refused(void **state)
{
	struct house *house = *state;
	must_enrol(house->gallery, "office", 5, house->anna.seed);
	assert_change(house, move_anna, FC_CONFLICT);
}

/* ---- crops ---- */

static enum fc_status delete_ben(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct house *house = context;
	return fc_person_delete(txn, &house->ben.pid, err);
}

static void a_crop_goes_with_its_face(void **state)
{
	struct house *house = *state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer png = { 0 };
	assert_change(house, delete_ben, FC_OK);
	struct fc_gallery_txn *txn = must_read(house->gallery);
	assert_int_equal(fc_crop_get(txn, house->door, house->ben.face, &png, NULL), FC_NOT_FOUND);
	fc_gallery_end_read(txn);
	assert_change(house, keep_crop, FC_NOT_FOUND);
}

int main(void)
{
#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		IN_A_HOUSE(a_merge_carries_faces_crops_and_entries_over),
		IN_A_HOUSE(merges_that_make_no_sense_are_refused),
		IN_A_HOUSE(a_moved_person_is_found_in_the_new_space_alone),
		IN_A_HOUSE(a_number_that_is_taken_there_is_refused),
		IN_A_HOUSE(a_photo_that_is_enrolled_there_is_refused),
		IN_A_HOUSE(a_crop_goes_with_its_face),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
