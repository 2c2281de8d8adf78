/* What the parts of the local engine share. Private to lib/service/local*.c. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_ENGINE_H
#define FC_SERVICE_LOCAL_ENGINE_H

#include "gallery/gallery.h"
#include "gallery/rows/ledger.h"
#include "service/entries.h"
#include "service/local/local.h"
#include "service/origins.h"
#include "service/profiles.h"
#include "service/reembed.h"
#include "service/survey.h"

struct fc_local {
	struct fc_service service; /* first, so that a service is its engine */
	struct fc_local_options options;
	struct fc_model *detector;   /* NULL unless the command looks at photos */
	struct fc_model *embedder;   /* then, and after fc_local_load_embedder */
	struct fc_model *liveness;   /* NULL unless it was asked for */
	struct fc_model *attributes; /* the same; every photo's faces get them then */
	struct fc_workers *workers;
	struct fc_gallery *gallery;
	enum fc_gallery_mode gallery_mode; /* of the open gallery */
};

static inline struct fc_local *fc_local_of(struct fc_service *service)
{
	return (struct fc_local *)service;
}

/* A signal asked to stop: nothing more is begun. */
static inline bool fc_local_stopped(const struct fc_local *local)
{
	return local->options.stop && *local->options.stop != 0;
}

/* ---- local.c ---- */

/* Open the gallery, or open it anew when it is open for less than `mode`. It stays the engine's. */
FC_MUST_USE enum fc_status fc_local_gallery(struct fc_local *local, enum fc_gallery_mode mode,
					    struct fc_gallery **out, struct fc_error *err);

/*
 * Run a change in a write transaction of a gallery that is there (or, with FC_GALLERY_CREATE, is made). A rehearsal runs it and
 * then takes everything back, so that a dry run meets the same refusals as the real one.
 */
FC_MUST_USE enum fc_status fc_local_change(struct fc_local *local, enum fc_gallery_mode mode,
					   bool rehearsal, fc_gallery_change *change, void *context,
					   struct fc_error *err);

/* Make sure that the embedder's descriptor is there; its network is not read. Errors: FC_MODEL_MISSING, FC_INVALID_ARGUMENT. */
FC_MUST_USE enum fc_status fc_local_load_embedder(struct fc_local *local, struct fc_error *err);

/* What the engine's embedder would pin a gallery to. */
struct fc_embedder_pin fc_local_pin(const struct fc_local *local);

/* Start the workers unless they run. Nobody does before there is a photo to look at. Errors: those of fc_workers_start. */
FC_MUST_USE enum fc_status fc_local_start_workers(struct fc_local *local, struct fc_error *err);

/* FC_INCOMPATIBLE when the gallery is pinned to another embedder than the engine's. An unpinned one is fine. */
FC_MUST_USE enum fc_status fc_local_check_pin(const struct fc_local *local,
					      struct fc_gallery_txn *txn, struct fc_error *err);

/* FC_MODEL_MISSING when liveness is wanted and no model for it is in use. */
FC_MUST_USE enum fc_status fc_local_check_liveness(const struct fc_local *local, bool wanted,
						   struct fc_error *err);

/* ---- local_photos.c: photos through the workers, in order ---- */

/* What the ledger said of a photo before anybody looked at it; all zero where nobody asked. local_ledger.h fills it in. */
struct fc_local_recall {
	bool known;         /* item tells what came of it, and that is to stand */
	bool path_is_new;   /* known by its content, not by its path */
	bool path_is_known; /* the path led somewhere: to this content, when it was last looked at */
	struct fc_sha256 path_held;
	bool replaces;              /* and the path held another face, which goes */
	struct fc_ledger_item item; /* key fields from `asked` on, the rest when known */
	bool has_number;            /* of the person that a known item speaks of */
	uint64_t number;
	char *name; /* the person's; NULL */
	bool asked;
	bool hashed;    /* item.content is the photo's */
	char *absolute; /* its path; NULL when it is to have no place in the ledger */
	struct fc_file_identity identity;
};

struct fc_local_photo {
	struct fc_photo asked;   /* its strings are the photo's own */
	const char *name, *path; /* of asked */
	enum fc_status status;   /* of this photo */
	enum fc_reason reason;   /* NONE: what the status tells */
	struct fc_error error;
	struct fc_local_recall recall;
	struct fc_analysis analysis;
	int copy; /* a second descriptor of the photo when asked for, else -1 */
	bool finished;
};

