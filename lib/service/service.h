/*
 * The verbs that facectl knows, whoever carries them out. A command fills in a request, calls one of these functions and shows what
 * comes back; it never asks which service it talks to.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_SERVICE_H
#define FC_SERVICE_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/uuid.h"
#include "gallery/bands.h"
#include "service/enrol.h"
#include "vision/face.h"
#include "vision/models/models.h"

struct fc_service;

void fc_service_close(struct fc_service *service);
FC_DEFINE_CLEANUP(struct fc_service *, fc_service_close);

/* The model in use for a role, or NULL where the service has none or does not tell. Lives as long as the service. */
const struct fc_model *fc_service_model(const struct fc_service *service, enum fc_model_role role);

/* ---- photos in, outcomes out ---- */

/*
 * One photo of a request. The strings need live only until the source is asked again. Whom it shows, for the verbs that enrol, is
 * told in one way at most: by number, by pid (of somebody who is there) or by name. Where profiles are created the platform's rules
 * say who it is, and what is told here is for a profile that is new.
 */
struct fc_photo {
	const char *name; /* what answers call it */
	const char *path; /* "-" is standard input */
	bool has_number;
	uint64_t number;
	bool has_pid;
	struct fc_uuid pid;
	const char *person;    /* a name: whoever of the space bears it, else somebody new; NULL */
	uint64_t number_from;  /* that somebody new gets a number from here on; 0: gets none */
	const char *origin;    /* NULL: the request's */
	const char *user_data; /* for a person that is new; NULL for none */
	/* Unless FC_OK, what the source found wrong already, in words: the photo fails with it in its turn, and nobody looks at it. */
	enum fc_status status;
	enum fc_code code;
	const char *error;
	bool no_photo; /* then: the path names none, but a row of a list that is wrong, or a folder that cannot be read */
};

/* Where the photos of a request come from, one at a time, so that no batch need be held. */
struct fc_photo_source {
	/* The next photo, or *end = true. Errors end the request. */
	enum fc_status (*next)(void *context, struct fc_photo *out, bool *end,
			       struct fc_error *err);
	void *context;
	/* Whether next would answer at once; asked while photos are under way, which have something to do meanwhile. NULL: it would. */
	bool (*ready)(void *context);
	bool any_order; /* outcomes may come as the photos are done */
};

/* Who a face is. Strings are borrowed from the outcome. */
struct fc_identity {
	struct fc_uuid pid; /* all zero when the service names persons by number alone */
	bool has_number;
	uint64_t number;
	const char *name; /* NULL when the person has none */
};

struct fc_threshold {
	/* Cosine similarity; at or above it two faces count as one person. NaN when the service does not tell. */
	double value;
	enum fc_threshold_basis basis;
	bool extrapolated;  /* beyond what the calibration measured */
	bool of_space;      /* the calibration is the space's own, not the embedder's */
	double rate;        /* the fmr or fpir it stands for; 0 for a given one */
	uint64_t templates; /* how many the fpir was spread over */
};

/* "fpir 1% over 16 templates" and the like, for records and people. */
void fc_threshold_describe(const struct fc_threshold *threshold, struct fc_buffer *out);

/* Another person of the space whom a face looks like. */
struct fc_duplicate {
	bool found;
	struct fc_identity person;
	float similarity;
};

/* What a remote service says of a face that facectl does not measure. */
struct fc_face_attributes {
	const char *sex, *emotion;   /* the service's words; NULL when it does not tell */
	float age, valence, arousal; /* years, [-1, 1], [-1, 1]; NaN when it does not tell */
};

/* One face of one photo and what was decided about it. */
struct fc_recognized_face {
	const struct fc_face *face;
	bool known;   /* identity holds who it is */
	bool created; /* the person was made just now */
	struct fc_identity identity;
	bool has_similarity; /* false in an empty space */
	float similarity;    /* to identity when known, else to the nearest person */
	bool has_margin;
	float margin; /* similarity minus that of the next other person */
	/* Other persons at or above the threshold, nearest first. */
	const struct fc_identity *aliases;
	size_t alias_count;
	bool has_entry;
	uint64_t entry_id;
	const struct fc_face_attributes *attributes; /* NULL when there are none */
};

