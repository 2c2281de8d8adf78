/* Entries on a platform: list, statistics, delete. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/memory.h"
#include "service/remote/platform/engine.h"
#include "service/remote/platform/filter.h"

static const char *const entries_path[] = { "entries", NULL };

/* Describe the list of all entries that pass the filters. The caller may fill query afterwards, before it reads the list. */
static struct fc_platform_list
entries_of(const struct fc_platform *platform, const struct fc_platform_entry_query *query,
	   enum fc_status (*visit)(void *context, const cJSON *item, struct fc_error *err),
	   void *context)
{
	return (struct fc_platform_list){
		.http = platform->client.http,
		.path = entries_path,
		.filter = fc_platform_add_filters,
		.filter_context = query,
		.limit = UINT64_MAX,
		.what = "n entry",
		.visit = visit,
		.context = context,
	};
}

/* ---- list ---- */

/* --watch: poll interval (ms); overlap for entries that arrive late (µs); maximum number of entries in memory */
enum { FOLLOW_PAUSE = 5000, FOLLOW_OVERLAP = 30 * 1000000, FOLLOW_MAXIMUM = 10000 };

struct listing {
	struct fc_platform *platform;
	const struct fc_entry_filter *filter;
	const struct fc_entry_sink *sink;
	uint64_t last_id;
	int64_t last_time;
	uint64_t after; /* the number of the newest entry that was already shown; skip up to it */
	cJSON *kept;    /* array of the newer entries, the oldest first */
	size_t kept_count;
};

static void listing_release(struct listing *listing)
{
	fc_json_release(&listing->kept);
}

/* SERP returns only the numbers of spaces and origins: add their names. */
static enum fc_status name_places(struct fc_platform *platform, struct fc_platform_row *entry,
				  struct fc_error *err)
{
	struct fc_entry_row *row = &entry->row;
	const char *name = NULL;
	if (row->space_id > 0 && !row->space) {
		FC_TRY(fc_platform_space_name(platform, row->space_id, &row->space, err));
	}
	if (!row->has_origin_id || entry->entry.origin) {
		return FC_OK;
	}
	FC_TRY(fc_platform_origin_name(platform, row->origin_id, &name, err));
	entry->entry.origin = name ? strdup(name) : NULL;
	return name && !entry->entry.origin ? fc_fail_memory(err) : FC_OK;
}

static enum fc_status show_entry(void *context, const cJSON *item, struct fc_error *err)
{
	FC_CLEANUP(fc_platform_row_release) struct fc_platform_row entry = { 0 };
	struct listing *listing = context;
	FC_TRY_PREFIX(fc_platform_row_of(item, &entry, err), err, "service '%s'",
		      listing->platform->options.name);
	FC_TRY(fc_platform_check_profile(listing->platform, listing->filter, entry.entry.id,
					 &entry.entry.pid, err));
	FC_TRY(name_places(listing->platform, &entry, err));
	if (entry.entry.id > listing->last_id) {
		listing->last_id = entry.entry.id;
	}
	if (entry.entry.created > listing->last_time) {
		listing->last_time = entry.entry.created;
	}
	return listing->sink->report(listing->sink->context, &entry.row, err);
}

static enum fc_status keep_entry(void *context, const cJSON *item, struct fc_error *err)
{
	struct listing *listing = context;
	uint64_t id;
	if (!fc_platform_read_id(item, &id) || id <= listing->after) {
		return FC_OK;
	}
	/* all of them are in memory, because the platform lists the newest first */
	if (listing->kept_count++ == FOLLOW_MAXIMUM) {
		return fc_fail(err, FC_REFUSED,
			       "service '%s' has more than %d new entries; list "
			       "them with --since instead of --watch",
			       listing->platform->options.name, FOLLOW_MAXIMUM);
	}
	cJSON *copy = cJSON_Duplicate(item, true);
	if (!copy || !cJSON_InsertItemInArray(listing->kept, 0, copy)) {
		cJSON_Delete(copy);
		return fc_fail_memory(err);
	}
	return FC_OK;
}

