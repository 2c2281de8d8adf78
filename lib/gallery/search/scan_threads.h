/* A scan of many segments with several threads. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_SEARCH_SCAN_THREADS_H
#define FC_GALLERY_SEARCH_SCAN_THREADS_H

#include "gallery/search/scan.h"

struct fc_scan_task {
	const struct fc_scan_set *sets;
	size_t set_count;
	struct fc_probe *probes; /* results are added to those of earlier scans */
	size_t probe_count;
	fc_scan_fetch *fetch; /* never called by two threads at once */
	/* as in fc_scan_source; may be called by several threads at once */
	enum fc_status (*damaged)(void *context, const struct fc_scan_set *set,
				  struct fc_error *err);
	void *context;
};

/*
 * The number of threads to use: one for every 16 MiB of codes (of codes times probes, if that is more work), at most the number of
 * processors that this process may use.
 */
unsigned fc_scan_threads_count(const struct fc_scan_task *task);

/*
 * Scan all sets for all probes with up to `threads` threads, including the calling one. The result does not depend on their number.
 * Errors: those of fc_scan.
 */
enum fc_status fc_scan_threads_run(const struct fc_scan_task *task, unsigned threads,
				   struct fc_error *err);

#endif
