/* What the parts of a service with a ledger share. Private to lib/service/wrap. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_WRAP_RESUME_ENGINE_H
#define FC_SERVICE_WRAP_RESUME_ENGINE_H

#include "service/batch/ledger.h"
#include "service/gallery_handle.h"
#include "service/profiles.h"
#include "service/wrap/resume.h"

struct fc_resume {
	struct fc_service service; /* first, so that both have the same address */
	struct fc_resume_options options;
	struct fc_service *remote;
	struct fc_gallery_handle gallery; /* of the ledger */
	struct fc_sha256 account;         /* digest; the ledger has it in place of the models */
};

static inline struct fc_resume *fc_resume_of(struct fc_service *service)
{
	return (struct fc_resume *)service;
}

/* The ledger of a verb, which sets retry_failed and rules itself. space: NULL if the service has only one. */
struct fc_batch_ledger fc_resume_ledger(struct fc_resume *resume, const char *verb,
					const char *space);

FC_VERB_FUNCTION(fc_profile_verbs, create) fc_resume_profile_create;
FC_VERB_FUNCTION(fc_photo_verbs, set) fc_resume_set;
FC_VERB_FUNCTION(fc_photo_verbs, sync) fc_resume_sync;

/* set with the ledger. syncs: for set --sync, so each photo is stored as pending before it is sent. */
enum fc_status fc_resume_send(struct fc_resume *resume, const struct fc_set_request *request,
			      bool syncs, struct fc_tally *tally, struct fc_error *err);

#endif
