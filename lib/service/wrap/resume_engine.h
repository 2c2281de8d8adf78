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

#endif
