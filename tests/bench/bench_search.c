/*
 * The speed of searching packed codes, compared with memory bandwidth, a scan in floats and FAISS; and a check that the results are exact.
 *
 * bench-search [FACES [DIMENSION [CHECKED]]]: 1,000,000 faces of 128 dimensions, and 1,000 random and 1,000 near-tie probes compared with a
 * full scan in floats. One thread, whose own processor time is counted. All measurements alternate, and the least time of each counts. Prints
 * one line per figure; exits with 1 if any result differs.
 */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "faiss_flat.h"
#include "memory.h"
#include "scan_bench.h"
#include "vectors.h"

enum { GROUP = 20, CHECKED_TOGETHER = 64, ROUNDS = 15, ROWS = 40 };

/* A piece of work, and its least time. */
struct row {
	char name[64];
	void (*work)(void *context);
	void *context;
	size_t probes; /* 0: does not search */
	int rounds;
	double seconds;
};

struct table {
	struct row rows[ROWS];
	size_t count;
};

/* The last faces lie in groups of GROUP, so close together that their scores hardly differ. */
static void fill_vectors(struct bench_faces *faces, size_t group_count)
{
	static const double distances[] = { 0.0, 1e-7, 1e-5, 1e-4, 1e-3, 1e-2 };
	uint64_t seed = 1;
	size_t dimension = faces->dimension;
	for (size_t i = 0; i < faces->count; i++) {
		float *vector = faces->vectors + i * dimension;
		size_t from_end = faces->count - i - 1;
		if (from_end >= group_count * GROUP || from_end % GROUP == GROUP - 1) {
			vectors_fill(vector, dimension, &seed);
		} else {
			size_t group = from_end / GROUP;
			size_t leader = faces->count - (group + 1) * GROUP;
			vectors_near(vector, faces->vectors + leader * dimension,
				     distances[group % 6], dimension, &seed);
		}
	}
}

/* ---- what is measured ---- */

struct reading {
	const struct bench_read *read;
	const void *memory;
	size_t bytes;
	uint64_t seen;
};

static void run_read(void *context)
{
	struct reading *reading = context;
	reading->seen ^= reading->read->run(reading->memory, reading->bytes);
}

struct float_scan {
	const struct bench_faces *faces;
	const float *probe;
	float seen;
};

static void run_floats(void *context)
{
	struct float_scan *scan = context;
	scan->seen += bench_best_product(scan->faces->vectors, scan->faces->count,
					 scan->faces->dimension, scan->probe);
}

struct faiss_search {
	struct bench_faiss *index;
	const float *probe;
	int64_t seen;
};

static void run_faiss(void *context)
{
	struct faiss_search *search = context;
	float scores[BENCH_TOP];
	int64_t labels[BENCH_TOP];
	bench_faiss_search(search->index, search->probe, BENCH_TOP, scores, labels);
	search->seen ^= labels[0];
}

static struct row *add_row(struct table *table, void (*work)(void *context), void *context,
			   size_t probes, int rounds)
{
	struct row *row = &table->rows[table->count++];
	*row = (struct row){ "", work, context, probes, rounds, 1e9 };
	return row;
}

static void measure_all(struct table *table)
{
	for (int round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < table->count; i++) {
			struct row *row = &table->rows[i];
			if (round < row->rounds) {
				double taken = bench_once(row->work, row->context);
				row->seconds = taken < row->seconds ? taken : row->seconds;
			}
		}
	}
}

