/* The search of packed codes gives what a full scan in floats gives: persons, order and scores. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>

#include "base/vector.h"
#include "gallery/search/scan.h"
#include "vectors.h"

struct vectors {
	size_t count, dimension;
	float *vectors;
	uint64_t *ids;
	struct fc_uuid *pids;
	struct fc_packing packing;
	size_t fetches;
	size_t gone; /* index of a face that is not found */
};

/* Vector i has the id 3 i + 1 and belongs to person i. */
static struct vectors vectors_new(size_t count, size_t dimension)
{
	struct vectors faces = { .count = count, .dimension = dimension, .gone = SIZE_MAX };
	size_t padded = fc_padded_dimension(dimension);
	size_t lanes = fc_packed_lane_count(count);
	faces.vectors = calloc(count * dimension + 1, sizeof(float));
	faces.ids = calloc(count + 1, sizeof(uint64_t));
	faces.pids = calloc(count + 1, sizeof(struct fc_uuid));
	faces.packing = (struct fc_packing){
		.count = count,
		.padded = padded,
		.high = malloc(fc_packed_plane_bytes(count, padded) + 1),
		.low = malloc(fc_packed_plane_bytes(count, padded) + 1),
		.scales = calloc(lanes + 1, sizeof(float)),
		.errors = calloc(lanes + 1, sizeof(uint16_t)),
		.bounds = calloc(fc_packed_run_count(count) + 1, sizeof(struct fc_run_bound)),
	};
	for (size_t i = 0; i < count; i++) {
		faces.ids[i] = 3 * i + 1;
		memcpy(faces.pids[i].bytes, &i, sizeof(i));
	}
	return faces;
}

static void vectors_free(struct vectors *faces)
{
	free(faces->vectors);
	free(faces->ids);
	free(faces->pids);
	free(faces->packing.high);
	free(faces->packing.low);
	free(faces->packing.scales);
	free(faces->packing.errors);
	free(faces->packing.bounds);
}

static enum fc_status fetch(void *context, uint64_t id, struct fc_scan_mean *out,
			    struct fc_error *err)
{
	struct vectors *faces = context;
	size_t index = (id - 1) / 3;
	(void)err;
	faces->fetches++;
	*out = (struct fc_scan_mean){ faces->pids[index],
				      faces->vectors + index * faces->dimension };
	return index == faces->gone ? FC_NOT_FOUND : FC_OK;
}

static void pack(const struct vectors *faces)
{
	fc_packing_clear(&faces->packing);
	for (size_t i = 0; i < faces->count; i++) {
		fc_packing_put(&faces->packing, i, faces->vectors + i * faces->dimension,
			       faces->dimension);
	}
}

static struct fc_scan_set set_of(const struct vectors *faces)
{
	return (struct fc_scan_set){ .packed = fc_packing_view(&faces->packing),
				     .ids = faces->ids };
}

/* Every face in floats. */
static void full_scan(const struct vectors *faces, struct fc_probe *probe)
{
	for (size_t i = 0; i < faces->count; i++) {
		const struct fc_scan_mean mean = {
			.pid = faces->pids[i],
			.vector = faces->vectors + i * faces->dimension,
		};
		fc_probe_offer(probe, faces->ids[i], &mean);
	}
	fc_top_sort(&probe->top);
}

static void compare(const struct fc_top *actual, const struct fc_top *expected)
{
	assert_int_equal(actual->count, expected->count);
	for (size_t i = 0; i < expected->count; i++) {
		assert_int_equal(actual->hits[i].mean, expected->hits[i].mean);
		assert_true(fc_uuid_equal(&actual->hits[i].pid, &expected->hits[i].pid));
		assert_true(actual->hits[i].score == expected->hits[i].score);
	}
}

