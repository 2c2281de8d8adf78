/* Searches compare a probe with the mean of each person, whatever happened to the faces before. */
/* SPDX-License-Identifier: MIT */
#include "model.h"

#include <math.h>
#include <stdlib.h>

#include "base/vector.h"
#include "gallery/rows/mean.h"
#include "gallery/search/segments.h"
#include "vectors.h"

enum { PERSONS = 4400, OPERATIONS = 400, PER_CHANGE = 20 };

/* ---- random histories ---- */

enum operation { ADD, DELETE, MERGE, DELETE_PERSON, MOVE_AWAY_AND_BACK };

struct history {
	struct model *model;
	uint64_t seed;
};

static size_t pick_face(struct history *history)
{
	return vectors_random(&history->seed) % history->model->count;
}

static enum fc_status merge(struct fc_gallery_txn *txn, struct model *model, size_t kept,
			    size_t other, struct fc_error *err)
{
	uint64_t faces, entries;
	FC_TRY(fc_person_merge(txn, &model->pids[kept], &model->pids[other], &faces, &entries,
			       err));
	model->pids[other] = (struct fc_uuid){ { 0 } };
	for (size_t i = 0; i < model->count; i++) {
		if (model->faces[i].person == other) {
			model->faces[i].person = kept;
		}
	}
	note_change(model, kept);
	return FC_OK;
}

static enum fc_status move_there_and_back(struct fc_gallery_txn *txn, struct model *model,
					  size_t person, struct fc_error *err)
{
	struct fc_space elsewhere;
	uint64_t faces, entries;
	FC_TRY(fc_space_ensure(txn, "elsewhere", &elsewhere, err));
	FC_TRY(fc_person_move(txn, &model->pids[person], elsewhere.id, &faces, &entries, err));
	FC_TRY(fc_person_move(txn, &model->pids[person], model->space, &faces, &entries, err));
	note_change(model, person);
	return FC_OK;
}

static enum fc_status delete_person(struct fc_gallery_txn *txn, struct model *model, size_t person,
				    struct fc_error *err)
{
	FC_TRY(fc_person_delete(txn, &model->pids[person], err));
	model->pids[person] = (struct fc_uuid){ { 0 } };
	for (size_t i = 0; i < model->count; i++) {
		model->faces[i].gone = model->faces[i].gone || model->faces[i].person == person;
	}
	return FC_OK;
}

/* Merging and moving give faces new ids, so the face is found by its photo. */
static enum fc_status delete_face(struct fc_gallery_txn *txn, struct model *model, size_t face,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_face_record_release) struct fc_face_record record = { 0 };
	struct fc_sha256 photo = { { 0 } };
	memcpy(photo.bytes, &face, sizeof(face));
	FC_TRY(fc_face_by_photo(txn, model->space, &photo, 0, &record, err));
	FC_TRY(fc_face_delete(txn, model->space, record.id, err));
	model->faces[face].gone = true;
	note_change(model, model->faces[face].person);
	return FC_OK;
}

static enum fc_status change_once(struct fc_gallery_txn *txn, struct history *history,
				  struct fc_error *err)
{
	struct model *model = history->model;
	size_t face = pick_face(history), other = pick_face(history);
	size_t person = model->faces[face].person;
	struct addition addition = { model, "5", 1 };
	enum operation operation = vectors_random(&history->seed) % 5;
	if (operation == ADD) {
		FC_TRY(add_faces(txn, &addition, err));
		note_added(model, 1);
		return FC_OK;
	}
	if (model->faces[face].gone) {
		return FC_OK;
	}
	switch (operation) {
	case DELETE:
		return delete_face(txn, model, face, err);
	case MERGE:
		return model->faces[other].gone || model->faces[other].person == person
			       ? FC_OK
			       : merge(txn, model, person, model->faces[other].person, err);
	case DELETE_PERSON:
		return delete_person(txn, model, person, err);
	default:
		return move_there_and_back(txn, model, person, err);
	}
}

/* The map is large enough, so that the change runs once and can change the model as it goes. */
static enum fc_status change(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	for (size_t i = 0; i < PER_CHANGE; i++) {
		FC_TRY(change_once(txn, context, err));
	}
	return FC_OK;
}

