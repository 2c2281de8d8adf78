/* Groups of faces do not depend on the order in which the faces are given. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "service/match/grouping.h"

enum { DIMENSION = 64 };

static uint64_t state_of_noise = 1;

static double noise(void)
{
	state_of_noise = state_of_noise * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (double)(state_of_noise >> 33) / 2147483648.0 - 0.5;
}

static void normalise(float *vector)
{
	double sum = 0;
	for (size_t i = 0; i < DIMENSION; i++) {
		sum += (double)vector[i] * (double)vector[i];
	}
	for (size_t i = 0; i < DIMENSION; i++) {
		vector[i] = (float)((double)vector[i] / sqrt(sum));
	}
}

/* Templates of `persons` persons in turn: a random direction for each, and some noise for each face. */
static float *make_faces(size_t count, size_t persons, double spread)
{
	float *centres = calloc(persons * DIMENSION, sizeof(*centres));
	float *out = calloc(count * DIMENSION, sizeof(*out));
	assert_non_null(centres);
	assert_non_null(out);
	for (size_t i = 0; i < persons * DIMENSION; i++) {
		centres[i] = (float)noise();
	}
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < DIMENSION; k++) {
			out[i * DIMENSION + k] =
				centres[i % persons * DIMENSION + k] + (float)(spread * noise());
		}
		normalise(out + i * DIMENSION);
	}
	free(centres);
	return out;
}

static uint32_t group(const float *faces, size_t count, double cut, uint32_t *groups)
{
	uint32_t found = 0;
	assert_int_equal(fc_group_faces(faces, count, DIMENSION, cut, groups, &found, NULL), FC_OK);
	return found;
}

static void faces_of_a_person_form_a_group(void **state)
{
	enum { COUNT = 60, PERSONS = 7 };
	uint32_t groups[COUNT];
	(void)state;
	float *faces = make_faces(COUNT, PERSONS, 0.5);
	assert_int_equal(group(faces, COUNT, 0.5, groups), PERSONS);
	for (size_t i = 0; i < COUNT; i++) {
		for (size_t k = 0; k < i; k++) {
			assert_int_equal(groups[i] == groups[k], i % PERSONS == k % PERSONS);
		}
	}
	/* 60 = 4 * 9 + 3 * 8: the first four groups are the larger ones */
	for (size_t i = 0; i < COUNT; i++) {
		assert_int_equal(groups[i] < 4, i % PERSONS < 4);
	}
	free(faces);
}

static void a_face_like_no_other_is_alone(void **state)
{
	(void)state;
	float faces[3 * DIMENSION] = { 0 };
	uint32_t groups[3];
	faces[0] = 1;
	faces[DIMENSION] = 0.8F;
	faces[DIMENSION + 1] = 0.6F;
	faces[2 * DIMENSION + 2] = 1;
	assert_int_equal(group(faces, 3, 0.8, groups), 2);
	assert_int_equal(groups[0], 0);
	assert_int_equal(groups[1], 0);
	assert_int_equal(groups[2], 1);
	/* just above the similarity of the pair */
	assert_int_equal(group(faces, 3, 0.8001, groups), 3);
	assert_int_equal(group(faces, 1, 0.8, groups), 1);
	assert_int_equal(group(faces, 0, 0.8, groups), 0);
}

/* A mean similarity below the cut separates groups although single faces of them are similar. */
static void a_chain_of_similar_faces_is_not_one_group(void **state)
{
	enum { COUNT = 9 };
	(void)state;
	float faces[COUNT * DIMENSION] = { 0 };
	uint32_t groups[COUNT];
	for (size_t i = 0; i < COUNT; i++) {
		faces[i * DIMENSION] = (float)cos((double)i * 0.35);
		faces[i * DIMENSION + 1] = (float)sin((double)i * 0.35);
	}
	assert_true(group(faces, COUNT, 0.75, groups) > 1);
	assert_int_equal(groups[0] == groups[COUNT - 1], 0);
}

