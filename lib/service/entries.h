/* Entries: the log of processed faces, filtered, paged, counted and pruned. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_ENTRIES_H
#define FC_SERVICE_ENTRIES_H

#include "gallery/gallery.h"
#include "service/service.h"

/* Every part that is given must hold; of a list, one item. All empty: every entry. */
struct fc_entry_filter {
	const struct fc_uuid *pids;
	size_t pid_count;
	const char *const *spaces; /* names */
	size_t space_count;
	const char *const *origins; /* names, or the numbers of origins */
	size_t origin_count;
	bool has_since, has_until;
	int64_t since, until;                       /* [since, until) */
	unsigned results, sexes, moods, livenesses; /* bits 1 << value; 0: any */
	bool has_age_from, has_age_to;
	unsigned age_from, age_to;     /* both included; an entry without an age does not pass */
	const struct fc_sha256 *photo; /* NULL: any */
};

struct fc_entry_list_request {
	struct fc_entry_filter filter;
	uint64_t limit, offset;
	bool oldest_first; /* else the newest come first */
	bool want_total;   /* count what all pages hold, too */
	/* For following the log: the newest `limit` in the order they came, and then only entries behind the last one, likewise. */
	bool tail, has_after;
	uint64_t after;
	int64_t after_time; /* the result's last_time of before */
};

/* An entry with the names that its numbers stand for. Strings are borrowed from the call of the sink. */
struct fc_entry_row {
	const struct fc_entry *entry;
	uint32_t space_id;
	const char *space;
	bool has_origin_id; /* false for "cli" and for an origin that was deleted */
	uint32_t origin_id;
	const char *person_name; /* NULL when there is none */
	int64_t person_created;  /* 0 when it has no person */
	/* what a remote service tells beside that: addresses of pictures, NULL for none, and how likely the face is a living one */
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
	uint64_t total;   /* when it was wanted */
	uint64_t last_id; /* of the log when it was read: where a follower goes on */
	int64_t last_time; /* of the newest entry that was listed, where that helps to find those behind it; else 0 */
	unsigned pause_ms; /* that a follower is to wait before it asks again */
};

struct fc_entry_stats {
	uint64_t total;
	uint64_t results[FC_RESULT_END];
	uint64_t livenesses[FC_LIVENESS_END];
	int64_t first_seen, last_seen; /* 0 when there is no entry */
	bool has_initial;
	struct fc_entry initial; /* the oldest entry */
	bool has_initial_origin_id;
	uint32_t initial_origin_id;
	char *initial_face_image; /* an address that a remote service tells; NULL for none */
};

void fc_entry_stats_release(struct fc_entry_stats *stats);

struct fc_entry_delete_item {
	uint64_t id;
	enum fc_status status; /* result: FC_OK or FC_NOT_FOUND */
};

struct fc_entry_prune_request {
	bool has_older_than;
	uint64_t older_than; /* milliseconds; else each origin's own number of days */
	const char *space;   /* NULL: all */
	const char *origin;  /* NULL: all */
	bool dry_run;
};

FC_MUST_USE enum fc_status fc_service_entry_list(struct fc_service *service,
						 const struct fc_entry_list_request *request,
						 const struct fc_entry_sink *sink,
						 struct fc_entry_list_result *out,
						 struct fc_error *err);

/* Of all entries that pass. FC_NOT_FOUND when the filter names one person and there is none. */
FC_MUST_USE enum fc_status fc_service_entry_stats(struct fc_service *service,
						  const struct fc_entry_filter *filter,
						  struct fc_entry_stats *out, struct fc_error *err);
FC_MUST_USE enum fc_status fc_service_entry_show(struct fc_service *service, uint64_t id,
						 const struct fc_entry_sink *sink,
						 struct fc_error *err);
FC_MUST_USE enum fc_status fc_service_entry_delete(struct fc_service *service,
						   struct fc_entry_delete_item *items, size_t count,
						   bool dry_run, struct fc_error *err);
FC_MUST_USE enum fc_status fc_service_entry_prune(struct fc_service *service,
						  const struct fc_entry_prune_request *request,
						  uint64_t *removed, struct fc_error *err);

#endif