/* Whether two services recognise the same persons in a photo. */
enum fc_agreement { FC_AGREEMENT_UNKNOWN = 0, FC_AGREEMENT_NO, FC_AGREEMENT_YES };

/* Who answered, where several services may; see service/wrap/fallback.h. All zero: there is but one. */
struct fc_answered {
	const char *by;      /* the service's name; NULL when there is but one */
	const char *warning; /* why it was not the one that was asked first; NULL when it was */
	enum fc_agreement agreement;
	bool again; /* the photo was told before, as another service has it: not to be counted */
};

/* What became of one photo. Valid during the call of the sink only. */
struct fc_photo_outcome {
	const struct fc_photo *asked; /* as the source told it */
	const char *name;
	const char *path;
	enum fc_status status; /* FC_OK, or why this photo failed */
	const char *error; /* facectl's words for people; NULL with FC_OK, unless it was skipped */
	enum fc_code code; /* of the error */
	/* A remote service's own words, as they came; NULL when it has none. */
	const char *service_error;
	const struct fc_analysis *analysis; /* never NULL; empty when the photo could not be read */
	bool looked_at;                     /* by a worker or a service, not just remembered */
	enum fc_reason reason;              /* why it was not enrolled; NONE when it was */
	/* set */
	enum fc_action action;
	struct fc_identity identity;
	uint64_t face_id;
	struct fc_duplicate duplicate;
	/* recognize */
	const struct fc_recognized_face *faces;
	size_t face_count;
	struct fc_threshold threshold;
	struct fc_answered answered;
};

/* Receives outcomes, in the photos' order unless the source says any_order. Errors (a full disk, a closed pipe) end the request. */
struct fc_photo_sink {
	enum fc_status (*report)(void *context, const struct fc_photo_outcome *outcome,
				 struct fc_error *err);
	void *context;
};

/* How many photos of a request came to what. */
struct fc_tally {
	uint64_t photos, done, failed;
	uint64_t faces, known, created; /* recognize */
	uint64_t disagreed;             /* photos that two services disagree about */
	/* verbs that enrol: photos by action, and those with a reason by it */
	uint64_t actions[FC_ACTION_COUNT], reasons[FC_REASON_COUNT];
	enum fc_status first_failure;
};

/* ---- the verbs ---- */

/* How a threshold is chosen. All zero: the service's default (local: fpir 1 %). */
struct fc_threshold_choice {
	bool has_threshold, has_fmr, has_fpir;
	double threshold, fmr, fpir;
};

struct fc_set_request {
	const char *space;             /* NULL: the origin's */
	struct fc_photo_source photos; /* each telling whom it shows */
	struct fc_photo_sink sink;
	struct fc_enrol_rules rules;
	/* Given to persons that are new and told by number; NULL for none. */
	const char *person_name;
	const char *origin; /* NULL: "cli" of the space */
	bool keep_crops;    /* the aligned crops of the faces */
	bool no_entry;
	bool dry_run;
};

struct fc_recognize_request {
	const char *space; /* NULL: the origin's */
	struct fc_photo_source photos;
	struct fc_photo_sink sink;
	struct fc_threshold_choice threshold;
	bool create_new;
	bool update_embedding;
	bool allow_repeats;
	bool want_templates, want_crops; /* keep them in the outcome's analysis */
	bool want_liveness;              /* FC_MODEL_MISSING where no liveness model is in use */
	const char *origin;
	bool no_entry;
	bool dry_run;
	/* annotated pictures; NULL for none. Called with the finished bytes, before the sink. */
	enum fc_status (*annotated)(void *context, const struct fc_photo_outcome *outcome,
				    const struct fc_buffer *image, enum fc_image_format format,
				    struct fc_error *err);
	void *annotated_context;
	/* JPEG or PNG; unknown: the photo's own, JPEG for others. */
	enum fc_image_format annotated_format;
};

struct fc_delete_item {
	const char *name; /* echoed; NULL when there is none */
	uint64_t number;
	/* Result: FC_OK, FC_NOT_FOUND, or why a remote service failed at this one. */
	enum fc_status status;
	uint64_t faces; /* result: how many went with it */
	bool uncounted; /* result: the service does not tell how many */
	/* result: the words for what a remote service failed at; empty otherwise */
	char service_error[160];
};

