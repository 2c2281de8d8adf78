/*
 * The photos of a verb on a service with a ledger, from the source to the sink: known photos are reported in order, without being sent to
 * the service; the results of the others are written to the ledger. Private to lib/service/wrap.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_WRAP_RESUME_PHOTOS_H
#define FC_SERVICE_WRAP_RESUME_PHOTOS_H

#include "service/batch/ledger.h"
#include "service/wrap/resume_engine.h"

struct fc_resume_photo {
	struct fc_resume_photo *next;
	struct fc_photo given;
	struct fc_buffer texts; /* of given */
	struct fc_ledger_photo ledger;
	/* what given.stored_at points to, unless the source set it */
	struct fc_stored_at stored_at;
	char *reference, *stored_path;
};

struct fc_resume_list {
	struct fc_resume_photo *first, **end;
	size_t count;
};

struct fc_resume_run {
	/* set by the owner */
	struct fc_service *remote;
	struct fc_batch_ledger ledger;
	struct fc_photo_source photos; /* of the request */
	void *context;                 /* passed to the functions below */
	/* Report a known photo as unchanged, or as skipped with its stored error. analysis: has the size and digest of its file. */
	enum fc_status (*report_known)(void *context, const struct fc_resume_photo *photo,
				       const struct fc_analysis *analysis, struct fc_error *err);
	/* Send the request with these photos to the service; its sink calls fc_resume_finish. */
	enum fc_status (*send)(void *context, struct fc_photo_source photos, struct fc_error *err);
	/* The service does something after the last photo, such as a training. If it fails, the next run does it even without new photos. */
	bool has_last_step;
	/* The service can remove faces: faces whose file has another photo now become pending, and photos of other persons are conflicts. */
	bool tracks_faces;
	bool notes_sent; /* store each photo as pending before it is sent */
	bool dry_run;    /* write nothing */

	/* state */
	bool unfinished; /* the ledger has a mark: an earlier run did not complete the last step */
	bool finished;   /* this run completed it */
	struct fc_resume_list in_turn;  /* not reported yet, in the order of the source */
	struct fc_resume_list to_write; /* reported, but not in the ledger yet */
	/* the last photo of in_turn if it was not sent to the service yet; else NULL */
	struct fc_resume_photo *next;
	bool ended;            /* the source has no more photos */
	enum fc_status failed; /* error of the source that is_ready encountered */
	struct fc_error failure;
};

/*
 * Run the verb. If every photo is known and no earlier run is unfinished, no request is sent to the service. Results are written to the ledger even if the run fails.
 */
enum fc_status fc_resume_carry_out(struct fc_resume_run *run, struct fc_error *err);

/*
 * Call after a photo from the service was reported: takes its result for the ledger and reports the known photos that follow it.
 * reported: status of the report, returned unless it is FC_OK and this function fails. FC_INTERNAL: the service changed the order.
 */
enum fc_status fc_resume_finish(struct fc_resume_run *run, const char *path,
				const struct fc_analysis *analysis,
				const struct fc_ledger_result *result, enum fc_status reported,
				struct fc_error *err);

static inline enum fc_action fc_resume_action_of_known(const struct fc_resume_photo *photo)
{
	return photo->ledger.item.state == FC_LEDGER_DONE ? FC_ACTION_UNCHANGED : FC_ACTION_SKIPPED;
}

#endif
