/*
 * The speed of searching packed codes, compared with memory bandwidth and FAISS; and a check that
 * the results are exact.
 *
 * bench-search [FACES [DIMENSION [CHECKED]]]: 1,000,000 faces of 128 dimensions, and 1,000 random
 * and 1,000 near-tie probes compared with a full scan in floats. One thread, whose own processor
 * time is counted. Prints one line per figure; exits with 1 if any result differs.
 */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vector.h"
#include "bench.h"
#include "faiss_flat.h"
#include "gallery/search/scan.h"
#include "memory.h"
#include "vectors.h"

enum { TOP = 10, BATCH = 64, REPETITIONS = 15, GROUP = 20 };

struct faces {
	size_t count, dimension, group_count;
	float *vectors;
	struct fc_scan_set set;
};

struct search {
	struct faces *faces;
	const struct fc_kernel *kernel;
	const float *vectors; /* of the probes */
	size_t count;
	struct fc_probe probes[BATCH];
	struct bench_faiss *faiss;
	const void *codes; /* as many bytes as the vectors have dimensions */
	uint64_t seen;
};

static void must(enum fc_status status, const struct fc_error *err)
{
	if (status != FC_OK) {
		fprintf(stderr, "bench: %s\n", err->text);
		exit(70);
	}
}

/* The last faces lie in groups of GROUP, so close together that their scores hardly differ. */
static void fill_vectors(struct faces *faces)
{
	static const double distances[] = { 0.0, 1e-7, 1e-5, 1e-4, 1e-3, 1e-2 };
	uint64_t seed = 1;
	size_t dimension = faces->dimension;
	size_t grouped = faces->group_count * GROUP;
	for (size_t i = 0; i < faces->count; i++) {
		float *vector = faces->vectors + i * dimension;
		size_t from_end = faces->count - i - 1;
		if (from_end >= grouped || from_end % GROUP == GROUP - 1) {
			vectors_fill(vector, dimension, &seed);
		} else {
			size_t group = from_end / GROUP;
			size_t leader = faces->count - (group + 1) * GROUP;
			vectors_near(vector, faces->vectors + leader * dimension,
				     distances[group % 6], dimension, &seed);
		}
	}
}

static void faces_init(struct faces *faces)
{
	size_t count = faces->count;
	size_t padded = fc_padded_dimension(faces->dimension);
	uint64_t *ids = bench_memory(count * sizeof(*ids));
	faces->vectors = bench_memory(count * faces->dimension * sizeof(float));
	const struct fc_packing packing = {
		.count = count,
		.padded = padded,
		.high = bench_memory(fc_packed_plane_bytes(count, padded)),
		.low = bench_memory(fc_packed_plane_bytes(count, padded)),
		.scales = bench_memory(fc_packed_lane_count(count) * sizeof(float)),
		.errors = bench_memory(fc_packed_lane_count(count) * sizeof(uint16_t)),
		.bounds = bench_memory(fc_packed_run_count(count) * sizeof(struct fc_run_bound)),
	};
	faces->set = (struct fc_scan_set){ .packed = fc_packing_view(&packing), .ids = ids };
	for (uint64_t i = 0; i < count; i++) {
		ids[i] = i;
	}
	fill_vectors(faces);
	fc_packing_clear(&packing);
	for (size_t i = 0; i < count; i++) {
		fc_packing_put(&packing, i, faces->vectors + i * faces->dimension,
			       faces->dimension);
	}
}

static enum fc_status fetch(void *context, uint64_t id, struct fc_scan_mean *out,
			    struct fc_error *err)
{
	const struct faces *faces = context;
	(void)err;
	*out = (struct fc_scan_mean){ .vector = faces->vectors + id * faces->dimension };
	return FC_OK;
}

/* Find the best for all probes of a search; their results stay until the next one. */
static void run_search(void *context)
{
	struct search *search = context;
	struct fc_error err = { 0 };
	size_t dimension = search->faces->dimension;
	const struct fc_scan_source source = { .fetch = fetch, .context = search->faces };
	for (size_t p = 0; p < search->count; p++) {
		fc_probe_release(&search->probes[p]);
		must(fc_probe_init(&search->probes[p], search->vectors + p * dimension, dimension,
				   TOP, &err),
		     &err);
	}
	must(fc_scan(search->kernel, &search->faces->set, search->probes, search->count, &source,
		     &err),
	     &err);
	for (size_t p = 0; p < search->count; p++) {
		fc_top_sort(&search->probes[p].top);
	}
}

static void run_read(void *context)
{
	struct search *search = context;
	const struct fc_packed *packed = &search->faces->set.packed;
	search->seen ^= bench_read(search->codes, packed->count * packed->padded);
}

static void run_faiss(void *context)
{
	struct search *search = context;
	float scores[TOP];
	int64_t labels[TOP];
	bench_faiss_search(search->faiss, search->vectors, TOP, scores, labels);
	search->seen ^= (uint64_t)labels[0];
}

/* The result of a full scan in floats. */
static void full_scan(const struct faces *faces, const float *vector, struct fc_top *out)
{
	struct fc_probe probe;
	struct fc_error err = { 0 };
	must(fc_probe_init(&probe, vector, faces->dimension, TOP, &err), &err);
	for (size_t i = 0; i < faces->count; i++) {
		const struct fc_scan_mean mean = { .vector =
							   faces->vectors + i * faces->dimension };
		fc_probe_offer(&probe, faces->set.ids[i], &mean);
	}
	fc_top_sort(&probe.top);
	*out = probe.top;
}

