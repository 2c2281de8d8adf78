/* Types and functions that the files of the platform client share. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_PLATFORM_ENGINE_H
#define FC_SERVICE_REMOTE_PLATFORM_ENGINE_H

#include "service/api.h"
#include "service/entries.h"
#include "service/origins.h"
#include "service/profiles.h"
#include "service/remote/common/client.h"
#include "service/remote/common/photo.h"
#include "service/remote/common/words.h"
#include "service/remote/platform/answer.h"
#include "service/remote/platform/platform.h"

/* Numbers and names of origins or spaces. { 0 } is empty. */
struct fc_platform_names {
	bool loaded;
	struct fc_platform_name {
		uint64_t id;
		char *name;
	} * items;
	size_t count, capacity;
};

struct fc_platform {
	struct fc_service service; /* first, so that a service is its engine */
	struct fc_platform_options options;
	const struct fc_platform_dialect *dialect;
	struct fc_remote_client client;
	char *authorization; /* "Token ...", sent with every request */
	char *iam_url;
	struct fc_http_field headers[1];
	struct fc_http *iam; /* the same as client.http if there is only one address */
	struct fc_platform_names origins, spaces;
	int64_t date; /* of the last response that had one, microseconds since the epoch; 0: none had */
	struct fc_uuid *created; /* the profiles that this service object created so far */
	size_t created_count, created_capacity;
};

static inline struct fc_platform *fc_platform_of(struct fc_service *service)
{
	return (struct fc_platform *)service;
}

/* ---- call.c: one request ---- */

enum { FC_PLATFORM_PIECES = 8, FC_PLATFORM_FIELDS = 20 };

/*
 * A request and the memory it points to. { 0 } is empty. If one of the functions that add to it fails, fc_platform_call_end
 * reports that.
 */
struct fc_platform_call {
	struct fc_http_request request;
	const char *path[FC_PLATFORM_PIECES];
	struct fc_http_field query[FC_PLATFORM_FIELDS];
	struct fc_http_part parts[FC_PLATFORM_FIELDS];
	/* allocated strings that path, query and parts point to */
	char *texts[2 * FC_PLATFORM_FIELDS];
	size_t text_count;
	char *body;
	bool failed;         /* out of memory, or too many fields */
	bool may_be_missing; /* set by the caller: the path names an item that may not exist */
};

void fc_platform_call_release(struct fc_platform_call *call);

/* Begin a request. The path is "v1/" followed by the pieces, which are copied; the list of pieces ends with NULL. */
void fc_platform_call_begin(const struct fc_platform *platform, enum fc_http_method method,
			    const char *const *pieces, struct fc_platform_call *call);

/* Add a query parameter. The strings are copied. If value is NULL, nothing is added. */
void fc_platform_query(struct fc_platform_call *call, const char *name, const char *value);
void fc_platform_query_count(struct fc_platform_call *call, const char *name, uint64_t value);
void fc_platform_field(struct fc_platform_call *call, const char *name, const char *value);
void fc_platform_field_count(struct fc_platform_call *call, const char *name, uint64_t value);
void fc_platform_field_truth(struct fc_platform_call *call, const char *name, bool value);

/* Add the photo's bytes. The photo must outlive the call. */
void fc_platform_image(struct fc_platform_call *call, const char *name,
		       const struct fc_remote_photo *photo);

/* Set a JSON body. Takes ownership of object; NULL means that its allocation failed. */
void fc_platform_json(struct fc_platform_call *call, cJSON *object);

/* Complete the request. Errors: FC_NO_MEMORY, FC_INTERNAL (too many fields). */
enum fc_status fc_platform_call_end(struct fc_platform_call *call, struct fc_error *err);

/*
 * Send a request that may be repeated, and read the response. Error messages name the service. A DELETE that returns 404 after a
 * retry succeeds: the first try already deleted the item.
 */
enum fc_status fc_platform_perform(struct fc_platform *platform, struct fc_http *http,
				   struct fc_platform_call *call, struct fc_platform_answer *out,
				   struct fc_error *err);

/* Send a request without parameters about an item, which may not exist. path: see fc_platform_call_begin. */
enum fc_status fc_platform_ask_item(struct fc_platform *platform, struct fc_http *http,
				    enum fc_http_method method, const char *const *path,
				    struct fc_platform_answer *out, struct fc_error *err);

/* The same as fc_platform_perform for a request that must not be carried out twice. *sent: the service may have carried it out, even if this fails. */
enum fc_status fc_platform_perform_once(struct fc_platform *platform, struct fc_platform_call *call,
					struct fc_platform_answer *out, bool *sent,
					struct fc_error *err);

