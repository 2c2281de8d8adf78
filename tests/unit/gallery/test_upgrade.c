/* A gallery of an older format becomes one of the present format. In format 1, persons have no means, and segments contain faces. */
/* SPDX-License-Identifier: MIT */
#include "model.h"

#include "base/memory.h"
#include "gallery/search/segments.h"

enum { FACES = 5000, PERSONS = 4500 };

/* ---- making a gallery old ---- */

/* Replace a record by its first bytes: format 1 ends before the fields that format 2 appends. */
static enum fc_status cut(struct fc_gallery_txn *txn, enum fc_database database,
			  const struct fc_key *key, size_t bytes, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer copy = { 0 };
	struct fc_reader payload;
	FC_TRY(fc_store_get(txn, database, key, &payload, err));
	fc_buffer_append(&copy, payload.data, payload.left - bytes);
	return fc_store_put(txn, database, key, &copy, FC_STORE_REPLACE, err);
}

/* Up to format 4, faces ended before their UUID, and the index by photo had one row for each face of a photo in a space. */
static enum fc_status remove_uuids(struct fc_gallery_txn *txn, const struct model *model,
				   struct fc_error *err)
{
	struct fc_key everything = { 0 };
	FC_TRY(fc_store_delete_all(txn, FC_DB_FACE_UUID, &everything, err));
	FC_TRY(fc_store_delete_all(txn, FC_DB_FACE_PHOTO, &everything, err));
	for (size_t i = 0; i < FACES; i++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer id = { 0 };
		FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
		struct fc_key key = fc_key_in_space(model->space, model->faces[i].id);
		FC_TRY(fc_face_get(txn, model->space, model->faces[i].id, &face, err));
		FC_TRY(cut(txn, FC_DB_FACE, &key, sizeof(struct fc_uuid) + 1 + sizeof(uint32_t),
			   err));
		key = fc_key_photo(&face.photo, face.photo_index, model->space);
		fc_buffer_put_u64(&id, face.id);
		FC_TRY(fc_store_put(txn, FC_DB_FACE_PHOTO, &key, &id, FC_STORE_ADD, err));
	}
	return FC_OK;
}

static enum fc_status make_old(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct model *model = context;
	struct fc_key everything = { 0 }, sequence = fc_key_text("sequence");
	struct fc_format format;
	FC_TRY(fc_store_format(txn, &format, err));
	format.read = format.write = 1;
	FC_TRY(fc_store_set_format(txn, &format, err));
	FC_TRY(fc_store_delete_all(txn, FC_DB_MEAN, &everything, err));
	FC_TRY(cut(txn, FC_DB_META, &sequence, sizeof(uint64_t), err));
	for (size_t i = 0; i < PERSONS; i++) {
		struct fc_key key = fc_key_pid(&model->pids[i]);
		FC_TRY(cut(txn, FC_DB_PERSON, &key, sizeof(uint64_t) + sizeof(uint32_t), err));
	}
	return remove_uuids(txn, model, err);
}

static void fill_and_make_old(struct model *model)
{
	model->persons = PERSONS;
	add(model, FACES);
	must_write(model->gallery, make_old, model);
	fc_gallery_close(model->gallery);
	model->gallery = NULL;
	/* In the old gallery, hits of equal score are in the order of the persons' first faces. */
	for (size_t i = 0; i < PERSONS; i++) {
		model->changed[i] = i;
	}
}

/* ---- tests ---- */

static void an_old_gallery_is_upgraded_only_on_request(void **state)
{
	struct model *model = *state;
	struct fc_upgrade_report report = { 0 };
	struct fc_error err = { 0 };
	fill_and_make_old(model);
	const enum fc_gallery_mode modes[] = { FC_GALLERY_READ, FC_GALLERY_WRITE,
					       FC_GALLERY_CREATE };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(modes); i++) {
		assert_int_equal(try_open(model->scratch, modes[i], &model->gallery, &err),
				 FC_INCOMPATIBLE);
		assert_non_null(strstr(err.text, "format 1"));
		assert_non_null(strstr(err.text, "'facectl gallery upgrade'"));
	}
	model->gallery = must_open(model->scratch, FC_GALLERY_UPGRADE);
	assert_int_equal(fc_gallery_upgrade(model->gallery, &report, NULL), FC_OK);
	assert_int_equal(report.from, 1);
	assert_int_equal(report.to, FC_GALLERY_READ_FORMAT);
	fc_gallery_close(model->gallery);

	model->gallery = must_open(model->scratch, FC_GALLERY_WRITE);
	struct fc_segment_stats stats = must_equal_a_full_scan(model);
	assert_int_equal(stats.packed, FC_SEGMENT_MEANS);
	assert_int_equal(stats.packed + stats.tail, PERSONS);
	add(model, 500);
	must_equal_a_full_scan(model);
}

static enum fc_status make_format_4(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct fc_format format;
	FC_TRY(fc_store_format(txn, &format, err));
	format.read = format.write = 4;
	FC_TRY(fc_store_set_format(txn, &format, err));
	return remove_uuids(txn, context, err);
}

