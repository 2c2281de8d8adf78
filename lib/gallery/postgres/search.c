/* Search: compares probes with the means of a space, which are read from the server. The result is that of a full scan in floats. */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/search.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gallery/postgres/means.h"
#include "gallery/search/scan.h"

struct search {
	struct fc_probe *probes;
	size_t count;
	uint64_t means;
};

static void search_release(struct search *search)
{
	for (size_t i = 0; i < search->count; i++) {
		fc_probe_release(&search->probes[i]);
	}
	free(search->probes);
}

static enum fc_status offer(void *context, const struct fc_mean *mean, struct fc_error *err)
{
	struct search *search = context;
	const struct fc_scan_mean scanned = { mean->pid, mean->vector, mean->count };
	(void)err;
	search->means++;
	for (size_t i = 0; i < search->count; i++) {
		fc_probe_offer(&search->probes[i], mean->id, &scanned);
	}
	return FC_OK;
}

enum fc_status fc_pg_search(struct fc_gallery_txn *base, const struct fc_search_request *request,
			    struct fc_search_hit *hits, size_t *counts, struct fc_error *err)
{
	struct fc_pg_txn *txn = fc_pg_txn_of(base);
	FC_CLEANUP(search_release) struct search search = { 0 };
	const struct fc_space *space = request->space;
	size_t room =
		request->top < space->person_count ? request->top : (size_t)space->person_count;
	search.probes = calloc(request->probe_count, sizeof(*search.probes));
	if (!search.probes) {
		return fc_fail_memory(err);
	}
	for (; search.count < request->probe_count; search.count++) {
		FC_TRY(fc_probe_init(&search.probes[search.count],
				     request->probes + search.count * request->dimension,
				     request->dimension, room, err));
	}
	FC_TRY(fc_pg_means_each(txn, space->id, request->dimension, 0, offer, &search, err));
	if (search.means != space->mean_count) {
		return fc_fail(
			err, FC_DAMAGED,
			"gallery '%s' is damaged: space '%s' counts %llu means, but has %llu",
			txn->connection.name, space->name, (unsigned long long)space->mean_count,
			(unsigned long long)search.means);
	}
	for (size_t i = 0; i < request->probe_count; i++) {
		struct fc_top *found = &search.probes[i].top;
		fc_top_sort(found);
		memcpy(hits + i * request->top, found->hits, found->count * sizeof(*hits));
		counts[i] = found->count;
	}
	return FC_OK;
}
