/* Containers of the Azure Face API, and what their faces and persons have: titles, user data, UUIDs, repeated photos. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <stdio.h>
#include <stdlib.h>

#include "gallery/rows/container.h"

static enum fc_status add(struct fc_gallery_txn *txn, void *container, struct fc_error *err)
{
	return fc_container_add(txn, container, err);
}

static struct fc_container make(enum fc_container_kind kind, const char *id)
{
	static char title[] = "A title";
	struct fc_container container = { .kind = kind, .title = title, .recognition_model = 4 };
	snprintf(container.id, sizeof(container.id), "%s", id);
	return container;
}

static void must_add(struct fc_gallery *gallery, enum fc_container_kind kind, const char *id)
{
	struct fc_container container = make(kind, id);
	must_write(gallery, add, &container);
}

static bool append_id(const struct fc_container *container, void *context)
{
	char *ids = context;
	strcat(strcat(ids, container->id), " ");
	return strlen(ids) < 12;
}

static void must_list(struct fc_gallery *gallery, enum fc_container_kind kind, const char *after,
		      const char *expected)
{
	char ids[400] = "";
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_container_each(txn, kind, after, append_id, ids, NULL), FC_OK);
	fc_gallery_end_read(txn);
	assert_string_equal(ids, expected);
}

static void each_kind_has_ids_of_its_own(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	for (unsigned kind = 1; kind < FC_CONTAINER_KINDS; kind++) {
		must_add(gallery, kind, "same");
		struct fc_container again = make(kind, "same");
		expect_write(gallery, add, &again, FC_CONFLICT);
		struct fc_container invalid = make(kind, "g/same");
		expect_write(gallery, add, &invalid, FC_INVALID_ARGUMENT);
	}
	assert_int_equal(must_check(gallery).spaces, FC_CONTAINER_KINDS - 1);
	struct fc_gallery_txn *txn = must_read(gallery);
	for (unsigned kind = 1; kind < FC_CONTAINER_KINDS; kind++) {
		FC_CLEANUP(fc_container_release) struct fc_container found = { 0 };
		assert_int_equal(fc_container_find(txn, kind, "same", &found, NULL), FC_OK);
		assert_int_equal(found.space, kind);
		assert_int_equal(found.kind, kind);
		assert_int_equal(found.recognition_model, 4);
		assert_int_equal(found.trained, 0);
		assert_string_equal(found.title, "A title");
		assert_null(found.user_data);
		assert_int_equal(fc_container_find(txn, kind, "other", &found, NULL), FC_NOT_FOUND);
	}
	fc_gallery_end_read(txn);
}

static void containers_are_listed_by_id_after_a_start(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	const char *const ids[] = { "g", "g-1", "g0", "a", "h_", "-" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(ids); i++) {
		must_add(gallery, FC_CONTAINER_LARGE_PERSON_GROUP, ids[i]);
		must_add(gallery, FC_CONTAINER_PERSON_GROUP, ids[i]);
	}
	must_add(gallery, FC_CONTAINER_FACE_LIST, "list");
	must_list(gallery, FC_CONTAINER_LARGE_PERSON_GROUP, "", "- a g g-1 g0 ");
	must_list(gallery, FC_CONTAINER_LARGE_PERSON_GROUP, "g", "g-1 g0 h_ ");
	must_list(gallery, FC_CONTAINER_LARGE_PERSON_GROUP, "g-", "g-1 g0 h_ ");
	must_list(gallery, FC_CONTAINER_LARGE_PERSON_GROUP, "h_", "");
	must_list(gallery, FC_CONTAINER_PERSON_GROUP, "", "- a g g-1 g0 ");
	must_list(gallery, FC_CONTAINER_PERSON_GROUP, "b", "g g-1 g0 h_ ");
	must_list(gallery, FC_CONTAINER_FACE_LIST, "", "list ");
	must_list(gallery, FC_CONTAINER_LARGE_FACE_LIST, "", "");
}

static void a_space_of_set_is_a_trained_large_person_group(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	must_enrol(gallery, "door", 1, 1);
	FC_CLEANUP(fc_container_release) struct fc_container found = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(
		fc_container_find(txn, FC_CONTAINER_LARGE_PERSON_GROUP, "door", &found, NULL),
		FC_OK);
	fc_gallery_end_read(txn);
	assert_string_equal(found.title, "door");
	assert_int_equal(found.recognition_model, 1);
	assert_true(found.trained != 0 && found.trained == found.created);
	must_list(gallery, FC_CONTAINER_LARGE_PERSON_GROUP, "", "door ");
}

static enum fc_status update(struct fc_gallery_txn *txn, void *container, struct fc_error *err)
{
	return fc_container_update(txn, container, err);
}

static enum fc_status delete (struct fc_gallery_txn *txn, void *container, struct fc_error *err) {
	const struct fc_container *found = container;
	return fc_space_delete(txn, found->space, err);
}

static void the_longest_texts_are_stored_in_full(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	FC_CLEANUP(fc_buffer_release) struct fc_buffer data = { 0 }, title = { 0 };
	struct fc_container container = make(FC_CONTAINER_FACE_LIST, "list");
	must_write(gallery, add, &container);
	for (size_t i = 0; i < 16384; i++) {
		fc_buffer_append_text(&data, "\xF0\x9F\x98\x80");
	}
	for (size_t i = 0; i < 128; i++) {
		fc_buffer_append_text(&title, "\xF0\x9F\x98\x81");
	}
	container.user_data = (char *)data.data;
	container.title = (char *)title.data;
	fc_buffer_append(&data, "", 1);
	fc_buffer_append(&title, "", 1);
	container.user_data = (char *)data.data;
	container.title = (char *)title.data;
	container.trained = 77;
	must_write(gallery, update, &container);
	must_check(gallery);
	FC_CLEANUP(fc_container_release) struct fc_container found = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_container_find(txn, FC_CONTAINER_FACE_LIST, "list", &found, NULL),
			 FC_OK);
	fc_gallery_end_read(txn);
	assert_string_equal(found.user_data, container.user_data);
	assert_string_equal(found.title, container.title);
	assert_int_equal(found.trained, 77);
	data.data[0] = 'x';
	fc_buffer_append(&data, "yyy", 4);
	container.user_data = (char *)data.data;
	data.data[data.length - 5] = 'y';
	expect_write(gallery, update, &container, FC_INVALID_ARGUMENT);
	must_write(gallery, delete, &container);
	must_list(gallery, FC_CONTAINER_FACE_LIST, "", "");
	assert_int_equal(must_check(gallery).spaces, 0);
}

/* ---- persons and faces ---- */

