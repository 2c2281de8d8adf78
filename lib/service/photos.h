/* The verbs set, recognize, delete, truncate and status, and the types that all verbs on photos share. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_PHOTOS_H
#define FC_SERVICE_PHOTOS_H

#include <stddef.h>
#include <stdint.h>

#include "base/uuid.h"
#include "protocol/smarty_notes.h"
#include "service/enrol.h"
#include "service/verbs.h"
#include "vision/face.h"
#include "vision/models/models.h"

/* ---- photos in ---- */

/*
 * One photo of a request. Its strings are valid until the source returns the next photo. For verbs that enrol, at most one of number,
 * pid (of an existing person) and person is set. profiles create finds the person by comparison; there these members describe a profile
 * that is created.
 */
struct fc_stored_at;

struct fc_photo {
	const char *name; /* in outputs */
	const char *path; /* "-" is standard input */
	/* The photo is these bytes, which stay valid until its outcome was reported; path is only its name. */
	bool in_memory;
	bool is_url; /* path is the URL of the photo, which the service fetches; only for detect, verify and faces add */
	const void *bytes;
	size_t length;
	/* What was determined about the photo before; the local engine then does not open it. Valid until its outcome was reported. NULL: nothing. */
	const struct fc_analysis *analysed;
	bool has_number;
	uint64_t number;
	bool has_pid;
	struct fc_uuid pid;
	const char *person;    /* name of a person of the space, created if there is none; NULL */
	uint64_t number_from;  /* lowest number for a person that is created; 0: no number */
	const char *origin;    /* NULL: the request's */
	const char *user_data; /* of a person that is created; NULL for none */
	struct fc_face_choice face; /* for verbs that need one face of each photo */
	bool has_face;              /* the source chose it for this photo alone */
	/* A face of this photo that the remote service has already, for another person. Valid until the outcome was reported. NULL: none. */
	const struct fc_stored_at *stored_at;
	/* Unless FC_OK, an error that the source found: the photo fails with it, in order, without being read. */
	enum fc_status status;
	enum fc_code code;
	const char *error;
	bool no_photo; /* with an error: path is an invalid list row or an unreadable folder, not a photo */
};

/* A face that was stored at a remote service in an earlier run. Texts may be NULL. */
struct fc_stored_at {
	struct fc_uuid pid;    /* of its person; nil if the service has only numbers */
	const char *reference; /* see struct fc_photo_outcome */
	const char *path;      /* of its photo */
	bool may_move; /* the photo may be stored for its new person, too; else it is a conflict */
	bool renamed;  /* the person has just been renamed */
};

/* Returns the photos of a request one at a time, so that a batch is never in memory as a whole. */
struct fc_photo_source {
	/* The next photo, or *end = true. An error ends the request. */
	enum fc_status (*next)(void *context, struct fc_photo *out, bool *end,
			       struct fc_error *err);
	void *context;
	/* Whether next would return without blocking. If not, photos in flight are finished first. NULL: always. */
	bool (*ready)(void *context);
	/* Whether every photo was taken; false after a run that ended early. NULL: yes. */
	bool (*exhausted)(void *context);
	bool any_order; /* outcomes may be reported in order of completion */
};

/* Photos in memory as a source. The array and the photos must outlive the request. */
struct fc_photo_array {
	const struct fc_photo *photos; /* the next one */
	size_t count;                  /* left */
};

struct fc_photo_source fc_photo_array_source(struct fc_photo_array *array);

/* ---- outcomes out ---- */

/* A person. Strings are borrowed from the outcome. */
struct fc_identity {
	struct fc_uuid pid; /* all zero when the service identifies persons by number alone */
	bool has_number;
	uint64_t number;
	const char *name; /* NULL when the person has none */
};

struct cJSON;

struct fc_threshold {
	/*
	 * Cosine similarity; at or above it two faces count as the same person. NaN when the service does not report it. For persons with
	 * several photos see fc_threshold_for.
	 */
	double value;
	struct fc_mean_factors factors; /* none if the value was given */
	enum fc_threshold_basis basis;
	bool extrapolated; /* outside of the range that the calibration measured */
	bool of_space;     /* the calibration is the space's own, not the embedder's */
	double rate;       /* fmr or fpir that gave the value; 0 if the value was given */
	uint64_t persons;  /* number of persons that the fpir was computed for */
};

