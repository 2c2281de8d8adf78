/* FAISS IndexFlatIP on one thread, for comparison. */
/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_FAISS_FLAT_H
#define TESTS_BENCH_FAISS_FLAT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct bench_faiss;

/* The vectors are copied. NULL when this was built without FAISS. */
struct bench_faiss *bench_faiss_new(const float *vectors, size_t count, size_t dimension);
void bench_faiss_search(struct bench_faiss *index, const float *probe, size_t top, float *scores,
			int64_t *labels);
void bench_faiss_free(struct bench_faiss *index);

#ifdef __cplusplus
}
#endif

#endif
