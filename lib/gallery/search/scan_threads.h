/* A scan of many segments by as many threads as that is worth. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_CREW_H
#define FC_GALLERY_CREW_H

#include "gallery/search/scan.h"

struct fc_crew_task {
	const struct fc_scan_set *sets;
	size_t set_count;
	struct fc_probe *probes; /* results are added to what they have found before */
	size_t probe_count;
	fc_scan_fetch *fetch; /* never called by two threads at once */
	void *context;
};

/*
 * How many threads a task is worth: one per 16 MiB of codes (or of codes times probes, where they are the larger work), within
 * the processors that this process may use.
 */
unsigned fc_crew_size(const struct fc_crew_task *task);

/*
 * Scan all sets for all probes with up to `threads` threads, this one among them. The result does not depend on their number.
 * Errors: those of fetch but FC_NOT_FOUND.
 */
FC_MUST_USE enum fc_status fc_crew_scan(const struct fc_crew_task *task, unsigned threads,
					struct fc_error *err);

#endif
