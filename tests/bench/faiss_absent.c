/* Built without FAISS. */
/* SPDX-License-Identifier: MIT */
#include "faiss_flat.h"

struct bench_faiss *bench_faiss_new(const float *vectors, size_t count, size_t dimension)
{
	(void)vectors;
	(void)count;
	(void)dimension;
	return NULL;
}

void bench_faiss_search(struct bench_faiss *index, const float *probe, size_t top, float *scores,
			int64_t *labels)
{
	(void)index;
	(void)probe;
	(void)top;
	(void)scores;
	(void)labels;
}

void bench_faiss_free(struct bench_faiss *index)
{
	(void)index;
}