static size_t count_differences(const struct search *search)
{
	size_t different = 0;
	for (size_t p = 0; p < search->count; p++) {
		struct fc_top expected;
		const struct fc_top *actual = &search->probes[p].top;
		full_scan(search->faces, search->vectors + p * search->faces->dimension, &expected);
		bool same = actual->count == expected.count;
		for (size_t i = 0; same && i < expected.count; i++) {
			same = actual->hits[i].mean == expected.hits[i].mean &&
			       actual->hits[i].score == expected.hits[i].score;
		}
		different += !same;
		fc_top_release(&expected);
	}
	return different;
}

/* Compare `wanted` probes with the full scan: random ones, or ones close to a group of near ties. */
static size_t check(struct search *search, size_t wanted, bool near_ties, float *vectors)
{
	const struct faces *faces = search->faces;
	size_t dimension = faces->dimension;
	size_t different = 0;
	uint64_t seed = near_ties ? 3 : 4;
	uint64_t scored = 0, refined = 0;
	for (size_t done = 0; done < wanted; done += search->count) {
		search->count = wanted - done < BATCH ? wanted - done : BATCH;
		for (size_t p = 0; p < search->count; p++) {
			float *vector = vectors + p * dimension;
			vectors_fill(vector, dimension, &seed);
			if (near_ties && faces->group_count > 0) {
				size_t group = (done + p) % faces->group_count;
				size_t leader = faces->count - (group + 1) * GROUP;
				vectors_near(vector, faces->vectors + leader * dimension, 0.5,
					     dimension, &seed);
			}
		}
		run_search(search);
		different += count_differences(search);
		for (size_t p = 0; p < search->count; p++) {
			scored += search->probes[p].scored;
			refined += search->probes[p].refined;
		}
	}
	double each = wanted > 0 ? 1.0 / (double)wanted : 0.0;
	printf("%zu %s probes against a full scan in floats: %zu differ (kept by the high halves "
	       "%.0f each, scored in floats %.0f)\n",
	       wanted, near_ties ? "near-tie" : "random", different, (double)refined * each,
	       (double)scored * each);
	return different;
}

static void measure(struct search *search)
{
	const struct faces *faces = search->faces;
	printf("%zu faces of %zu dimensions, one thread, kernel %s, top %d, best of %d\n",
	       faces->count, faces->dimension, search->kernel->name, TOP, REPETITIONS);
	search->count = 1;
	double read = bench_best(run_read, search, REPETITIONS);
	double one = bench_best(run_search, search, REPETITIONS);
	search->count = BATCH;
	double batch = bench_best(run_search, search, REPETITIONS / 3);
	printf("reading the codes once          %8.2f ms\n", read * 1e3);
	printf("one probe                       %8.2f ms  %.2f x the reading\n", one * 1e3,
	       one / read);
	printf("%d probes at once               %8.2f ms  %.1f x the probes per second of one\n",
	       BATCH, batch * 1e3, one * BATCH / batch);
	for (size_t k = 1; fc_kernel_at(k); k++) {
		struct search other = { .faces = search->faces,
					.kernel = fc_kernel_at(k),
					.vectors = search->vectors,
					.count = 1 };
		double taken = bench_best(run_search, &other, 3);
		printf("one probe, kernel %-12s  %8.2f ms  %.2f x the reading\n",
		       other.kernel->name, taken * 1e3, taken / read);
		fc_probe_release(&other.probes[0]);
	}
	search->faiss = bench_faiss_new(faces->vectors, faces->count, faces->dimension);
	if (search->faiss) {
		double faiss = bench_best(run_faiss, search, REPETITIONS / 3);
		printf("FAISS IndexFlatIP, one probe    %8.2f ms  %.1f x one probe here\n",
		       faiss * 1e3, faiss / one);
		bench_faiss_free(search->faiss);
	} else {
		printf("FAISS IndexFlatIP               skipped: built without libfaiss-dev\n");
	}
}

static size_t argument(int argc, char **argv, int place, size_t otherwise)
{
	return argc > place ? (size_t)strtoull(argv[place], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
	struct faces faces = {
		.count = argument(argc, argv, 1, 1000000),
		.dimension = argument(argc, argv, 2, 128),
	};
	size_t checked = argument(argc, argv, 3, 1000);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (faces.count == 0 || faces.dimension == 0 || faces.dimension > FC_PADDED_MAXIMUM) {
		fprintf(stderr, "usage: bench-search [FACES [DIMENSION [CHECKED]]]\n");
		return 2;
	}
	faces.group_count = faces.count / GROUP / 4 < 1000 ? faces.count / GROUP / 4 : 1000;
	faces_init(&faces);
	uint64_t seed = 2;
	float *vectors = bench_memory(BATCH * faces.dimension * sizeof(float));
	for (size_t p = 0; p < BATCH; p++) {
		vectors_fill(vectors + p * faces.dimension, faces.dimension, &seed);
	}
	static struct search search;
	search.faces = &faces;
	search.kernel = fc_kernel_at(0);
	search.vectors = vectors;
	search.codes = faces.vectors;
	measure(&search);
	size_t different = check(&search, checked, false, vectors);
	different += check(&search, checked, true, vectors);
	return different > 0;
}
