/*
 * Search. The means of a space are copied to this machine (cache.h), so that a search asks the server only for what changed since. A copy that
 * is newer than the state that a transaction reads is not a problem: each mean is compared with what the transaction sees. The result is
 * that of a full scan in floats.
 */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/search.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gallery/postgres/cache.h"
#include "gallery/postgres/means.h"
#include "gallery/search/scan_threads.h"
#include "gallery/search/segment.h"

/* The means that a transaction sees: those up to the id `last` which were not removed up to the number `change`. */
struct view {
	uint64_t last, change;
	/* the newest mean that may be in a copy */
	uint64_t known;
	struct fc_uuid known_pid;
};

struct search {
	struct fc_pg_txn *txn;
	const struct fc_search_request *request;
	struct fc_probe *probes;
	size_t count;
	struct fc_pg_cache *cache; /* NULL: the means come from the server */
	struct view view;
	uint64_t means; /* number that was compared */
	/* removed by this transaction: not in the copy */
	uint64_t *removed;
	size_t removed_count, removed_capacity;
};

static void search_release(struct search *search)
{
	for (size_t i = 0; i < search->count; i++) {
		fc_probe_release(&search->probes[i]);
	}
	free(search->probes);
	free(search->removed);
}

static enum fc_status read_view(struct fc_pg_txn *txn, uint32_t space, uint64_t copied,
				struct view *out, struct fc_error *err)
{
	static const char statement[] =
		"SELECT (SELECT coalesce(max(id), 0) FROM means WHERE space = $1), "
		"(SELECT coalesce(max(change), 0) FROM removed_means WHERE space = $1), "
		"k.id, k.pid FROM (VALUES (0)) AS one LEFT JOIN LATERAL (SELECT id, pid FROM means "
		"WHERE space = $1 AND id <= $2 ORDER BY id DESC LIMIT 1) AS k ON true";
	FC_CLEANUP(fc_pg_params_release) struct fc_pg_params params = { 0 };
	FC_CLEANUP(fc_pg_clear) PGresult *result = NULL;
	fc_pg_add_int8(&params, space);
	fc_pg_add_int8(&params, (int64_t)copied);
	FC_TRY(fc_pg_run(&txn->connection, statement, &params, &result, err));
	*out = (struct view){
		.last = (uint64_t)fc_pg_int(result, 0, 0),
		.change = (uint64_t)fc_pg_int(result, 0, 1),
		.known = (uint64_t)fc_pg_int(result, 0, 2),
		.known_pid = fc_pg_uuid(result, 0, 3),
	};
	return FC_OK;
}

/* ---- refreshing the copy ---- */

typedef enum fc_status removal_visit(void *context, uint64_t mean, uint64_t change,
				     struct fc_error *err);

static enum fc_status removals_each(struct fc_pg_txn *txn, uint32_t space, uint64_t after,
				    removal_visit *visit, void *context, struct fc_error *err)
{
	enum { PAGE = 8192 };
	for (int found = PAGE; found == PAGE;) {
		FC_CLEANUP(fc_pg_params_release) struct fc_pg_params params = { 0 };
		FC_CLEANUP(fc_pg_clear) PGresult *page = NULL;
		fc_pg_add_int8(&params, space);
		fc_pg_add_int8(&params, (int64_t)after);
		FC_TRY(fc_pg_run(&txn->connection,
				 "SELECT mean, change FROM removed_means WHERE space = $1 AND "
				 "change > $2 ORDER BY change LIMIT 8192",
				 &params, &page, err));
		found = PQntuples(page);
		for (int row = 0; row < found; row++) {
			after = (uint64_t)fc_pg_int(page, row, 1);
			FC_TRY(visit(context, (uint64_t)fc_pg_int(page, row, 0), after, err));
		}
	}
	return FC_OK;
}

static enum fc_status copy_mean(void *context, const struct fc_mean *mean, struct fc_error *err)
{
	return fc_pg_cache_add(context, mean, err);
}

/* A mean that was added and removed since the last refresh is not in the copy. */
static enum fc_status copy_removal(void *context, uint64_t mean, uint64_t change,
				   struct fc_error *err)
{
	struct fc_pg_cache *cache = context;
	struct fc_pg_cached found;
	return fc_pg_cache_find(cache, mean, &found) ? fc_pg_cache_remove(cache, mean, change, err)
						     : FC_OK;
}