/* Platforms list the newest entries first and cannot filter by number: filter by time, and skip entries that were already shown. */
static enum fc_status follow_entries(struct fc_platform *platform,
				     const struct fc_entry_list_request *request,
				     struct listing *listing, struct fc_error *err)
{
	FC_CLEANUP(fc_platform_query_release) struct fc_platform_entry_query query = { 0 };
	struct fc_platform_list list = entries_of(platform, &query, keep_entry, listing);
	struct fc_entry_filter filter = request->filter;
	int64_t since = request->after_time - FOLLOW_OVERLAP;
	if (request->after_time > 0 && (!filter.has_since || filter.since < since)) {
		filter.has_since = true;
		filter.since = since;
	}
	listing->after = request->has_after ? request->after : 0;
	listing->last_time = request->after_time;
	listing->kept = cJSON_CreateArray();
	if (!listing->kept) {
		return fc_fail_memory(err);
	}
	list.limit = request->limit;
	list.offset = request->offset;
	FC_TRY(fc_platform_query_of(platform, &filter, &query, err));
	FC_TRY(fc_platform_each(platform, &list, err));
	const cJSON *item;
	cJSON_ArrayForEach (item, listing->kept) {
		FC_TRY(show_entry(listing, item, err));
	}
	return FC_OK;
}

static enum fc_status list_entries(struct fc_platform *platform,
				   const struct fc_entry_list_request *request,
				   struct listing *listing, uint64_t *total, struct fc_error *err)
{
	FC_CLEANUP(fc_platform_query_release) struct fc_platform_entry_query query = { 0 };
	struct fc_platform_list list = entries_of(platform, &query, show_entry, listing);
	list.limit = request->limit;
	list.offset = request->offset;
	FC_TRY(fc_platform_query_of(platform, &request->filter, &query, err));
	if (request->want_total) {
		FC_TRY(fc_platform_total(platform, &list, total, err));
	}
	return fc_platform_each(platform, &list, err);
}

static enum fc_status entry_list(struct fc_service *service,
				 const struct fc_entry_list_request *request,
				 const struct fc_entry_sink *sink, struct fc_entry_list_result *out,
				 struct fc_error *err)
{
	struct fc_platform *platform = fc_platform_of(service);
	FC_CLEANUP(listing_release)
	struct listing listing = { .platform = platform, .filter = &request->filter, .sink = sink };
	struct fc_entry_list_result result = { .pause_ms = FOLLOW_PAUSE };
	FC_TRY(fc_platform_refuse(platform, request->oldest_first,
				  "listing the oldest entries first", err));
	if (request->tail || request->has_after) {
		FC_TRY(follow_entries(platform, request, &listing, err));
	} else {
		FC_TRY(list_entries(platform, request, &listing, &result.total, err));
	}
	/* an entry may be dated ahead; the next request must not ask only for entries that are even newer */
	int64_t now = platform->date > 0 ? platform->date : fc_clock_now();
	result.last_id = listing.last_id;
	result.last_time = listing.last_time < now ? listing.last_time : now;
	*out = result;
	return FC_OK;
}

/* ---- statistics ---- */

struct counting {
	struct fc_platform *platform;
	const struct fc_entry_filter *filter;
	struct fc_entry_stats *stats;
};

static enum fc_status count_entry(void *context, const cJSON *item, struct fc_error *err)
{
	FC_CLEANUP(fc_platform_row_release) struct fc_platform_row entry = { 0 };
	struct counting *counting = context;
	struct fc_entry_stats *stats = counting->stats;
	int64_t created;
	FC_TRY_PREFIX(fc_platform_row_of(item, &entry, err), err, "service '%s'",
		      counting->platform->options.name);
	FC_TRY(fc_platform_check_profile(counting->platform, counting->filter, entry.entry.id,
					 &entry.entry.pid, err));
	created = entry.entry.created;
	stats->total++;
	stats->results[entry.entry.result]++;
	stats->livenesses[entry.entry.liveness]++;
	if (created > stats->last_seen) {
		stats->last_seen = created;
	}
	if (!stats->has_initial || created < stats->first_seen) {
		FC_TRY(name_places(counting->platform, &entry, err));
		fc_entry_release(&stats->initial);
		stats->has_initial = true;
		stats->initial = entry.entry;
		stats->first_seen = created;
		stats->has_initial_origin_id = entry.row.has_origin_id;
		stats->initial_origin_id = entry.row.origin_id;
		entry.entry = (struct fc_entry){ 0 };
	}
	return FC_OK;
}

