/* Origins: how they are found, which names are refused, and that they go with their space. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include "gallery/rows/origin.h"

/* An origin of space "5", which keeps its entries for 30 days. */
static struct fc_origin make_origin(const char *name)
{
	struct fc_origin origin = { .settings = fc_origin_settings_default(NULL) };
	origin.settings.entry_storage_days = 30;
	strcpy(origin.name, name);
	return origin;
}

static enum fc_status add_origin(struct fc_gallery_txn *txn, void *origin, struct fc_error *err)
{
	struct fc_origin *added = origin;
	struct fc_space space;
	FC_TRY(fc_space_ensure(txn, "5", &space, err));
	added->space = space.id;
	return fc_origin_add(txn, added, err);
}

static void an_origin_is_found_by_name_and_by_number(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct fc_origin door = make_origin("front door"), found = { 0 };
	must_write(gallery, add_origin, &door);
	assert_int_equal(door.id, 1);
	struct fc_gallery_txn *txn = must_read(gallery);
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
		struct fc_origin origin = make_origin(names[i].name);
		expect_write(gallery_of(state), add_origin, &origin, names[i].status);
	}
}

static enum fc_status update_origin(struct fc_gallery_txn *txn, void *origin, struct fc_error *err)
{
	return fc_origin_update(txn, origin, err);
}

static void settings_change_and_the_rest_stays(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct fc_origin camera = make_origin("camera"), found = { 0 };
	must_write(gallery, add_origin, &camera);
	struct fc_origin change = { .id = camera.id,
				    .settings = { .flags = FC_ORIGIN_CREATE_ON_HA } };
	must_write(gallery, update_origin, &change);
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_origin_find(txn, "camera", &found, NULL), FC_OK);
	fc_gallery_end_read(txn);
	assert_int_equal(found.settings.flags, FC_ORIGIN_CREATE_ON_HA);
	assert_int_equal(found.settings.entry_storage_days, 0);
	assert_int_equal(found.created, camera.created);
	assert_int_equal(found.space, camera.space);
}

static enum fc_status delete_space_of(struct fc_gallery_txn *txn, void *origin,
				      struct fc_error *err)
{
	const struct fc_origin *of = origin;
	return fc_space_delete(txn, of->space, err);
}

static void an_origin_goes_with_its_space(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct fc_origin camera = make_origin("camera"), found = { 0 };
	must_write(gallery, add_origin, &camera);
	must_write(gallery, delete_space_of, &camera);
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_origin_find(txn, "camera", &found, NULL), FC_NOT_FOUND);
	fc_gallery_end_read(txn);
	expect_write(gallery, update_origin, &camera, FC_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_GALLERY(an_origin_is_found_by_name_and_by_number),
		IN_A_GALLERY(names_of_origins_are_checked),
		IN_A_GALLERY(settings_change_and_the_rest_stays),
		IN_A_GALLERY(an_origin_goes_with_its_space),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