/* The threshold for a person with this many templates. Not below threshold->value. */
static inline double fc_threshold_for(const struct fc_threshold *threshold, uint32_t templates)
{
	return fc_threshold_of_mean(&threshold->factors, threshold->value, templates);
}

/*
 * Describe how the threshold for a person with this many templates was chosen, for example "fpir 1% over 16 persons, for the mean of 2
 * photos".
 */
void fc_threshold_describe(const struct fc_threshold *threshold, uint32_t templates,
			   struct fc_buffer *out);

/* Another person of the space that a face is similar to. */
struct fc_duplicate {
	bool found;
	struct fc_identity person;
	float similarity;
};

/* Attributes of a face as a remote service reports them. */
struct fc_face_attributes {
	const char *sex, *emotion;   /* as the service spells them; NULL when not reported */
	float age, valence, arousal; /* years, [-1, 1], [-1, 1]; NaN when not reported */
	bool has_occlusion, occluded[FC_REGION_COUNT];
};

/* The stored face of a person that is most similar to a face in a photo. */
struct fc_best_face {
	uint64_t id; /* 0: not known */
	float similarity;
};

/* Size of a person's tag: "person1" for a person with a number, else the UUID, else the name. */
enum { FC_PERSON_TAG_SIZE = 40 };
void fc_person_tag(const struct fc_identity *identity, char tag[FC_PERSON_TAG_SIZE]);

/* Why a face has no person. */
enum fc_unnamed {
	FC_UNNAMED_UNKNOWN = 0,     /* the service does not report it */
	FC_UNNAMED_NO_PERSONS,      /* the space is empty */
	FC_UNNAMED_BELOW_THRESHOLD, /* not similar enough to anybody */
	FC_UNNAMED_PERSON_TAKEN, /* a person matches, but was assigned to another face of the photo */
	FC_UNNAMED_COUNT,
};

/* "below_threshold", ...; NULL for FC_UNNAMED_UNKNOWN. */
const char *fc_unnamed_name(enum fc_unnamed unnamed);

/* One face of one photo and the person it was recognized as. */
struct fc_recognized_face {
	const struct fc_face *face;
	uint32_t templates;    /* of the person that similarity belongs to; 0: not known */
	bool known;            /* identity is set */
	bool created;          /* the person was created for this face */
	enum fc_reason reason; /* why the face was not stored, although the request stores faces */
	struct fc_identity identity;
	/* unknown faces, and those that a person was created for: why, and the most similar person that existed before */
	enum fc_unnamed unnamed;
	bool has_nearest;
	struct fc_identity nearest;
	bool has_similarity; /* false in an empty space */
	float similarity;    /* to identity when known, else to the nearest person */
	bool has_margin;
	float margin;             /* similarity minus that of the next other person */
	struct fc_best_face best; /* of the person, if it existed before */
	/* Other persons at or above the threshold, nearest first. */
	const struct fc_identity *aliases;
	size_t alias_count;
	bool has_entry;
	uint64_t entry_id;
	const struct fc_face_attributes *attributes; /* NULL when there are none */
};

/* Whether two services recognize the same persons in a photo. */
enum fc_agreement { FC_AGREEMENT_UNKNOWN = 0, FC_AGREEMENT_NO, FC_AGREEMENT_YES };

/* Which of two services produced an outcome; see service/wrap/fallback.h. All zero if there is only one service. */
struct fc_answered {
	const char *by;      /* name of the service; NULL when there is only one */
	const char *warning; /* why the other one failed; NULL when it did not */
	enum fc_agreement agreement;
	bool again; /* this is the second outcome of the same photo, which is not counted */
};