/* Read the entries that pass a filter, and compute their statistics. */
static enum fc_status count_entries(struct fc_platform *platform,
				    const struct fc_entry_filter *filter,
				    struct fc_entry_stats *out, struct fc_error *err)
{
	FC_CLEANUP(fc_platform_query_release) struct fc_platform_entry_query query = { 0 };
	FC_CLEANUP(fc_entry_stats_release) struct fc_entry_stats stats = { 0 };
	struct counting counting = { .platform = platform, .filter = filter, .stats = &stats };
	const struct fc_platform_list list = entries_of(platform, &query, count_entry, &counting);
	FC_TRY(fc_platform_query_of(platform, filter, &query, err));
	FC_TRY(fc_platform_each(platform, &list, err));
	if (stats.total == 0 && filter->pid_count == 1) {
		char pid[FC_UUID_TEXT_SIZE];
		return fc_fail(err, FC_NOT_FOUND, "service '%s' has no entries of profile %s",
			       platform->options.name,
			       fc_person_id_text(&filter->pids[0],
						 filter->other_ids ? filter->other_ids[0] : NULL,
						 pid));
	}
	*out = FC_STEAL_STRUCT(stats);
	return FC_OK;
}

enum fc_status fc_platform_person_stats(struct fc_platform *platform,
					const struct fc_person_id *person,
					struct fc_entry_stats *out, struct fc_error *err)
{
	char text[FC_UUID_TEXT_SIZE];
	const char *id = fc_person_id_text(&person->pid, person->other, text);
	if (!platform->dialect->person_stats) {
		const char *other = person->other;
		const struct fc_entry_filter filter = { .pids = &person->pid,
							.pid_count = 1,
							.other_ids = &other };
		return count_entries(platform, &filter, out, err);
	}
	FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
	const char *path[] = { "entries", "stats", "pid", id, NULL };
	FC_TRY(fc_platform_ask_item(platform, platform->client.http, FC_HTTP_GET, path, &answer,
				    err));
	FC_TRY_PREFIX(fc_platform_stats_of(answer.json, out, err), err, "service '%s'",
		      platform->options.name);
	return FC_OK;
}

static bool is_only_a_person(const struct fc_entry_filter *filter)
{
	return filter->pid_count == 1 && filter->origin_count == 0 && filter->space_count == 0 &&
	       !filter->has_since && !filter->has_until && filter->results == 0 &&
	       filter->sexes == 0 && filter->moods == 0 && filter->livenesses == 0 &&
	       !filter->has_age_from && !filter->has_age_to && !filter->photo;
}

static enum fc_status entry_stats(struct fc_service *service, const struct fc_entry_filter *filter,
				  struct fc_entry_stats *out, struct fc_error *err)
{
	struct fc_platform *platform = fc_platform_of(service);
	if (!is_only_a_person(filter)) {
		return count_entries(platform, filter, out, err);
	}
	const struct fc_person_id person =
		fc_person_id_of(&filter->pids[0], filter->other_ids ? filter->other_ids[0] : NULL);
	return fc_platform_person_stats(platform, &person, out, err);
}

/* ---- the entries of a profile ---- */

enum fc_status fc_platform_call_entries_of(const struct fc_platform *platform,
					   const struct fc_person_id *person, enum fc_result result,
					   struct fc_platform_call *call, struct fc_error *err)
{
	const struct fc_platform_dialect *dialect = platform->dialect;
	char text[FC_UUID_TEXT_SIZE];
	fc_platform_call_begin(platform, FC_HTTP_GET, entries_path, call);
	fc_platform_query(call, dialect->pids,
			  fc_person_id_text(&person->pid, person->other, text));
	fc_platform_query(call, dialect->result_filter, fc_platform_result_word(dialect, result));
	fc_platform_query_count(call, "limit", FC_PLATFORM_PAGE);
	fc_platform_query_count(call, "offset", 0);
	FC_TRY(fc_platform_call_end(call, err));
	call->request.repeatable = true;
	return FC_OK;
}

