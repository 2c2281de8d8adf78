/*
 * Search. Scans the packed codes of a space's segments, and reads the means of the tail, which are in no segment yet, from their records.
 * The result is exactly that of a full scan in floats.
 */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/search.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/vector.h"
#include "gallery/rows/record_check.h"
#include "gallery/search/scan_threads.h"
#include "gallery/search/segments.h"
#include "gallery/store/engine.h"

static const char needs_reindex[] = "search needs 'facectl gallery reindex'";

struct search {
	struct fc_gallery_txn *txn;
	uint32_t space;
	uint32_t dimension;
	struct fc_probe *probes;
	size_t probe_count;
	struct fc_scan_set *sets;
	size_t set_count, set_capacity;
	uint64_t mean_count; /* number of means in the segments and in the tail */
	struct fc_mean mean; /* the last one that was read */
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
	struct fc_scan_set *set = &search->sets[search->set_count];
	FC_TRY(fc_segments_view(search->txn, search->space, segment, set, err));
	if (fc_store_is_verified(search->txn, set->first, set->last)) {
		set->checks = NULL;
		set->low_checks = NULL;
	}
	search->set_count++;
	search->mean_count += segment->count - segment->deleted;
	return FC_OK;
}

/* ---- means ---- */

static enum fc_status check_dimension(const struct search *search, const struct fc_mean *mean,
				      struct fc_error *err)
{
	if (mean->dimension != search->dimension) {
		struct fc_key key = fc_key_in_space(search->space, mean->id);
		return fc_store_contradiction(search->txn, FC_DB_MEAN, &key,
					      "it has another dimension", err);
	}
	return FC_OK;
}

static enum fc_status look_up(void *context, uint64_t id, struct fc_scan_mean *out,
			      struct fc_error *err)
{
	struct search *search = context;
	struct fc_mean *mean = &search->mean;
	FC_TRY(fc_mean_get(search->txn, search->space, id, mean, err));
	FC_TRY(check_dimension(search, mean, err));
	*out = (struct fc_scan_mean){ mean->pid, mean->vector, mean->count };
	return FC_OK;
}

