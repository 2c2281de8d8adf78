/*
 * Searches of galleries in which codes rule out few faces: copies of one face, ties, zeros and other lengths, and faces that only the low
 * halves of the codes tell apart.
 *
 * bench-hard [FACES [DIMENSION [PROBES]]]: 100,000 faces of 128 dimensions and 100 probes for each gallery and kernel, compared with a full
 * scan in floats. Prints the time of one search with each kernel; exits with 1 if any result differs.
 */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "memory.h"
#include "scan_bench.h"
#include "vectors.h"

enum { ROUNDS = 7, TOGETHER = 50 };

typedef void make_vector(float *vector, size_t index, const float *center, size_t dimension,
			 uint64_t *seed);

static void make_copy(float *vector, size_t index, const float *center, size_t dimension,
		      uint64_t *seed)
{
	(void)index, (void)seed;
	memcpy(vector, center, dimension * sizeof(*vector));
}

static void make_tie(float *vector, size_t index, const float *center, size_t dimension,
		     uint64_t *seed)
{
	uint64_t same = index % 50;
	(void)center, (void)seed;
	vectors_fill(vector, dimension, &same);
}

static void make_near(float *vector, size_t index, const float *center, size_t dimension,
		      uint64_t *seed)
{
	(void)index;
	vectors_near(vector, center, 0.4, dimension, seed);
}

static void make_any_length(float *vector, size_t index, const float *center, size_t dimension,
			    uint64_t *seed)
{
	(void)center;
	vectors_fill(vector, dimension, seed);
	for (size_t i = 0; i < dimension; i++) {
		vector[i] = index % 10 == 0 ? 0.0F : ldexpf(vector[i], (int)(index % 7) - 3);
	}
}

static const struct {
	const char *name;
	make_vector *make;
} galleries[] = {
	{ "copies of one face", make_copy },
	{ "50 faces, many times", make_tie },
	{ "near one face: all kept by the high halves", make_near },
	{ "a tenth zeros, lengths 1/8 to 8", make_any_length },
};

/* Half of the probes are near the faces. */
static void fill_probes(float *probes, size_t count, const float *center, size_t dimension,
			uint64_t *seed)
{
	for (size_t p = 0; p < count; p++) {
		if (p % 2 == 0) {
			vectors_near(probes + p * dimension, center, 0.3, dimension, seed);
		} else {
			vectors_fill(probes + p * dimension, dimension, seed);
		}
	}
}

int main(int argc, char **argv)
{
	size_t count = argc > 1 ? (size_t)strtoull(argv[1], NULL, 10) : 100000;
	size_t dimension = argc > 2 ? (size_t)strtoull(argv[2], NULL, 10) : 128;
	size_t probe_count = argc > 3 ? (size_t)strtoull(argv[3], NULL, 10) : 100;
	size_t different = 0;
	float *center = bench_memory(dimension * sizeof(float));
	float *probes = bench_memory(probe_count * dimension * sizeof(float));
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t g = 0; g < sizeof(galleries) / sizeof(galleries[0]); g++) {
		struct bench_faces faces;
		static struct bench_search search;
		uint64_t seed = 70 + g;
		bench_faces_init(&faces, count, dimension);
		vectors_fill(center, dimension, &seed);
		for (size_t i = 0; i < count; i++) {
			galleries[g].make(faces.vectors + i * dimension, i, center, dimension,
					  &seed);
		}
		bench_faces_pack(&faces);
		fill_probes(probes, probe_count, center, dimension, &seed);
		printf("%zu faces: %s\n", count, galleries[g].name);
		for (size_t k = 0; fc_kernel_at(k); k++) {
			search.faces = &faces;
			search.kernel = fc_kernel_at(k);
			search.vectors = probes;
			search.count = 1;
			double one = bench_best(bench_search_run, &search, ROUNDS);
			size_t wrong = 0;
			for (size_t p = 0; p < probe_count; p += search.count) {
				search.vectors = probes + p * dimension;
				search.count =
					probe_count - p < TOGETHER ? probe_count - p : TOGETHER;
				bench_search_run(&search);
				wrong += bench_search_differences(&search);
			}
			different += wrong;
			printf("  %-12s one probe %8.2f ms, %zu probes: %zu differ (each: %.0f kept by "
			       "the high halves, %.0f scored in floats)\n",
			       search.kernel->name, one * 1e3, probe_count, wrong,
			       bench_search_refined(&search), bench_search_scored(&search));
		}
		bench_search_release(&search);
		memset(&search, 0, sizeof(search));
		bench_faces_release(&faces);
	}
	free(center);
	free(probes);
	return different > 0;
}
