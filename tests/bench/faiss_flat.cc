/* FAISS IndexFlatIP for comparison. */
/* SPDX-License-Identifier: MIT */
#include "faiss_flat.h"

#include <faiss/IndexFlat.h>
#include <omp.h>

struct bench_faiss {
	faiss::IndexFlatIP index;

	explicit bench_faiss(size_t dimension) : index(static_cast<faiss::Index::idx_t>(dimension))
	{
	}
};

bench_faiss *bench_faiss_new(const float *vectors, size_t count, size_t dimension)
{
	omp_set_num_threads(1);
	auto *made = new bench_faiss(dimension);
	made->index.add(static_cast<faiss::Index::idx_t>(count), vectors);
	return made;
}

void bench_faiss_search(bench_faiss *index, const float *probe, size_t top, float *scores,
			int64_t *labels)
{
	index->index.search(1, probe, static_cast<faiss::Index::idx_t>(top), scores, labels);
}

void bench_faiss_free(bench_faiss *index)
{
	delete index;
}