struct fc_local_batch {
	struct fc_photo_source source;
	enum fc_want want;
	bool keep_descriptor;
	/*
	 * Called for each photo before it is opened; may open it (*fd), and set recall.known so that nobody looks at it. May be NULL. An
	 * error ends the batch.
	 */
	enum fc_status (*recall)(void *context, struct fc_local_photo *photo, int *fd,
				 struct fc_error *err);
	/* Called whenever nothing is at hand: `idle` when nothing will be until the source has more. May be NULL. */
	enum fc_status (*pause)(void *context, bool idle, struct fc_error *err);
	/* Called for each photo, in the source's order unless it says any_order. An error ends the batch. */
	enum fc_status (*handle)(void *context, struct fc_local_photo *photo, struct fc_error *err);
	void *context;
};

FC_MUST_USE enum fc_status fc_local_run(struct fc_local *local, const struct fc_local_batch *batch,
					struct fc_error *err);

/* Release a photo that was taken over by handle, which empties the one that it was given. */
void fc_local_photo_release(struct fc_local_photo *photo);

/* Why the photo failed or was left out; NONE when it was not. */
enum fc_reason fc_local_reason(const struct fc_local_photo *photo);

/* Start an outcome with what every verb reports of a photo. */
struct fc_photo_outcome fc_local_outcome(const struct fc_local_photo *photo);

/* Turn "not exactly one face" into the photo's failure. */
void fc_local_require_one_face(struct fc_local_photo *photo);

/* The area of a face's box. */
uint32_t fc_local_face_pixels(const struct fc_face *face);

/*
 * The entry of one face of a photo (NULL: of a photo without one): what was measured, before anything is decided about it. Borrows
 * path and origin.
 */
struct fc_entry fc_local_entry(const struct fc_local *local, const struct fc_local_photo *photo,
			       const struct fc_face *face, uint32_t space, const char *origin);

/* The record of one face of a photo, to be stored with a person. Borrows path, origin and template. */
struct fc_face_record fc_local_face_record(const struct fc_local_photo *photo, size_t index,
					   uint32_t space, const struct fc_uuid *pid,
					   const char *origin);

/* ---- local_told.c ---- */

/* Who a person is; borrows the name. */
struct fc_identity fc_local_identity(const struct fc_person *person);

/* Whom a photo shows that the ledger knows; borrows the name. */
struct fc_identity fc_local_recalled(const struct fc_local_recall *recall);

/* By number, pid or name. */
bool fc_local_is_told(const struct fc_local_photo *photo);

/* Whether it is this person whom the photo is told to show. */
bool fc_local_tells(const struct fc_photo *photo, const struct fc_identity *person);

/*
 * Whom a photo shows by what was told with it: somebody of the space, or somebody new. name is for those told by number.
 * Errors: FC_CONFLICT (there is nobody with the pid in the space, several bear the name).
 */
FC_MUST_USE enum fc_status fc_local_told_person(struct fc_gallery_txn *txn,
						const struct fc_local_photo *photo, uint32_t space,
						const char *name, struct fc_person *out,
						bool *is_new, struct fc_error *err);

/* ---- local_annotate.c ---- */

/* The bytes of the annotated picture, in *format: as wanted, or if that is unknown as suits the photo. Uses up its copied descriptor. */
FC_MUST_USE enum fc_status fc_local_annotate(struct fc_local *local, struct fc_local_photo *photo,
					     const struct fc_photo_outcome *outcome,
					     struct fc_buffer *image, enum fc_image_format *format,
					     struct fc_error *err);

/* ---- the verbs ---- */

enum fc_status fc_local_set(struct fc_service *service, const struct fc_set_request *request,
			    struct fc_tally *tally, struct fc_error *err);
enum fc_status fc_local_recognize(struct fc_service *service,
				  const struct fc_recognize_request *request,
				  struct fc_tally *tally, struct fc_error *err);
enum fc_status fc_local_delete(struct fc_service *service, const struct fc_delete_request *request,
			       struct fc_error *err);
enum fc_status fc_local_truncate(struct fc_service *service,
				 const struct fc_truncate_request *request,
				 struct fc_truncate_result *out, struct fc_error *err);
enum fc_status fc_local_detect(struct fc_service *service, const struct fc_detect_request *request,
			       struct fc_tally *tally, struct fc_error *err);
enum fc_status fc_local_verify(struct fc_service *service, const struct fc_verify_request *request,
			       struct fc_verify_result *out, struct fc_error *err);
enum fc_status fc_local_space_list(struct fc_service *service, struct fc_space_summary **out,
				   size_t *count, struct fc_error *err);