/* Search with every kernel, all probes at once, and compare each with the full scan. */
static void check_search(struct vectors *faces, const float *vectors, size_t probe_count,
			 size_t top)
{
	struct fc_error err = { 0 };
	struct fc_scan_set set = set_of(faces);
	const struct fc_scan_source source = { .fetch = fetch, .context = faces };
	struct fc_probe *probes = calloc(probe_count, sizeof(*probes));
	assert_non_null(probes);
	pack(faces);
	for (size_t k = 0; fc_kernel_at(k); k++) {
		for (size_t p = 0; p < probe_count; p++) {
			assert_int_equal(fc_probe_init(&probes[p], vectors + p * faces->dimension,
						       faces->dimension, top, &err),
					 FC_OK);
		}
		assert_int_equal(fc_scan(fc_kernel_at(k), &set, probes, probe_count, &source, &err),
				 FC_OK);
		for (size_t p = 0; p < probe_count; p++) {
			struct fc_probe reference;
			assert_int_equal(fc_probe_init(&reference, vectors + p * faces->dimension,
						       faces->dimension, top, &err),
					 FC_OK);
			full_scan(faces, &reference);
			fc_top_sort(&probes[p].top);
			compare(&probes[p].top, &reference.top);
			fc_probe_release(&reference);
			fc_probe_release(&probes[p]);
		}
	}
	free(probes);
}

static void random_faces_of_any_count_and_dimension(void **state)
{
	(void)state;
	const size_t counts[] = { 0, 1, 15, 16, 17, 255, 256, 257, 3000 };
	const size_t dimensions[] = { 1, 3, 16, 64, 100, 128, 512, 1000, 1024 };
	const size_t tops[] = { 1, 2, 10, 5000 };
	uint64_t seed = 31;
	for (size_t c = 0; c < 9; c++) {
		size_t dimension = dimensions[c];
		for (size_t i = 0; i < 9; i++) {
			struct vectors faces = vectors_new(counts[i], dimension);
			float *probes = calloc(11 * dimension, sizeof(float));
			for (size_t v = 0; v < counts[i]; v++) {
				vectors_fill(faces.vectors + v * dimension, dimension, &seed);
			}
			for (size_t p = 0; p < 11; p++) {
				vectors_fill(probes + p * dimension, dimension, &seed);
			}
			check_search(&faces, probes, 11, tops[(c + i) % 4]);
			free(probes);
			vectors_free(&faces);
		}
	}
}

/* Faces in tight groups around each probe: far more of them within the quantisation's error than there are results. */
static void near_ties_are_told_apart(void **state)
{
	(void)state;
	enum { DIMENSION = 128, COUNT = 4000, PROBES = 20 };
	const double distances[] = { 0.0, 1e-7, 1e-5, 1e-3, 1e-2, 0.1 };
	uint64_t seed = 32;
	struct vectors faces = vectors_new(COUNT, DIMENSION);
	float *probes = calloc((size_t)PROBES * DIMENSION, sizeof(float));
	for (size_t d = 0; d < 6; d++) {
		for (size_t p = 0; p < PROBES; p++) {
			vectors_fill(probes + p * DIMENSION, DIMENSION, &seed);
		}
		for (size_t v = 0; v < COUNT; v++) {
			vectors_near(faces.vectors + v * DIMENSION, probes + v % PROBES * DIMENSION,
				     distances[d], DIMENSION, &seed);
		}
		check_search(&faces, probes, PROBES, 10);
	}
	free(probes);
	vectors_free(&faces);
}

/* The same template many times: the lower id wins. */
static void equal_scores_are_ordered_by_id(void **state)
{
	(void)state;
	enum { DIMENSION = 64, COUNT = 1000 };
	uint64_t seed = 33;
	struct vectors faces = vectors_new(COUNT, DIMENSION);
	float probe[DIMENSION];
	vectors_fill(probe, DIMENSION, &seed);
	for (size_t v = 0; v < COUNT; v++) {
		memcpy(faces.vectors + v * DIMENSION, probe, sizeof(probe));
	}
	check_search(&faces, probe, 1, 7);
	vectors_free(&faces);
}

