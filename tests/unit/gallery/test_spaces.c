/* Spaces: their names and bands, and what goes when one is emptied or deleted. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <stdlib.h>

static enum fc_status ensure_space(struct fc_gallery_txn *txn, void *name, struct fc_error *err)
{
	struct fc_space space;
	return fc_space_ensure(txn, name, &space, err);
}

static void spaces_are_listed_by_name_with_ids_of_their_own(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	const char *const names[] = { "zoo", "5", "office_2", "5" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(names); i++) {
		char name[16];
		strcpy(name, names[i]);
		must_write(gallery, ensure_space, name);
	}
	struct fc_space *spaces = NULL;
	size_t count = 0;
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_space_list(txn, &spaces, &count, NULL), FC_OK);
	fc_gallery_end_read(txn);
	assert_int_equal(count, 3);
	assert_string_equal(spaces[0].name, "5");
	assert_string_equal(spaces[1].name, "office_2");
	assert_string_equal(spaces[2].name, "zoo");
	assert_int_equal(spaces[2].id, 1);
	assert_int_equal(spaces[0].id, 2);
	assert_int_equal(spaces[0].next_number, 1);
	free(spaces);
}

static void a_space_needs_a_fit_name(void **state)
{
	char upper[] = "Office", empty[] = "", path[] = "a/b";
	char long_name[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	expect_write(gallery_of(state), ensure_space, upper, FC_INVALID_ARGUMENT);
	expect_write(gallery_of(state), ensure_space, empty, FC_INVALID_ARGUMENT);
	expect_write(gallery_of(state), ensure_space, path, FC_INVALID_ARGUMENT);
	expect_write(gallery_of(state), ensure_space, long_name, FC_INVALID_ARGUMENT);
	struct fc_space space;
	struct fc_gallery_txn *txn = must_read(gallery_of(state));
	assert_int_equal(fc_space_find(txn, "", &space, NULL), FC_NOT_FOUND);
	assert_int_equal(fc_space_find(txn, "nowhere", &space, NULL), FC_NOT_FOUND);
	fc_gallery_end_read(txn);
}

/* ---- bands ---- */

struct banding {
	uint32_t space;
	struct fc_bands bands;
};

static enum fc_status set_bands(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct banding *banding = context;
	return fc_space_set_bands(txn, banding->space, &banding->bands, err);
}

static void a_space_has_the_platforms_bands_until_it_gets_its_own(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	char door[] = "door", office[] = "office";
	must_write(gallery, ensure_space, door);
	must_write(gallery, ensure_space, office);
	struct banding banding = { must_find_space(gallery, "door").id,
				   { .exact = 90.25, .ha = 80.1, .junk = 70 } };
	struct banding wild = { banding.space, { .exact = 100.1, .ha = 80, .junk = 70 } };
	must_write(gallery, set_bands, &banding);
	expect_write(gallery, set_bands, &wild, FC_INVALID_ARGUMENT);
	struct fc_bands own = must_find_space(gallery, "door").bands;
	struct fc_bands general = must_find_space(gallery, "office").bands;
	assert_true(own.exact == 90.25 && own.ha == 80.1 && own.junk == 70);
	assert_true(general.exact == 79.3 && general.ha == 75.5 && general.junk == 68.84);
}

/* ---- emptying and deleting ---- */

struct deletion {
	uint32_t space;
	uint64_t persons, faces; /* how many went */
};

static enum fc_status truncate_space(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	struct deletion *deletion = context;
	return fc_space_truncate(txn, deletion->space, &deletion->persons, &deletion->faces, err);
}

static enum fc_status delete_space(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct deletion *deletion = context;
	return fc_space_delete(txn, deletion->space, err);
}

static void truncating_empties_one_space_and_keeps_its_entries(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	for (uint64_t seed = 1; seed <= 30; seed++) {
		must_enrol(gallery, "5", seed / 2, seed);
		must_enrol(gallery, "6", seed, seed);
	}
	struct deletion deletion = { .space = must_find_space(gallery, "5").id };
	must_write(gallery, truncate_space, &deletion);
	assert_int_equal(deletion.persons, 16);
	assert_int_equal(deletion.faces, 30);
	struct fc_space space = must_find_space(gallery, "5");
	assert_int_equal(space.person_count + space.face_count, 0);
	assert_int_equal(space.entry_count, 30);
	assert_int_equal(must_find_space(gallery, "6").face_count, 30);
	must_write(gallery, truncate_space, &deletion);
	assert_int_equal(deletion.persons + deletion.faces, 0);
}

static void deleting_a_space_leaves_nothing_of_it(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	must_enrol(gallery, "6", 1, 1);
	for (uint64_t seed = 1; seed <= 10; seed++) {
		must_enrol(gallery, "5", seed / 2, seed);
	}
	struct fc_entry of_nobody = { .result = FC_RESULT_DET };
	must_write(gallery, add_entry_to_5, &of_nobody);
	uint32_t id = must_find_space(gallery, "5").id;
	struct deletion deletion = { .space = id };
	must_write(gallery, delete_space, &deletion);
	expect_write(gallery, delete_space, &deletion, FC_NOT_FOUND);
	struct fc_check_report report = must_check(gallery);
	assert_int_equal(report.spaces, 1);
	assert_int_equal(report.persons, 1);
	assert_int_equal(report.faces, 1);
	assert_int_equal(report.entries, 1);
	must_enrol(gallery, "5", 1, 1);
	assert_true(must_find_space(gallery, "5").id > id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_GALLERY(spaces_are_listed_by_name_with_ids_of_their_own),
		IN_A_GALLERY(a_space_needs_a_fit_name),
		IN_A_GALLERY(a_space_has_the_platforms_bands_until_it_gets_its_own),
		IN_A_GALLERY(truncating_empties_one_space_and_keeps_its_entries),
		IN_A_GALLERY(deleting_a_space_leaves_nothing_of_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