/* The outcome of one photo. Valid during the call of the sink only. */
struct fc_photo_outcome {
	const struct fc_photo *photo; /* as the source returned it */
	const char *name;
	const char *path;
	enum fc_status status;     /* FC_OK, or why this photo failed */
	const char *error;         /* message for people; NULL with FC_OK, unless it was skipped */
	enum fc_code code;         /* of the error */
	const char *service_error; /* a remote service's own message, unchanged; NULL for none */
	const char *
		service_answer; /* the document in which a remote service refused the request; NULL for none */
	const struct cJSON *
		service_object; /* a Smarty service's object about a photo with FC_OK; NULL for none */
	const struct fc_analysis *analysis; /* never NULL; empty when the photo was not read */
	bool examined;         /* by a worker or a service in this run, not taken from the ledger */
	enum fc_reason reason; /* why it was not enrolled; NONE when it was */
	/* set */
	enum fc_action action;
	struct fc_identity identity;
	uint64_t face_id;
	/* on a remote service: what it needs to find the face again, apart from the person's pid; NULL: nothing */
	const char *reference;
	size_t chosen; /* index of the face in the analysis */
	/* the part of the photo that was sent to a service; NULL: the whole photo was sent */
	const struct fc_box *cutout;
	struct fc_duplicate duplicate;
	/* recognize */
	const struct fc_recognized_face *faces;
	size_t face_count;
	struct fc_threshold threshold;
	const struct fc_uuid *face_ids; /* detect: of the faces of the analysis; NULL: none */
	const char *warning; /* for people, about a photo that was enrolled; NULL for none */
	struct fc_answered answered;
};

/* Receives outcomes, in the order of the photos unless the source sets any_order. An error (disk full, pipe closed) ends the request. */
struct fc_photo_sink {
	enum fc_status (*report)(void *context, const struct fc_photo_outcome *outcome,
				 struct fc_error *err);
	void *context;
};

/* Counts over a request. */
struct fc_tally {
	uint64_t photos, done, failed;
	uint64_t faces, known, created; /* recognize */
	uint64_t gone,
		away; /* set: photos that do not exist any more, or are perhaps on a disk that is not mounted */
	uint64_t answered;  /* photos of a watched folder that an earlier run answered */
	uint64_t disagreed; /* photos that two services recognized differently */
	/* verbs that enrol: photos by action, and by reason */
	uint64_t actions[FC_ACTION_COUNT], reasons[FC_REASON_COUNT];
	enum fc_status first_failure;
	struct fc_smarty_notes notes; /* of all responses of a Smarty service */
};

/* Count one photo by its status. */
void fc_tally_count(struct fc_tally *tally, enum fc_status status);

/* For verbs that enrol: also count the action and reason of a photo. */
void fc_tally_note(struct fc_tally *tally, enum fc_action action, enum fc_reason reason);

/* Add the counts of another request. */
void fc_tally_add(struct fc_tally *tally, const struct fc_tally *more);

/* ---- requests ---- */

/* Copies of photos with boxes and names. All zero: none are created. */
struct fc_annotation {
	/* Called with the copy of each photo, before the sink. */
	enum fc_status (*take)(void *context, const char *path, const struct fc_buffer *image,
			       enum fc_image_format format, struct fc_error *err);
	void *context;
	/* JPEG or PNG; FC_IMAGE_UNKNOWN: the format of the photo if it is one of these, else JPEG. */
	enum fc_image_format format;
};

/*
 * How a threshold is chosen. With has_fpir and has_fmr, the higher one of both thresholds. All zero: the service's default (local: fpir 1 %,
 * but at least the threshold of fmr 1e-3).
 */
struct fc_threshold_choice {
	bool has_threshold, has_fmr, has_fpir;
	double threshold, fmr, fpir;
};

struct fc_set_request {
	const char *space;             /* NULL: the origin's */
	struct fc_photo_source photos; /* each with its person */
	struct fc_photo_sink sink;
	struct fc_enrol_rules rules;
	const char *person_name;    /* of persons that are created by number; NULL for none */
	const char *origin;         /* NULL: "cli" of the space */
	const char *face_user_data; /* of the stored faces; NULL for none */
	bool keep_crops;            /* store the aligned crops of the faces */
	bool no_entry;
	bool dry_run;
	/* a folder: count photos below it that the ledger has and that cannot be found (tally->gone, tally->away); NULL: no */
	const char *root;
	bool unfinished; /* an earlier run may have ended before the service's last step, a training */
};

