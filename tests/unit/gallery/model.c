/* A gallery and a copy of its expected content, so that every search can be compared with a full scan. */
/* SPDX-License-Identifier: MIT */
#include "model.h"

#include <math.h>
#include <stdlib.h>

#include "base/vector.h"

enum { PROBES = 12, TOP = 10 };

/* ---- adding and deleting ---- */

static enum fc_status add_person(struct fc_gallery_txn *txn, uint32_t space, struct fc_uuid *pid,
				 struct fc_error *err)
{
	struct fc_person person = { .space = space };
	if (fc_uuid_is_nil(pid)) {
		FC_TRY(fc_person_add(txn, &person, err));
		*pid = person.pid;
	}
	return FC_OK;
}

/* Every fourth face has the template of another one. */
static uint64_t seed_of(size_t face)
{
	return face % 4 == 3 ? face / 2 : face;
}

enum fc_status add_faces(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct addition *addition = context;
	struct model *model = addition->model;
	const struct fc_embedder_pin pin = make_pin();
	struct fc_space space;
	FC_TRY(fc_gallery_set_pin(txn, &pin, err));
	FC_TRY(fc_space_ensure(txn, addition->space, &space, err));
	model->space = space.id;
	for (size_t i = model->count; i < model->count + addition->count; i++) {
		size_t person = i % model->persons;
		struct fc_uuid *pid = &model->pids[person];
		FC_TRY(add_person(txn, space.id, pid, err));
		struct fc_face_record face = { .space = space.id,
					       .pid = *pid,
					       .embedding = model->faces[i].embedding,
					       .dimension = DIMENSION };
		make_template(seed_of(i), face.embedding);
		memcpy(face.photo.bytes, &i, sizeof(i));
		FC_TRY(fc_face_add(txn, &face, err));
		model->faces[i].id = face.id;
		model->faces[i].person = person;
	}
	return FC_OK;
}

void note_change(struct model *model, size_t person)
{
	model->changed[person] = ++model->changes;
}

void note_added(struct model *model, size_t count)
{
	for (size_t i = model->count; i < model->count + count; i++) {
		note_change(model, model->faces[i].person);
	}
	model->count += count;
}

void add(struct model *model, size_t count)
{
	struct addition addition = { model, "5", count };
	must_write(model->gallery, add_faces, &addition);
	note_added(model, count);
}

struct removal {
	struct model *model;
	model_goes *goes;
};

static enum fc_status remove_faces(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct removal *removal = context;
	struct model *model = removal->model;
	for (size_t i = 0; i < model->count; i++) {
		if (!model->faces[i].gone && removal->goes(model, i)) {
			FC_TRY(fc_face_delete(txn, model->space, model->faces[i].id, err));
		}
	}
	return FC_OK;
}

void remove_some(struct model *model, model_goes *goes)
{
	struct removal removal = { model, goes };
	must_write(model->gallery, remove_faces, &removal);
	for (size_t i = 0; i < model->count; i++) {
		if (!model->faces[i].gone && goes(model, i)) {
			model->faces[i].gone = true;
			note_change(model, model->faces[i].person);
		}
	}
}

bool goes_two_of_three(const struct model *model, size_t face)
{
	(void)model;
	return face % 3 != 0;
}

/* ---- comparing ---- */

/* The means of all persons, computed from the model alone. */
static struct {
	size_t count; /* of templates */
	int64_t sums[DIMENSION];
	float mean[DIMENSION];
} means[FACES_MAXIMUM];

static void add_to_mean(const struct model *model, size_t face)
{
	const float *embedding = model->faces[face].embedding;
	size_t person = model->faces[face].person;
	if (means[person].count++ == 0) {
		memcpy(means[person].mean, embedding, sizeof(means[person].mean));
	}
	for (size_t i = 0; i < DIMENSION; i++) {
		means[person].sums[i] += llrint(ldexp(embedding[i], 32));
	}
}

static size_t person_count(const struct model *model)
{
	return model->count < model->persons ? model->count : model->persons;
}

