/* Persons merged and moved, origins, crops, and the bands of a space. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <stdlib.h>

#include "gallery/crops.h"
#include "gallery/entry_query.h"
#include "gallery/origins.h"

struct house {
	struct scratch *scratch;
	struct fc_gallery *gallery;
	struct enrolment anna, anna_again, ben, guest;
	uint32_t door, office;
	uint64_t faces, entries; /* results of a change */
	struct fc_origin origin;
};

static uint32_t space_id(struct fc_gallery *gallery, const char *name)
{
	struct fc_space space = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_space_find(txn, name, &space, NULL), FC_OK);
	fc_gallery_end_read(txn);
	return space.id;
}

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
	if (!house || enter_scratch((void **)&house->scratch) != 0) {
		return -1;
	}
	house->gallery = must_open(house->scratch, FC_GALLERY_CREATE);
	house->anna = (struct enrolment){ .space = "door", .number = 1, .seed = 1 };
	house->anna_again = (struct enrolment){ .space = "door", .number = 1, .seed = 2 };
	house->ben = (struct enrolment){ .space = "door", .number = 2, .seed = 3 };
	house->guest = (struct enrolment){ .space = "office", .number = 9, .seed = 4 };
	struct enrolment *all[] = { &house->anna, &house->anna_again, &house->ben, &house->guest };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(all); i++) {
		assert_int_equal(fc_gallery_write(house->gallery, enrol, all[i], NULL), FC_OK);
	}
	house->door = space_id(house->gallery, "door");
	house->office = space_id(house->gallery, "office");
	assert_int_equal(fc_gallery_write(house->gallery, keep_crop, house, NULL), FC_OK);
	*state = house;
	return 0;
}

static int teardown(void **state)
{
	struct house *house = *state;
	must_check(house->gallery);
	fc_gallery_close(house->gallery);
	int left = leave_scratch((void **)&house->scratch);
	free(house);
	return left;
}