static void the_order_of_the_faces_does_not_matter(void **state)
{
	enum { COUNT = 200, PERSONS = 40, ROUNDS = 20 };
	uint32_t expected[COUNT], groups[COUNT];
	size_t place[COUNT];
	(void)state;
	/* so noisy that many similarities are near the cut, with equal templates among them */
	float *faces = make_faces(COUNT, PERSONS, 1.6);
	float *shuffled = calloc(COUNT * DIMENSION, sizeof(*shuffled));
	assert_non_null(shuffled);
	memcpy(faces + 7 * DIMENSION, faces + 150 * DIMENSION, DIMENSION * sizeof(*faces));
	uint32_t count = group(faces, COUNT, 0.35, expected);
	assert_true(count > 10 && count < COUNT);
	for (int round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < COUNT; i++) {
			place[i] = i;
		}
		for (size_t i = COUNT - 1; i > 0; i--) {
			size_t other = (size_t)((noise() + 0.5) * (double)(i + 1));
			size_t kept = place[i];
			place[i] = place[other];
			place[other] = kept;
		}
		for (size_t i = 0; i < COUNT; i++) {
			memcpy(shuffled + place[i] * DIMENSION, faces + i * DIMENSION,
			       DIMENSION * sizeof(*faces));
		}
		assert_int_equal(group(shuffled, COUNT, 0.35, groups), count);
		for (size_t i = 0; i < COUNT; i++) {
			assert_int_equal(groups[place[i]], expected[i]);
		}
	}
	free(shuffled);
	free(faces);
}

/* Always join the most similar pair, computed from all pairs of faces. */
static uint32_t group_slowly(const float *faces, size_t count, double cut, uint32_t *groups)
{
	uint32_t left = (uint32_t)count;
	for (uint32_t i = 0; i < count; i++) {
		groups[i] = i;
	}
	for (;;) {
		double best = -2;
		uint32_t a = 0, b = 0;
		for (uint32_t x = 0; x < count; x++) {
			for (uint32_t y = x + 1; y < count; y++) {
				double sum = 0;
				size_t pairs = 0;
				for (size_t i = 0; i < count; i++) {
					for (size_t k = 0; k < count; k++) {
						if (groups[i] != x || groups[k] != y) {
							continue;
						}
						for (size_t d = 0; d < DIMENSION; d++) {
							sum += (double)faces[i * DIMENSION + d] *
							       (double)faces[k * DIMENSION + d];
						}
						pairs++;
					}
				}
				if (pairs > 0 && sum / (double)pairs > best) {
					best = sum / (double)pairs;
					a = x;
					b = y;
				}
			}
		}
		if (best < cut) {
			return left;
		}
		for (size_t i = 0; i < count; i++) {
			groups[i] = groups[i] == b ? a : groups[i];
		}
		left--;
	}
}

static void chains_give_the_groups_of_the_definition(void **state)
{
	enum { COUNT = 24 };
	uint32_t expected[COUNT], groups[COUNT];
	(void)state;
	for (int round = 0; round < 10; round++) {
		float *faces = make_faces(COUNT, 6, 1.5);
		assert_int_equal(group(faces, COUNT, 0.3, groups),
				 group_slowly(faces, COUNT, 0.3, expected));
		for (size_t i = 0; i < COUNT; i++) {
			for (size_t k = 0; k < i; k++) {
				assert_int_equal(groups[i] == groups[k],
						 expected[i] == expected[k]);
			}
		}
		free(faces);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faces_of_a_person_form_a_group),
		cmocka_unit_test(a_face_like_no_other_is_alone),
		cmocka_unit_test(a_chain_of_similar_faces_is_not_one_group),
		cmocka_unit_test(the_order_of_the_faces_does_not_matter),
		cmocka_unit_test(chains_give_the_groups_of_the_definition),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
