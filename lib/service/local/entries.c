/* Entries on the local engine: filters, pages, statistics, deleting and pruning. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/number.h"
#include "gallery/rows/entry_query.h"
#include "gallery/rows/origin.h"
#include "service/local/engine.h"
#include "service/local/entry_log.h"

/* Milliseconds between two reads with --follow. */
enum { FOLLOW_INTERVAL = 500 };

/* ---- convert a filter to a query: names are replaced by ids ---- */

struct translation {
	struct fc_entry_query query;
	uint32_t *spaces;
	const char **origins;
	struct fc_origin *numbered; /* origins that were given by number */
};

static void translation_release(struct translation *translation)
{
	free(translation->spaces);
	free(translation->origins);
	free(translation->numbered);
}

static bool is_number(const char *text)
{
	return text[0] != '\0' && strspn(text, "0123456789") == strlen(text);
}

enum fc_status fc_local_find_space(struct fc_gallery_txn *txn, const char *text,
				   struct fc_space *out, struct fc_error *err)
{
	uint64_t id;
	enum fc_status status = fc_space_find(txn, text, out, err);
	if (status == FC_NOT_FOUND &&
	    fc_parse_u64(text, 1, UINT32_MAX, "a space", &id, NULL) == FC_OK &&
	    fc_space_read(txn, (uint32_t)id, out, NULL) == FC_OK) {
		return FC_OK;
	}
	return status;
}

enum fc_status fc_local_check_origin(struct fc_gallery_txn *txn, const char *name,
				     struct fc_error *err)
{
	const struct fc_entry_query query = { .origins = &name, .origin_count = 1 };
	struct fc_origin origin;
	uint64_t entries = 0;
	if (strcmp(name, FC_ORIGIN_CLI) == 0) {
		return FC_OK;
	}
	enum fc_status status = fc_origin_find(txn, name, &origin, err);
	if (status == FC_NOT_FOUND) {
		FC_TRY(fc_entry_count(txn, &query, &entries, err));
	}
	return entries > 0 ? FC_OK : status;
}

static enum fc_status translate_origins(struct fc_gallery_txn *txn,
					const struct fc_entry_filter *filter,
					struct translation *out, struct fc_error *err)
{
	out->origins = calloc(filter->origin_count + 1, sizeof(*out->origins));
	out->numbered = calloc(filter->origin_count + 1, sizeof(*out->numbered));
	if (!out->origins || !out->numbered) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < filter->origin_count; i++) {
		out->origins[i] = filter->origins[i];
		if (is_number(filter->origins[i])) {
			FC_TRY(fc_origin_find(txn, filter->origins[i], &out->numbered[i], err));
			out->origins[i] = out->numbered[i].name;
		} else {
			FC_TRY(fc_local_check_origin(txn, filter->origins[i], err));
		}
	}
	out->query.origins = out->origins;
	out->query.origin_count = filter->origin_count;
	return FC_OK;
}

static enum fc_status translate(struct fc_gallery_txn *txn, const struct fc_entry_filter *filter,
				struct translation *out, struct fc_error *err)
{
	out->query = (struct fc_entry_query){
		.pids = filter->pids,
		.pid_count = filter->pid_count,
		.has_since = filter->has_since,
		.has_until = filter->has_until,
		.since = filter->since,
		.until = filter->until,
		.results = filter->results,
		.sexes = filter->sexes,
		.moods = filter->moods,
		.livenesses = filter->livenesses,
		.has_age_from = filter->has_age_from,
		.has_age_to = filter->has_age_to,
		.age_from = filter->age_from,
		.age_to = filter->age_to,
		.has_photo = filter->photo != NULL,
	};
	if (filter->photo) {
		out->query.photo = *filter->photo;
	}
	out->spaces = calloc(filter->space_count + 1, sizeof(*out->spaces));
	if (!out->spaces) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < filter->space_count; i++) {
		struct fc_space space;
		FC_TRY(fc_local_find_space(txn, filter->spaces[i], &space, err));
		out->spaces[i] = space.id;
	}
	out->query.spaces = out->spaces;
	out->query.space_count = filter->space_count;
	return translate_origins(txn, filter, out, err);
}

