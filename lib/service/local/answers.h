/* The ledger of verbs that answer each photo of a watched folder once, although several runs see it: recognize and profiles search. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_ANSWERS_H
#define FC_SERVICE_LOCAL_ANSWERS_H

#include "service/local/engine.h"

struct fc_local_answers {
	struct fc_batch_ledger ledger;
	char verb[33]; /* with a digest of the options */
};

/*
 * The answers of requests with these options; runs with other options answer the photos again. If the request watches no folder, nothing
 * is stored, and every photo is answered. Strings are borrowed. Release it also after an error. Errors: those of fc_batch_ledger_init.
 */
enum fc_status fc_local_answers_to_recognize(struct fc_local *local,
					     const struct fc_recognize_request *request,
					     struct fc_local_answers *out, struct fc_error *err);
enum fc_status fc_local_answers_to_search(struct fc_local *local,
					  const struct fc_profile_search_request *request,
					  struct fc_local_answers *out, struct fc_error *err);

static inline void fc_local_answers_release(struct fc_local_answers *answers)
{
	fc_batch_ledger_release(&answers->ledger);
}

/* Call after a run: sets tally->answered, and forgets the paths that no longer exist, at most once an hour. */
enum fc_status fc_local_answers_end(struct fc_local *local, struct fc_local_answers *answers,
				    struct fc_tally *tally, struct fc_error *err);

#endif