/* Whether the newest mean of both is the same: not in a database that was replaced by an older state. */
static bool fits(const struct fc_pg_cache *cache, const struct view *view)
{
	struct fc_pg_cached found;
	if (view->known == 0) {
		return true;
	}
	if (!fc_pg_cache_find(cache, view->known, &found)) {
		return false;
	}
	uint64_t change = fc_pg_cache_removed_by(cache, view->known);
	return fc_uuid_equal(&found.mean.pid, &view->known_pid) &&
	       (change == 0 || change > view->change);
}

/* Bring the copy up to what the transaction sees, which is committed. */
static enum fc_status refresh(struct fc_pg_txn *txn, const char *folder, uint32_t space,
			      uint32_t dimension, struct fc_error *err)
{
	struct fc_pg_gallery *gallery = fc_pg_gallery_of(txn->base.gallery);
	FC_CLEANUP(fc_pg_cache_close) struct fc_pg_cache cache = FC_PG_CACHE_CLOSED;
	struct view view;
	FC_TRY(fc_pg_cache_open(folder, &gallery->id, space, dimension, true, &cache, err));
	FC_TRY(fc_pg_cache_map(&cache, err));
	FC_TRY(read_view(txn, space, cache.head.last, &view, err));
	bool mostly_removed = cache.head.removals > FC_SEGMENT_MEANS &&
			      cache.head.removals > cache.head.records / 2;
	if (!fits(&cache, &view) || mostly_removed) {
		FC_TRY(fc_pg_cache_reset(&cache, err));
		/* Means that were removed before are not copied. */
		cache.head.change = view.change;
	}
	/* The removals first: they look for records that are mapped. */
	FC_TRY(removals_each(txn, space, cache.head.change, copy_removal, &cache, err));
	cache.head.change = view.change;
	FC_TRY(fc_pg_means_each(txn, space, dimension, cache.head.last, copy_mean, &cache, err));
	return fc_pg_cache_save(&cache, err);
}

/*
 * Refresh in a state that is committed. A change sees its own means, which may never be, so for a change the copy is refreshed on another
 * connection, and the rest is read besides the copy.
 */
