/* The exact search of packed codes. */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/vector.h"
#include "gallery/gallery.h"

_Static_assert((int)FC_PADDED_MAXIMUM == (int)FC_DIMENSION_MAXIMUM, "every template can be packed");

/* Hits of the high halves are collected, so that their low halves are in the cache when they are read, and the lock is taken rarely. */
enum { HITS_TOGETHER = 128, CACHE_LINE = 64 };

struct scan {
	const struct fc_kernel *kernel;
	const struct fc_scan_set *set;
	const struct fc_scan_source *source;
	struct fc_probe *probes;
	struct fc_kernel_probe *queries; /* one for each probe */
	struct fc_kernel_hit *hits;
	size_t hit_count;
	size_t sound_ids; /* one more than the last run whose ids were compared with their checksum */
};

enum fc_status fc_probe_init(struct fc_probe *probe, const float *vector, size_t dimension,
			     size_t top, struct fc_error *err)
{
	*probe = (struct fc_probe){ .vector = vector, .dimension = dimension };
	struct fc_quantised quantised = fc_quantise(vector, dimension, probe->codes);
	probe->bound = fc_probe_bound_of(vector, dimension, &quantised);
	probe->high_factor = fc_probe_high_factor(&probe->bound);
	for (size_t i = 0; i < dimension; i++) {
		probe->sum += probe->codes[i];
	}
	FC_TRY(fc_top_init(&probe->top, top, err));
	atomic_init(&probe->threshold, fc_top_threshold(&probe->top));
	return FC_OK;
}

void fc_probe_release(struct fc_probe *probe)
{
	fc_top_release(&probe->top);
}

void fc_probe_offer(struct fc_probe *probe, uint64_t id, const struct fc_scan_mean *mean)
{
	struct fc_search_hit hit = {
		.pid = mean->pid,
		.mean = id,
		.score = fc_dot(mean->vector, probe->vector, probe->dimension),
		.templates = mean->templates,
	};
	probe->scored++;
	fc_top_offer(&probe->top, &hit);
	atomic_store_explicit(&probe->threshold, fc_top_threshold(&probe->top),
			      memory_order_relaxed);
}

static struct fc_run run_of(const struct fc_packed *packed, size_t number)
{
	size_t first = number * FC_RUN_VECTORS;
	size_t blocks_left = fc_packed_block_count(packed->count) - number * FC_RUN_BLOCKS;
	return (struct fc_run){
		.high = packed->high + first * packed->padded / 2,
		.scales = packed->scales + first,
		.errors = packed->errors + first,
		.blocks = blocks_left < FC_RUN_BLOCKS ? blocks_left : FC_RUN_BLOCKS,
		.padded = packed->padded,
		.first = (uint32_t)first,
	};
}

/* ---- checksums ---- */

uint16_t fc_scan_low_check(const struct fc_packed *packed, size_t index)
{
	const uint8_t *low = packed->low + index * packed->padded / 2;
	uint64_t sum = packed->padded, word;
	for (size_t i = 0; i < packed->padded / 2; i += sizeof(word)) {
		memcpy(&word, low + i, sizeof(word));
		sum = (sum ^ word) * 0x9E3779B97F4A7C15u;
		sum ^= sum >> 29;
	}
	return (uint16_t)(sum >> 48);
}

static uint32_t sum_of_codes(const struct fc_kernel *kernel, const struct fc_packed *packed,
			     const struct fc_run *run)
{
	size_t lanes = run->blocks * FC_BLOCK_VECTORS;
	return kernel->sum(run->high, lanes * packed->padded / 2) ^
	       kernel->sum(run->scales, lanes * sizeof(*run->scales)) * 3 ^
	       kernel->sum(run->errors, lanes * sizeof(*run->errors)) * 5;
}

static uint32_t sum_of_ids(const struct fc_kernel *kernel, const struct fc_scan_set *set,
			   size_t run)
{
	size_t first = run * FC_RUN_VECTORS;
	size_t left = set->packed.count - first;
	return kernel->sum(set->ids + first,
			   (left < FC_RUN_VECTORS ? left : FC_RUN_VECTORS) * sizeof(*set->ids));
}

