/* What the parts of a platform service share. Private to lib/service/platform*.c. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_PLATFORM_ENGINE_H
#define FC_SERVICE_PLATFORM_ENGINE_H

#include "service/operations.h"
#include "service/remote/common/photo.h"
#include "service/remote/platform/answer.h"
#include "service/remote/platform/platform.h"

/* Numbers and names of origins or spaces. { 0 } is empty. */
struct fc_platform_names {
	bool loaded;
	struct fc_platform_name {
		uint64_t id;
		char *name;
	} * items;
	size_t count, room;
};

struct fc_platform {
	struct fc_service service; /* first, so that a service is its engine */
	struct fc_platform_options options;
	const struct fc_platform_dialect *dialect;
	struct fc_token token;
	char *authorization; /* "Token ...", with every request */
	char *url, *iam_url;
	const char *secrets[1];
	struct fc_http_field headers[1];
	struct fc_http *http;
	struct fc_http *iam; /* the same as http where there is one address */
	struct fc_platform_names origins, spaces;
	struct fc_uuid *made; /* profiles that were made by now */
	size_t made_count, made_room;
};

static inline struct fc_platform *fc_platform_of(struct fc_service *service)
{
	return (struct fc_platform *)service;
}

/* ---- platform_call.c: one request ---- */

enum { FC_PLATFORM_PIECES = 8, FC_PLATFORM_FIELDS = 20 };

/* A request with everything that it points to. { 0 } is empty; adding never fails on the spot (see fc_platform_call_end). */
struct fc_platform_call {
	struct fc_http_request request;
	const char *path[FC_PLATFORM_PIECES];
	struct fc_http_field query[FC_PLATFORM_FIELDS];
	struct fc_http_part parts[FC_PLATFORM_FIELDS];
	char *texts[2 * FC_PLATFORM_FIELDS]; /* that the three above point to */
	size_t text_count;
	char *body;
	bool failed;   /* out of memory, or of room */
	bool may_miss; /* set by the caller: it names one of many, which need not be there */
};

void fc_platform_call_release(struct fc_platform_call *call);

/* Start one: the path is v1/, then the pieces, which are copied; NULL behind the last. */
void fc_platform_call_begin(const struct fc_platform *platform, enum fc_http_method method,
			    const char *const *pieces, struct fc_platform_call *call);

/* Texts are copied. A value of NULL adds nothing. */
void fc_platform_query(struct fc_platform_call *call, const char *name, const char *value);
void fc_platform_query_count(struct fc_platform_call *call, const char *name, uint64_t value);
void fc_platform_field(struct fc_platform_call *call, const char *name, const char *value);
void fc_platform_field_count(struct fc_platform_call *call, const char *name, uint64_t value);
void fc_platform_field_truth(struct fc_platform_call *call, const char *name, bool value);

/* The photo's bytes; it must stay as long as the call. */
void fc_platform_image(struct fc_platform_call *call, const char *name,
		       const struct fc_remote_photo *photo);

/* A body; takes over the object, which may be NULL when there was no memory for it. */
void fc_platform_json(struct fc_platform_call *call, cJSON *object);

/* Errors: FC_NO_MEMORY, FC_INTERNAL. */
FC_MUST_USE enum fc_status fc_platform_call_end(struct fc_platform_call *call,
						struct fc_error *err);

/*
 * Send a finished call that may be repeated and read its answer; the texts of errors name the service. A DELETE that found nothing
 * because an earlier try was carried out has done its work.
 */
FC_MUST_USE enum fc_status fc_platform_perform(struct fc_platform *platform, struct fc_http *http,
					       struct fc_platform_call *call,
					       struct fc_platform_answer *out,
					       struct fc_error *err);

/* The same for one that must not be carried out twice. *sent: it may have been, whatever came back. */
FC_MUST_USE enum fc_status fc_platform_perform_once(struct fc_platform *platform,
						    struct fc_platform_call *call,
						    struct fc_platform_answer *out, bool *sent,
						    struct fc_error *err);

/* FC_UNSUPPORTED when somebody asks for what the platform has no word for. */
FC_MUST_USE enum fc_status fc_platform_refuse(const struct fc_platform *platform, bool asked,
					      const char *what, struct fc_error *err);

/* ---- platform_pages.c: lists that come in pages ---- */

enum { FC_PLATFORM_PAGE = 1000 }; /* items, as many as the platforms give at once */

/* Add the filters of a list to its request. */
typedef void fc_platform_filter(struct fc_platform_call *call, const void *context);

struct fc_platform_list {
	struct fc_http *http;
	const char *const *path; /* NULL behind the last piece */
	fc_platform_filter *filter;
	const void *filter_context;
	uint64_t limit, offset;
	const char *what; /* "n entry", "n origin", "space", for messages */
	/* Called for each item in the list's order; none comes twice, even when some are added while pages are read. */
	enum fc_status (*visit)(void *context, const cJSON *item, struct fc_error *err);
	void *context;
};

FC_MUST_USE enum fc_status fc_platform_each(struct fc_platform *platform,
					    const struct fc_platform_list *list,
					    struct fc_error *err);

/* How many items all pages hold: what the service says, or found out where it says nothing. */
FC_MUST_USE enum fc_status fc_platform_total(struct fc_platform *platform,
					     const struct fc_platform_list *list, uint64_t *out,
					     struct fc_error *err);

