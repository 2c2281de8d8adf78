/* Which photos of the ledger are gone, and which may be on a disk that is not mounted. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../gallery/scratch.h"
#include "service/batch/missing.h"

static const struct fc_ledger_task task = { .verb = "set", .service = "local", .space = "5" };

struct place {
	struct scratch *scratch;
	struct fc_gallery *gallery;
	struct fc_ledger_target target;
	char root[128]; /* a folder, with a slash at its end */
	uint64_t device;
};

static int setup(void **state)
{
	struct place *place = calloc(1, sizeof(*place));
	struct stat info;
	if (!place || enter_gallery((void **)&place->scratch) != 0) {
		return -1;
	}
	place->gallery = place->scratch->open;
	snprintf(place->root, sizeof(place->root), "%s/photos/", place->scratch->directory);
	*state = place;
	if (mkdir(place->root, 0700) != 0 || stat(place->root, &info) != 0) {
		return -1;
	}
	place->device = info.st_dev;
	return fc_ledger_target_of(&task, &place->target, NULL) == FC_OK ? 0 : -1;
}

static int teardown(void **state)
{
	struct place *place = *state;
	int left = leave_gallery((void **)&place->scratch);
	free(place);
	return left;
}

struct row {
	const struct place *place;
	char path[256];
	uint8_t content;
	uint64_t device;
};

static enum fc_status write_row(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct row *row = context;
	struct fc_ledger_item item = { .target = row->place->target,
				       .size = 1000,
				       .content = { .bytes = { row->content } },
				       .state = FC_LEDGER_DONE };
	const struct fc_file_identity identity = { row->device, row->content, 1000, 5, 6 };
	FC_TRY(fc_ledger_put(txn, &task, &item, err));
	return fc_ledger_put_path(txn, &item, row->path, &identity, err);
}

/* The ledger has a photo below the folder, which was read on this device. */
static void remember(const struct place *place, const char *name, uint8_t content, uint64_t device)
{
	struct row row = { .place = place, .content = content, .device = device };
	snprintf(row.path, sizeof(row.path), "%s%s", place->root, name);
	must_write(place->gallery, write_row, &row);
}

static void make_folder(const struct place *place, const char *name)
{
	char path[256];
	snprintf(path, sizeof(path), "%s%s", place->root, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void make_file(const struct place *place, const char *name)
{
	char path[256];
	snprintf(path, sizeof(path), "%s%s", place->root, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fclose(file), 0);
}

/* The missing photos as "name presence, ...". */
static void assert_missing(const struct place *place, const char *expected)
{
	FC_CLEANUP(fc_missing_photos_release) struct fc_missing_photos photos = { 0 };
	struct fc_gallery_txn *txn = NULL;
	char text[512] = "";
	assert_int_equal(fc_gallery_begin_read(place->gallery, &txn, NULL), FC_OK);
	assert_int_equal(fc_missing_photos_find(txn, &place->target, 1, place->root, &photos, NULL),
			 FC_OK);
	for (size_t i = 0; i < photos.count; i++) {
		const struct fc_missing_photo *photo = &photos.items[i];
		bool gone = photo->presence == FC_PRESENCE_GONE;
		size_t length = strlen(text);
		assert_int_equal(fc_missing_photos_has_gone(&photos, photo->path), gone);
		snprintf(text + length, sizeof(text) - length, "%s%s %s", i > 0 ? ", " : "",
			 photo->path + strlen(place->root), gone ? "gone" : "away");
	}
	assert_string_equal(text, expected);
	assert_int_equal(fc_missing_photos_check(&photos, NULL),
			 strstr(expected, "away") ? FC_CONFLICT : FC_OK);
	fc_gallery_end_read(txn);
}

static void a_photo_on_the_same_device_is_gone(void **state)
{
	const struct place *place = *state;
	make_folder(place, "anna");
	make_file(place, "anna/1.jpg");
	remember(place, "anna/1.jpg", 1, place->device);
	remember(place, "anna/2.jpg", 2, place->device);
	remember(place, "ben/1.jpg", 3, place->device);
	remember(place, "anna/1.jpg/3.jpg", 4, place->device);
	assert_missing(place, "anna/1.jpg/3.jpg gone, anna/2.jpg gone, ben/1.jpg gone");
}

static void photos_of_a_disk_that_is_not_mounted_are_away(void **state)
{
	const struct place *place = *state;
	make_folder(place, "disk");
	remember(place, "disk/anna/1.jpg", 1, place->device + 1);
	remember(place, "disk/ben/1.jpg", 2, place->device + 1);
	remember(place, "anna/1.jpg", 3, place->device);
	assert_missing(place, "anna/1.jpg gone, disk/anna/1.jpg away, disk/ben/1.jpg away");
}

static void a_folder_whose_photos_were_read_on_its_device_is_mounted(void **state)
{
	const struct place *place = *state;
	make_folder(place, "disk");
	make_folder(place, "other");
	make_file(place, "disk/2.jpg");
	make_file(place, "2.jpg");
	remember(place, "disk/1.jpg", 1, place->device + 1);
	remember(place, "disk/2.jpg", 2, place->device);
	remember(place, "other/1.jpg", 3, place->device + 1);
	remember(place, "2.jpg", 4, place->device);
	assert_missing(place, "disk/1.jpg gone, other/1.jpg away");
}

static void a_photo_alone_is_judged_by_its_own_folder(void **state)
{
	const struct place *place = *state;
	const struct fc_file_identity here = { .device = place->device };
	const struct fc_file_identity elsewhere = { .device = place->device + 1 };
	char path[256];
	make_file(place, "1.jpg");
	snprintf(path, sizeof(path), "%s1.jpg", place->root);
	assert_int_equal(fc_photo_presence(path, &elsewhere), FC_PRESENCE_THERE);
	snprintf(path, sizeof(path), "%sno/such/1.jpg", place->root);
	assert_int_equal(fc_photo_presence(path, &here), FC_PRESENCE_GONE);
	assert_int_equal(fc_photo_presence(path, &elsewhere), FC_PRESENCE_AWAY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_photo_on_the_same_device_is_gone, setup,
						teardown),
		cmocka_unit_test_setup_teardown(photos_of_a_disk_that_is_not_mounted_are_away,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_folder_whose_photos_were_read_on_its_device_is_mounted, setup, teardown),
		cmocka_unit_test_setup_teardown(a_photo_alone_is_judged_by_its_own_folder, setup,
						teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