static void any_history_leaves_the_means_of_the_faces(void **state)
{
	struct model *model = *state;
	struct history history = { model, 71 };
	uint64_t spaces;
	model->persons = PERSONS;
	add(model, PERSONS + 300);
	for (size_t i = 0; i < OPERATIONS / PER_CHANGE; i++) {
		must_write(model->gallery, change, &history);
		if (i % 5 == 0) {
			must_equal_a_full_scan(model);
		}
	}
	struct fc_segment_stats stats = must_equal_a_full_scan(model);
	if (is_in_postgres()) {
		return; /* it has no segments */
	}
	assert_int_equal(stats.segments, 1);
	assert_true(stats.deleted > 0);
	assert_int_equal(fc_gallery_reindex(model->gallery, &spaces, NULL), FC_OK);
	assert_int_equal(must_equal_a_full_scan(model).deleted, 0);
}

/* ---- one person ---- */

struct person {
	struct fc_uuid pid;
	uint32_t space;
	float templates[4][DIMENSION];
	size_t order[4], count;
};

static enum fc_status add_person(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct person *person = context;
	const struct fc_embedder_pin pin = make_pin();
	struct fc_space space;
	FC_TRY(fc_gallery_set_pin(txn, &pin, err));
	FC_TRY(fc_space_ensure(txn, "5", &space, err));
	struct fc_person added = { .space = space.id };
	FC_TRY(fc_person_add(txn, &added, err));
	person->pid = added.pid;
	person->space = space.id;
	for (size_t i = 0; i < person->count; i++) {
		struct fc_face_record face = { .space = space.id,
					       .pid = added.pid,
					       .embedding = person->templates[person->order[i]],
					       .dimension = DIMENSION };
		memcpy(face.photo.bytes, &added.pid, sizeof(added.pid));
		face.photo.bytes[31] = (uint8_t)i;
		FC_TRY(fc_face_add(txn, &face, err));
	}
	return FC_OK;
}

static struct fc_mean mean_of(struct fc_gallery *gallery, const struct person *person)
{
	FC_CLEANUP(fc_person_release) struct fc_person stored = { 0 };
	struct fc_mean mean = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_person_get(txn, &person->pid, &stored, NULL), FC_OK);
	assert_int_equal(fc_mean_get(txn, person->space, stored.mean, &mean, NULL), FC_OK);
	fc_gallery_end_read(txn);
	return mean;
}

static void the_mean_does_not_depend_on_the_order_of_the_faces(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	static struct person forward = { .order = { 0, 1, 2, 3 }, .count = 4 };
	static struct person backward = { .order = { 3, 1, 0, 2 }, .count = 4 };
	for (size_t i = 0; i < 4; i++) {
		make_template(i, forward.templates[i]);
		make_template(i, backward.templates[i]);
	}
	must_write(gallery, add_person, &forward);
	must_write(gallery, add_person, &backward);
	struct fc_mean a = mean_of(gallery, &forward), b = mean_of(gallery, &backward);
	assert_int_equal(a.face, 0);
	assert_memory_equal(a.vector, b.vector, sizeof(float) * DIMENSION);
	assert_float_equal(fc_dot(a.vector, a.vector, DIMENSION), 1, 1e-6);
	for (size_t k = 0; k < DIMENSION; k++) {
		double sum = 0;
		for (size_t i = 0; i < 4; i++) {
			sum += (double)forward.templates[i][k];
		}
		/* four templates that have nothing in common: their sum has a length of about 2 */
		assert_float_equal(a.vector[k], sum / 2, 0.1);
	}
}

static void the_mean_of_one_face_is_its_template(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	static struct person person = { .count = 1 };
	make_template(5, person.templates[0]);
	person.templates[0][0] *= 1.001F; /* not quite of length 1 */
	must_write(gallery, add_person, &person);
	struct fc_mean mean = mean_of(gallery, &person);
	assert_int_not_equal(mean.face, 0);
	assert_memory_equal(mean.vector, person.templates[0], sizeof(person.templates[0]));
}

static void templates_that_cancel_out_leave_the_first(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	static struct person person = { .order = { 0, 1 }, .count = 2 };
	make_template(6, person.templates[0]);
	for (size_t k = 0; k < DIMENSION; k++) {
		person.templates[1][k] = -person.templates[0][k];
	}
	must_write(gallery, add_person, &person);
	struct fc_mean mean = mean_of(gallery, &person);
	assert_int_not_equal(mean.face, 0);
	assert_memory_equal(mean.vector, person.templates[0], sizeof(person.templates[0]));
}

