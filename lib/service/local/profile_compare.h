/*
 * What creating, reinitialising and searching profiles share: one face of each photo, compared with a space. Private to the local
 * engine.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_PROFILE_PHOTOS_H
#define FC_SERVICE_LOCAL_PROFILE_PHOTOS_H

#include "gallery/search/search.h"
#include "service/local/space_view.h"
#include "service/profiles.h"

struct fc_local_look;

/* Decide about one photo inside a transaction, setting everything of the look's outcome anew. */
typedef enum fc_status fc_local_decide(struct fc_gallery_txn *txn, struct fc_local_look *look,
				       struct fc_error *err);

struct fc_local_look {
	struct fc_local *local;
	const struct fc_profile_photos *input;
	struct fc_tally *tally;
	struct fc_confidence_map map;
	fc_local_decide *decide;
	const void *request; /* the verb's own */
	bool makes_space;    /* and the gallery */
	bool keep_crops;
	bool profile_decides; /* where neither space nor origin is named, decide settles the scope */
	/* one photo */
	struct fc_local_photo *photo;
	size_t face_index;
	struct fc_local_scope scope;
	struct fc_profile_outcome outcome;
	struct fc_person person; /* whom the outcome names */
	/* search: */
	struct fc_profile_match *matches;
	char **names; /* owned texts that matches point to */
	size_t match_count;
	float *second; /* the other photo's template; NULL without one */
};

void fc_local_look_release(struct fc_local_look *look);

/* Look at every photo of the input, one after the other. */
FC_MUST_USE enum fc_status fc_local_look_at_all(struct fc_local_look *look, struct fc_error *err);

/* ---- the same, step by step ---- */

/* What there is to find out about the photos. */
enum fc_want fc_local_look_wants(const struct fc_local_look *look);

/* Begin the outcome of the look's photo anew. */
void fc_local_look_begin(struct fc_local_look *look);

/* A change: settle where the photo belongs, and decide. context: the look. */
FC_MUST_USE enum fc_status fc_local_look_decide(struct fc_gallery_txn *txn, void *context,
						struct fc_error *err);

/* What speaks against this photo alone; everything else would meet every further photo too. */
bool fc_local_look_is_the_photos(const struct fc_local_photo *photo, enum fc_status status);

/* Count the outcome, and tell it. */
FC_MUST_USE enum fc_status fc_local_look_report(struct fc_local_look *look, struct fc_error *err);

/*
 * Find the one face of the photo that is large enough. FC_NO_FACE, FC_SEVERAL_FACES.
 * for_new: the origin's size for making profiles counts.
 */
FC_MUST_USE enum fc_status fc_local_look_choose(struct fc_local_look *look, bool for_new,
						struct fc_error *err);

/* The nearest profiles of a template in the look's space, best first; room for top. */
FC_MUST_USE enum fc_status fc_local_look_search(struct fc_gallery_txn *txn,
						struct fc_local_look *look, const float *probe,
						size_t top, struct fc_search_hit *hits,
						size_t *count, struct fc_error *err);

/* Note in the outcome how similar the face is to the nearest profile, and its band. */
void fc_local_look_compare(struct fc_local_look *look, float similarity);

/* Note what a search comes to: the band, the profile if there is one, and the matches if they are wanted. */
FC_MUST_USE enum fc_status fc_local_look_answer(struct fc_gallery_txn *txn,
						struct fc_local_look *look,
						const struct fc_search_hit *hits, size_t count,
						bool with_matches, struct fc_error *err);

/* Name the profile of the outcome. */
FC_MUST_USE enum fc_status fc_local_look_name(struct fc_gallery_txn *txn,
					      struct fc_local_look *look, const struct fc_uuid *pid,
					      struct fc_error *err);

/* Store the face as one of the outcome's profile, with its crop if that is wanted. */
FC_MUST_USE enum fc_status fc_local_look_store(struct fc_gallery_txn *txn,
					       struct fc_local_look *look, struct fc_error *err);

/* Write the entry of what the outcome says, unless request or origin do not want one. */
FC_MUST_USE enum fc_status fc_local_look_log(struct fc_gallery_txn *txn, struct fc_local_look *look,
					     struct fc_error *err);

#endif