static void compute_means(const struct model *model)
{
	memset(means, 0, person_count(model) * sizeof(*means));
	for (size_t i = 0; i < model->count; i++) {
		if (!model->faces[i].gone) {
			add_to_mean(model, i);
		}
	}
	for (size_t p = 0; p < person_count(model); p++) {
		float sum[DIMENSION];
		if (means[p].count < 2) {
			continue;
		}
		for (size_t i = 0; i < DIMENSION; i++) {
			sum[i] = (float)ldexp((double)means[p].sums[i], -32);
		}
		double length = sqrt((double)fc_dot(sum, sum, DIMENSION));
		for (size_t i = 0; i < DIMENSION; i++) {
			means[p].mean[i] = (float)(sum[i] / length);
		}
	}
}

/* The hit's mean is the number of the person's last change: the person that changed first comes first. */
static int by_rank(const void *a, const void *b)
{
	const struct fc_search_hit *left = a, *right = b;
	if (left->score != right->score) {
		return left->score > right->score ? -1 : 1;
	}
	return left->mean < right->mean ? -1 : 1;
}

/* The best persons by a scan of all means. */
static size_t full_scan(const struct model *model, const float *probe, struct fc_search_hit *best)
{
	static struct fc_search_hit all[FACES_MAXIMUM];
	size_t count = 0;
	for (size_t p = 0; p < person_count(model); p++) {
		if (means[p].count > 0) {
			all[count++] =
				(struct fc_search_hit){ model->pids[p], model->changed[p],
							fc_dot(means[p].mean, probe, DIMENSION) };
		}
	}
	qsort(all, count, sizeof(*all), by_rank);
	count = count < TOP ? count : TOP;
	memcpy(best, all, count * sizeof(*all));
	return count;
}

void compare_with_full_scan(const struct model *model, struct fc_gallery_txn *txn)
{
	float probes[PROBES * DIMENSION];
	struct fc_search_hit hits[PROBES * TOP], expected[TOP];
	size_t counts[PROBES];
	struct fc_error err = { 0 };
	for (size_t i = 0; i < PROBES; i++) {
		/* Templates that are there, some twice, and templates that are not. */
		make_template(i % 2 == 0 ? i * 701 : 1000000 + i, probes + i * DIMENSION);
	}
	if (fc_search(txn, model->space, probes, PROBES, DIMENSION, TOP, hits, counts, &err) !=
	    FC_OK) {
		fail_msg("%s", err.text);
	}
	compute_means(model);
	for (size_t i = 0; i < PROBES; i++) {
		size_t count = full_scan(model, probes + i * DIMENSION, expected);
		assert_int_equal(counts[i], count);
		for (size_t k = 0; k < count; k++) {
			const struct fc_search_hit *hit = &hits[i * TOP + k];
			assert_true(fc_uuid_equal(&hit->pid, &expected[k].pid));
			assert_true(hit->score == expected[k].score);
		}
	}
}

struct fc_segment_stats must_equal_a_full_scan(const struct model *model)
{
	struct fc_segment_stats stats;
	struct fc_gallery_txn *txn = must_read(model->gallery);
	compare_with_full_scan(model, txn);
	assert_int_equal(fc_space_segments(txn, model->space, &stats, NULL), FC_OK);
	fc_gallery_end_read(txn);
	must_check(model->gallery);
	return stats;
}

/* ---- setup ---- */

int enter_model(void **state)
{
	struct model *model = calloc(1, sizeof(*model));
	if (!model || enter_scratch((void **)&model->scratch) != 0) {
		return -1;
	}
	model->persons = FACES_MAXIMUM;
	model->gallery = must_open(model->scratch, FC_GALLERY_CREATE);
	*state = model;
	return 0;
}

int leave_model(void **state)
{
	struct model *model = *state;
	fc_gallery_close(model->gallery);
	int left = leave_scratch((void **)&model->scratch);
	free(model);
	return left;
}