struct hidden_face {
	struct fc_key key;
	struct fc_buffer payload;
};

static enum fc_status hide_face(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct hidden_face *face = context;
	struct fc_reader payload;
	FC_TRY(fc_store_get(txn, FC_DB_FACE, &face->key, &payload, err));
	fc_buffer_append(&face->payload, payload.data, payload.left);
	return fc_store_delete(txn, FC_DB_FACE, &face->key, err);
}

static enum fc_status show_face(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct hidden_face *face = context;
	return fc_store_put(txn, FC_DB_FACE, &face->key, &face->payload, FC_STORE_ADD, err);
}

static enum fc_status add_the_fourth(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	struct person *person = context;
	struct fc_face_record face = { .space = person->space,
				       .pid = person->pid,
				       .photo = { { 4 } },
				       .embedding = person->templates[3],
				       .dimension = DIMENSION };
	return fc_face_add(txn, &face, err);
}

static enum fc_status delete_the_fourth(struct fc_gallery_txn *txn, void *context,
					struct fc_error *err)
{
	const struct person *person = context;
	return fc_face_delete(txn, person->space, 4, err);
}

/* The record of the first face is missing, so a change that read it would fail. */
static void a_face_is_added_and_deleted_without_reading_the_others(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	static struct person person = { .order = { 0, 1, 2 }, .count = 3 };
	for (size_t i = 0; i < 4; i++) {
		make_template(i, person.templates[i]);
	}
	must_write(gallery, add_person, &person);
	struct fc_mean before = mean_of(gallery, &person);
	struct hidden_face hidden = { .key = fc_key_in_space(person.space, 1) };
	must_write(gallery, hide_face, &hidden);
	must_write(gallery, add_the_fourth, &person);
	struct fc_mean four = mean_of(gallery, &person);
	must_write(gallery, delete_the_fourth, &person);
	must_write(gallery, show_face, &hidden);
	fc_buffer_release(&hidden.payload);
	struct fc_mean after = mean_of(gallery, &person);
	assert_int_equal(before.count, 3);
	assert_int_equal(four.count, 4);
	assert_int_equal(after.count, 3);
	assert_true(fc_dot(four.vector, before.vector, DIMENSION) < 0.99F);
	assert_memory_equal(after.vector, before.vector, sizeof(float) * DIMENSION);
	assert_memory_equal(after.sum, before.sum, sizeof(*after.sum) * DIMENSION);
	assert_true(after.id > four.id && four.id > before.id);
}

static void the_best_face_of_a_person_is_found(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	static struct person person = { .order = { 0, 1, 2 }, .count = 3 };
	static struct person empty;
	struct fc_person_similarity similarity;
	for (size_t i = 0; i < 3; i++) {
		make_template(i, person.templates[i]);
	}
	must_write(gallery, add_person, &person);
	must_write(gallery, add_person, &empty);
	struct fc_mean mean = mean_of(gallery, &person);
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_search_person(txn, &person.pid, person.templates[1], DIMENSION,
					  &similarity, NULL),
			 FC_OK);
	assert_int_equal(similarity.face, 2);
	assert_float_equal(similarity.face_score, 1, 1e-6);
	assert_true(similarity.score == fc_dot(mean.vector, person.templates[1], DIMENSION));
	assert_true(similarity.score < 0.9F);
	assert_int_equal(fc_search_person(txn, &empty.pid, person.templates[1], DIMENSION,
					  &similarity, NULL),
			 FC_NOT_FOUND);
	assert_int_equal(
		fc_search_person(txn, &person.pid, person.templates[1], 64, &similarity, NULL),
		FC_INCOMPATIBLE);
	fc_gallery_end_read(txn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_A_MODEL(any_history_leaves_the_means_of_the_faces),
		IN_A_GALLERY(the_mean_does_not_depend_on_the_order_of_the_faces),
		IN_A_GALLERY(the_mean_of_one_face_is_its_template),
		IN_A_GALLERY(templates_that_cancel_out_leave_the_first),
		IN_A_GALLERY(a_face_is_added_and_deleted_without_reading_the_others),
		IN_A_GALLERY(the_best_face_of_a_person_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
