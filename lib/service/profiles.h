/*
 * Profiles: persons by UUID, created and found by the platform's rules. A photo is compared with every template of the space. If the
 * highest similarity is at or above the space's `exact` threshold, the photo belongs to that profile. At or above `ha` or `junk` it does,
 * too, unless the request creates profiles in these bands. Below all thresholds it is a new profile.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_PROFILES_H
#define FC_SERVICE_PROFILES_H

#include "gallery/gallery.h"
#include "gallery/maintain/maintain.h"
#include "gallery/transfer/transfer.h"
#include "protocol/person_id.h"
#include "service/entries.h"
#include "service/photos.h"

struct fc_list_reader;
struct fc_audit_request; /* service/audit.h */

/* OPEN: not chosen, so the origin's setting applies. */
enum fc_choice { FC_CHOICE_OPEN = 0, FC_CHOICE_NO, FC_CHOICE_YES };

/* One of the profiles nearest to a searched face. Strings are borrowed from the outcome. */
struct fc_profile_match {
	struct fc_identity profile;
	enum fc_result result; /* exact, ha or junk; nm (no match) below them */
	float similarity;
	double confidence; /* similarity on a scale from 0 to 100 */
	struct fc_best_face best;
};

/* The outcome of one photo. Valid during the call of the sink only. */
struct fc_profile_outcome {
	const char *
		service_answer; /* the document in which a remote service refused the photo; NULL for none */
	const struct fc_photo *photo; /* as the source returned it */
	const char *name;
	const char *path;
	enum fc_status status;              /* FC_OK, or why this photo failed */
	const char *error;                  /* message for people; NULL with FC_OK */
	const struct fc_analysis *analysis; /* never NULL; empty when the photo was not read */
	const struct fc_face *face; /* the face that was compared; NULL when there is none */
	/* the part of the photo that was sent to a service, and the face that it shows; NULL: the whole photo was sent */
	const struct fc_box *cutout;
	const struct fc_face *cutout_face;
	const char *space;
	const char *origin;
	enum fc_result result;
	bool has_profile;
	struct fc_identity profile;
	const char *other_id; /* of the profile, if it is not a UUID; else NULL or empty */
	/* search without a profile: the most similar one, and the similarity that it would need */
	bool has_nearest;
	struct fc_identity nearest;
	double threshold;
	bool has_similarity; /* false in an empty space */
	float similarity; /* to profile, else to the nearest one; NaN if the service reports only the confidence */
	double confidence; /* similarity on a scale from 0 to 100 */
	/* estimates of a remote service */
	bool has_age;
	uint8_t age; /* years */
	enum fc_sex sex;
	enum fc_mood mood;
	enum fc_liveness liveness;
	struct fc_best_face best;               /* search: of the profile */
	const struct fc_profile_match *matches; /* search: the nearest profiles, best first */
	size_t match_count;
	uint64_t face_id; /* create and reinit: the stored face; 0 when none was stored */
	bool has_entry;
	uint64_t entry_id;
	bool examined;         /* by a worker or a service in this run, not taken from the ledger */
	enum fc_action action; /* create */
	enum fc_reason reason; /* why it was not stored; NONE when it was */
	struct fc_duplicate duplicate;
	struct fc_answered answered;
};

/* Receives outcomes, in the order of the photos unless the source sets any_order. An error (disk full, pipe closed) ends the request. */
struct fc_profile_sink {
	enum fc_status (*report)(void *context, const struct fc_profile_outcome *outcome,
				 struct fc_error *err);
	void *context;
};

/* The parameters that all requests with photos share. */
struct fc_profile_photos {
	const char *space;  /* NULL: the origin's */
	const char *origin; /* NULL: "cli" of the space */
	struct fc_photo_source photos;
	struct fc_profile_sink sink;
	bool has_min_facesize;
	/* area of the box in pixels; smaller faces are ignored. Default: the origin's */
	uint64_t min_facesize;
	bool liveness;     /* live faces only: FC_MODEL_MISSING without a liveness model */
	bool identify_asm; /* ask a remote service for age, sex and mood */
	bool want_crops;   /* in the outcome's analysis */
	struct fc_annotation annotation;
	bool no_entry;
	bool dry_run;
};

struct fc_profile_create_request {
	struct fc_profile_photos input;
	struct fc_enrol_rules rules;
	enum fc_choice create_on_ha, create_on_junk;
	const char *person_name, *user_data; /* of created profiles; NULL for none */
	bool person_from_path; /* the person is derived from the path below the folder */
	bool keep_crops;
};

struct fc_profile_reinit_request {
	struct fc_profile_photos input; /* of one photo */
	struct fc_person_id person;
	/* exact, ha or junk: the photo must reach it, unless force is set */
	enum fc_result min_result;
	bool force;
	struct fc_quality_limits quality;
	bool keep_crops;
};

enum { FC_PROFILE_TOP_MAXIMUM = 1000 };

struct fc_profile_search_request {
	struct fc_profile_photos input;
	/* Second photo of the same person: the templates of both are averaged; may be NULL. */
	const struct fc_photo *second;
	size_t top;                         /* number of matches, 0 to FC_PROFILE_TOP_MAXIMUM */
	const char *watched;                /* as in struct fc_recognize_request */
	struct fc_face_choice watched_face; /* of its photos */
};