struct addition {
	uint32_t space;
	struct fc_uuid pid;
	uint64_t seed;
	bool may_repeat;
	struct fc_uuid uuid;
	uint64_t face;
};

static enum fc_status add_face(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct addition *addition = context;
	float template[DIMENSION];
	char user_data[] = "of the face";
	struct fc_face_record face = { .space = addition->space,
				       .pid = addition->pid,
				       .embedding = template,
				       .dimension = DIMENSION,
				       .may_repeat = addition->may_repeat,
				       .uuid = addition->uuid,
				       .user_data = user_data };
	make_template(addition->seed, template);
	FC_TRY(fc_face_add(txn, &face, err));
	addition->uuid = face.uuid;
	addition->face = face.id;
	return FC_OK;
}

static void a_photo_can_be_added_again(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct enrolment enrolment = { .space = "5", .number = 1, .seed = 1 };
	must_write(gallery, enrol, &enrolment);
	struct addition again = { .space = must_find_space(gallery, "5").id,
				  .pid = enrolment.pid,
				  .seed = 2 };
	must_write(gallery, add_face, &again);
	struct addition refused = again;
	refused.uuid = (struct fc_uuid){ 0 };
	expect_write(gallery, add_face, &refused, FC_CONFLICT);
	refused.may_repeat = true;
	must_write(gallery, add_face, &refused);
	assert_false(fc_uuid_equal(&refused.uuid, &again.uuid));
	struct addition same_uuid = refused;
	expect_write(gallery, add_face, &same_uuid, FC_CONFLICT);
	assert_int_equal(must_check(gallery).faces, 3);

	FC_CLEANUP(fc_face_record_release) struct fc_face_record found = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_face_by_uuid(txn, refused.space, &refused.uuid, &found, NULL), FC_OK);
	assert_int_equal(fc_face_by_uuid(txn, refused.space + 1, &refused.uuid, &found, NULL),
			 FC_NOT_FOUND);
	fc_gallery_end_read(txn);
	assert_int_equal(found.id, refused.face);
	assert_string_equal(found.user_data, "of the face");
}

