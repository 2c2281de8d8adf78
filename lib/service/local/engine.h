/* Types and functions that the files of the local engine share. Private to lib/service/local. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_ENGINE_H
#define FC_SERVICE_LOCAL_ENGINE_H

#include "gallery/gallery.h"
#include "service/batch/ledger.h"
#include "service/entries.h"
#include "service/gallery_handle.h"
#include "service/local/local.h"
#include "service/origins.h"
#include "service/profiles.h"
#include "service/reembed.h"
#include "service/survey.h"
#include "vision/worker/letterer.h"

struct fc_local {
	struct fc_service service; /* first, so that both have the same address */
	struct fc_local_options options;
	struct fc_model *detector;   /* NULL unless the command analyses photos */
	struct fc_model *embedder;   /* likewise, or loaded by fc_local_load_embedder */
	struct fc_model *liveness;   /* NULL: not used */
	struct fc_model *attributes; /* NULL: not used; otherwise every face gets attributes */
	struct fc_workers *workers;
	struct fc_letterer letterer;
	bool reported_letterer; /* that it failed */
	struct fc_gallery_handle gallery;
	int64_t cleaned; /* see fc_local_answers_end; 0: not yet */
};

static inline struct fc_local *fc_local_of(struct fc_service *service)
{
	return (struct fc_local *)service;
}

/* Whether a signal requested a stop: no further photo is started. */
static inline bool fc_local_stopped(const struct fc_local *local)
{
	return local->options.stop && *local->options.stop != 0;
}

/* ---- engine.c ---- */

/* The engine's gallery, open for at least `mode`. */
static inline enum fc_status fc_local_gallery(struct fc_local *local, enum fc_gallery_mode mode,
					      struct fc_gallery **out, struct fc_error *err)
{
	return fc_gallery_handle_open(&local->gallery, mode, out, err);
}

/* Begin to read the engine's gallery. */
static inline enum fc_status fc_local_begin_read(struct fc_local *local,
						 struct fc_gallery_txn **txn, struct fc_error *err)
{
	struct fc_gallery *gallery;
	FC_TRY(fc_local_gallery(local, FC_GALLERY_READ, &gallery, err));
	return fc_gallery_begin_read(gallery, txn, err);
}

/* Run a change of the gallery. rehearsal: roll it back at the end. */
enum fc_status fc_local_change(struct fc_local *local, enum fc_gallery_mode mode, bool rehearsal,
			       fc_gallery_change *change, void *context, struct fc_error *err);

/* Load the descriptor of the embedder, but not its network, unless this was done before. Errors: FC_MODEL_MISSING, FC_INVALID_ARGUMENT. */
enum fc_status fc_local_load_embedder(struct fc_local *local, struct fc_error *err);

/* The pin of the engine's embedder, which a gallery stores to identify the model of its templates. */
struct fc_embedder_pin fc_local_pin(const struct fc_local *local);

/* Start the workers unless they are running. Errors: those of fc_workers_start. */
enum fc_status fc_local_start_workers(struct fc_local *local, struct fc_error *err);

/* FC_INCOMPATIBLE if the templates of the gallery are of another embedder than the engine's. */
enum fc_status fc_local_check_pin(const struct fc_local *local, struct fc_gallery_txn *txn,
				  struct fc_error *err);

/* FC_MODEL_MISSING when liveness is required and there is no model for it. */
enum fc_status fc_local_check_liveness(const struct fc_local *local, bool required,
				       struct fc_error *err);

/* ---- photos.c: photos through the workers ---- */

struct fc_local_photo {
	struct fc_photo given;
	struct fc_buffer texts;        /* the strings of given */
	enum fc_status status;         /* of this photo */
	enum fc_reason reason;         /* NONE: derived from the status */
	struct fc_error error;         /* message for the status, or why the photo is skipped */
	struct fc_ledger_photo ledger; /* what the ledger stores about the photo */
	struct fc_analysis analysis;
	int copy;    /* a second descriptor of the photo if keep_descriptor is set, else -1 */
	size_t face; /* index of the chosen face; see fc_local_choose_face */
	bool finished;
	struct fc_ledger_result result; /* of verbs that enrol */
	struct fc_uuid replaced_pid;    /* if ledger.replaces: whose face the photo replaces */
};

/* Release and zero the photo. Its contents may have been moved elsewhere. */
void fc_local_photo_release(struct fc_local_photo *photo);

struct fc_local_batch {
	struct fc_photo_source source;
	enum fc_want want;
	bool keep_descriptor;
	bool no_attributes;             /* even if the engine has a model for them */
	struct fc_batch_ledger *ledger; /* NULL: every photo is analysed */
	/* Called before every wait. idle: no photo is in flight, so the wait is for the source, or the source has ended. May be NULL. */
	enum fc_status (*pause)(void *context, bool idle, struct fc_error *err);
	/* Called for each photo, in the order of the source unless it sets any_order. May move the photo elsewhere. An error ends the batch. */
	enum fc_status (*handle)(void *context, struct fc_local_photo *photo, struct fc_error *err);
	void *context;
};

enum fc_status fc_local_run(struct fc_local *local, const struct fc_local_batch *batch,
			    struct fc_error *err);

/* Whether the ledger has the result of an earlier run, so that the photo needs no work. */
static inline bool fc_local_is_known(const struct fc_local_photo *photo)
{
	return photo->ledger.match != FC_PHOTO_NEW;
}

/* Why the photo failed or was skipped, or FC_REASON_NONE. */
enum fc_reason fc_local_reason(const struct fc_local_photo *photo);

/* An outcome with the fields set that every verb reports. */
struct fc_photo_outcome fc_local_outcome(const struct fc_local_photo *photo);