struct fc_delete_request {
	const char *space;
	struct fc_delete_item *items; /* the caller's; results are written into it */
	size_t count;
	bool dry_run;
};

struct fc_truncate_request {
	const char *space;
	bool dry_run;
};

struct fc_truncate_result {
	uint64_t persons, faces;
	bool uncounted; /* the service does not tell how many */
};

struct fc_detect_request {
	struct fc_photo_source photos;
	struct fc_photo_sink sink;
	bool want_templates, want_crops, want_liveness;
	bool one_face; /* a photo with none or several fails */
};

struct fc_verify_request {
	struct fc_photo first, second;        /* exactly one face in each */
	struct fc_threshold_choice threshold; /* default: fmr 1e-4 */
};

struct fc_verify_result {
	bool same;
	float similarity;
	struct fc_threshold threshold;
	/* when the request failed because of one photo: which one (0 or 1), else -1 */
	int failed_photo;
};

FC_MUST_USE enum fc_status fc_service_set(struct fc_service *service,
					  const struct fc_set_request *request,
					  struct fc_tally *tally, struct fc_error *err);
FC_MUST_USE enum fc_status fc_service_recognize(struct fc_service *service,
						const struct fc_recognize_request *request,
						struct fc_tally *tally, struct fc_error *err);
FC_MUST_USE enum fc_status fc_service_delete(struct fc_service *service,
					     const struct fc_delete_request *request,
					     struct fc_error *err);
FC_MUST_USE enum fc_status fc_service_truncate(struct fc_service *service,
					       const struct fc_truncate_request *request,
					       struct fc_truncate_result *out,
					       struct fc_error *err);
FC_MUST_USE enum fc_status fc_service_detect(struct fc_service *service,
					     const struct fc_detect_request *request,
					     struct fc_tally *tally, struct fc_error *err);
FC_MUST_USE enum fc_status fc_service_verify(struct fc_service *service,
					     const struct fc_verify_request *request,
					     struct fc_verify_result *out, struct fc_error *err);

/*
 * Ask the service for something harmless, to learn whether it is there and knows us. Errors: FC_BUSY (it cannot be reached, or has
 * trouble), FC_PERMISSION (the token or the certificate), FC_REFUSED (what answers does not keep to the protocol).
 */
FC_MUST_USE enum fc_status fc_service_probe(struct fc_service *service, struct fc_error *err);

/* ---- spaces ---- */

struct fc_space_summary {
	char name[65];
	int64_t created; /* microseconds since the epoch; 0 when the service does not tell */
	uint64_t persons, faces, entries;
	bool uncounted; /* the service does not tell how many */
};

FC_MUST_USE enum fc_status fc_service_space_list(struct fc_service *service,
						 struct fc_space_summary **out, size_t *count,
						 struct fc_error *err);
FC_MUST_USE enum fc_status fc_service_space_delete(struct fc_service *service, const char *space,
						   struct fc_error *err);

/* Which of a space's bands to change. */
struct fc_bands_change {
	bool has_exact, has_ha, has_junk;
	struct fc_bands bands;
};

struct fc_space_bands {
	struct fc_bands confidence; /* 0 to 100 */
	bool has_similarity;        /* the embedder's calibration tells it */
	struct fc_bands similarity; /* cosine */
	bool extrapolated;          /* beyond what was measured */
};

/*
 * Keep a calibration for a space: recognize then takes thresholds at rates from it instead of the embedder's. NULL: the embedder's
 * again. Errors: FC_INCOMPATIBLE (the gallery was made with another embedder than the one in use), FC_NOT_FOUND (space).
 */
FC_MUST_USE enum fc_status fc_service_space_calibrate(struct fc_service *service, const char *space,
						      const struct fc_calibration *calibration,
						      struct fc_error *err);

/* Change what `change` has (nothing: just tell), and tell what holds then. Errors: FC_INVALID_ARGUMENT unless junk <= ha <= exact. */
FC_MUST_USE enum fc_status fc_service_space_bands(struct fc_service *service, const char *space,
						  const struct fc_bands_change *change,
						  struct fc_space_bands *out, struct fc_error *err);

#endif
