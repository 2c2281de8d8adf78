/* The verb status: what a run of set over photos would do, from the ledger alone, without reading the photos. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_SURVEY_H
#define FC_SERVICE_SURVEY_H

#include "service/photos.h"

enum fc_standing {
	FC_STANDING_NEW,
	FC_STANDING_CHANGED, /* the content of the file differs from the ledger */
	FC_STANDING_MOVED,   /* in the ledger, under another path */
	FC_STANDING_UNCHANGED,
	FC_STANDING_FAILED, /* failed in an earlier run, so it would be skipped */
	FC_STANDING_GONE,   /* in the ledger, but the file does not exist */
	FC_STANDING_AWAY,   /* the same, but perhaps only because its disk is not mounted */
	FC_STANDING_COUNT,
};

/* "new", "changed", ... */
const char *fc_standing_name(enum fc_standing standing);

/* One photo. Valid during the call of report only. */
struct fc_survey_finding {
	const char *path;
	enum fc_standing standing;
	enum fc_reason reason; /* if it failed */
	const char *error;     /* message if it failed; may be NULL */
};

struct fc_survey_request {
	const char *space, *origin; /* as in struct fc_set_request */
	struct fc_photo_source photos;
	struct fc_enrol_rules rules; /* of the run of set */
	/* report photos of the ledger that do not exist below this folder; NULL: none */
	const char *root;
	enum fc_status (*report)(void *context, const struct fc_survey_finding *finding,
				 struct fc_error *err);
	void *context;
};

struct fc_survey_counts {
	uint64_t standings[FC_STANDING_COUNT];
	uint64_t reasons[FC_REASON_COUNT]; /* of those that failed */
	bool incomplete; /* a folder or a row of a list could not be read: there may be more photos */
};

static inline enum fc_status fc_service_survey(struct fc_service *service,
					       const struct fc_survey_request *request,
					       struct fc_survey_counts *counts,
					       struct fc_error *err)
{
	*counts = (struct fc_survey_counts){ 0 };
	FC_TRY(fc_service_need(service, FC_VERB_STATUS, err));
	return service->operations->photos->survey(service, request, counts, err);
}

#endif