/* Choose the face that the photo was given for. If there is none, sets the photo's status to FC_NO_FACE or FC_SEVERAL_FACES. */
void fc_local_choose_face(struct fc_local_photo *photo);

/* The chosen face. */
static inline struct fc_face *fc_local_face(const struct fc_local_photo *photo)
{
	return &photo->analysis.faces[photo->face];
}

/* ---- photo_rows.c: convert photos to records of the gallery ---- */

/* The area of a face's box. */
uint32_t fc_local_face_pixels(const struct fc_face *face);

/* The entry of one face of a photo, with all measured values. face: NULL for a photo without faces. Borrows path and origin. */
struct fc_entry fc_local_entry(const struct fc_local *local, const struct fc_local_photo *photo,
			       const struct fc_face *face, uint32_t space, const char *origin);

/* The record of one face of a photo. Borrows path, origin and template. */
struct fc_face_record fc_local_face_record(const struct fc_local_photo *photo, size_t index,
					   uint32_t space, const struct fc_uuid *pid,
					   const char *origin);

/* ---- photo_person.c ---- */

/* A person as an identity that borrows the name. */
struct fc_identity fc_local_identity(const struct fc_person *person);

enum { FC_LOCAL_PERSON_TEXT = 320 };

/* Write "person 7 (anna)" or "profile 0b77... (anna)". A person of a plan without a gallery has no UUID: "person (anna)". */
void fc_local_describe(const struct fc_person *person, char out[FC_LOCAL_PERSON_TEXT]);

/* The person of a known photo; borrows the name. */
struct fc_identity fc_local_known_identity(const struct fc_ledger_photo *photo);

/* Whether a photo was given with its person: a number, a pid or a name. */
bool fc_local_has_person(const struct fc_photo *photo);

/* Whether this is the person that the photo was given with. */
bool fc_local_is_person_of(const struct fc_photo *photo, const struct fc_identity *person);

/*
 * Find the person that a photo was given with, or add a new one. name: for a new person, if the photo has none.
 * Errors: FC_CONFLICT (the space has no person with the pid, or several with the name).
 */
enum fc_status fc_local_person_of_photo(struct fc_gallery_txn *txn, const struct fc_photo *photo,
					uint32_t space, const char *name, struct fc_person *out,
					bool *is_new, struct fc_error *err);

/* ---- annotate.c ---- */

/*
 * If a copy is requested and the photo has not failed: draw boxes and names on it, and pass it on. Reads and closes photo->copy. If it
 * cannot be drawn, the photo fails. Errors: those of annotation->take.
 */
enum fc_status fc_local_annotate(struct fc_local *local, struct fc_local_photo *photo,
				 const struct fc_recognized_face *faces, size_t count,
				 const struct fc_annotation *annotation, struct fc_error *err);

/* ---- the verbs ---- */

extern const struct fc_api_verbs fc_local_api_verbs;
extern const struct fc_face_verbs fc_local_face_verbs;
extern const struct fc_stored_face_verbs fc_local_stored_face_verbs;
extern const struct fc_origin_verbs fc_local_origin_verbs;
extern const struct fc_entry_verbs fc_local_entry_verbs;
FC_VERB_FUNCTION(fc_photo_verbs, set) fc_local_set;
FC_VERB_FUNCTION(fc_photo_verbs, recognize) fc_local_recognize;
FC_VERB_FUNCTION(fc_photo_verbs, delete) fc_local_delete;
FC_VERB_FUNCTION(fc_photo_verbs, truncate) fc_local_truncate;
FC_VERB_FUNCTION(fc_photo_verbs, survey) fc_local_survey;
FC_VERB_FUNCTION(fc_photo_verbs, sync) fc_local_sync;
FC_VERB_FUNCTION(fc_profile_verbs, create) fc_local_profile_create;
FC_VERB_FUNCTION(fc_profile_verbs, reinit) fc_local_profile_reinit;
FC_VERB_FUNCTION(fc_profile_verbs, search) fc_local_profile_search;
FC_VERB_FUNCTION(fc_profile_verbs, search_templates) fc_local_template_search;
FC_VERB_FUNCTION(fc_profile_verbs, list) fc_local_profile_list;
FC_VERB_FUNCTION(fc_profile_verbs, show) fc_local_profile_show;
FC_VERB_FUNCTION(fc_profile_verbs, find) fc_local_person_find;
FC_VERB_FUNCTION(fc_profile_verbs, update) fc_local_profile_update;
FC_VERB_FUNCTION(fc_profile_verbs, merge) fc_local_profile_merge;
FC_VERB_FUNCTION(fc_profile_verbs, move) fc_local_profile_move;
FC_VERB_FUNCTION(fc_profile_verbs, delete) fc_local_profile_delete;
FC_VERB_FUNCTION(fc_profile_verbs, erase) fc_local_erase;
FC_VERB_FUNCTION(fc_profile_verbs, audit) fc_local_audit;
FC_VERB_FUNCTION(fc_space_verbs, list) fc_local_space_list;
FC_VERB_FUNCTION(fc_space_verbs, delete) fc_local_space_delete;
FC_VERB_FUNCTION(fc_space_verbs, bands) fc_local_space_bands;
FC_VERB_FUNCTION(fc_space_verbs, calibrate) fc_local_space_calibrate;
FC_VERB_FUNCTION(fc_space_verbs, rename) fc_local_space_rename;
FC_VERB_FUNCTION(fc_gallery_verbs, reembed) fc_local_reembed;

enum fc_status fc_local_read_profile(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				     struct fc_profile *out, struct fc_error *err);

#endif