/* ---- delete ---- */

static enum fc_status delete_entry(struct fc_platform *platform, uint64_t id, struct fc_error *err)
{
	FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
	char number[24];
	const char *path[] = { "entries", number, NULL };
	snprintf(number, sizeof(number), "%" PRIu64, id);
	return fc_platform_ask_item(platform, platform->client.http, FC_HTTP_DELETE, path, &answer,
				    err);
}

static enum fc_status entry_delete(struct fc_service *service, struct fc_entry_delete_item *items,
				   size_t count, bool dry_run, struct fc_error *err)
{
	struct fc_platform *platform = fc_platform_of(service);
	struct fc_error failure = { 0 };
	size_t done = 0;
	FC_TRY(fc_platform_refuse(platform, dry_run, "dry runs", err));
	for (size_t i = 0; i < count; i++) {
		struct fc_error why = { 0 };
		/* a token without permission to delete one has none for the others either */
		bool barred = failure.status == FC_PERMISSION;
		items[i].status =
			barred ? FC_PERMISSION : delete_entry(platform, items[i].id, &why);
		done += items[i].status == FC_OK;
		if (why.status == FC_NOT_FOUND && err && err->answer[0] == '\0') {
			fc_error_copy_answer(err, &why);
		} else if (why.status != FC_OK && why.status != FC_NOT_FOUND &&
			   failure.status == FC_OK) {
			failure = why;
		}
	}
	if (failure.status == FC_OK) {
		return FC_OK;
	}
	FC_IGNORE(fc_fail(err, failure.status, "%s", failure.text));
	fc_error_copy_answer(err, &failure);
	return done > 0 ? FC_PARTIAL : failure.status;
}

/* ---- erase ---- */

void fc_platform_ids_release(struct fc_platform_ids *ids)
{
	free(ids->items);
	*ids = (struct fc_platform_ids){ 0 };
}

struct gathering {
	const struct fc_platform *platform;
	const struct fc_entry_filter *filter;
	struct fc_platform_ids *ids;
};

static enum fc_status add_id(void *context, const cJSON *item, struct fc_error *err)
{
	struct gathering *gathering = context;
	struct fc_platform_ids *ids = gathering->ids;
	struct fc_platform_entry entry;
	FC_TRY_PREFIX(fc_platform_read_entry(item, &entry, err), err, "service '%s'",
		      gathering->platform->options.name);
	FC_TRY(fc_platform_check_profile(gathering->platform, gathering->filter, entry.id,
					 &entry.person.pid, err));
	FC_TRY(fc_array_grow(&ids->items, sizeof(*ids->items), ids->count, &ids->capacity, err));
	ids->items[ids->count++] = entry.id;
	return FC_OK;
}

enum fc_status fc_platform_find_entries(struct fc_platform *platform,
					const struct fc_person_id *person,
					struct fc_platform_ids *out, struct fc_error *err)
{
	FC_CLEANUP(fc_platform_query_release) struct fc_platform_entry_query query = { 0 };
	const char *other = person->other;
	const struct fc_entry_filter filter = { .pids = &person->pid,
						.pid_count = 1,
						.other_ids = &other };
	struct gathering gathering = { .platform = platform, .filter = &filter, .ids = out };
	const struct fc_platform_list list = entries_of(platform, &query, add_id, &gathering);
	FC_TRY(fc_platform_query_of(platform, &filter, &query, err));
	return fc_platform_each(platform, &list, err);
}

enum fc_status fc_platform_delete_entries(struct fc_platform *platform,
					  const struct fc_platform_ids *ids, uint64_t *removed,
					  struct fc_error *err)
{
	for (size_t i = 0; i < ids->count; i++) {
		enum fc_status status = delete_entry(platform, ids->items[i], err);
		if (status != FC_NOT_FOUND) {
			FC_TRY(status);
			(*removed)++;
		}
	}
	return FC_OK;
}

const struct fc_entry_verbs fc_platform_entry_verbs = {
	.list = entry_list,
	.stats = entry_stats,
	.delete = entry_delete,
};
