/* The exact search of packed codes. */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/scan.h"

#include <string.h>

#include "base/vector.h"
#include "gallery/gallery.h"

_Static_assert((int)FC_PADDED_MAXIMUM == (int)FC_DIMENSION_MAXIMUM, "every template can be packed");

/* Candidates are collected and scored in groups of this size, so that the lock is taken rarely. */
enum { CANDIDATES = 128 };

/* A vector that passed the kernel, and its dot product of codes. */
struct candidate {
	struct fc_probe *probe;
	size_t index;
	int32_t dot;
};

struct scan {
	const struct fc_kernel *kernel;
	const struct fc_scan_set *set;
	const struct fc_scan_source *source;
	struct candidate candidates[CANDIDATES];
	size_t candidate_count;
};

enum fc_status fc_probe_init(struct fc_probe *probe, const float *vector, size_t dimension,
			     size_t top, struct fc_error *err)
{
	*probe = (struct fc_probe){ .vector = vector, .dimension = dimension };
	struct fc_quantised quantised = fc_quantise(vector, dimension, probe->codes);
	probe->bound = fc_probe_bound_of(vector, dimension, &quantised);
	for (size_t i = 0; i < dimension; i++) {
		probe->bias += FC_CODE_OFFSET * probe->codes[i];
	}
	FC_TRY(fc_top_init(&probe->top, top, err));
	atomic_init(&probe->threshold, fc_top_threshold(&probe->top));
	return FC_OK;
}

void fc_probe_release(struct fc_probe *probe)
{
	fc_top_release(&probe->top);
}

void fc_probe_offer(struct fc_probe *probe, uint64_t mean, const struct fc_uuid *pid,
		    const float *vector)
{
	struct fc_search_hit hit = {
		.pid = *pid,
		.mean = mean,
		.score = fc_dot(vector, probe->vector, probe->dimension),
	};
	probe->scored++;
	fc_top_offer(&probe->top, &hit);
	atomic_store_explicit(&probe->threshold, fc_top_threshold(&probe->top),
			      memory_order_relaxed);
}

/* Score a candidate exactly, unless the threshold is too high for it by now. */
static enum fc_status score(const struct scan *scan, const struct candidate *candidate,
			    struct fc_error *err)
{
	const struct fc_scan_set *set = scan->set;
	const struct fc_scan_source *source = scan->source;
	struct fc_probe *probe = candidate->probe;
	size_t index = candidate->index;
	const struct fc_run_bound *bound = &set->packed.bounds[index / FC_RUN_VECTORS];
	float threshold = fc_top_threshold(&probe->top);
	struct fc_scan_mean mean;
	if ((float)candidate->dot * set->packed.scales[index] <
	    fc_probe_limit(&probe->bound, threshold, bound->error, bound->length)) {
		return FC_OK;
	}
	enum fc_status status = source->fetch(source->context, set->ids[index], &mean, err);
	if (status == FC_OK) {
		fc_probe_offer(probe, set->ids[index], &mean.pid, mean.vector);
	}
	return status == FC_NOT_FOUND ? FC_OK : status;
}

/* Score the collected candidates. The thresholds may be higher now than when the kernel used them. */
static enum fc_status score_all(struct scan *scan, struct fc_error *err)
{
	pthread_mutex_t *lock = scan->source->lock;
	enum fc_status status = FC_OK;
	if (scan->candidate_count == 0) {
		return FC_OK;
	}
	if (lock) {
		pthread_mutex_lock(lock);
	}
	for (size_t i = 0; status == FC_OK && i < scan->candidate_count; i++) {
		status = score(scan, &scan->candidates[i], err);
	}
	if (lock) {
		pthread_mutex_unlock(lock);
	}
	scan->candidate_count = 0;
	return status;
}

/* Add the vectors of a run that passed the kernel. */
static enum fc_status collect(struct scan *scan, struct fc_probe *probe, size_t first,
			      size_t blocks, const struct fc_kernel_result *result,
			      struct fc_error *err)
{
	for (size_t b = 0; b < blocks; b++) {
		for (unsigned passed = result->passed[b]; passed != 0; passed &= passed - 1) {
			size_t place = b * FC_BLOCK_VECTORS + (size_t)__builtin_ctz(passed);
			if (scan->candidate_count == CANDIDATES) {
				FC_TRY(score_all(scan, err));
			}
			scan->candidates[scan->candidate_count++] =
				(struct candidate){ probe, first + place, result->dots[place] };
		}
	}
	return FC_OK;
}

/* Compare up to FC_KERNEL_PROBES probes with one run. */
static enum fc_status scan_run(struct scan *scan, size_t run, struct fc_probe *probes,
			       size_t probe_count, struct fc_error *err)
{
	const struct fc_packed *packed = &scan->set->packed;
	const struct fc_run_bound *bound = &packed->bounds[run];
	size_t blocks_before = run * FC_RUN_BLOCKS;
	size_t blocks_left = fc_packed_block_count(packed->count) - blocks_before;
	size_t first = blocks_before * FC_BLOCK_VECTORS;
	struct fc_run codes = {
		.codes = packed->codes + first * packed->padded,
		.scales = packed->scales + first,
		.blocks = blocks_left < FC_RUN_BLOCKS ? blocks_left : FC_RUN_BLOCKS,
		.padded = packed->padded,
	};
	struct fc_kernel_probe queries[FC_KERNEL_PROBES];
	struct fc_kernel_result results[FC_KERNEL_PROBES];
	for (size_t p = 0; p < probe_count; p++) {
		/* Another thread may be raising the threshold. An earlier value is lower, so no hit is lost. */
		float threshold = atomic_load_explicit(&probes[p].threshold, memory_order_relaxed);
		queries[p] = (struct fc_kernel_probe){
			.codes = probes[p].codes,
			.bias = probes[p].bias,
			.limit = fc_probe_limit(&probes[p].bound, threshold, bound->error,
						bound->length),
		};
	}
	scan->kernel->scan(&codes, queries, probe_count, results);
	for (size_t p = 0; p < probe_count; p++) {
		FC_TRY(collect(scan, &probes[p], first, codes.blocks, &results[p], err));
	}
	return FC_OK;
}

enum fc_status fc_scan(const struct fc_kernel *kernel, const struct fc_scan_set *set,
		       struct fc_probe *probes, size_t probe_count,
		       const struct fc_scan_source *source, struct fc_error *err)
{
	struct scan scan;
	scan.kernel = kernel;
	scan.set = set;
	scan.source = source;
	scan.candidate_count = 0;
	size_t runs = fc_packed_run_count(set->packed.count);
	for (size_t run = 0; run < runs; run++) {
		for (size_t p = 0; p < probe_count; p += FC_KERNEL_PROBES) {
			size_t left = probe_count - p;
			size_t count = left < FC_KERNEL_PROBES ? left : FC_KERNEL_PROBES;
			FC_TRY(scan_run(&scan, run, probes + p, count, err));
		}
	}
	return score_all(&scan, err);
}