static enum fc_status move(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct addition *addition = context;
	struct fc_space space;
	uint64_t faces, entries;
	FC_TRY(fc_space_ensure(txn, "6", &space, err));
	return fc_person_move(txn, &addition->pid, space.id, &faces, &entries, err);
}

static void a_moved_face_keeps_its_uuid_and_user_data(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct enrolment enrolment = { .space = "5", .number = 1, .seed = 1 };
	must_write(gallery, enrol, &enrolment);
	struct addition first = { .space = 1, .pid = enrolment.pid, .seed = 2, .may_repeat = true };
	struct addition second = first;
	must_write(gallery, add_face, &first);
	must_write(gallery, add_face, &second);
	must_write(gallery, move, &first);
	uint32_t space = must_find_space(gallery, "6").id;
	struct fc_gallery_txn *txn = must_read(gallery);
	const struct fc_uuid *const uuids[] = { &first.uuid, &second.uuid };
	for (size_t i = 0; i < 2; i++) {
		FC_CLEANUP(fc_face_record_release) struct fc_face_record found = { 0 };
		assert_int_equal(fc_face_by_uuid(txn, space, uuids[i], &found, NULL), FC_OK);
		assert_string_equal(found.user_data, "of the face");
		assert_true(found.may_repeat);
	}
	fc_gallery_end_read(txn);
	must_check(gallery);
}

static enum fc_status update_person(struct fc_gallery_txn *txn, void *person, struct fc_error *err)
{
	return fc_person_update(txn, person, err);
}

static void a_title_holds_what_a_name_cannot(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	char title[] = "two\nlines\x01", name[] = "Anna";
	struct fc_person person = { .title = title };
	must_write(gallery, add_person_to_5, &person);
	FC_CLEANUP(fc_person_release) struct fc_person found = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_person_get(txn, &person.pid, &found, NULL), FC_OK);
	fc_gallery_end_read(txn);
	assert_string_equal(found.title, title);
	assert_null(found.name);
	person.name = name;
	must_write(gallery, update_person, &person);
	FC_CLEANUP(fc_person_release) struct fc_person renamed = { 0 };
	txn = must_read(gallery);
	assert_int_equal(fc_person_get(txn, &person.pid, &renamed, NULL), FC_OK);
	fc_gallery_end_read(txn);
	assert_string_equal(renamed.name, "Anna");
	assert_null(renamed.title);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_GALLERY(each_kind_has_ids_of_its_own),
		IN_A_GALLERY(containers_are_listed_by_id_after_a_start),
		IN_A_GALLERY(a_space_of_set_is_a_trained_large_person_group),
		IN_A_GALLERY(the_longest_texts_are_stored_in_full),
		IN_A_GALLERY(a_photo_can_be_added_again),
		IN_A_GALLERY(a_moved_face_keeps_its_uuid_and_user_data),
		IN_A_GALLERY(a_title_holds_what_a_name_cannot),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