enum fc_status fc_local_space_delete(struct fc_service *service, const char *space,
				     struct fc_error *err);

enum fc_status fc_local_space_bands(struct fc_service *service, const char *space,
				    const struct fc_bands_change *change,
				    struct fc_space_bands *out, struct fc_error *err);
enum fc_status fc_local_space_calibrate(struct fc_service *service, const char *space,
					const struct fc_calibration *calibration,
					struct fc_error *err);
enum fc_status fc_local_reembed(struct fc_service *service,
				const struct fc_reembed_request *request,
				struct fc_reembed_result *out, struct fc_error *err);
enum fc_status fc_local_profile_create(struct fc_service *service,
				       const struct fc_profile_create_request *request,
				       struct fc_tally *tally, struct fc_error *err);
enum fc_status fc_local_profile_reinit(struct fc_service *service,
				       const struct fc_profile_reinit_request *request,
				       struct fc_tally *tally, struct fc_error *err);
enum fc_status fc_local_profile_search(struct fc_service *service,
				       const struct fc_profile_search_request *request,
				       struct fc_tally *tally, struct fc_error *err);
enum fc_status fc_local_template_search(struct fc_service *service,
					const struct fc_template_search_request *request,
					struct fc_tally *tally, struct fc_error *err);
enum fc_status fc_local_profile_delete(struct fc_service *service,
				       const struct fc_profile_delete_request *request,
				       struct fc_error *err);
enum fc_status fc_local_profile_list(struct fc_service *service,
				     const struct fc_profile_filter *filter,
				     struct fc_profile_page *out, struct fc_error *err);
enum fc_status fc_local_profile_show(struct fc_service *service, const struct fc_uuid *pid,
				     struct fc_profile_detail *out, struct fc_error *err);
enum fc_status fc_local_person_find(struct fc_service *service, const char *text, const char *space,
				    struct fc_profile_page *out, struct fc_error *err);
enum fc_status fc_local_profile_update(struct fc_service *service,
				       const struct fc_profile_update_request *request,
				       struct fc_profile *out, struct fc_error *err);
enum fc_status fc_local_profile_merge(struct fc_service *service, const struct fc_uuid *kept,
				      const struct fc_uuid *other,
				      struct fc_profile_carried *carried, struct fc_profile *out,
				      struct fc_error *err);
enum fc_status fc_local_profile_move(struct fc_service *service, const struct fc_uuid *pid,
				     const char *space, struct fc_profile_carried *carried,
				     struct fc_profile *out, struct fc_error *err);
enum fc_status fc_local_profile_crops(struct fc_service *service, const struct fc_uuid *pid,
				      fc_profile_crop_visit *visit, void *context, size_t *count,
				      struct fc_error *err);
enum fc_status fc_local_entry_list(struct fc_service *service,
				   const struct fc_entry_list_request *request,
				   const struct fc_entry_sink *sink,
				   struct fc_entry_list_result *out, struct fc_error *err);
enum fc_status fc_local_entry_stats(struct fc_service *service,
				    const struct fc_entry_filter *filter,
				    struct fc_entry_stats *out, struct fc_error *err);
enum fc_status fc_local_entry_show(struct fc_service *service, uint64_t id,
				   const struct fc_entry_sink *sink, struct fc_error *err);
enum fc_status fc_local_entry_delete(struct fc_service *service, struct fc_entry_delete_item *items,
				     size_t count, bool dry_run, struct fc_error *err);
enum fc_status fc_local_entry_prune(struct fc_service *service,
				    const struct fc_entry_prune_request *request, uint64_t *removed,
				    struct fc_error *err);
enum fc_status fc_local_origin_create(struct fc_service *service, const char *name,
				      const char *space, const struct fc_origin_settings *settings,
				      struct fc_origin_row *out, struct fc_error *err);
enum fc_status fc_local_origin_list(struct fc_service *service, const char *space,
				    struct fc_origin_row **out, size_t *count,
				    struct fc_error *err);
enum fc_status fc_local_origin_show(struct fc_service *service, const char *origin,
				    struct fc_origin_row *out, struct fc_error *err);
enum fc_status fc_local_origin_update(struct fc_service *service,
				      const struct fc_origin_update_request *request,
				      struct fc_origin_row *out, struct fc_error *err);
enum fc_status fc_local_origin_delete(struct fc_service *service, const char *origin,
				      struct fc_error *err);
enum fc_status fc_local_survey(struct fc_service *service, const struct fc_survey_request *request,
			       struct fc_survey_counts *counts, struct fc_error *err);

#endif
