/*
 * Photos of a verb on a service with a ledger, from the source to the sink: known photos are reported in their turn and not given to
 * the service, the results of the others are written to the ledger. Private to lib/service/wrap.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_RESUME_PHOTOS_H
#define FC_SERVICE_RESUME_PHOTOS_H

#include "service/batch/ledger.h"
#include "service/wrap/resume_engine.h"

struct fc_resume_photo {
	struct fc_resume_photo *next;
	struct fc_photo given;
	struct fc_buffer texts; /* of given */
	struct fc_ledger_photo ledger;
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
	void *context;                 /* of the functions below */
	/* Report a known photo: unchanged, or skipped for the error stored with it. analysis: size and digest of its file. */
	enum fc_status (*report_known)(void *context, const struct fc_resume_photo *photo,
				       const struct fc_analysis *analysis, struct fc_error *err);
	/* Have the service carry the request out on these photos instead; its sink calls fc_resume_finish. */
	enum fc_status (*send)(void *context, struct fc_photo_source photos, struct fc_error *err);

	/* state */
	struct fc_resume_list in_turn;  /* not reported yet, in the order of the source */
	struct fc_resume_list to_write; /* reported, and not in the ledger yet */
	struct fc_resume_photo *next; /* the last one in turn, not given to the service yet; NULL */
	bool ended;                   /* the source has no more photos */
	enum fc_status failed;        /* error of the source in is_ready */
	struct fc_error failure;
};

/*
 * Carry the verb out. The service gets no request when every photo is known. Results are written to the ledger even when the run
 * fails.
 */
FC_MUST_USE enum fc_status fc_resume_carry_out(struct fc_resume_run *run, struct fc_error *err);

/*
 * A photo of the service was reported with this status: take its result for the ledger, and report the known photos after it.
 * Returns `reported` unless that is FC_OK and this fails. FC_INTERNAL: the photos are in another order.
 */
FC_MUST_USE enum fc_status fc_resume_finish(struct fc_resume_run *run, const char *path,
					    const struct fc_analysis *analysis,
					    const struct fc_ledger_result *result,
					    enum fc_status reported, struct fc_error *err);

static inline enum fc_action fc_resume_action_of_known(const struct fc_resume_photo *photo)
{
	return photo->ledger.item.state == FC_LEDGER_DONE ? FC_ACTION_UNCHANGED : FC_ACTION_SKIPPED;
}

#endif