/* ---- list and show ---- */

static enum fc_status find_origin_id(struct fc_gallery_txn *txn, const struct fc_entry *entry,
				     bool *found, uint32_t *id, struct fc_error *err)
{
	struct fc_origin origin;
	*found = false;
	if (!entry->origin || is_number(entry->origin)) {
		return FC_OK;
	}
	enum fc_status status = fc_origin_find(txn, entry->origin, &origin, err);
	if (status == FC_OK) {
		*found = true;
		*id = origin.id;
	}
	return status == FC_NOT_FOUND ? FC_OK : status;
}

static enum fc_status report_entry(struct fc_gallery_txn *txn, const struct fc_entry *entry,
				   const struct fc_entry_sink *sink, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	struct fc_space space;
	struct fc_entry_row row = { .entry = entry };
	FC_TRY(fc_gallery_referred(txn, fc_space_read(txn, entry->space, &space, err), err));
	FC_TRY(find_origin_id(txn, entry, &row.has_origin_id, &row.origin_id, err));
	if (entry->has_pid) {
		bool found;
		FC_TRY(fc_person_get_if_any(txn, entry->space, &entry->pid, &found, &person, err));
	}
	row.space_id = space.id;
	row.space = space.name;
	row.person_name = person.name;
	row.person_created = person.created;
	return sink->report(sink->context, &row, err);
}

/* Leave out entries that were dated ahead by a wrong clock: they would stay on top of every list. */
static enum fc_status leave_out_future(struct fc_gallery_txn *txn, struct fc_entry_query *query,
				       uint64_t *ahead, struct fc_error *err)
{
	const int64_t day = INT64_C(86400) * 1000000, now = fc_clock_now();
	struct fc_entry_query later = *query;
	*ahead = 0;
	if (query->has_until || (query->has_since && query->since > now)) {
		return FC_OK;
	}
	later.has_since = true;
	later.since = now + day;
	query->has_until = true;
	query->until = later.since;
	return fc_entry_count(txn, &later, ahead, err);
}

static enum fc_status local_entry_list(struct fc_service *service,
				       const struct fc_entry_list_request *request,
				       const struct fc_entry_sink *sink,
				       struct fc_entry_list_result *out, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(translation_release) struct translation translation = { 0 };
	struct fc_entry_list_result result = { .pause_ms = FOLLOW_INTERVAL };
	FC_TRY(fc_local_begin_read(fc_local_of(service), &txn, err));
	FC_TRY(translate(txn, &request->filter, &translation, err));
	FC_CLEANUP(fc_entry_ids_release) struct fc_entry_ids ids = { .limit = request->limit };
	struct fc_entry_query *query = &translation.query;
	query->oldest_first = request->oldest_first;
	FC_TRY(leave_out_future(txn, query, &result.ahead, err));
	FC_TRY(fc_entry_last_id(txn, &result.last_id, err));
	if (request->want_total) {
		FC_TRY(fc_entry_count(txn, query, &result.total, err));
	}
	if (request->limit > 0 && request->has_after && !request->tail) {
		FC_TRY(fc_entry_each_after(txn, query, request->after, fc_entry_ids_add, &ids,
					   err));
	} else if (request->limit > 0) {
		FC_TRY(fc_entry_each(txn, query, request->offset, fc_entry_ids_add, &ids, err));
	}
	if (ids.failed) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < ids.count; i++) {
		FC_CLEANUP(fc_entry_release) struct fc_entry entry = { 0 };
		/* the walk is newest first, but the tail is returned oldest first */
		size_t index = request->tail ? ids.count - 1 - i : i;
		FC_TRY(fc_gallery_referred(txn, fc_entry_get(txn, ids.items[index], &entry, err),
					   err));
		FC_TRY(report_entry(txn, &entry, sink, err));
	}
	*out = result;
	return FC_OK;
}

static enum fc_status local_entry_show(struct fc_service *service, uint64_t id,
				       const struct fc_entry_sink *sink, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_entry_release) struct fc_entry entry = { 0 };
	FC_TRY(fc_local_begin_read(fc_local_of(service), &txn, err));
	FC_TRY(fc_entry_get(txn, id, &entry, err));
	return report_entry(txn, &entry, sink, err);
}