struct fc_run_check fc_scan_run_check(const struct fc_kernel *kernel, const struct fc_scan_set *set,
				      size_t run)
{
	const struct fc_run codes = run_of(&set->packed, run);
	return (struct fc_run_check){ sum_of_codes(kernel, &set->packed, &codes),
				      sum_of_ids(kernel, set, run) };
}

bool fc_scan_set_is_sound(const struct fc_scan_set *set)
{
	for (size_t i = 0; i < set->packed.count; i++) {
		if (fc_scan_low_check(&set->packed, i) != set->low_checks[i]) {
			return false;
		}
	}
	for (size_t run = 0; run < fc_packed_run_count(set->packed.count); run++) {
		const struct fc_run_check check = fc_scan_run_check(fc_kernel_at(0), set, run);
		if (memcmp(&check, &set->checks[run], sizeof(check)) != 0) {
			return false;
		}
	}
	return true;
}

/* Compare the low halves of the hits with their checksums. */
static bool hits_are_sound(const struct scan *scan)
{
	const struct fc_scan_set *set = scan->set;
	for (size_t i = 0; set->low_checks && i < scan->hit_count; i++) {
		uint32_t vector = scan->hits[i].vector;
		if (fc_scan_low_check(&set->packed, vector) != set->low_checks[vector]) {
			return false;
		}
	}
	return true;
}

static enum fc_status fail_damaged(const struct scan *scan, struct fc_error *err)
{
	return scan->source->damaged(scan->source->context, scan->set, err);
}

/* ---- hits ---- */

/* The lowest product with which a vector of this run can belong to the result of a probe. */
static float limit_of(const struct scan *scan, const struct fc_probe *probe, size_t run)
{
	const struct fc_run_bound *bound = &scan->set->packed.bounds[run];
	/* Another thread may be raising the threshold. An earlier value is lower, so no hit is lost. */
	float threshold = atomic_load_explicit(&probe->threshold, memory_order_relaxed);
	return fc_probe_limit(&probe->bound, threshold, bound->error, bound->length);
}

/* Keep only the hits that can belong to the result. */
static void filter(struct scan *scan)
{
	const struct fc_packed *packed = &scan->set->packed;
	size_t kept = 0, run = SIZE_MAX;
	uint32_t probe = 0;
	float limit = 0.0F;
	for (size_t i = 0; i < scan->hit_count; i++) {
		const struct fc_kernel_hit *hit = &scan->hits[i];
		if (hit->vector / FC_RUN_VECTORS != run || hit->probe != probe) {
			run = hit->vector / FC_RUN_VECTORS;
			probe = hit->probe;
			limit = limit_of(scan, &scan->probes[probe], run);
		}
		if ((float)hit->dot * packed->scales[hit->vector] >= limit) {
			scan->hits[kept++] = *hit;
		}
	}
	scan->hit_count = kept;
}

/* Score a hit exactly, unless the threshold is too high for it by now. */
static enum fc_status score(struct scan *scan, const struct fc_kernel_hit *hit,
			    struct fc_error *err)
{
	const struct fc_scan_set *set = scan->set;
	const struct fc_scan_source *source = scan->source;
	struct fc_probe *probe = &scan->probes[hit->probe];
	uint64_t id = set->ids[hit->vector];
	struct fc_scan_mean mean;
	if ((float)hit->dot * set->packed.scales[hit->vector] <
	    limit_of(scan, probe, hit->vector / FC_RUN_VECTORS)) {
		return FC_OK;
	}
	size_t run = hit->vector / FC_RUN_VECTORS;
	if (set->checks && scan->sound_ids != run + 1) {
		if (sum_of_ids(scan->kernel, set, run) != set->checks[run].ids) {
			return fail_damaged(scan, err);
		}
		scan->sound_ids = run + 1;
	}
	enum fc_status status = source->fetch(source->context, id, &mean, err);
	if (status == FC_OK) {
		fc_probe_offer(probe, id, &mean);
	}
	return status == FC_NOT_FOUND ? FC_OK : status;
}