static void measure(struct bench_faces *faces, const float *probes)
{
	static const size_t together[] = { 1, 8, 64, 512 };
	enum { TOGETHER = sizeof(together) / sizeof(together[0]) };
	static struct table table;
	struct row *reads = table.rows, *one = NULL;
	size_t bytes = faces->count * faces->dimension;
	for (size_t i = 0; bench_read_at(i); i++) {
		struct reading *reading = bench_memory(sizeof(*reading));
		*reading = (struct reading){ bench_read_at(i), faces->vectors, bytes, 0 };
		struct row *row = add_row(&table, run_read, reading, 0, ROUNDS);
		snprintf(row->name, sizeof(row->name), "reading a byte for each dimension, %s",
			 reading->read->name);
	}
	size_t read_count = table.count;
	for (size_t k = 0; fc_kernel_at(k); k++) {
		bool fast = fc_kernel_at(k + 1) != NULL;
		for (size_t t = 0; t < (fast ? TOGETHER : 1); t++) {
			struct bench_search *search = bench_memory(sizeof(*search));
			*search = (struct bench_search){ .faces = faces,
							 .kernel = fc_kernel_at(k),
							 .vectors = probes,
							 .count = together[t] };
			struct row *row = add_row(&table, bench_search_run, search, together[t],
						  t == 0 && fast  ? ROUNDS
						  : t < 3 && fast ? 5
								  : 2);
			snprintf(row->name, sizeof(row->name), "%zu probe%s, %s", together[t],
				 together[t] == 1 ? "" : "s", search->kernel->name);
		}
	}
	struct float_scan floats = { faces, probes, 0.0F };
	snprintf(add_row(&table, run_floats, &floats, 1, 5)->name, sizeof(table.rows[0].name),
		 "full scan in floats, one probe");
	struct faiss_search faiss = {
		.index = bench_faiss_new(faces->vectors, faces->count, faces->dimension),
		.probe = probes,
	};
	if (faiss.index) {
		snprintf(add_row(&table, run_faiss, &faiss, 1, 5)->name, sizeof(table.rows[0].name),
			 "FAISS IndexFlatIP, one probe");
	}
	printf("%zu faces of %zu dimensions, one thread, top %d, least of up to %d\n", faces->count,
	       faces->dimension, BENCH_TOP, ROUNDS);
	measure_all(&table);
	double read = 1e9;
	for (size_t i = 0; i < read_count; i++) {
		read = reads[i].seconds < read ? reads[i].seconds : read;
	}
	for (size_t i = 0; i < table.count; i++) {
		const struct row *row = &table.rows[i];
		one = row->probes == 1 ? &table.rows[i] : one;
		printf("%-55s %9.2f ms", row->name, row->seconds * 1e3);
		if (row->probes > 1) {
			printf("  1/%.1f of as many single ones\n",
			       one->seconds * (double)row->probes / row->seconds);
		} else {
			printf("  %.2f x the fastest reading\n", row->seconds / read);
		}
	}
	if (faiss.index) {
		bench_faiss_free(faiss.index);
	} else {
		printf("FAISS IndexFlatIP: skipped, built without libfaiss-dev\n");
	}
}

/* Compare `wanted` probes with the full scan: random ones, or ones close to a group of near ties. */
static size_t check(struct bench_search *search, size_t wanted, size_t group_count, float *vectors)
{
	const struct bench_faces *faces = search->faces;
	size_t dimension = faces->dimension;
	size_t different = 0;
	uint64_t seed = group_count > 0 ? 3 : 4;
	double refined = 0.0, scored = 0.0;
	for (size_t done = 0; done < wanted; done += search->count) {
		search->count = wanted - done < CHECKED_TOGETHER ? wanted - done : CHECKED_TOGETHER;
		for (size_t p = 0; p < search->count; p++) {
			float *vector = vectors + p * dimension;
			vectors_fill(vector, dimension, &seed);
			if (group_count > 0) {
				size_t group = (done + p) % group_count;
				size_t leader = faces->count - (group + 1) * GROUP;
				vectors_near(vector, faces->vectors + leader * dimension, 0.5,
					     dimension, &seed);
			}
		}
		bench_search_run(search);
		different += bench_search_differences(search);
		refined += bench_search_refined(search) * (double)search->count;
		scored += bench_search_scored(search) * (double)search->count;
	}
	if (wanted > 0) {
		printf("%zu %s probes against a full scan in floats: %zu differ (each: %.0f kept by the "
		       "high halves, %.0f scored in floats)\n",
		       wanted, group_count > 0 ? "near-tie" : "random", different,
		       refined / (double)wanted, scored / (double)wanted);
	}
	return different;
}

static size_t argument(int argc, char **argv, int place, size_t otherwise)
{
	return argc > place ? (size_t)strtoull(argv[place], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
	size_t count = argument(argc, argv, 1, 1000000);
	size_t dimension = argument(argc, argv, 2, 128);
	size_t checked = argument(argc, argv, 3, 1000);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (count == 0 || dimension == 0 || dimension > FC_PADDED_MAXIMUM) {
		fprintf(stderr, "usage: bench-search [FACES [DIMENSION [CHECKED]]]\n");
		return 2;
	}
	static struct bench_faces faces;
	static struct bench_search search;
	size_t group_count = count / GROUP / 4 < 1000 ? count / GROUP / 4 : 1000;
	bench_faces_init(&faces, count, dimension);
	fill_vectors(&faces, group_count);
	bench_faces_pack(&faces);
	uint64_t seed = 2;
	float *vectors = bench_memory(BENCH_PROBES * dimension * sizeof(float));
	for (size_t p = 0; p < BENCH_PROBES; p++) {
		vectors_fill(vectors + p * dimension, dimension, &seed);
	}
	measure(&faces, vectors);
	search.faces = &faces;
	search.vectors = vectors;
	size_t different = 0;
	for (size_t k = 0; fc_kernel_at(k); k++) {
		search.kernel = fc_kernel_at(k);
		size_t probes = k == 0 ? checked : checked / 10;
		different += check(&search, probes, 0, vectors);
		different += check(&search, probes, group_count, vectors);
	}
	return different > 0;
}