/* A few vectors of huge length or error among others widen the bounds, and change no result. */
static void ill_shaped_templates_do_not_disturb(void **state)
{
	(void)state;
	enum { DIMENSION = 96, COUNT = 700 };
	uint64_t seed = 34;
	struct vectors faces = vectors_new(COUNT, DIMENSION);
	float probes[4][DIMENSION];
	for (size_t v = 0; v < COUNT; v++) {
		float *vector = faces.vectors + v * DIMENSION;
		vectors_fill(vector, DIMENSION, &seed);
		if (v % 50 == 7) {
			vector[3] = 40.0F;
		} else if (v % 50 == 8) {
			memset(vector, 0, DIMENSION * sizeof(float));
		}
	}
	for (size_t p = 0; p < 4; p++) {
		vectors_fill(probes[p], DIMENSION, &seed);
	}
	memset(probes[3], 0, sizeof(probes[3]));
	check_search(&faces, probes[0], 4, 10);
	vectors_free(&faces);
}

/* More probes than a kernel takes at once; each finds its own vectors. */
static void many_probes_are_compared_at_once(void **state)
{
	(void)state;
	enum { DIMENSION = 64, COUNT = 1200, PROBES = 2 * FC_KERNEL_PROBES + 3 };
	uint64_t seed = 37;
	struct vectors faces = vectors_new(COUNT, DIMENSION);
	float *probes = calloc((size_t)PROBES * DIMENSION, sizeof(float));
	for (size_t v = 0; v < COUNT; v++) {
		vectors_fill(faces.vectors + v * DIMENSION, DIMENSION, &seed);
	}
	for (size_t p = 0; p < PROBES; p++) {
		vectors_near(probes + p * DIMENSION, faces.vectors + p * 7 * DIMENSION, 0.6,
			     DIMENSION, &seed);
	}
	check_search(&faces, probes, PROBES, 5);
	free(probes);
	vectors_free(&faces);
}

/* Bounds are wide, and most vectors are scored in floats. */
static void vectors_of_any_length_are_found(void **state)
{
	(void)state;
	enum { DIMENSION = 128, COUNT = 2000, PROBES = 9 };
	uint64_t seed = 38;
	struct vectors faces = vectors_new(COUNT, DIMENSION);
	float probes[PROBES][DIMENSION];
	for (size_t p = 0; p < PROBES; p++) {
		vectors_fill(probes[p], DIMENSION, &seed);
		for (size_t i = 0; i < DIMENSION; i++) {
			probes[p][i] = ldexpf(probes[p][i], 8 * (int)p - 32);
		}
	}
	for (size_t v = 0; v < COUNT; v++) {
		float *vector = faces.vectors + v * DIMENSION;
		vectors_fill(vector, DIMENSION, &seed);
		for (size_t i = 0; i < DIMENSION; i++) {
			vector[i] = v % 97 == 0 ? 0.0F : ldexpf(vector[i], (int)(v % 61) - 30);
		}
	}
	check_search(&faces, probes[0], PROBES, 10);
	vectors_free(&faces);
}

/* The scores differ less than the high halves can tell, so that the low ones of all vectors are needed. */
static void vectors_that_only_the_low_halves_tell_apart(void **state)
{
	(void)state;
	enum { DIMENSION = 128, COUNT = 3000 };
	uint64_t seed = 39;
	struct fc_error err = { 0 };
	struct vectors faces = vectors_new(COUNT, DIMENSION);
	struct fc_probe probe;
	float center[DIMENSION];
	vectors_fill(center, DIMENSION, &seed);
	for (size_t v = 0; v < COUNT; v++) {
		vectors_near(faces.vectors + v * DIMENSION, center, 0.4, DIMENSION, &seed);
	}
	check_search(&faces, center, 1, 10);
	struct fc_scan_set set = set_of(&faces);
	const struct fc_scan_source source = { .fetch = fetch, .context = &faces };
	assert_int_equal(fc_probe_init(&probe, center, DIMENSION, 10, &err), FC_OK);
	faces.fetches = 0;
	assert_int_equal(fc_scan(fc_kernel_at(0), &set, &probe, 1, &source, &err), FC_OK);
	assert_true(probe.refined > COUNT * 9 / 10);
	assert_true(faces.fetches < COUNT / 2);
	fc_probe_release(&probe);
	vectors_free(&faces);
}