/* ---- statistics ---- */

struct counting {
	struct fc_entry_stats *stats;
	bool failed; /* out of memory */
};

static bool count_entry(const struct fc_entry *entry, void *context)
{
	struct counting *counting = context;
	struct fc_entry_stats *stats = counting->stats;
	if (!stats->has_initial) {
		struct fc_entry *initial = &stats->initial;
		*initial = *entry;
		initial->origin = entry->origin ? strdup(entry->origin) : NULL;
		initial->path = entry->path ? strdup(entry->path) : NULL;
		stats->has_initial = true;
		stats->first_seen = entry->created;
		counting->failed =
			(entry->origin && !initial->origin) || (entry->path && !initial->path);
	}
	stats->total++;
	stats->results[entry->result]++;
	stats->livenesses[entry->liveness]++;
	stats->sexes[entry->sex]++;
	stats->moods[entry->mood]++;
	if (entry->has_age) {
		bool first = stats->ages++ == 0;
		stats->age_sum += entry->age;
		stats->age_least =
			first || entry->age < stats->age_least ? entry->age : stats->age_least;
		stats->age_most =
			first || entry->age > stats->age_most ? entry->age : stats->age_most;
	}
	stats->last_seen = entry->created;
	return !counting->failed;
}

enum fc_status fc_local_count_entries(struct fc_gallery_txn *txn,
				      const struct fc_entry_query *query,
				      struct fc_entry_stats *out, struct fc_error *err)
{
	FC_CLEANUP(fc_entry_stats_release) struct fc_entry_stats stats = { 0 };
	struct counting counting = { .stats = &stats };
	struct fc_entry_query oldest_first = *query;
	oldest_first.oldest_first = true;
	FC_TRY(fc_entry_each(txn, &oldest_first, 0, count_entry, &counting, err));
	if (counting.failed) {
		return fc_fail_memory(err);
	}
	if (stats.has_initial) {
		FC_TRY(find_origin_id(txn, &stats.initial, &stats.has_initial_origin_id,
				      &stats.initial_origin_id, err));
	}
	*out = FC_STEAL_STRUCT(stats);
	return FC_OK;
}

static enum fc_status local_entry_stats(struct fc_service *service,
					const struct fc_entry_filter *filter,
					struct fc_entry_stats *out, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(translation_release) struct translation translation = { 0 };
	FC_CLEANUP(fc_entry_stats_release) struct fc_entry_stats stats = { 0 };
	FC_TRY(fc_local_begin_read(fc_local_of(service), &txn, err));
	FC_TRY(translate(txn, filter, &translation, err));
	FC_TRY(fc_local_count_entries(txn, &translation.query, &stats, err));
	if (filter->pid_count == 1 && stats.total == 0) {
		FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
		FC_TRY(fc_person_get(txn, &filter->pids[0], &person, err));
	}
	*out = FC_STEAL_STRUCT(stats);
	return FC_OK;
}

/* ---- deleting and pruning ---- */

struct deletion {
	struct fc_entry_delete_item *items;
	size_t count;
};

static enum fc_status delete_entries(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	const struct deletion *deletion = context;
	for (size_t i = 0; i < deletion->count; i++) {
		struct fc_entry_delete_item *item = &deletion->items[i];
		item->status = fc_entry_delete(txn, item->id, err);
		if (item->status != FC_OK && item->status != FC_NOT_FOUND) {
			return item->status;
		}
	}
	return FC_OK;
}

static enum fc_status local_entry_delete(struct fc_service *service,
					 struct fc_entry_delete_item *items, size_t count,
					 bool dry_run, struct fc_error *err)
{
	struct deletion deletion = { items, count };
	return fc_local_change(fc_local_of(service), FC_GALLERY_WRITE, dry_run, delete_entries,
			       &deletion, err);
}

struct pruning {
	const struct fc_entry_prune_request *request;
	int64_t now;
	uint64_t removed;
};