enum { FC_TEMPLATE_RECORD_MAXIMUM = FC_TRANSFER_LINE_MAXIMUM }; /* maximum bytes of a line */

/* Search with templates from records. No entries are written. */
struct fc_template_search_request {
	const char *space, *origin;     /* as with photos */
	struct fc_list_reader *records; /* lines of gallery/transfer/transfer.h; borrowed */
	const char *source;             /* name of the records in outputs */
	struct fc_profile_sink sink;    /* outcomes have the face as the record describes it */
	size_t top;                     /* as with photos */
};

struct fc_profile_delete_item {
	struct fc_person_id person;
	enum fc_status status;   /* result: FC_OK or FC_NOT_FOUND */
	uint64_t faces, entries; /* result: number deleted */
	bool uncounted;          /* result: the service does not report how many */
};

struct fc_profile_delete_request {
	struct fc_profile_delete_item *items; /* the caller's; results are written into it */
	size_t count;
	bool erase; /* also delete the entries; else they stay and keep the pid */
	bool dry_run;
};

struct fc_profile {
	struct fc_uuid pid;
	char other_id
		[FC_PERSON_ID_SIZE]; /* of a remote service: the id if it is not a UUID; else empty */
	char space[FC_SPACE_NAME_SIZE];
	bool has_number;
	uint64_t number;
	char *name, *user_data; /* NULL when there is none */
	int64_t created, updated;
	uint64_t faces;
	bool uncounted; /* the service does not report how many */
};

void fc_profile_release(struct fc_profile *profile);

struct fc_profile_filter {
	const char *const *spaces; /* names; none: all */
	size_t space_count;
	const char *const *origins; /* profiles with a face from one of them; none: any */
	size_t origin_count;
	bool has_since, has_until;
	int64_t since, until; /* created in [since, until) */
	const char *
		name_part; /* part of the name, without the difference of upper and lower case; NULL: any */
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
	bool *crops;                  /* whether the crop of that face is stored */
	bool only_ids;                /* the service has no entries, and of faces only the UUID */
	size_t face_count;
	struct fc_entry_stats stats;
};

void fc_profile_detail_release(struct fc_profile_detail *detail);

struct fc_profile_update_request {
	struct fc_uuid pid;
	bool has_name, has_user_data;
	const char *name, *user_data; /* NULL removes it */
};

struct fc_profile_merge_request {
	struct fc_uuid kept;
	const struct fc_uuid *others;
	size_t other_count;
	bool force; /* also merge persons whose faces are not similar */
	bool dry_run;
};

/* Numbers of faces and entries that a merge or a move changed. */
struct fc_profile_carried {
	uint64_t faces, entries;
	/* merge: the lowest similarity of a person to the one that is kept, unless one of them has no template */
	bool has_similarity;
	float similarity;
};

struct fc_profile_verbs {
	enum fc_status (*create)(struct fc_service *service,
				 const struct fc_profile_create_request *request,
				 struct fc_tally *tally, struct fc_error *err);
	enum fc_status (*reinit)(struct fc_service *service,
				 const struct fc_profile_reinit_request *request,
				 struct fc_tally *tally, struct fc_error *err);
	enum fc_status (*search)(struct fc_service *service,
				 const struct fc_profile_search_request *request,
				 struct fc_tally *tally, struct fc_error *err);
	enum fc_status (*search_templates)(struct fc_service *service,
					   const struct fc_template_search_request *request,
					   struct fc_tally *tally, struct fc_error *err);
	enum fc_status (*list)(struct fc_service *service, const struct fc_profile_filter *filter,
			       struct fc_profile_page *out, struct fc_error *err);
	enum fc_status (*show)(struct fc_service *service, const struct fc_person_id *person,
			       struct fc_profile_detail *out, struct fc_error *err);
	enum fc_status (*find)(struct fc_service *service, const char *text, const char *space,
			       struct fc_profile_page *out, struct fc_error *err);
	enum fc_status (*update)(struct fc_service *service,
				 const struct fc_profile_update_request *request,
				 struct fc_profile *out, struct fc_error *err);
	enum fc_status (*merge)(struct fc_service *service,
				const struct fc_profile_merge_request *request,
				struct fc_profile_carried *carried, struct fc_profile *out,
				struct fc_error *err);
	enum fc_status (*move)(struct fc_service *service, const struct fc_uuid *pid,
			       const char *space, bool dry_run, struct fc_profile_carried *carried,
			       struct fc_profile *out, struct fc_error *err);
	enum fc_status (*delete)(struct fc_service *service,
				 const struct fc_profile_delete_request *request,
				 struct fc_error *err);
	enum fc_status (*erase)(struct fc_service *service, const struct fc_erase_request *request,
				struct fc_erase_report *out, struct fc_error *err);
	enum fc_status (*audit)(struct fc_service *service, const struct fc_audit_request *request,
				struct fc_error *err);
};