/* Decide about the collected hits. The thresholds may be higher now than when the kernel used them. */
static enum fc_status settle(struct scan *scan, struct fc_error *err)
{
	pthread_mutex_t *lock = scan->source->lock;
	enum fc_status status = FC_OK;
	const struct fc_packed *packed = &scan->set->packed;
	if (!hits_are_sound(scan)) {
		return fail_damaged(scan, err);
	}
	scan->kernel->refine(packed->low, packed->padded, scan->queries, scan->hits,
			     scan->hit_count);
	filter(scan);
	if (lock && scan->hit_count > 0) {
		pthread_mutex_lock(lock);
	}
	for (size_t i = 0; status == FC_OK && i < scan->hit_count; i++) {
		status = score(scan, &scan->hits[i], err);
	}
	if (lock && scan->hit_count > 0) {
		pthread_mutex_unlock(lock);
	}
	scan->hit_count = 0;
	return status;
}

/* ---- runs ---- */

/* Compare up to FC_KERNEL_PROBES probes, from the given one on, with one run. */
static void scan_run(struct scan *scan, size_t number, size_t first_probe, size_t probe_count)
{
	const struct fc_packed *packed = &scan->set->packed;
	const struct fc_run run = run_of(packed, number);
	struct fc_kernel_probe *queries = scan->queries + first_probe;
	struct fc_kernel_hit *hits = scan->hits + scan->hit_count;
	for (size_t p = 0; p < probe_count; p++) {
		const struct fc_probe *probe = &scan->probes[first_probe + p];
		float threshold = atomic_load_explicit(&probe->threshold, memory_order_relaxed);
		queries[p].limit = fc_probe_high_limit(&probe->bound, threshold,
						       packed->bounds[number].high_length);
	}
	size_t found = scan->kernel->scan(&run, queries, probe_count, hits);
	for (size_t i = 0; i < found; i++) {
		const uint8_t *low = packed->low + hits[i].vector * packed->padded / 2;
		queries[hits[i].probe].hits++;
		hits[i].probe += (uint32_t)first_probe;
		for (size_t k = 0; k < packed->padded / 2; k += CACHE_LINE) {
			__builtin_prefetch(low + k);
		}
	}
	scan->hit_count += found;
}

enum fc_status fc_scan(const struct fc_kernel *kernel, const struct fc_scan_set *set,
		       struct fc_probe *probes, size_t probe_count,
		       const struct fc_scan_source *source, struct fc_error *err)
{
	size_t together = probe_count < FC_KERNEL_PROBES ? probe_count : FC_KERNEL_PROBES;
	FC_CLEANUP(fc_free)
	struct fc_kernel_hit *hits =
		malloc((HITS_TOGETHER + together * FC_RUN_VECTORS) * sizeof(*hits));
	FC_CLEANUP(fc_free)
	struct fc_kernel_probe *queries = calloc(probe_count + 1, sizeof(*queries));
	struct scan scan = { kernel, set, source, probes, queries, hits, 0, 0 };
	if (!hits || !queries) {
		return fc_fail_memory(err);
	}
	for (size_t p = 0; p < probe_count; p++) {
		queries[p].codes = probes[p].codes;
		queries[p].sum = probes[p].sum;
		queries[p].factor = probes[p].high_factor;
	}
	for (size_t run = 0; run < fc_packed_run_count(set->packed.count); run++) {
		const struct fc_run codes = run_of(&set->packed, run);
		for (size_t p = 0; p < probe_count; p += together) {
			size_t left = probe_count - p;
			scan_run(&scan, run, p, left < together ? left : together);
			if (p == 0 && set->checks &&
			    sum_of_codes(kernel, &set->packed, &codes) != set->checks[run].codes) {
				return fail_damaged(&scan, err);
			}
			if (scan.hit_count >= HITS_TOGETHER) {
				FC_TRY(settle(&scan, err));
			}
		}
	}
	for (size_t p = 0; p < probe_count; p++) {
		atomic_fetch_add_explicit(&probes[p].refined, queries[p].hits,
					  memory_order_relaxed);
	}
	return settle(&scan, err);
}
