/*
 * The exact search of packed codes, in three steps: the high halves of all codes rule out most vectors, the low halves most of the others, and
 * every vector that can still belong to the result is scored in floats. So persons, order and scores are those of a full scan with fc_dot.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_SEARCH_SCAN_H
#define FC_GALLERY_SEARCH_SCAN_H

#include <pthread.h>
#include <stdatomic.h>

#include "gallery/search/kernel.h"
#include "gallery/search/packed.h"
#include "gallery/search/quantise.h"
#include "gallery/search/top.h"

/* A mean as read from its record. */
struct fc_scan_mean {
	struct fc_uuid pid;
	const float *vector;
	uint32_t templates;
};

/* One probe of a search and its best hits so far. */
struct fc_probe {
	const float *vector; /* borrowed */
	size_t dimension;
	int8_t codes[FC_PADDED_MAXIMUM];
	int32_t sum; /* of the codes */
	struct fc_probe_bound bound;
	float high_factor;
	struct fc_top top;
	/* the threshold of top; scans that share the probe read it without the lock */
	_Atomic(float) threshold;
	_Atomic(uint64_t) refined; /* number of vectors whose low halves were read */
	uint64_t scored;           /* number of vectors that were scored in floats */
};

/* vector: finite, at most FC_PADDED_MAXIMUM floats. top: the maximum number of persons to find. Errors: FC_NO_MEMORY. */
enum fc_status fc_probe_init(struct fc_probe *probe, const float *vector, size_t dimension,
			     size_t top, struct fc_error *err);
void fc_probe_release(struct fc_probe *probe);

/* Score one person's mean in floats and keep it if it belongs among the best. */
void fc_probe_offer(struct fc_probe *probe, uint64_t id, const struct fc_scan_mean *mean);

/*
 * Read a mean. *out is valid until the next call. The same mean may be read once per probe.
 * FC_NOT_FOUND: the mean was replaced or removed, and is skipped; any other error ends the scan.
 */
typedef enum fc_status fc_scan_fetch(void *context, uint64_t id, struct fc_scan_mean *out,
				     struct fc_error *err);

/* Checksums of a run: of its high plane, scales and errors, and of its ids. */
struct fc_run_check {
	uint32_t codes, ids;
};

/* Packed codes of means, and their ids. */
struct fc_scan_set {
	struct fc_packed packed;
	const uint64_t *ids; /* packed.count */
	/* What a scan compares what it reads with; NULL: nothing. The checksum of each vector's low half; the checksums of each run. */
	const uint16_t *low_checks;
	const struct fc_run_check *checks;
	uint64_t first, last; /* ids of the first and last mean */
};

/* The checksums of a set. */
uint16_t fc_scan_low_check(const struct fc_packed *packed, size_t index);
struct fc_run_check fc_scan_run_check(const struct fc_kernel *kernel, const struct fc_scan_set *set,
				      size_t run);

/* Whether all checksums of a set that has them are those of its codes and ids. */
bool fc_scan_set_is_sound(const struct fc_scan_set *set);

/* How a scan reads means. */
struct fc_scan_source {
	fc_scan_fetch *fetch;
	/* Return the error that a set is damaged. Not needed for sets without checksums. */
	enum fc_status (*damaged)(void *context, const struct fc_scan_set *set,
				  struct fc_error *err);
	void *context;
	/* Held while a mean is read and offered, so that several scans can share probes. NULL: the probes are not shared. */
	pthread_mutex_t *lock;
};

/*
 * Scan a set for all probes (of the set's dimension), reading its codes once from memory. The hits are added to those of earlier scans.
 * Errors: FC_NO_MEMORY, those of fetch except FC_NOT_FOUND, that of damaged if something that was read has another checksum.
 */
enum fc_status fc_scan(const struct fc_kernel *kernel, const struct fc_scan_set *set,
		       struct fc_probe *probes, size_t probe_count,
		       const struct fc_scan_source *source, struct fc_error *err);

#endif