static void vectors_that_are_gone_are_passed_over(void **state)
{
	(void)state;
	enum { DIMENSION = 64, COUNT = 300 };
	uint64_t seed = 35;
	struct fc_error err = { 0 };
	struct vectors faces = vectors_new(COUNT, DIMENSION);
	for (size_t v = 0; v < COUNT; v++) {
		vectors_fill(faces.vectors + v * DIMENSION, DIMENSION, &seed);
	}
	pack(&faces);
	faces.gone = 42;
	struct fc_scan_set set = set_of(&faces);
	const struct fc_scan_source source = { .fetch = fetch, .context = &faces };
	for (size_t k = 0; fc_kernel_at(k); k++) {
		struct fc_probe probe;
		assert_int_equal(fc_probe_init(&probe, faces.vectors + 42 * DIMENSION, DIMENSION,
					       COUNT, &err),
				 FC_OK);
		assert_int_equal(fc_scan(fc_kernel_at(k), &set, &probe, 1, &source, &err), FC_OK);
		assert_int_equal(probe.top.count, COUNT - 1);
		for (size_t i = 0; i < probe.top.count; i++) {
			assert_int_not_equal(probe.top.hits[i].mean, faces.ids[42]);
		}
		fc_probe_release(&probe);
	}
	vectors_free(&faces);
}

/* What makes the search worth it: of many faces, few are scored in floats. */
static void few_faces_are_scored_in_floats(void **state)
{
	(void)state;
	enum { DIMENSION = 128, COUNT = 20000 };
	uint64_t seed = 36;
	struct fc_error err = { 0 };
	struct vectors faces = vectors_new(COUNT, DIMENSION);
	struct fc_probe probe;
	float vector[DIMENSION];
	for (size_t v = 0; v < COUNT; v++) {
		vectors_fill(faces.vectors + v * DIMENSION, DIMENSION, &seed);
	}
	vectors_fill(vector, DIMENSION, &seed);
	pack(&faces);
	struct fc_scan_set set = set_of(&faces);
	const struct fc_scan_source source = { .fetch = fetch, .context = &faces };
	assert_int_equal(fc_probe_init(&probe, vector, DIMENSION, 10, &err), FC_OK);
	assert_int_equal(fc_scan(fc_kernel_at(0), &set, &probe, 1, &source, &err), FC_OK);
	assert_true(faces.fetches < COUNT / 40);
	fc_probe_release(&probe);
	vectors_free(&faces);
}

static enum fc_status refuse(void *context, uint64_t id, struct fc_scan_mean *out,
			     struct fc_error *err)
{
	(void)context;
	(void)out;
	return fc_fail(err, FC_DAMAGED, "mean %llu", (unsigned long long)id);
}

static void a_failed_fetch_fails_the_search(void **state)
{
	(void)state;
	enum { DIMENSION = 16 };
	struct fc_error err = { 0 };
	struct vectors faces = vectors_new(1, DIMENSION);
	struct fc_probe probe;
	const float vector[DIMENSION] = { 1.0F };
	faces.vectors[0] = 1.0F;
	pack(&faces);
	struct fc_scan_set set = set_of(&faces);
	const struct fc_scan_source source = { .fetch = refuse, .context = &faces };
	assert_int_equal(fc_probe_init(&probe, vector, DIMENSION, 1, &err), FC_OK);
	assert_int_equal(fc_scan(fc_kernel_at(0), &set, &probe, 1, &source, &err), FC_DAMAGED);
	fc_probe_release(&probe);
	vectors_free(&faces);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_faces_of_any_count_and_dimension),
		cmocka_unit_test(near_ties_are_told_apart),
		cmocka_unit_test(equal_scores_are_ordered_by_id),
		cmocka_unit_test(ill_shaped_templates_do_not_disturb),
		cmocka_unit_test(many_probes_are_compared_at_once),
		cmocka_unit_test(vectors_of_any_length_are_found),
		cmocka_unit_test(vectors_that_only_the_low_halves_tell_apart),
		cmocka_unit_test(vectors_that_are_gone_are_passed_over),
		cmocka_unit_test(few_faces_are_scored_in_floats),
		cmocka_unit_test(a_failed_fetch_fails_the_search),
	};
	return cmocka_run_group_tests_name("gallery/scan", tests, NULL, NULL);
}