static enum fc_status refresh_committed(struct fc_pg_txn *txn, const char *folder, uint32_t space,
					uint32_t dimension, struct fc_error *err)
{
	struct fc_pg_gallery *gallery = fc_pg_gallery_of(txn->base.gallery);
	struct fc_pg_txn reading = { .base = txn->base };
	if (!txn->writes) {
		return refresh(txn, folder, space, dimension, err);
	}
	FC_TRY(fc_pg_take(gallery, &reading.connection, err));
	enum fc_status status = fc_pg_command(
		&reading.connection, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", err);
	if (status == FC_OK) {
		status = refresh(&reading, folder, space, dimension, err);
	}
	FC_IGNORE(fc_pg_command(&reading.connection, "COMMIT", NULL));
	for (size_t i = 0; i < FC_PG_PAYLOADS; i++) {
		fc_buffer_release(&reading.payloads[i]);
	}
	fc_pg_give(gallery, &reading.connection);
	return status;
}

/* ---- comparing ---- */

static bool is_removed_here(const struct search *search, uint64_t id)
{
	for (size_t i = 0; i < search->removed_count; i++) {
		if (search->removed[i] == id) {
			return true;
		}
	}
	return false;
}

static bool is_visible(const struct search *search, uint64_t id)
{
	uint64_t change = fc_pg_cache_removed_by(search->cache, id);
	return id <= search->view.last && (change == 0 || change > search->view.change) &&
	       !is_removed_here(search, id);
}

static void offer(struct search *search, uint64_t id, const struct fc_scan_mean *mean)
{
	search->means++;
	for (size_t i = 0; i < search->count; i++) {
		fc_probe_offer(&search->probes[i], id, mean);
	}
}

static enum fc_status offer_mean(void *context, const struct fc_mean *mean, struct fc_error *err)
{
	const struct fc_scan_mean scanned = { mean->pid, mean->vector, mean->count };
	(void)err;
	offer(context, mean->id, &scanned);
	return FC_OK;
}

static enum fc_status note_removal(void *context, uint64_t mean, uint64_t change,
				   struct fc_error *err)
{
	struct search *search = context;
	(void)change;
	FC_TRY(fc_array_grow(&search->removed, sizeof(*search->removed), search->removed_count,
			     &search->removed_capacity, err));
	search->removed[search->removed_count++] = mean;
	return FC_OK;
}

static enum fc_status look_up(void *context, uint64_t id, struct fc_scan_mean *out,
			      struct fc_error *err)
{
	const struct search *search = context;
	struct fc_pg_cached found;
	if (!is_visible(search, id)) {
		return FC_NOT_FOUND;
	}
	if (!fc_pg_cache_find(search->cache, id, &found)) {
		return fc_fail(err, FC_DAMAGED, "the copy of templates is damaged");
	}
	*out = found.mean;
	return FC_OK;
}

static enum fc_status fail_damaged(void *context, const struct fc_scan_set *set,
				   struct fc_error *err)
{
	(void)context, (void)set;
	return fc_fail(err, FC_DAMAGED, "the copy of templates is damaged");
}

/* The segments of the copy, after the records that are in none. Counts the means that the transaction sees. */
static enum fc_status scan_copy(struct search *search, struct fc_error *err)
{
	const struct fc_pg_cache *cache = search->cache;
	uint64_t segments = cache->head.records / FC_SEGMENT_MEANS;
	FC_CLEANUP(fc_free) struct fc_scan_set *sets = calloc(segments + 1, sizeof(*sets));
	if (!sets) {
		return fc_fail_memory(err);
	}
	for (uint64_t i = segments * FC_SEGMENT_MEANS; i < cache->head.records; i++) {
		struct fc_pg_cached record = fc_pg_cache_record(cache, i);
		if (!fc_pg_cache_find(cache, record.id, &record)) {
			return fail_damaged(NULL, NULL, err);
		}
		if (is_visible(search, record.id)) {
			offer(search, record.id, &record.mean);
		}
	}
	for (uint64_t i = 0; i < segments; i++) {
		if (!fc_pg_cache_segment(cache, i, &sets[i])) {
			return fail_damaged(NULL, NULL, err);
		}
	}
	/* Of the means in segments, those that the transaction sees. */
	uint64_t packed_last = segments > 0 ? sets[segments - 1].last : 0;
	packed_last = packed_last < search->view.last ? packed_last : search->view.last;
	search->means += fc_pg_cache_count(cache, packed_last);
	for (uint64_t i = 0; i < cache->head.removals; i++) {
		const struct fc_pg_removal *removal = &cache->removals[i];
		search->means -=
			removal->mean <= packed_last && removal->change <= search->view.change;
	}
	for (size_t i = 0; i < search->removed_count; i++) {
		search->means -= search->removed[i] <= packed_last;
	}
	const struct fc_scan_task task = {
		.sets = sets,
		.set_count = segments,
		.probes = search->probes,
		.probe_count = search->count,
		.fetch = look_up,
		.damaged = fail_damaged,
		.context = search,
	};
	return segments == 0 ? FC_OK
			     : fc_scan_threads_run(&task, fc_scan_threads_count(&task), err);
}

/* *used: whether the copy was used. Otherwise nothing was compared, or all of it must be compared again. */
static enum fc_status search_copy(struct search *search, bool *used, struct fc_error *err)
{
	struct fc_pg_txn *txn = search->txn;
	struct fc_pg_gallery *gallery = fc_pg_gallery_of(txn->base.gallery);
	uint32_t space = search->request->space->id, dimension = search->request->dimension;
	FC_CLEANUP(fc_pg_cache_close) struct fc_pg_cache cache = FC_PG_CACHE_CLOSED;
	*used = false;
	FC_TRY(fc_pg_cache_open(gallery->cache_folder, &gallery->id, space, dimension, false,
				&cache, err));
	FC_TRY(read_view(txn, space, cache.head.last, &search->view, err));
	const struct view *view = &search->view;
	bool is_current = cache.head.last >= view->last && cache.head.change >= view->change;
	/* A change does so once: what is missing afterwards may be its own, which is not committed. */
	if (!is_current && !txn->refreshed) {
		txn->refreshed = txn->writes;
		fc_pg_cache_close(&cache);
		FC_TRY(refresh_committed(txn, gallery->cache_folder, space, dimension, err));
		FC_TRY(fc_pg_cache_open(gallery->cache_folder, &gallery->id, space, dimension,
					false, &cache, err));
		FC_TRY(read_view(txn, space, cache.head.last, &search->view, err));
	}
	FC_TRY(fc_pg_cache_map(&cache, err));
	if (!fits(&cache, view)) {
		return FC_OK;
	}
	search->cache = &cache;
	*used = true;
	if (view->change > cache.head.change) {
		FC_TRY(removals_each(txn, space, cache.head.change, note_removal, search, err));
	}
	if (view->last > cache.head.last) {
		FC_TRY(fc_pg_means_each(txn, space, dimension, cache.head.last, offer_mean, search,
					err));
	}
	return scan_copy(search, err);
}

static enum fc_status init_probes(struct search *search, struct fc_error *err)
{
	const struct fc_search_request *request = search->request;
	const struct fc_space *space = request->space;
	size_t room =
		request->top < space->person_count ? request->top : (size_t)space->person_count;
	search_release(search);
	*search = (struct search){ .txn = search->txn, .request = request };
	search->probes = calloc(request->probe_count, sizeof(*search->probes));
	if (!search->probes) {
		return fc_fail_memory(err);
	}
	for (; search->count < request->probe_count; search->count++) {
		FC_TRY(fc_probe_init(&search->probes[search->count],
				     request->probes + search->count * request->dimension,
				     request->dimension, room, err));
	}
	return FC_OK;
}

/* The next search reads all means again. */
static void empty_copy(const struct search *search)
{
	struct fc_pg_gallery *gallery = fc_pg_gallery_of(search->txn->base.gallery);
	FC_CLEANUP(fc_pg_cache_close) struct fc_pg_cache cache = FC_PG_CACHE_CLOSED;
	if (fc_pg_cache_open(gallery->cache_folder, &gallery->id, search->request->space->id,
			     search->request->dimension, true, &cache, NULL) == FC_OK) {
		FC_IGNORE(fc_pg_cache_reset(&cache, NULL));
	}
}

/* With the copy, if there is a folder for it and it is intact; otherwise with what the server sends. */
static enum fc_status run(struct search *search, struct fc_error *err)
{
	const struct fc_space *space = search->request->space;
	bool used = false;
	if (fc_pg_gallery_of(search->txn->base.gallery)->cache_folder) {
		enum fc_status status = search_copy(search, &used, NULL);
		bool is_whole = search->means == space->mean_count;
		search->cache = NULL;
		if (status == FC_DAMAGED || (used && status == FC_OK && !is_whole)) {
			empty_copy(search);
		}
		used = used && status == FC_OK && is_whole;
	}
	if (used) {
		return FC_OK;
	}
	if (search->txn->connection.lost || search->txn->connection.again) {
		return fc_fail(err, FC_BUSY, "gallery '%s': the connection was lost: try again",
			       search->txn->connection.name);
	}
	FC_TRY(init_probes(search, err));
	FC_TRY(fc_pg_means_each(search->txn, space->id, search->request->dimension, 0, offer_mean,
				search, err));
	return search->means == space->mean_count
		       ? FC_OK
		       : fc_fail(err, FC_DAMAGED,
				 "gallery '%s' is damaged: space '%s' counts %llu means, but has %llu",
				 search->txn->connection.name, space->name,
				 (unsigned long long)space->mean_count,
				 (unsigned long long)search->means);
}

enum fc_status fc_pg_search(struct fc_gallery_txn *base, const struct fc_search_request *request,
			    struct fc_search_hit *hits, size_t *counts, struct fc_error *err)
{
	FC_CLEANUP(search_release)
	struct search search = { .txn = fc_pg_txn_of(base), .request = request };
	FC_TRY(init_probes(&search, err));
	FC_TRY(run(&search, err));
	for (size_t i = 0; i < request->probe_count; i++) {
		struct fc_top *found = &search.probes[i].top;
		fc_top_sort(found);
		memcpy(hits + i * request->top, found->hits, found->count * sizeof(*hits));
		counts[i] = found->count;
	}
	return FC_OK;
}