static void a_gallery_of_format_4_gets_uuids_of_its_faces(void **state)
{
	struct model *model = *state;
	struct fc_upgrade_report report = { 0 };
	model->persons = PERSONS;
	add(model, FACES);
	must_write(model->gallery, make_format_4, model);
	fc_gallery_close(model->gallery);
	model->gallery = must_open(model->scratch, FC_GALLERY_UPGRADE);
	assert_int_equal(fc_gallery_upgrade(model->gallery, &report, NULL), FC_OK);
	assert_int_equal(report.from, 4);
	fc_gallery_close(model->gallery);
	model->gallery = must_open(model->scratch, FC_GALLERY_WRITE);
	assert_int_equal(must_check(model->gallery).faces, FACES);
	for (size_t i = 0; i < FACES; i += 1000) {
		FC_CLEANUP(fc_gallery_end_readp)
		struct fc_gallery_txn *txn = must_read(model->gallery);
		FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
		FC_CLEANUP(fc_face_record_release) struct fc_face_record found = { 0 };
		assert_int_equal(fc_face_get(txn, model->space, model->faces[i].id, &face, NULL),
				 FC_OK);
		assert_false(fc_uuid_is_nil(&face.uuid));
		assert_int_equal(fc_face_by_uuid(txn, model->space, &face.uuid, &found, NULL),
				 FC_OK);
		assert_int_equal(found.id, face.id);
	}
}

/* In format 2 the record of a mean contained its vector instead of the sum. */
static enum fc_status make_format_2(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct model *model = context;
	struct fc_key prefix = fc_key_space(model->space), key = { 0 };
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_reader payload;
	struct fc_format format;
	FC_TRY(fc_store_format(txn, &format, err));
	format.read = format.write = 2;
	FC_TRY(fc_store_set_format(txn, &format, err));
	FC_TRY(fc_store_walk(txn, FC_DB_MEAN, &prefix, NULL, &cursor, err));
	FC_TRY(fc_store_next(&cursor, &key, &payload, err));
	return cut(txn, FC_DB_MEAN, &key, sizeof(uint32_t), err);
}

static void a_gallery_of_format_2_gets_the_sums_of_its_means(void **state)
{
	struct model *model = *state;
	struct fc_upgrade_report report = { 0 };
	model->persons = PERSONS;
	add(model, FACES);
	must_write(model->gallery, make_format_2, model);
	fc_gallery_close(model->gallery);
	model->gallery = must_open(model->scratch, FC_GALLERY_UPGRADE);
	assert_int_equal(fc_gallery_upgrade(model->gallery, &report, NULL), FC_OK);
	assert_int_equal(report.from, 2);
	assert_int_equal(report.to, FC_GALLERY_READ_FORMAT);
	fc_gallery_close(model->gallery);
	model->gallery = must_open(model->scratch, FC_GALLERY_WRITE);
	must_equal_a_full_scan(model);
	add(model, 500);
	must_equal_a_full_scan(model);
}

static void upgrading_twice_changes_nothing(void **state)
{
	struct model *model = *state;
	struct fc_upgrade_report report = { 0 };
	add(model, 10);
	fc_gallery_close(model->gallery);
	model->gallery = must_open(model->scratch, FC_GALLERY_UPGRADE);
	assert_int_equal(fc_gallery_upgrade(model->gallery, &report, NULL), FC_OK);
	assert_int_equal(report.from, report.to);
	fc_gallery_close(model->gallery);
	model->gallery = must_open(model->scratch, FC_GALLERY_WRITE);
	must_equal_a_full_scan(model);
}

static void an_upgrade_waits_for_those_who_have_the_gallery_open(void **state)
{
	struct model *model = *state;
	struct fc_upgrade_report report;
	const struct fc_gallery_options options = { .directory = model->scratch->gallery,
						    .mode = FC_GALLERY_UPGRADE };
	struct fc_gallery *second = NULL;
	add(model, 10);
	assert_int_equal(fc_gallery_open(&options, &second, NULL), FC_OK);
	assert_int_equal(fc_gallery_upgrade(second, &report, NULL), FC_BUSY);
	fc_gallery_close(second);
	must_equal_a_full_scan(model);
}

static enum fc_status spoil_a_face(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct model *model = context;
	struct fc_key key = fc_key_in_space(model->space, model->faces[4000].id);
	return cut(txn, FC_DB_FACE, &key, 300, err);
}

static void a_failed_upgrade_leaves_the_old_gallery(void **state)
{
	struct model *model = *state;
	struct fc_upgrade_report report;
	model->persons = PERSONS;
	add(model, FACES);
	must_write(model->gallery, make_old, model);
	must_write(model->gallery, spoil_a_face, model);
	fc_gallery_close(model->gallery);
	model->gallery = must_open(model->scratch, FC_GALLERY_UPGRADE);
	assert_int_equal(fc_gallery_upgrade(model->gallery, &report, NULL), FC_DAMAGED);
	fc_gallery_close(model->gallery);
	model->gallery = NULL;
	assert_int_equal(try_open(model->scratch, FC_GALLERY_READ, &model->gallery, NULL),
			 FC_INCOMPATIBLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_A_MODEL(an_old_gallery_is_upgraded_only_on_request),
		WITH_A_MODEL(a_gallery_of_format_2_gets_the_sums_of_its_means),
		WITH_A_MODEL(a_gallery_of_format_4_gets_uuids_of_its_faces),
		WITH_A_MODEL(upgrading_twice_changes_nothing),
		WITH_A_MODEL(an_upgrade_waits_for_those_who_have_the_gallery_open),
		WITH_A_MODEL(a_failed_upgrade_leaves_the_old_gallery),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
