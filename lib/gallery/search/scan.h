/*
 * The exact search of packed codes: every vector whose score could reach the result is scored again in floats, so that persons,
 * order and scores are those of a full scan with fc_dot.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_SCAN_H
#define FC_GALLERY_SCAN_H

#include <pthread.h>
#include <stdatomic.h>

#include "gallery/search/kernel.h"
#include "gallery/search/packed.h"
#include "gallery/search/quantise.h"
#include "gallery/search/top.h"

/* One probe of a search and what it has found. */
struct fc_probe {
	const float *vector; /* borrowed */
	size_t dimension;
	int8_t codes[FC_PADDED_MAXIMUM];
	int32_t bias;
	struct fc_probe_bound bound;
	struct fc_top top;
	_Atomic(float)
		threshold; /* of top: what scans that share the probe may read without its lock */
	uint64_t scored;   /* how many candidates were scored in floats */
};

/* vector: finite, at most FC_PADDED_MAXIMUM floats. top: how many persons to find. Errors: FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_probe_init(struct fc_probe *probe, const float *vector,
					 size_t dimension, size_t top, struct fc_error *err);
void fc_probe_release(struct fc_probe *probe);

/* Score one face in floats and keep it if it belongs among the best. */
void fc_probe_offer(struct fc_probe *probe, uint64_t face_id, const struct fc_uuid *pid,
		    const float *vector);

/* A face as it is known outside of the packed codes. */
struct fc_scan_face {
	struct fc_uuid pid;
	const float *vector;
};

/*
 * Look a face up. What *out points to is valid until the next call. The same face may be asked for once per probe.
 * FC_NOT_FOUND: the face is gone, and is passed over; any other error ends the scan.
 */
typedef enum fc_status fc_scan_fetch(void *context, uint64_t face_id, struct fc_scan_face *out,
				     struct fc_error *err);

/* Packed codes with the names of their vectors. The pids only spare looking up faces whose person is known by a better one. */
struct fc_scan_set {
	struct fc_packed packed;
	const uint64_t *face_ids;   /* packed.count */
	const struct fc_uuid *pids; /* packed.count */
};

/* Where a scan looks faces up. */
struct fc_scan_faces {
	fc_scan_fetch *fetch;
	void *context;
	/* Held while a face is looked up and offered, so that several scans can share probes. NULL: nobody else uses them. */
	pthread_mutex_t *lock;
};

/*
 * Scan a set for all probes (of the set's dimension), reading its codes once from memory. It adds to what the probes have found
 * before. Errors: those of fetch but FC_NOT_FOUND.
 */
FC_MUST_USE enum fc_status fc_scan(const struct fc_kernel *kernel, const struct fc_scan_set *set,
				   struct fc_probe *probes, size_t probe_count,
				   const struct fc_scan_faces *faces, struct fc_error *err);

#endif