static enum fc_status scan_tail(struct search *search, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	FC_TRY(fc_segments_walk_tail(search->txn, search->space, &cursor, err));
	for (;;) {
		struct fc_mean *mean = &search->mean;
		enum fc_status status = fc_mean_next(&cursor, mean, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		FC_TRY(status);
		FC_TRY(check_dimension(search, mean, err));
		search->mean_count++;
		const struct fc_scan_mean scanned = { mean->pid, mean->vector, mean->count };
		for (size_t i = 0; i < search->probe_count; i++) {
			fc_probe_offer(&search->probes[i], mean->id, &scanned);
		}
	}
}

/* ---- search ---- */

static enum fc_status fail_damaged(void *context, const struct fc_scan_set *set,
				   struct fc_error *err)
{
	const struct search *search = context;
	struct fc_key key = fc_key_in_space(search->space, set->first);
	enum fc_status status = fc_store_contradiction(search->txn, FC_DB_CODES, &key,
						       "its checksums are wrong", err);
	fc_error_prefix(err, needs_reindex);
	return status;
}

/* Damage can hide segments and means. The counter is in another page. */
static enum fc_status check_mean_count(const struct search *search, uint64_t expected,
				       struct fc_error *err)
{
	struct fc_key key = fc_key_space(search->space);
	if (search->mean_count == expected) {
		return FC_OK;
	}
	enum fc_status status = fc_store_contradiction(search->txn, FC_DB_SPACE, &key,
						       "means of persons are missing", err);
	fc_error_prefix(err, needs_reindex);
	return status;
}

static enum fc_status run(struct search *search, uint64_t mean_count, struct fc_error *err)
{
	enum fc_status status = fc_segments_each(search->txn, search->space, add_set, search, err);
	if (status == FC_DAMAGED) {
		fc_error_prefix(err, needs_reindex);
	}
	FC_TRY(status);
	/* The tail first: its hits raise the threshold for the scan of the segments. */
	FC_TRY(scan_tail(search, err));
	FC_TRY(check_mean_count(search, mean_count, err));
	const struct fc_scan_task task = {
		.sets = search->sets,
		.set_count = search->set_count,
		.probes = search->probes,
		.probe_count = search->probe_count,
		.fetch = look_up,
		.damaged = fail_damaged,
		.context = search,
	};
	FC_TRY(fc_scan_threads_run(&task, fc_scan_threads_count(&task), err));
	for (size_t i = 0; i < search->set_count; i++) {
		if (search->sets[i].checks) {
			fc_store_set_verified(search->txn, search->sets[i].first,
					      search->sets[i].last);
		}
	}
	return FC_OK;
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
	if (fc_engine_in(txn)) {
		const struct fc_search_request request = {
			.space = &record,
			.probes = probes,
			.probe_count = probe_count,
			.dimension = dimension,
			.top = top,
		};
		return fc_engine_in(txn)->search(txn, &request, hits, counts, err);
	}
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
	FC_TRY(run(&search, record.mean_count, err));
	for (size_t i = 0; i < probe_count; i++) {
		struct fc_top *found = &search.probes[i].top;
		fc_top_sort(found);
		memcpy(hits + i * top, found->hits, found->count * sizeof(*hits));
		counts[i] = found->count;
	}
	return FC_OK;
}

/* ---- one person ---- */

struct comparison {
	const float *probe;
	uint32_t dimension;
	struct fc_person_similarity best;
};

static bool compare_face(const struct fc_face_record *face, void *context)
{
	struct comparison *comparison = context;
	struct fc_person_similarity *best = &comparison->best;
	if (face->dimension == comparison->dimension) {
		float score = fc_dot(face->embedding, comparison->probe, face->dimension);
		if (best->face == 0 || score > best->face_score) {
			best->face = face->id;
			best->face_score = score;
		}
	}
	return true;
}

/* Read the mean of a person. FC_NOT_FOUND: the person does not exist, or has none. */
static enum fc_status mean_of(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
			      struct fc_mean *out, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	struct fc_key key = fc_key_pid(pid);
	FC_TRY(fc_person_get(txn, pid, &person, err));
	if (person.mean == 0) {
		return fc_fail(err, FC_NOT_FOUND, "no face of the person has a template");
	}
	enum fc_status status = fc_mean_get(txn, person.space, person.mean, out, err);
	return fc_store_followed(txn, FC_DB_PERSON, &key, status, "its mean is missing", err);
}

enum fc_status fc_search_person(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				const float *probe, uint32_t dimension,
				struct fc_person_similarity *out, struct fc_error *err)
{
	struct comparison comparison = { .probe = probe, .dimension = dimension };
	struct fc_mean mean;
	FC_TRY(check_request(txn, probe, 1, dimension, err));
	FC_TRY(mean_of(txn, pid, &mean, err));
	FC_TRY(fc_face_each_of_person(txn, pid, compare_face, &comparison, err));
	if (mean.dimension != dimension || comparison.best.face == 0) {
		struct fc_key key = fc_key_pid(pid);
		return fc_store_contradiction(txn, FC_DB_PERSON, &key,
					      "its mean has another dimension", err);
	}
	comparison.best.score = fc_dot(mean.vector, probe, dimension);
	comparison.best.templates = mean.count;
	*out = comparison.best;
	return FC_OK;
}

enum fc_status fc_search_two_persons(struct fc_gallery_txn *txn, const struct fc_uuid *a,
				     const struct fc_uuid *b, struct fc_two_persons *out,
				     struct fc_error *err)
{
	struct fc_mean first, second;
	FC_TRY(mean_of(txn, a, &first, err));
	FC_TRY(mean_of(txn, b, &second, err));
	if (first.dimension != second.dimension) {
		struct fc_key key = fc_key_pid(b);
		return fc_store_contradiction(txn, FC_DB_PERSON, &key,
					      "its mean has another dimension", err);
	}
	*out = (struct fc_two_persons){
		.similarity = fc_dot(first.vector, second.vector, first.dimension),
		.templates = { first.count, second.count },
	};
	return FC_OK;
}
