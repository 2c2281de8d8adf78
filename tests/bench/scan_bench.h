/* Packed vectors in memory and searches of them, for the benchmarks of search. */
/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_SCAN_BENCH_H
#define TESTS_BENCH_SCAN_BENCH_H

#include "gallery/search/scan.h"

enum { BENCH_TOP = 10, BENCH_PROBES = 512 };

struct bench_faces {
	size_t count, dimension;
	float *vectors;
	struct fc_scan_set set;
};

struct bench_search {
	struct bench_faces *faces;
	const struct fc_kernel *kernel;
	const float *vectors; /* of the probes */
	size_t count;         /* at most BENCH_PROBES */
	struct fc_probe probes[BENCH_PROBES];
};

/* Exit with a message unless the status is FC_OK. */
void bench_must(enum fc_status status, const struct fc_error *err);

/* Allocate the vectors, which the caller fills, and pack them. */
void bench_faces_init(struct bench_faces *faces, size_t count, size_t dimension);
void bench_faces_pack(struct bench_faces *faces);
void bench_faces_release(struct bench_faces *faces);

/* Find the best for all probes; their results stay until the next search. context: struct bench_search. */
void bench_search_run(void *context);
void bench_search_release(struct bench_search *search);

/* Compare the results with full scans in floats. Returns the number of probes with another result. */
size_t bench_search_differences(const struct bench_search *search);

/* The average number of vectors for each probe whose low halves were read, and that were scored in floats. */
double bench_search_refined(const struct bench_search *search);
double bench_search_scored(const struct bench_search *search);

#endif
