/* Search equals a full comparison with the mean of each person's templates, ties included. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <math.h>
#include <stdlib.h>

enum { FACES = 600, SEVERAL = 100, PERSONS = 300, TOP = 10, PROBES = 5 };

/* The first SEVERAL persons have four faces each, and all others one. */
static uint64_t person_of(uint64_t face)
{
	return face < 4 * SEVERAL ? face * 7 % SEVERAL : face - 3 * SEVERAL;
}

/* Every third face has the template of an earlier one, so that persons with one face have equal scores. */
static uint64_t seed_of(uint64_t face)
{
	return face % 3 == 0 ? face - 2 : face;
}

struct filling {
	uint64_t first, count;
	struct fc_uuid *pids; /* by number */
};

static enum fc_status add_one(struct fc_gallery_txn *txn, struct filling *filling, uint64_t i,
			      struct fc_error *err)
{
	float embedding[DIMENSION];
	struct fc_space space;
	FC_TRY(fc_space_ensure(txn, "5", &space, err));
	make_template(seed_of(i), embedding);
	struct fc_uuid *pid = &filling->pids[person_of(i)];
	if (fc_uuid_is_nil(pid)) {
		struct fc_person person = { .space = space.id };
		FC_TRY(fc_person_add(txn, &person, err));
		*pid = person.pid;
	}
	struct fc_face_record face = {
		.space = space.id, .pid = *pid, .embedding = embedding, .dimension = DIMENSION
	};
	memcpy(face.photo.bytes, &i, sizeof(i));
	return fc_face_add(txn, &face, err);
}

static enum fc_status fill(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct filling *filling = context;
	const struct fc_embedder_pin pin = make_pin();
	FC_TRY(fc_gallery_set_pin(txn, &pin, err));
	for (uint64_t i = 0; i < filling->count; i++) {
		FC_TRY(add_one(txn, filling, i, err));
	}
	return FC_OK;
}

struct reference {
	uint64_t number;
	double score;
};

static int by_score_then_number(const void *a, const void *b)
{
	const struct reference *left = a, *right = b;
	if (left->score != right->score) {
		return left->score < right->score ? 1 : -1;
	}
	return left->number < right->number ? -1 : 1;
}

/* Every person's mean, in double precision; equal templates have equal scores here too. */
static void rank_all(const float *probe, struct reference best[PERSONS])
{
	static double sums[PERSONS][DIMENSION];
	memset(sums, 0, sizeof(sums));
	for (uint64_t i = 0; i < FACES; i++) {
		float embedding[DIMENSION];
		make_template(seed_of(i), embedding);
		for (size_t k = 0; k < DIMENSION; k++) {
			sums[person_of(i)][k] += (double)embedding[k];
		}
	}
	for (uint64_t number = 0; number < PERSONS; number++) {
		double square = 0, score = 0;
		for (size_t k = 0; k < DIMENSION; k++) {
			square += sums[number][k] * sums[number][k];
			score += (double)probe[k] * sums[number][k];
		}
		best[number] = (struct reference){ number, score / sqrt(square) };
	}
	qsort(best, PERSONS, sizeof(*best), by_score_then_number);
}

static void search_equals_a_full_comparison(void **state)
{
	struct scratch *scratch = *state;
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	struct fc_uuid pids[PERSONS] = { 0 };
	struct filling filling = { .count = FACES, .pids = pids };
	must_write(gallery, fill, &filling);

	float probes[PROBES * DIMENSION];
	for (size_t i = 0; i < PROBES; i++) {
		/* The first two are templates that several persons have. */
		make_template(i < 2 ? 4 * SEVERAL + 3 * i : 5000 + i, probes + i * DIMENSION);
	}
	static struct fc_search_hit hits[PROBES * TOP];
	size_t counts[PROBES];
	struct fc_gallery_txn *txn = must_read(gallery);
	struct fc_space space;
	assert_int_equal(fc_space_find(txn, "5", &space, NULL), FC_OK);
	assert_int_equal(
		fc_search(txn, space.id, probes, PROBES, DIMENSION, TOP, hits, counts, NULL),
		FC_OK);
	fc_gallery_end_read(txn);
	fc_gallery_close(gallery);

	for (size_t i = 0; i < PROBES; i++) {
		struct reference best[PERSONS];
		rank_all(probes + i * DIMENSION, best);
		assert_int_equal(counts[i], TOP);
		assert_true(i >= 2 || best[0].score == best[1].score);
		for (size_t place = 0; place < TOP; place++) {
			const struct fc_search_hit *hit = &hits[i * TOP + place];
			assert_true(fc_uuid_equal(&hit->pid, &pids[best[place].number]));
			assert_float_equal(hit->score, best[place].score, 1e-6);
		}
	}
}

static size_t must_search(struct fc_gallery *gallery, uint32_t space, uint64_t seed, size_t top,
			  struct fc_search_hit *hits)
{
	float probe[DIMENSION];
	size_t count = SIZE_MAX;
	make_template(seed, probe);
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_search(txn, space, probe, 1, DIMENSION, top, hits, &count, NULL),
			 FC_OK);
	fc_gallery_end_read(txn);
	return count;
}

static void nobody_is_found_where_nobody_is(void **state)
{
	struct scratch *scratch = *state;
	struct fc_search_hit hits[TOP];
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	assert_int_equal(must_search(gallery, 1, 1, TOP, hits), 0);
	must_enrol(gallery, "5", 1, 1);
	assert_int_equal(must_search(gallery, 1, 1, TOP, hits), 1);
	assert_int_equal(must_search(gallery, 1, 1, 0, hits), 0);
	assert_int_equal(must_search(gallery, 2, 1, TOP, hits), 0);
	fc_gallery_close(gallery);
}

static void spaces_do_not_mix(void **state)
{
	struct scratch *scratch = *state;
	struct fc_search_hit hits[TOP];
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	must_enrol(gallery, "5", 1, 1);
	must_enrol(gallery, "6", 1, 2);
	assert_int_equal(must_search(gallery, 1, 2, TOP, hits), 1);
	assert_int_equal(hits[0].mean, 1);
	assert_true(hits[0].score < 0.9F);
	assert_int_equal(must_search(gallery, 2, 2, TOP, hits), 1);
	assert_int_equal(hits[0].mean, 2);
	assert_float_equal(hits[0].score, 1, 1e-6);
	fc_gallery_close(gallery);
}

static void a_probe_must_fit_the_gallery(void **state)
{
	struct scratch *scratch = *state;
	struct fc_search_hit hit;
	size_t count;
	float probe[DIMENSION];
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	must_enrol(gallery, "5", 1, 1);
	make_template(1, probe);
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_search(txn, 1, probe, 1, DIMENSION / 2, 1, &hit, &count, NULL),
			 FC_INCOMPATIBLE);
	probe[5] = NAN;
	assert_int_equal(fc_search(txn, 1, probe, 1, DIMENSION, 1, &hit, &count, NULL),
			 FC_INVALID_ARGUMENT);
	fc_gallery_end_read(txn);
	fc_gallery_close(gallery);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, enter_scratch, leave_scratch)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(search_equals_a_full_comparison),
		CASE(nobody_is_found_where_nobody_is),
		CASE(spaces_do_not_mix),
		CASE(a_probe_must_fit_the_gallery),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