static void assert_change(struct house *house, fc_gallery_change *change, enum fc_status expected)
{
	assert_int_equal(fc_gallery_write(house->gallery, change, house, NULL), expected);
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
static struct fc_uuid nearest(struct house *house, uint32_t space, uint64_t seed, size_t *count)
{
	struct fc_search_hit hit = { 0 };
	float probe[DIMENSION];
	make_template(seed, probe);
	struct fc_gallery_txn *txn = must_read(house->gallery);
	assert_int_equal(fc_search(txn, space, probe, 1, DIMENSION, 1, &hit, count, NULL), FC_OK);
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
	size_t count = 0;
	uint64_t face = 0;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer png = { 0 };
	FC_CLEANUP(fc_person_release) struct fc_person anna = { 0 };
	assert_change(house, merge_ben_into_anna, FC_OK);
	assert_int_equal(house->faces, 1);
	assert_int_equal(house->entries, 1);
	assert_int_equal(entries_of(house, &house->anna.pid), 3);
	assert_int_equal(entries_of(house, &house->ben.pid), 0);
	struct fc_uuid found = nearest(house, house->door, 3, &count);
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
	size_t count = 0;
	assert_change(house, move_anna, FC_OK);
	assert_int_equal(house->faces, 2);
	assert_int_equal(house->entries, 2);
	struct fc_uuid found = nearest(house, house->office, 1, &count);
	assert_true(fc_uuid_equal(&found, &house->anna.pid));
	found = nearest(house, house->door, 1, &count);
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

/* ---- origins ---- */

static enum fc_status add_origin(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct house *house = context;
	return fc_origin_add(txn, &house->origin, err);
}

static void name_origin(struct house *house, const char *name)
{
	house->origin = (struct fc_origin){
		.space = house->door,
		.settings = fc_origin_settings_default(),
	};
	house->origin.settings.entry_storage_days = 30;
	strcpy(house->origin.name, name);
}

static void an_origin_is_found_by_name_and_by_number(void **state)
{
	struct house *house = *state;
	struct fc_origin found = { 0 };
	name_origin(house, "front door");
	assert_change(house, add_origin, FC_OK);
	assert_int_equal(house->origin.id, 1);
	struct fc_gallery_txn *txn = must_read(house->gallery);
	assert_int_equal(fc_origin_find(txn, "front door", &found, NULL), FC_OK);
	assert_int_equal(found.settings.entry_storage_days, 30);
	assert_int_equal(found.settings.save_entries, FC_ORIGIN_ALL_RESULTS);
	assert_int_equal(fc_origin_find(txn, "1", &found, NULL), FC_OK);
	assert_string_equal(found.name, "front door");
	assert_int_equal(fc_origin_find(txn, "2", &found, NULL), FC_NOT_FOUND);
	assert_int_equal(fc_origin_find(txn, "99999999999999999999", &found, NULL), FC_NOT_FOUND);
	assert_int_equal(fc_origin_find(txn, "back door", &found, NULL), FC_NOT_FOUND);
	assert_int_equal(fc_origin_find(txn, "", &found, NULL), FC_NOT_FOUND);
	fc_gallery_end_read(txn);
}

static void names_of_origins_are_checked(void **state)
{
	struct house *house = *state;
	static const struct {
		const char *name;
		enum fc_status status;
	} names[] = {
		{ "camera", FC_OK },         { "camera", FC_CONFLICT },
		{ "cli", FC_CONFLICT },      { "17", FC_INVALID_ARGUMENT },
		{ "", FC_INVALID_ARGUMENT }, { "a\tb", FC_INVALID_ARGUMENT },
		{ "17 north", FC_OK },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(names); i++) {
		name_origin(house, names[i].name);
		assert_change(house, add_origin, names[i].status);
	}
}

static enum fc_status update_origin(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct house *house = context;
	return fc_origin_update(txn, &house->origin, err);
}

static enum fc_status delete_door(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct house *house = context;
	return fc_space_delete(txn, house->door, err);
}

static void settings_change_and_an_origin_goes_with_its_space(void **state)
{
	struct house *house = *state;
	struct fc_origin found = { 0 };
	name_origin(house, "camera");
	assert_change(house, add_origin, FC_OK);
	house->origin.settings.flags = FC_ORIGIN_CREATE_ON_HA;
	assert_change(house, update_origin, FC_OK);
	struct fc_gallery_txn *txn = must_read(house->gallery);
	assert_int_equal(fc_origin_find(txn, "camera", &found, NULL), FC_OK);
	assert_int_equal(found.settings.flags, FC_ORIGIN_CREATE_ON_HA);
	fc_gallery_end_read(txn);
	assert_change(house, delete_door, FC_OK);
	txn = must_read(house->gallery);
	assert_int_equal(fc_origin_find(txn, "camera", &found, NULL), FC_NOT_FOUND);
	fc_gallery_end_read(txn);
	assert_change(house, update_origin, FC_NOT_FOUND);
}

/* ---- bands ---- */

static enum fc_status set_bands(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct house *house = context;
	struct fc_bands bands = { .exact = 90.25, .ha = 80.1, .junk = 70 };
	return fc_space_set_bands(txn, house->door, &bands, err);
}

static enum fc_status set_wild_bands(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	struct house *house = context;
	struct fc_bands bands = { .exact = 100.1, .ha = 80, .junk = 70 };
	return fc_space_set_bands(txn, house->door, &bands, err);
}

static void a_space_has_the_platforms_bands_until_it_gets_its_own(void **state)
{
	struct house *house = *state;
	struct fc_space space = { 0 };
	assert_change(house, set_bands, FC_OK);
	assert_change(house, set_wild_bands, FC_INVALID_ARGUMENT);
	struct fc_gallery_txn *txn = must_read(house->gallery);
	assert_int_equal(fc_space_find(txn, "office", &space, NULL), FC_OK);
	assert_true(space.bands.exact == 79.3 && space.bands.ha == 75.5 &&
		    space.bands.junk == 68.84);
	assert_int_equal(fc_space_find(txn, "door", &space, NULL), FC_OK);
	assert_true(space.bands.exact == 90.25 && space.bands.ha == 80.1 && space.bands.junk == 70);
	fc_gallery_end_read(txn);
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
		IN_A_HOUSE(an_origin_is_found_by_name_and_by_number),
		IN_A_HOUSE(names_of_origins_are_checked),
		IN_A_HOUSE(settings_change_and_an_origin_goes_with_its_space),
		IN_A_HOUSE(a_space_has_the_platforms_bands_until_it_gets_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