/* Returns FC_UNSUPPORTED if wanted is true: the platform does not support the feature. */
static inline enum fc_status fc_platform_refuse(const struct fc_platform *platform, bool wanted,
						const char *feature, struct fc_error *err)
{
	return fc_remote_refuse(platform->options.name, platform->dialect->name, wanted, feature,
				err);
}

/* ---- pages.c: paged lists ---- */

enum { FC_PLATFORM_PAGE = 500 }; /* items per page; with long URLs, an entry is 3 kB */

/* Add the filters of a list to its request. */
typedef void fc_platform_list_filter(struct fc_platform_call *call, const void *context);

struct fc_platform_list {
	struct fc_http *http;
	const char *const *path; /* pieces of the path, ends with NULL */
	fc_platform_list_filter *filter;
	const void *filter_context;
	uint64_t limit, offset;
	const char *what; /* "n entry", "n origin", "space", for messages */
	/* Called in the order of the list, once for each item even if items are added while pages are read. */
	enum fc_status (*visit)(void *context, const cJSON *item, struct fc_error *err);
	void *context;
};

enum fc_status fc_platform_each(struct fc_platform *platform, const struct fc_platform_list *list,
				struct fc_error *err);

/* The number of items on all pages: as counted by the service, or found by bisection if it does not count them. */
enum fc_status fc_platform_total(struct fc_platform *platform, const struct fc_platform_list *list,
				 uint64_t *out, struct fc_error *err);

/* ---- names.c: origins and spaces by name and number ---- */

void fc_platform_names_release(struct fc_platform_names *names);

/* Find the item with this name. NULL if there is none, or if the names were not loaded. */
const struct fc_platform_name *fc_platform_find_name(const struct fc_platform_names *names,
						     const char *name);

/* Look up the name of an origin; *out is NULL when it has none. The list of origins is requested only once. */
enum fc_status fc_platform_origin_name(struct fc_platform *platform, uint64_t id, const char **out,
				       struct fc_error *err);
enum fc_status fc_platform_space_name(struct fc_platform *platform, uint64_t id, const char **out,
				      struct fc_error *err);

/* Load all spaces, once. Errors: FC_PERMISSION (the token has no access to them). */
enum fc_status fc_platform_load_spaces(struct fc_platform *platform, struct fc_error *err);

/* Whether a text is a number of an origin or space. */
bool fc_platform_is_number(const char *text, uint64_t *out);

/* Find an origin by its number or name; a number that exists takes precedence. Errors: FC_NOT_FOUND. */
enum fc_status fc_platform_find_origin(struct fc_platform *platform, const char *origin,
				       const struct fc_platform_name **out, struct fc_error *err);
enum fc_status fc_platform_find_space(struct fc_platform *platform, const char *space,
				      const struct fc_platform_name **out, struct fc_error *err);

/*
 * Each token gives access to one space: check that it is this one. space NULL: accept any. Errors: FC_INVALID_ARGUMENT (the
 * token is for another space, or the service does not report its space).
 */
enum fc_status fc_platform_check_space(struct fc_platform *platform, const char *space,
				       struct fc_error *err);

/* ---- the verbs ---- */

extern const struct fc_profile_verbs fc_platform_profile_verbs;
extern const struct fc_entry_verbs fc_platform_entry_verbs;
extern const struct fc_origin_verbs fc_platform_origin_verbs;
extern const struct fc_api_verbs fc_platform_api_verbs;
extern const struct fc_space_verbs fc_platform_space_verbs[]; /* indexed by enum fc_platform_kind */
enum fc_status fc_platform_probe(struct fc_service *service, struct fc_error *err);

/* ---- shared by the verbs ---- */

/* The statistics of one profile. */
enum fc_status fc_platform_person_stats(struct fc_platform *platform,
					const struct fc_person_id *person,
					struct fc_entry_stats *out, struct fc_error *err);

/* Fill an empty call with a request for the newest entries of a profile that have this result. */
enum fc_status fc_platform_call_entries_of(const struct fc_platform *platform,
					   const struct fc_person_id *person, enum fc_result result,
					   struct fc_platform_call *call, struct fc_error *err);

/* Numbers of entries. { 0 } is empty. */
struct fc_platform_ids {
	uint64_t *items;
	size_t count, capacity;
};

void fc_platform_ids_release(struct fc_platform_ids *ids);

/* Find the entries of a profile. Errors: FC_REFUSED (the service returned entries of other profiles). */
enum fc_status fc_platform_find_entries(struct fc_platform *platform,
					const struct fc_person_id *person,
					struct fc_platform_ids *out, struct fc_error *err);

/* Delete entries; *removed counts them. Entries that do not exist are skipped. */
enum fc_status fc_platform_delete_entries(struct fc_platform *platform,
					  const struct fc_platform_ids *ids, uint64_t *removed,
					  struct fc_error *err);

#endif