static inline enum fc_status
fc_service_profile_create(struct fc_service *service,
			  const struct fc_profile_create_request *request, struct fc_tally *tally,
			  struct fc_error *err)
{
	*tally = (struct fc_tally){ 0 };
	FC_TRY(fc_service_need(service, FC_VERB_PROFILES_CREATE, err));
	return service->operations->profiles->create(service, request, tally, err);
}

/*
 * Replace the templates of a profile with that of a photo. Errors, as the photo's outcome: FC_NOT_FOUND, FC_CONFLICT (the photo is
 * below min_result, or the origin is in another space).
 */
static inline enum fc_status
fc_service_profile_reinit(struct fc_service *service,
			  const struct fc_profile_reinit_request *request, struct fc_tally *tally,
			  struct fc_error *err)
{
	*tally = (struct fc_tally){ 0 };
	FC_TRY(fc_service_need(service, FC_VERB_PROFILES_REINIT, err));
	return service->operations->profiles->reinit(service, request, tally, err);
}

static inline enum fc_status
fc_service_profile_search(struct fc_service *service,
			  const struct fc_profile_search_request *request, struct fc_tally *tally,
			  struct fc_error *err)
{
	*tally = (struct fc_tally){ 0 };
	FC_TRY(fc_service_need(service, FC_VERB_PROFILES_SEARCH, err));
	return service->operations->profiles->search(service, request, tally, err);
}

/* An invalid record is reported as a failed outcome. A record of another model ends the request with FC_INCOMPATIBLE. */
static inline enum fc_status
fc_service_template_search(struct fc_service *service,
			   const struct fc_template_search_request *request, struct fc_tally *tally,
			   struct fc_error *err)
{
	*tally = (struct fc_tally){ 0 };
	FC_TRY(fc_service_need(service, FC_VERB_PROFILES_SEARCH_TEMPLATE, err));
	return service->operations->profiles->search_templates(service, request, tally, err);
}

static inline enum fc_status fc_service_profile_list(struct fc_service *service,
						     const struct fc_profile_filter *filter,
						     struct fc_profile_page *out,
						     struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_PROFILES_LIST, err));
	return service->operations->profiles->list(service, filter, out, err);
}

static inline enum fc_status fc_service_profile_show(struct fc_service *service,
						     const struct fc_person_id *person,
						     struct fc_profile_detail *out,
						     struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_PROFILES_SHOW, err));
	return service->operations->profiles->show(service, person, out, err);
}

/*
 * Find every person that a text can refer to: a pid or at least its first 4 characters, SPACE/NUMBER, SPACE/NAME or, if space is not NULL,
 * only NUMBER or NAME; in that case persons of other spaces are ignored. *out has the first few persons, its total counts all. No match
 * is not an error. Errors: FC_INVALID_ARGUMENT (the text has no such form), FC_NOT_FOUND (there is no such space).
 */
static inline enum fc_status fc_service_person_find(struct fc_service *service, const char *text,
						    const char *space, struct fc_profile_page *out,
						    struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_PERSONS_FIND, err));
	return service->operations->profiles->find(service, text, space, out, err);
}

static inline enum fc_status
fc_service_profile_update(struct fc_service *service,
			  const struct fc_profile_update_request *request, struct fc_profile *out,
			  struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_PROFILES_UPDATE, err));
	return service->operations->profiles->update(service, request, out, err);
}

/*
 * Move all faces and entries of the others to `kept`, in the same space, and remove the others; all of them or none.
 * Errors: FC_NOT_FOUND, FC_CONFLICT (another space, or persons whose best similarity is below the space's junk band, unless forced),
 * FC_MODEL_MISSING and FC_INVALID_ARGUMENT (no calibration, unless forced).
 */
static inline enum fc_status
fc_service_profile_merge(struct fc_service *service, const struct fc_profile_merge_request *request,
			 struct fc_profile_carried *carried, struct fc_profile *out,
			 struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_PROFILES_MERGE, err));
	return service->operations->profiles->merge(service, request, carried, out, err);
}

/*
 * Move a profile with its faces and entries to another space, which is created if there is none of that name. Errors: FC_NOT_FOUND,
 * FC_CONFLICT (the profile, its number or one of its faces is in that space already).
 */
static inline enum fc_status fc_service_profile_move(struct fc_service *service,
						     const struct fc_uuid *pid, const char *space,
						     bool dry_run,
						     struct fc_profile_carried *carried,
						     struct fc_profile *out, struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_PROFILES_MOVE, err));
	return service->operations->profiles->move(service, pid, space, dry_run, carried, out, err);
}

static inline enum fc_status
fc_service_profile_delete(struct fc_service *service,
			  const struct fc_profile_delete_request *request, struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_PROFILES_DELETE, err));
	return service->operations->profiles->delete (service, request, err);
}

/* Remove persons so that nothing of them stays in the file of the gallery: see fc_gallery_erase. */
static inline enum fc_status fc_service_erase(struct fc_service *service,
					      const struct fc_erase_request *request,
					      struct fc_erase_report *out, struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_ERASE, err));
	return service->operations->profiles->erase(service, request, out, err);
}

#endif