static enum fc_status prune_query(struct fc_gallery_txn *txn, const struct fc_entry_query *query,
				  struct pruning *pruning, struct fc_error *err)
{
	FC_CLEANUP(fc_entry_ids_release) struct fc_entry_ids ids = { .limit = UINT64_MAX };
	FC_TRY(fc_entry_each(txn, query, 0, fc_entry_ids_add, &ids, err));
	if (ids.failed) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < ids.count; i++) {
		FC_TRY(fc_entry_delete(txn, ids.items[i], err));
	}
	pruning->removed += ids.count;
	return FC_OK;
}

/*
 * Apply entry_storage_days of each origin that the request selects, to the entries of its space: entries of another space may have come from
 * an origin of the same name.
 */
static enum fc_status prune_by_origin(struct fc_gallery_txn *txn,
				      const struct fc_entry_query *named, struct pruning *pruning,
				      struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_origin *origins = NULL;
	size_t count = 0;
	FC_TRY(fc_origin_list(txn, &origins, &count, err));
	for (size_t i = 0; i < count; i++) {
		const struct fc_origin *origin = &origins[i];
		const char *name = origin->name;
		int64_t days = origin->settings.entry_storage_days;
		/* an import may have stored more days than there are microseconds in an int64_t */
		bool selected = days > 0 && days <= FC_STORAGE_DAYS_MAXIMUM &&
				(named->space_count == 0 || named->spaces[0] == origin->space) &&
				(named->origin_count == 0 || strcmp(named->origins[0], name) == 0);
		struct fc_entry_query query = {
			.origins = &name,
			.origin_count = 1,
			.spaces = &origin->space,
			.space_count = 1,
			.has_until = true,
			.until = pruning->now - days * 86400 * 1000000,
		};
		if (selected) {
			FC_TRY(prune_query(txn, &query, pruning, err));
		}
	}
	return FC_OK;
}

/* The same for the origin "cli", which every space has. */
static enum fc_status prune_cli(struct fc_gallery_txn *txn, const struct fc_entry_query *named,
				struct pruning *pruning, struct fc_error *err)
{
	struct fc_origin cli;
	const char *name = FC_ORIGIN_CLI;
	struct fc_entry_query query = *named;
	FC_TRY(fc_origin_cli(txn, &cli, err));
	int64_t days = cli.settings.entry_storage_days;
	if (days == 0 || (named->origin_count > 0 && strcmp(named->origins[0], name) != 0)) {
		return FC_OK;
	}
	query.origins = &name;
	query.origin_count = 1;
	query.has_until = true;
	query.until = pruning->now - days * 86400 * 1000000;
	return prune_query(txn, &query, pruning, err);
}

static enum fc_status prune(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct pruning *pruning = context;
	const struct fc_entry_prune_request *request = pruning->request;
	FC_CLEANUP(translation_release) struct translation translation = { 0 };
	struct fc_entry_filter filter = {
		.spaces = &request->space,
		.space_count = request->space != NULL,
		.origins = &request->origin,
		.origin_count = request->origin != NULL,
		.has_until = request->has_older_than,
		.until = pruning->now - (int64_t)request->older_than * 1000,
	};
	pruning->removed = 0;
	FC_TRY(translate(txn, &filter, &translation, err));
	if (request->has_older_than) {
		return prune_query(txn, &translation.query, pruning, err);
	}
	FC_TRY(prune_by_origin(txn, &translation.query, pruning, err));
	return prune_cli(txn, &translation.query, pruning, err);
}

static enum fc_status local_entry_prune(struct fc_service *service,
					const struct fc_entry_prune_request *request,
					uint64_t *removed, struct fc_error *err)
{
	struct pruning pruning = { .request = request, .now = fc_clock_now() };
	enum fc_status status = fc_local_change(fc_local_of(service), FC_GALLERY_WRITE,
						request->dry_run, prune, &pruning, err);
	*removed = pruning.removed;
	return status;
}

const struct fc_entry_verbs fc_local_entry_verbs = {
	.list = local_entry_list,
	.stats = local_entry_stats,
	.show = local_entry_show,
	.delete = local_entry_delete,
	.prune = local_entry_prune,
};
