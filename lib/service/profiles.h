/*
 * Profiles: persons by UUID, made and found by the platform's rules. A photo is compared with every template of the space; at or
 * above the space's `exact` it is that profile, at or above `ha` or `junk` too unless the request wants a new one made, and below
 * all of them it is new.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_PROFILES_H
#define FC_SERVICE_PROFILES_H

#include "gallery/gallery.h"
#include "gallery/transfer/transfer.h"
#include "service/entries.h"
#include "service/service.h"

struct fc_list_reader;

/* An answer that may be left open, so that the origin's setting decides. */
enum fc_choice { FC_CHOICE_OPEN = 0, FC_CHOICE_NO, FC_CHOICE_YES };

/* One of the nearest profiles of a searched face. Strings are borrowed from the outcome. */
struct fc_profile_match {
	struct fc_identity profile;
	enum fc_result result; /* exact, ha, junk; nm below them */
	float similarity;
	double confidence; /* similarity on the scale of 0 to 100 */
};

/* What became of one photo. Valid during the call of the sink only. */
struct fc_profile_outcome {
	const struct fc_photo *asked; /* as the source told it */
	const char *name;
	const char *path;
	enum fc_status status;              /* FC_OK, or why this photo failed */
	const char *error;                  /* facectl's words for people; NULL with FC_OK */
	const struct fc_analysis *analysis; /* never NULL; empty when the photo could not be read */
	const struct fc_face *face; /* the one that was looked at; NULL when there is none */
	const char *space;
	const char *origin;
	enum fc_result result;
	bool has_profile;
	struct fc_identity profile;
	bool has_similarity; /* false in an empty space */
	float similarity; /* to profile, or to the nearest one when there is none; NaN when the service tells confidence alone */
	double confidence; /* the same on the scale of 0 to 100 */
	/* what a remote service estimates of the face */
	bool has_age;
	uint8_t age; /* years */
	enum fc_sex sex;
	enum fc_mood mood;
	enum fc_liveness liveness;
	const struct fc_profile_match *matches; /* search: the nearest, best first */
	size_t match_count;
	uint64_t face_id; /* create and reinit: the stored face; 0 when none was stored */
	bool has_entry;
	uint64_t entry_id;
	bool looked_at;        /* by a worker or a service, not just remembered */
	enum fc_action action; /* create */
	enum fc_reason reason; /* why it was not stored; NONE when it was */
	struct fc_duplicate duplicate;
	struct fc_answered answered;
};

/* Receives outcomes, in the photos' order unless the source says any_order. Errors (a full disk, a closed pipe) end the request. */
struct fc_profile_sink {
	enum fc_status (*report)(void *context, const struct fc_profile_outcome *outcome,
				 struct fc_error *err);
	void *context;
};

/* How photos are read and logged, the same for every verb that looks at some. */
struct fc_profile_photos {
	const char *space;  /* NULL: the origin's */
	const char *origin; /* NULL: "cli" of the space */
	struct fc_photo_source photos;
	struct fc_profile_sink sink;
	bool has_min_facesize;
	/* Pixels; faces with a smaller box do not count. Else the origin's. */
	uint64_t min_facesize;
	bool liveness; /* only live faces: FC_MODEL_MISSING without a liveness model */
	bool no_entry;
	bool dry_run;
};

struct fc_profile_create_request {
	struct fc_profile_photos input;
	struct fc_enrol_rules rules;
	enum fc_choice create_on_ha, create_on_junk;
	const char *person_name, *user_data; /* for profiles that are new; NULL for none */
	bool told_by_place; /* the photos' places in a folder tell whom they show */
	bool keep_crops;
};

struct fc_profile_reinit_request {
	struct fc_profile_photos input; /* of one photo */
	struct fc_uuid pid;
	/* Exact, ha or junk: what the photo must at least be to the profile. */
	enum fc_result min_result;
	bool force; /* whatever it is */
	bool keep_crops;
};

enum { FC_PROFILE_TOP_MAXIMUM = 1000 };

struct fc_profile_search_request {
	struct fc_profile_photos input;
	/* Of the same person: the templates of both are averaged; may be NULL. */
	const struct fc_photo *second;
	size_t top; /* matches wanted, 0 to FC_PROFILE_TOP_MAXIMUM */
};

enum { FC_TEMPLATE_RECORD_MAXIMUM = FC_TRANSFER_LINE_MAXIMUM }; /* bytes of a line */

/* Search with templates that are there already. Nothing is logged. */
struct fc_template_search_request {
	const char *space, *origin;     /* as of photos */
	struct fc_list_reader *records; /* lines as of gallery/transfer/transfer.h; borrowed */
	const char *source;             /* what outcomes call the records */
	struct fc_profile_sink sink; /* outcomes have the face of the record, as far as it tells */
	size_t top;                  /* as of photos */
};

struct fc_profile_delete_item {
	struct fc_uuid pid;
	enum fc_status status;   /* result: FC_OK or FC_NOT_FOUND */
	uint64_t faces, entries; /* result: what went with it */
	bool uncounted;          /* result: the service does not tell how many */
};

