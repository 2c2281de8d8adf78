/*
 * The common part of profiles create, reinit and search: one face of each photo is compared with a space. Private to the local engine.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_PROFILE_COMPARE_H
#define FC_SERVICE_LOCAL_PROFILE_COMPARE_H

#include "gallery/search/search.h"
#include "service/local/nearest.h"
#include "service/local/space_view.h"
#include "service/profiles.h"

struct fc_local_comparison;

/* A verb and its request. */
struct fc_local_profile_verb {
	struct fc_local *local;
	const struct fc_profile_photos *input;
	struct fc_tally *tally;
	/*
	 * Process the photo of a comparison and store the results. The outcome is initialised and the view is set. txn is NULL in a
	 * dry run without a gallery, for verbs that add spaces.
	 */
	enum fc_status (*decide)(struct fc_gallery_txn *txn, struct fc_local_comparison *comparison,
				 struct fc_error *err);
	void *context;                  /* for decide */
	struct fc_batch_ledger *ledger; /* NULL: none */
	bool adds_space;                /* a missing space, and the gallery, are created */
	bool keep_crops;
	bool finds_space; /* decide sets the view if the request has neither space nor origin */
	/* Number of profiles that decide searches for each photo, without changing faces: several photos are searched for at once. 0: none. */
	size_t search_top;
	/* set by fc_local_compare_photos */
	struct fc_confidence_map map;
	struct fc_local_nearest nearest;
};

/* One photo of the request. */
struct fc_local_comparison {
	const struct fc_local_profile_verb *verb;
	struct fc_local_photo *photo;
	size_t face_index;
	uint32_t probe_templates; /* of the mean that is searched with; 0 and 1: one template */
	struct fc_local_space_view view;
	struct fc_profile_outcome outcome;
	struct fc_person person, nearest; /* of the outcome's profile and nearest */
	struct fc_profile_match *matches; /* of the outcome */
	size_t match_count;
};

void fc_local_comparison_release(struct fc_local_comparison *comparison);

/* Run a verb on every photo of the input. */
enum fc_status fc_local_compare_photos(struct fc_local_profile_verb *verb, struct fc_error *err);

/* ---- steps of decide ---- */

/*
 * Choose a face of the photo among those that are large enough, and alive if the request checks liveness. for_new: apply the origin's limit for new
 * profiles. Errors: FC_NO_FACE, FC_SEVERAL_FACES.
 */
enum fc_status fc_local_comparison_find_face(struct fc_local_comparison *comparison, bool for_new,
					     struct fc_error *err);

/* Search the nearest profiles of a template, best first; hits has room for `top`. */
enum fc_status fc_local_comparison_search(struct fc_gallery_txn *txn,
					  struct fc_local_comparison *comparison,
					  const float *probe, size_t top,
					  struct fc_search_hit *hits, size_t *count,
					  struct fc_error *err);

/* Set the outcome's similarity, confidence and band. templates: number of those in the mean of the compared person. */
void fc_local_comparison_set_similarity(struct fc_local_comparison *comparison, float similarity,
					uint32_t templates);

/* Set the outcome's profile. */
enum fc_status fc_local_comparison_set_profile(struct fc_gallery_txn *txn,
					       struct fc_local_comparison *comparison,
					       const struct fc_uuid *pid, struct fc_error *err);

/* Set the outcome of a search: the band, the profile and its best face if there is one, and with with_matches the matches. */
enum fc_status fc_local_comparison_set_hits(struct fc_gallery_txn *txn,
					    struct fc_local_comparison *comparison,
					    const float *probe, uint32_t dimension,
					    const struct fc_search_hit *hits, size_t count,
					    bool with_matches, struct fc_error *err);

/* Store the face with the outcome's profile, and its crop if the verb keeps crops. */
enum fc_status fc_local_comparison_store(struct fc_gallery_txn *txn,
					 struct fc_local_comparison *comparison,
					 struct fc_error *err);

/* Write the entry of the outcome, unless the request or the origin excludes it. */
enum fc_status fc_local_comparison_log(struct fc_gallery_txn *txn,
				       struct fc_local_comparison *comparison,
				       struct fc_error *err);

#endif
