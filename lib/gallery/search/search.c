/*
 * Search. Scans the packed codes of a space's segments, and reads the faces of the tail, which are in no segment yet, from their records.
 * The result is exactly that of a full scan in floats.
 */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/search.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gallery/rows/record_check.h"
#include "gallery/search/scan_threads.h"
#include "gallery/search/segments.h"

struct search {
	struct fc_gallery_txn *txn;
	uint32_t space;
	uint32_t dimension;
	struct fc_probe *probes;
	size_t probe_count;
	struct fc_scan_set *sets;
	size_t set_count, set_capacity;
	struct fc_segments_face face; /* the last face that was read */
};

static void search_release(struct search *search)
{
	for (size_t i = 0; i < search->probe_count; i++) {
		fc_probe_release(&search->probes[i]);
	}
	free(search->probes);
	free(search->sets);
}

/* ---- segments ---- */

static enum fc_status add_set(void *context, const struct fc_segment *segment, bool *more,
			      struct fc_error *err)
{
	struct search *search = context;
	(void)more;
	FC_TRY(fc_array_grow(&search->sets, sizeof(*search->sets), search->set_count,
			     &search->set_capacity, err));
	if (segment->dimension != search->dimension) {
		struct fc_key key = fc_key_in_space(search->space, segment->first);
		return fc_store_contradiction(search->txn, FC_DB_SEGMENT, &key,
					      "its codes have another dimension", err);
	}
	FC_TRY(fc_segments_view(search->txn, search->space, segment,
				&search->sets[search->set_count], err));
	search->set_count++;
	return FC_OK;
}

/* ---- faces ---- */

static enum fc_status check_dimension(const struct search *search,
				      const struct fc_segments_face *face, struct fc_error *err)
{
	if (face->dimension != search->dimension) {
		struct fc_key key = fc_key_in_space(search->space, face->id);
		return fc_store_contradiction(search->txn, FC_DB_FACE, &key,
					      "its template has another dimension", err);
	}
	return FC_OK;
}

static enum fc_status look_up(void *context, uint64_t face_id, struct fc_scan_face *out,
			      struct fc_error *err)
{
	struct search *search = context;
	struct fc_segments_face *face = &search->face;
	FC_TRY(fc_segments_find_face(search->txn, search->space, face_id, face, err));
	FC_TRY(check_dimension(search, face, err));
	*out = (struct fc_scan_face){ face->pid, face->vector };
	return FC_OK;
}

static enum fc_status scan_tail(struct search *search, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key prefix = fc_key_space(search->space);
	uint64_t first;
	FC_TRY(fc_segments_tail(search->txn, search->space, &first, err));
	struct fc_key start = fc_key_in_space(search->space, first);
	FC_TRY(fc_store_walk(search->txn, FC_DB_FACE, &prefix, &start, &cursor, err));
	for (;;) {
		struct fc_segments_face face;
		enum fc_status status = fc_segments_next_face(&cursor, &face, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		FC_TRY(status);
		FC_TRY(check_dimension(search, &face, err));
		for (size_t i = 0; i < search->probe_count; i++) {
			fc_probe_offer(&search->probes[i], face.id, &face.pid, face.vector);
		}
	}
}

/* ---- search ---- */

static enum fc_status run(struct search *search, struct fc_error *err)
{
	enum fc_status status = fc_segments_each(search->txn, search->space, add_set, search, err);
	if (status == FC_DAMAGED) {
		fc_error_prefix(err, "search needs 'facectl gallery reindex'");
	}
	FC_TRY(status);
	/* The tail first: its hits raise the threshold for the scan of the segments. */
	FC_TRY(scan_tail(search, err));
	const struct fc_scan_task task = {
		.sets = search->sets,
		.set_count = search->set_count,
		.probes = search->probes,
		.probe_count = search->probe_count,
		.fetch = look_up,
		.context = search,
	};
	return fc_scan_threads_run(&task, fc_scan_threads_count(&task), err);
}

/* FC_NOT_FOUND: the gallery has no face yet. */
static enum fc_status check_request(struct fc_gallery_txn *txn, const float *probes,
				    size_t probe_count, uint32_t dimension, struct fc_error *err)
{
	struct fc_embedder_pin pin;
	FC_TRY(fc_gallery_pin(txn, &pin, err));
	if (dimension != pin.dimension) {
		return fc_fail(err, FC_INCOMPATIBLE,
			       "the gallery's templates have %u dimensions, but the probe has %u",
			       pin.dimension, dimension);
	}
	if (!fc_is_finite(probes, probe_count * dimension)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the values of a probe must be finite numbers");
	}
	return FC_OK;
}

enum fc_status fc_search(struct fc_gallery_txn *txn, uint32_t space, const float *probes,
			 size_t probe_count, uint32_t dimension, size_t top,
			 struct fc_search_hit *hits, size_t *counts, struct fc_error *err)
{
	FC_CLEANUP(search_release)
	struct search search = { .txn = txn, .space = space, .dimension = dimension };
	struct fc_space record;
	memset(counts, 0, probe_count * sizeof(*counts));
	enum fc_status status = check_request(txn, probes, probe_count, dimension, err);
	if (status == FC_OK) {
		status = fc_space_read(txn, space, &record, err);
	}
	if (status == FC_NOT_FOUND || (status == FC_OK && probe_count == 0)) {
		return FC_OK;
	}
	FC_TRY(status);
	size_t room = top < record.person_count ? top : (size_t)record.person_count;
	search.probes = calloc(probe_count, sizeof(*search.probes));
	if (!search.probes) {
		return fc_fail_memory(err);
	}
	for (; search.probe_count < probe_count; search.probe_count++) {
		FC_TRY(fc_probe_init(&search.probes[search.probe_count],
				     probes + search.probe_count * dimension, dimension, room,
				     err));
	}
	FC_TRY(run(&search, err));
	for (size_t i = 0; i < probe_count; i++) {
		struct fc_top *found = &search.probes[i].top;
		fc_top_sort(found);
		memcpy(hits + i * top, found->hits, found->count * sizeof(*hits));
		counts[i] = found->count;
	}
	return FC_OK;
}
