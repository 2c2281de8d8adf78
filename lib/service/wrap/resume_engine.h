/* What the parts of a service with a ledger share. Private to lib/service/remembered*.c. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMEMBERED_ENGINE_H
#define FC_SERVICE_REMEMBERED_ENGINE_H

#include "gallery/rows/ledger.h"
#include "service/profiles.h"
#include "service/wrap/resume.h"

struct fc_remembered {
	struct fc_service service; /* first, so that a service is its engine */
	struct fc_remembered_options options;
	struct fc_service *remote;
	char *folder; /* that relative paths start from */
	struct fc_gallery *gallery;
	enum fc_gallery_mode mode; /* that it is open in */
};

static inline struct fc_remembered *fc_remembered_of(struct fc_service *service)
{
	return (struct fc_remembered *)service;
}

/* The gallery, opened for at least this. Errors: those of fc_gallery_open. */
FC_MUST_USE enum fc_status fc_remembered_gallery(struct fc_remembered *remembered,
						 enum fc_gallery_mode mode, struct fc_error *err);

enum fc_status fc_remembered_profile_create(struct fc_service *service,
					    const struct fc_profile_create_request *request,
					    struct fc_tally *tally, struct fc_error *err);
enum fc_status fc_remembered_set(struct fc_service *service, const struct fc_set_request *request,
				 struct fc_tally *tally, struct fc_error *err);

#endif