struct fc_recognize_request {
	const char *space; /* NULL: the origin's */
	struct fc_photo_source photos;
	struct fc_photo_sink sink;
	struct fc_threshold_choice threshold;
	bool create_new;
	bool update_embedding;
	struct fc_quality_limits quality; /* of the faces that these two store */
	bool allow_repeats;
	bool want_templates, want_crops; /* in the outcome's analysis */
	bool want_liveness;              /* FC_MODEL_MISSING without a liveness model */
	const char *origin;
	bool no_entry;
	bool dry_run;
	/* The folder that is watched: photos that an earlier run with the same options answered are only counted. NULL: none. */
	const char *watched;
	struct fc_annotation annotation;
};

struct fc_delete_item {
	const char *name; /* copied to the output; NULL for none */
	uint64_t number;
	/* Result: FC_OK, FC_NOT_FOUND, or why a remote service failed. */
	enum fc_status status;
	uint64_t faces; /* result: number of faces deleted */
	bool uncounted; /* result: the service does not report how many */
	/* result: message of a remote service's failure; else empty */
	char service_error[160];
};

struct fc_delete_request {
	const char *space;
	struct fc_delete_item *items; /* the caller's; results are written into it */
	size_t count;
	bool dry_run;
	struct fc_smarty_notes *notes; /* result: of a Smarty service's responses; may be NULL */
};

struct fc_truncate_request {
	const char *space;
	bool dry_run;
};

struct fc_truncate_result {
	uint64_t persons, faces;
	bool uncounted; /* the service does not report how many */
	struct fc_smarty_notes notes;
};

/* ---- the verbs ---- */

struct fc_survey_request;
struct fc_survey_counts;
struct fc_sync_request;
struct fc_sync_result;

struct fc_photo_verbs {
	enum fc_status (*set)(struct fc_service *service, const struct fc_set_request *request,
			      struct fc_tally *tally, struct fc_error *err);
	enum fc_status (*recognize)(struct fc_service *service,
				    const struct fc_recognize_request *request,
				    struct fc_tally *tally, struct fc_error *err);
	enum fc_status (*delete)(struct fc_service *service,
				 const struct fc_delete_request *request, struct fc_error *err);
	enum fc_status (*truncate)(struct fc_service *service,
				   const struct fc_truncate_request *request,
				   struct fc_truncate_result *out, struct fc_error *err);
	enum fc_status (*survey)(struct fc_service *service,
				 const struct fc_survey_request *request,
				 struct fc_survey_counts *counts, struct fc_error *err);
	enum fc_status (*sync)(struct fc_service *service, const struct fc_sync_request *request,
			       struct fc_tally *tally, struct fc_sync_result *out,
			       struct fc_error *err);
};

static inline enum fc_status fc_service_set(struct fc_service *service,
					    const struct fc_set_request *request,
					    struct fc_tally *tally, struct fc_error *err)
{
	*tally = (struct fc_tally){ 0 };
	FC_TRY(fc_service_need(service, FC_VERB_SET, err));
	return service->operations->photos->set(service, request, tally, err);
}

static inline enum fc_status fc_service_recognize(struct fc_service *service,
						  const struct fc_recognize_request *request,
						  struct fc_tally *tally, struct fc_error *err)
{
	*tally = (struct fc_tally){ 0 };
	FC_TRY(fc_service_need(service, FC_VERB_RECOGNIZE, err));
	return service->operations->photos->recognize(service, request, tally, err);
}

static inline enum fc_status fc_service_delete(struct fc_service *service,
					       const struct fc_delete_request *request,
					       struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_DELETE, err));
	return service->operations->photos->delete (service, request, err);
}

static inline enum fc_status fc_service_truncate(struct fc_service *service,
						 const struct fc_truncate_request *request,
						 struct fc_truncate_result *out,
						 struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_TRUNCATE, err));
	return service->operations->photos->truncate(service, request, out, err);
}

#endif