/* ---- platform_names.c: origins and spaces by name and number ---- */

void fc_platform_names_release(struct fc_platform_names *names);

/* The name behind a number, NULL when there is none. Asks the service once. */
FC_MUST_USE enum fc_status fc_platform_origin_name(struct fc_platform *platform, uint64_t id,
						   const char **out, struct fc_error *err);
FC_MUST_USE enum fc_status fc_platform_space_name(struct fc_platform *platform, uint64_t id,
						  const char **out, struct fc_error *err);

/* Ask for all spaces, once. Errors: FC_PERMISSION when the token may not see them. */
FC_MUST_USE enum fc_status fc_platform_load_spaces(struct fc_platform *platform,
						   struct fc_error *err);

/* By name, or by number when the text is one. Errors: FC_NOT_FOUND. */
FC_MUST_USE enum fc_status fc_platform_find_origin(struct fc_platform *platform, const char *origin,
						   const struct fc_platform_name **out,
						   struct fc_error *err);
FC_MUST_USE enum fc_status fc_platform_find_space(struct fc_platform *platform, const char *space,
						  const struct fc_platform_name **out,
						  struct fc_error *err);

/*
 * The token decides the space that everything happens in: make sure that it is this one. space NULL: whichever it is.
 * Errors: FC_INVALID_ARGUMENT (it is another, or the service does not tell).
 */
FC_MUST_USE enum fc_status fc_platform_check_space(struct fc_platform *platform, const char *space,
						   struct fc_error *err);

/* Words of the dialect for bits 1 << value, joined with commas; free() it. NULL when out of memory. */
char *fc_platform_join_results(const struct fc_platform_dialect *dialect, unsigned results);

/* ---- the verbs ---- */

enum fc_status fc_platform_probe(struct fc_service *service, struct fc_error *err);
enum fc_status fc_platform_profile_create(struct fc_service *service,
					  const struct fc_profile_create_request *request,
					  struct fc_tally *tally, struct fc_error *err);
enum fc_status fc_platform_profile_reinit(struct fc_service *service,
					  const struct fc_profile_reinit_request *request,
					  struct fc_tally *tally, struct fc_error *err);
enum fc_status fc_platform_profile_search(struct fc_service *service,
					  const struct fc_profile_search_request *request,
					  struct fc_tally *tally, struct fc_error *err);
enum fc_status fc_platform_profile_delete(struct fc_service *service,
					  const struct fc_profile_delete_request *request,
					  struct fc_error *err);
enum fc_status fc_platform_profile_show(struct fc_service *service, const struct fc_uuid *pid,
					struct fc_profile_detail *out, struct fc_error *err);
enum fc_status fc_platform_entry_list(struct fc_service *service,
				      const struct fc_entry_list_request *request,
				      const struct fc_entry_sink *sink,
				      struct fc_entry_list_result *out, struct fc_error *err);
enum fc_status fc_platform_entry_stats(struct fc_service *service,
				       const struct fc_entry_filter *filter,
				       struct fc_entry_stats *out, struct fc_error *err);
enum fc_status fc_platform_entry_delete(struct fc_service *service,
					struct fc_entry_delete_item *items, size_t count,
					bool dry_run, struct fc_error *err);
enum fc_status fc_platform_origin_create(struct fc_service *service, const char *name,
					 const char *space,
					 const struct fc_origin_settings *settings,
					 struct fc_origin_row *out, struct fc_error *err);
enum fc_status fc_platform_origin_list(struct fc_service *service, const char *space,
				       struct fc_origin_row **out, size_t *count,
				       struct fc_error *err);
enum fc_status fc_platform_origin_show(struct fc_service *service, const char *origin,
				       struct fc_origin_row *out, struct fc_error *err);
enum fc_status fc_platform_origin_update(struct fc_service *service,
					 const struct fc_origin_update_request *request,
					 struct fc_origin_row *out, struct fc_error *err);
enum fc_status fc_platform_origin_delete(struct fc_service *service, const char *origin,
					 struct fc_error *err);
enum fc_status fc_platform_space_list(struct fc_service *service, struct fc_space_summary **out,
				      size_t *count, struct fc_error *err);
enum fc_status fc_platform_space_delete(struct fc_service *service, const char *space,
					struct fc_error *err);
enum fc_status fc_platform_space_bands(struct fc_service *service, const char *space,
				       const struct fc_bands_change *change,
				       struct fc_space_bands *out, struct fc_error *err);

/* ---- what the verbs lend each other ---- */

/* The statistics of one profile. */
FC_MUST_USE enum fc_status fc_platform_person_stats(struct fc_platform *platform,
						    const struct fc_uuid *pid,
						    struct fc_entry_stats *out,
						    struct fc_error *err);

/* Put the request for the newest entries of a profile with this result into an empty call. */
FC_MUST_USE enum fc_status fc_platform_call_entries_of(const struct fc_platform *platform,
						       const struct fc_uuid *pid,
						       enum fc_result result,
						       struct fc_platform_call *call,
						       struct fc_error *err);

/* Delete the entries of a profile; *removed counts them. */
FC_MUST_USE enum fc_status fc_platform_erase_entries(struct fc_platform *platform,
						     const struct fc_uuid *pid, uint64_t *removed,
						     struct fc_error *err);

#endif
