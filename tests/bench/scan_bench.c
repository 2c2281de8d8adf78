/* Packed vectors in memory and searches of them. */
/* SPDX-License-Identifier: MIT */
#include "scan_bench.h"

#include <stdio.h>
#include <stdlib.h>

#include "memory.h"

void bench_must(enum fc_status status, const struct fc_error *err)
{
	if (status != FC_OK) {
		fprintf(stderr, "bench: %s\n", err->text);
		exit(70);
	}
}

void bench_faces_init(struct bench_faces *faces, size_t count, size_t dimension)
{
	*faces = (struct bench_faces){ .count = count, .dimension = dimension };
	faces->vectors = bench_memory(count * dimension * sizeof(float));
}

void bench_faces_pack(struct bench_faces *faces)
{
	size_t count = faces->count, lanes = fc_packed_lane_count(count);
	size_t padded = fc_padded_dimension(faces->dimension);
	uint64_t *ids = bench_memory(count * sizeof(*ids));
	const struct fc_packing packing = {
		.count = count,
		.padded = padded,
		.high = bench_memory(fc_packed_plane_bytes(count, padded)),
		.low = bench_memory(fc_packed_plane_bytes(count, padded)),
		.scales = bench_memory(lanes * sizeof(float)),
		.errors = bench_memory(lanes * sizeof(uint16_t)),
		.bounds = bench_memory(fc_packed_run_count(count) * sizeof(struct fc_run_bound)),
	};
	fc_packing_clear(&packing);
	for (size_t i = 0; i < count; i++) {
		ids[i] = i;
		fc_packing_put(&packing, i, faces->vectors + i * faces->dimension,
			       faces->dimension);
	}
	faces->set = (struct fc_scan_set){ .packed = fc_packing_view(&packing), .ids = ids };
}

void bench_faces_release(struct bench_faces *faces)
{
	const struct fc_packed *packed = &faces->set.packed;
	const void *const arrays[] = { faces->vectors, faces->set.ids, packed->high,  packed->low,
				       packed->scales, packed->errors, packed->bounds };
	for (size_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]); i++) {
		free((void *)(uintptr_t)arrays[i]);
	}
}

static enum fc_status fetch(void *context, uint64_t id, struct fc_scan_mean *out,
			    struct fc_error *err)
{
	const struct bench_faces *faces = context;
	(void)err;
	*out = (struct fc_scan_mean){ .vector = faces->vectors + id * faces->dimension };
	return FC_OK;
}

void bench_search_release(struct bench_search *search)
{
	for (size_t p = 0; p < BENCH_PROBES; p++) {
		fc_probe_release(&search->probes[p]);
	}
}

void bench_search_run(void *context)
{
	struct bench_search *search = context;
	struct fc_error err = { 0 };
	size_t dimension = search->faces->dimension;
	const struct fc_scan_source source = { .fetch = fetch, .context = search->faces };
	for (size_t p = 0; p < search->count; p++) {
		fc_probe_release(&search->probes[p]);
		bench_must(fc_probe_init(&search->probes[p], search->vectors + p * dimension,
					 dimension, BENCH_TOP, &err),
			   &err);
	}
	bench_must(fc_scan(search->kernel, &search->faces->set, search->probes, search->count,
			   &source, &err),
		   &err);
	for (size_t p = 0; p < search->count; p++) {
		fc_top_sort(&search->probes[p].top);
	}
}

static void full_scan(const struct bench_faces *faces, const float *vector, struct fc_top *out)
{
	struct fc_probe probe;
	struct fc_error err = { 0 };
	bench_must(fc_probe_init(&probe, vector, faces->dimension, BENCH_TOP, &err), &err);
	for (size_t i = 0; i < faces->count; i++) {
		const struct fc_scan_mean mean = { .vector =
							   faces->vectors + i * faces->dimension };
		fc_probe_offer(&probe, faces->set.ids[i], &mean);
	}
	fc_top_sort(&probe.top);
	*out = probe.top;
}

size_t bench_search_differences(const struct bench_search *search)
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

double bench_search_refined(const struct bench_search *search)
{
	double sum = 0.0;
	for (size_t p = 0; p < search->count; p++) {
		sum += (double)search->probes[p].refined;
	}
	return sum / (double)search->count;
}

double bench_search_scored(const struct bench_search *search)
{
	double sum = 0.0;
	for (size_t p = 0; p < search->count; p++) {
		sum += (double)search->probes[p].scored;
	}
	return sum / (double)search->count;
}
