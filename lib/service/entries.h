/* Entries, the log of processed faces: list, count, show, delete and prune them. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_ENTRIES_H
#define FC_SERVICE_ENTRIES_H

#include "gallery/gallery.h"
#include "service/verbs.h"

/* An entry passes if every field that is set matches; a list matches if one of its items does. All zero: every entry passes. */
struct fc_entry_filter {
	const struct fc_uuid *pids;
	size_t pid_count;
	/* of a service whose ids are not all UUIDs: for each of pids its id, NULL or empty for a UUID. pids are then those of struct fc_person_id */
	const char *const *other_ids;
	const char *const *spaces; /* names */
	size_t space_count;
	const char *const *origins; /* names or numbers of origins */
	size_t origin_count;
	bool has_since, has_until;
	int64_t since, until;                       /* [since, until) */
	unsigned results, sexes, moods, livenesses; /* bits 1 << value; 0: any */
	bool has_age_from, has_age_to;
	unsigned age_from, age_to;     /* inclusive; an entry without an age does not pass */
	const struct fc_sha256 *photo; /* NULL: any */
};

struct fc_entry_list_request {
	struct fc_entry_filter filter;
	uint64_t limit, offset;
	bool oldest_first; /* false: newest first */
	bool want_total;   /* also count the entries of all pages */
	/* To follow the log: first set tail (the newest `limit` entries, oldest first), then has_after (the entries after the last one). */
	bool tail, has_after;
	uint64_t after;     /* last_id of the previous result */
	int64_t after_time; /* last_time of the previous result */
};

/* An entry with the names that belong to its ids. Strings are valid during the call of the sink only. */
struct fc_entry_row {
	const struct fc_entry *entry;
	uint32_t space_id;
	const char *space;
	bool has_origin_id; /* false for "cli" and for a deleted origin */
	uint32_t origin_id;
	const char *person_name; /* NULL when there is none */
	const char *other_id;    /* of the person, if it is not a UUID; else NULL or empty */
	int64_t person_created;  /* 0 when it has no person */
	/* from a remote service: URLs of pictures, NULL for none, and the probability that the face is alive */
	const char *face_image, *initial_face_image, *initial_full_image;
	bool has_alive_probability;
	double alive_probability;
};

struct fc_entry_sink {
	enum fc_status (*report)(void *context, const struct fc_entry_row *row,
				 struct fc_error *err);
	void *context;
};

struct fc_entry_list_result {
	uint64_t total; /* if want_total */
	/* of the local engine: entries that a wrong clock dated more than a day ahead; they are not listed unless the filter has until */
	uint64_t ahead;
	uint64_t last_id; /* id of the newest entry in the log when it was read */
	/* of the newest listed entry, but not in the future, if the service needs it to continue; else 0 */
	int64_t last_time;
	unsigned pause_ms; /* milliseconds to wait before the next request that follows the log */
};

struct fc_entry_stats {
	uint64_t total;
	uint64_t results[FC_RESULT_END];
	uint64_t livenesses[FC_LIVENESS_END];
	/* numbers of entries with an estimated age, sex and mood; of the unknown ones too */
	uint64_t ages, age_sum, sexes[FC_SEX_END], moods[FC_MOOD_END];
	uint8_t age_least, age_most;   /* if ages > 0 */
	int64_t first_seen, last_seen; /* 0 when there is no entry */
	bool has_initial;
	struct fc_entry initial; /* the oldest entry */
	bool has_initial_origin_id;
	uint32_t initial_origin_id;
	char *initial_face_image; /* URL from a remote service; NULL for none */
};

void fc_entry_stats_release(struct fc_entry_stats *stats);

struct fc_entry_delete_item {
	uint64_t id;
	enum fc_status status; /* result: FC_OK or FC_NOT_FOUND */
};

struct fc_entry_prune_request {
	bool has_older_than;
	/* milliseconds; if not set, entry_storage_days of each origin applies */
	uint64_t older_than;
	const char *space;  /* NULL: all */
	const char *origin; /* NULL: all */
	bool dry_run;
};

struct fc_entry_verbs {
	enum fc_status (*list)(struct fc_service *service,
			       const struct fc_entry_list_request *request,
			       const struct fc_entry_sink *sink, struct fc_entry_list_result *out,
			       struct fc_error *err);
	enum fc_status (*stats)(struct fc_service *service, const struct fc_entry_filter *filter,
				struct fc_entry_stats *out, struct fc_error *err);
	enum fc_status (*show)(struct fc_service *service, uint64_t id,
			       const struct fc_entry_sink *sink, struct fc_error *err);
	enum fc_status (*delete)(struct fc_service *service, struct fc_entry_delete_item *items,
				 size_t count, bool dry_run, struct fc_error *err);
	enum fc_status (*prune)(struct fc_service *service,
				const struct fc_entry_prune_request *request, uint64_t *removed,
				struct fc_error *err);
};

static inline enum fc_status fc_service_entry_list(struct fc_service *service,
						   const struct fc_entry_list_request *request,
						   const struct fc_entry_sink *sink,
						   struct fc_entry_list_result *out,
						   struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_ENTRIES_LIST, err));
	return service->operations->entries->list(service, request, sink, out, err);
}

/* Statistics of all entries that pass. FC_NOT_FOUND when the filter names one person and there is none. */
static inline enum fc_status fc_service_entry_stats(struct fc_service *service,
						    const struct fc_entry_filter *filter,
						    struct fc_entry_stats *out,
						    struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_ENTRIES_STATS, err));
	return service->operations->entries->stats(service, filter, out, err);
}

static inline enum fc_status fc_service_entry_show(struct fc_service *service, uint64_t id,
						   const struct fc_entry_sink *sink,
						   struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_ENTRIES_SHOW, err));
	return service->operations->entries->show(service, id, sink, err);
}

/* FC_OK if entries do not exist; if a remote service returned a document for the first of them, err->answer has it. */
static inline enum fc_status fc_service_entry_delete(struct fc_service *service,
						     struct fc_entry_delete_item *items,
						     size_t count, bool dry_run,
						     struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_ENTRIES_DELETE, err));
	return service->operations->entries->delete (service, items, count, dry_run, err);
}

static inline enum fc_status fc_service_entry_prune(struct fc_service *service,
						    const struct fc_entry_prune_request *request,
						    uint64_t *removed, struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_ENTRIES_PRUNE, err));
	return service->operations->entries->prune(service, request, removed, err);
}

#endif