struct fc_profile_delete_request {
	struct fc_profile_delete_item *items; /* the caller's; results are written into it */
	size_t count;
	bool erase; /* entries too; else they stay and belong to nobody */
	bool dry_run;
};

struct fc_profile {
	struct fc_uuid pid;
	char space[65];
	bool has_number;
	uint64_t number;
	char *name, *user_data; /* NULL when there is none */
	int64_t created, updated;
	uint64_t faces;
	bool uncounted; /* the service does not tell how many */
};

void fc_profile_release(struct fc_profile *profile);

struct fc_profile_filter {
	const char *space;  /* NULL: all */
	const char *origin; /* profiles with a face from there; NULL: any */
	bool has_since, has_until;
	int64_t since, until;  /* made in [since, until) */
	const char *name_part; /* within the name, in whatever case (ASCII); NULL: any */
	uint64_t limit, offset;
	bool oldest_first;
};

struct fc_profile_page {
	struct fc_profile *items;
	size_t count;
	uint64_t total; /* on all pages */
};

void fc_profile_page_release(struct fc_profile_page *page);

struct fc_profile_detail {
	struct fc_profile profile;
	struct fc_face_record *faces; /* without templates */
	bool *crops;                  /* whether the crop of that face is kept */
	size_t face_count;
	struct fc_entry_stats stats;
};

void fc_profile_detail_release(struct fc_profile_detail *detail);

struct fc_profile_update_request {
	struct fc_uuid pid;
	bool has_name, has_user_data;
	const char *name, *user_data; /* NULL removes it */
};

/* What a merge or a move carried over. */
struct fc_profile_carried {
	uint64_t faces, entries;
};

/* Receives one kept crop as the bytes of a PNG file. */
typedef enum fc_status fc_profile_crop_visit(void *context, uint64_t face_id,
					     const struct fc_buffer *png, struct fc_error *err);

FC_MUST_USE enum fc_status
fc_service_profile_create(struct fc_service *service,
			  const struct fc_profile_create_request *request, struct fc_tally *tally,
			  struct fc_error *err);

/*
 * Replace the templates of a profile with that of a photo. Errors: FC_NOT_FOUND, FC_CONFLICT (the photo is less than min_result to
 * the profile, or the origin is in another space): these are the photo's outcome.
 */
FC_MUST_USE enum fc_status
fc_service_profile_reinit(struct fc_service *service,
			  const struct fc_profile_reinit_request *request, struct fc_tally *tally,
			  struct fc_error *err);
FC_MUST_USE enum fc_status
fc_service_profile_search(struct fc_service *service,
			  const struct fc_profile_search_request *request, struct fc_tally *tally,
			  struct fc_error *err);

/*
 * A record that is none is an outcome that failed. Records of another model end the request: FC_INCOMPATIBLE.
 */
FC_MUST_USE enum fc_status
fc_service_template_search(struct fc_service *service,
			   const struct fc_template_search_request *request, struct fc_tally *tally,
			   struct fc_error *err);
FC_MUST_USE enum fc_status
fc_service_profile_delete(struct fc_service *service,
			  const struct fc_profile_delete_request *request, struct fc_error *err);
FC_MUST_USE enum fc_status fc_service_profile_list(struct fc_service *service,
						   const struct fc_profile_filter *filter,
						   struct fc_profile_page *out,
						   struct fc_error *err);
FC_MUST_USE enum fc_status fc_service_profile_show(struct fc_service *service,
						   const struct fc_uuid *pid,
						   struct fc_profile_detail *out,
						   struct fc_error *err);
/*
 * Every person that a text can mean: a pid or the first 4 or more characters of one, SPACE/NUMBER or SPACE/NAME, and where space is
 * not NULL a number or name alone. Persons of other spaces do not count then. None is no error: out->count is 0. out holds the first
 * few, and its total counts all. Errors: FC_INVALID_ARGUMENT (the text has no such form), FC_NOT_FOUND (there is no such space).
 */
FC_MUST_USE enum fc_status fc_service_person_find(struct fc_service *service, const char *text,
						  const char *space, struct fc_profile_page *out,
						  struct fc_error *err);
FC_MUST_USE enum fc_status
fc_service_profile_update(struct fc_service *service,
			  const struct fc_profile_update_request *request, struct fc_profile *out,
			  struct fc_error *err);

/* Give everything of `other` to `kept`, in the same space, and remove `other`. */
FC_MUST_USE enum fc_status fc_service_profile_merge(struct fc_service *service,
						    const struct fc_uuid *kept,
						    const struct fc_uuid *other,
						    struct fc_profile_carried *carried,
						    struct fc_profile *out, struct fc_error *err);

/* Take a profile with its faces and entries to another space, which is made when it is not there. */
FC_MUST_USE enum fc_status fc_service_profile_move(struct fc_service *service,
						   const struct fc_uuid *pid, const char *space,
						   struct fc_profile_carried *carried,
						   struct fc_profile *out, struct fc_error *err);

/* *count: how many crops were visited. A profile without any is no error. */
FC_MUST_USE enum fc_status fc_service_profile_crops(struct fc_service *service,
						    const struct fc_uuid *pid,
						    fc_profile_crop_visit *visit, void *context,
						    size_t *count, struct fc_error *err);

#endif
