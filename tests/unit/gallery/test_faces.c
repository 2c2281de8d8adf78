/* Faces and the embedder that a gallery is pinned to: what comes back, what is refused. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <math.h>

static void a_face_comes_back_as_it_was_given(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct enrolment enrolment = { .space = "5", .number = 1, .seed = 77 };
	must_write(gallery, enrol, &enrolment);
	uint32_t space = must_find_space(gallery, "5").id;
	float embedding[DIMENSION];
	make_template(77, embedding);

	FC_CLEANUP(fc_face_record_release) struct fc_face_record by_id = { 0 };
	FC_CLEANUP(fc_face_record_release) struct fc_face_record by_photo = { 0 };
	struct fc_sha256 photo = { { 77 } };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_face_get(txn, space, enrolment.face, &by_id, NULL), FC_OK);
	assert_int_equal(fc_face_by_photo(txn, space, &photo, 0, &by_photo, NULL), FC_OK);
	assert_int_equal(fc_face_by_photo(txn, space, &photo, 1, &by_photo, NULL), FC_NOT_FOUND);
	assert_int_equal(fc_face_get(txn, space, enrolment.face + 1, &by_photo, NULL),
			 FC_NOT_FOUND);
	fc_gallery_end_read(txn);
	assert_int_equal(by_photo.id, enrolment.face);
	assert_true(fc_uuid_equal(&by_id.pid, &enrolment.pid));
	assert_memory_equal(by_id.embedding, embedding, sizeof(embedding));
	assert_string_equal(by_id.origin, "cli");
	assert_null(by_id.path);
}

static void the_same_face_of_a_photo_is_added_once_in_a_space(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	must_enrol(gallery, "5", 1, 10);
	struct enrolment again = { .space = "5", .number = 2, .seed = 10 };
	expect_write(gallery, enrol, &again, FC_CONFLICT);
	must_enrol(gallery, "6", 1, 10);
	struct fc_check_report report = must_check(gallery);
	assert_int_equal(report.faces, 2);
	assert_int_equal(report.persons, 2);
}

static enum fc_status add_face(struct fc_gallery_txn *txn, void *face, struct fc_error *err)
{
	return fc_face_add(txn, face, err);
}

static void a_template_must_be_of_length_1_and_of_the_pins_dimension(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct enrolment enrolment = { .space = "5", .number = 1, .seed = 1 };
	must_write(gallery, enrol, &enrolment);
	float embedding[DIMENSION];
	make_template(2, embedding);
	struct fc_face_record face = { .space = must_find_space(gallery, "5").id,
				       .pid = enrolment.pid,
				       .photo = { { 2 } },
				       .embedding = embedding,
				       .dimension = DIMENSION - 1 };
	expect_write(gallery, add_face, &face, FC_INCOMPATIBLE);
	face.dimension = DIMENSION;
	embedding[0] += 0.1F;
	expect_write(gallery, add_face, &face, FC_INVALID_ARGUMENT);
	embedding[0] = NAN;
	expect_write(gallery, add_face, &face, FC_INVALID_ARGUMENT);
	make_template(2, embedding);
	face.landmarks[3] = INFINITY;
	expect_write(gallery, add_face, &face, FC_INVALID_ARGUMENT);
	face.landmarks[3] = 0;
	face.pid = fc_uuid_new();
	expect_write(gallery, add_face, &face, FC_NOT_FOUND);
	face.pid = enrolment.pid;
	must_write(gallery, add_face, &face);
}

static void a_gallery_without_a_pin_takes_no_face(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct fc_person person = { 0 };
	must_write(gallery, add_person_to_5, &person);
	float embedding[DIMENSION];
	make_template(2, embedding);
	struct fc_face_record face = { .space = person.space,
				       .pid = person.pid,
				       .embedding = embedding,
				       .dimension = DIMENSION };
	expect_write(gallery, add_face, &face, FC_INCOMPATIBLE);
}

static enum fc_status set_pin(struct fc_gallery_txn *txn, void *pin, struct fc_error *err)
{
	return fc_gallery_set_pin(txn, pin, err);
}

static void a_gallery_keeps_the_embedder_it_was_pinned_to(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct fc_embedder_pin pin = make_pin(), other = make_pin(), stored;
	struct fc_error err = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_gallery_pin(txn, &stored, NULL), FC_NOT_FOUND);
	fc_gallery_end_read(txn);
	must_write(gallery, set_pin, &pin);
	must_write(gallery, set_pin, &pin);
	other.sha256.bytes[0] ^= 1;
	strcpy(other.name, "another");
	assert_int_equal(fc_gallery_write(gallery, set_pin, &other, &err), FC_INCOMPATIBLE);
	assert_non_null(strstr(err.text, "'seeds'"));
	assert_non_null(strstr(err.text, "'another'"));
	other = make_pin();
	other.preprocessing++;
	expect_write(gallery, set_pin, &other, FC_INCOMPATIBLE);
	other.dimension = 0;
	expect_write(gallery, set_pin, &other, FC_INVALID_ARGUMENT);
	txn = must_read(gallery);
	assert_int_equal(fc_gallery_pin(txn, &stored, NULL), FC_OK);
	fc_gallery_end_read(txn);
	assert_true(fc_sha256_equal(&stored.sha256, &pin.sha256));
	assert_string_equal(stored.name, "seeds");
}

struct face_walk {
	size_t count;
	uint64_t ids[8];
};

static bool note_face(const struct fc_face_record *face, void *context)
{
	struct face_walk *walk = context;
	walk->ids[walk->count++] = face->id;
	return true;
}

static void a_persons_faces_are_walked_in_the_order_they_came(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct enrolment enrolment = { .space = "5", .number = 1 };
	for (uint64_t seed = 1; seed <= 6; seed++) {
		must_enrol(gallery, "5", 2, 100 + seed);
		enrolment.seed = seed;
		must_write(gallery, enrol, &enrolment);
	}
	struct face_walk walk = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_face_each_of_person(txn, &enrolment.pid, note_face, &walk, NULL),
			 FC_OK);
	fc_gallery_end_read(txn);
	assert_int_equal(walk.count, 6);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(walk.ids[i], 2 * (i + 1));
	}
}

struct deletion {
	uint32_t space;
	uint64_t face;
};

static enum fc_status delete_face(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct deletion *deletion = context;
	return fc_face_delete(txn, deletion->space, deletion->face, err);
}

static void a_deleted_face_is_forgotten_and_its_id_is_not_used_again(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct enrolment enrolment = { .space = "5", .number = 1, .seed = 1 };
	must_write(gallery, enrol, &enrolment);
	uint64_t first = enrolment.face;
	struct deletion deletion = { .space = must_find_space(gallery, "5").id, .face = first };
	must_write(gallery, delete_face, &deletion);
	expect_write(gallery, delete_face, &deletion, FC_NOT_FOUND);
	assert_int_equal(must_find_space(gallery, "5").face_count, 0);
	assert_int_equal(must_find_space(gallery, "5").person_count, 1);
	must_write(gallery, enrol, &enrolment);
	assert_true(enrolment.face > first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_GALLERY(a_face_comes_back_as_it_was_given),
		IN_A_GALLERY(the_same_face_of_a_photo_is_added_once_in_a_space),
		IN_A_GALLERY(a_template_must_be_of_length_1_and_of_the_pins_dimension),
		IN_A_GALLERY(a_gallery_without_a_pin_takes_no_face),
		IN_A_GALLERY(a_gallery_keeps_the_embedder_it_was_pinned_to),
		IN_A_GALLERY(a_persons_faces_are_walked_in_the_order_they_came),
		IN_A_GALLERY(a_deleted_face_is_forgotten_and_its_id_is_not_used_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
