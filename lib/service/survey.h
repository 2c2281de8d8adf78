/* How photos stand with the ledger: what a run of set over them would have to do, found out without looking at any. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_SURVEY_H
#define FC_SERVICE_SURVEY_H

#include "service/service.h"

enum fc_standing {
	FC_STANDING_NEW,
	FC_STANDING_CHANGED, /* the file held another photo when it was last dealt with */
	FC_STANDING_MOVED,   /* known, at another place */
	FC_STANDING_UNCHANGED,
	FC_STANDING_FAILED, /* in an earlier run; it would be passed over */
	FC_STANDING_GONE,   /* known, and not there any more */
	FC_STANDING_COUNT,
};

/* "new", "changed", ... */
const char *fc_standing_name(enum fc_standing standing);

/* One photo. Valid during the call of the sink only. */
struct fc_survey_finding {
	const char *path;
	enum fc_standing standing;
	enum fc_reason reason; /* of those that failed */
	const char *error;     /* the same in words; NULL when there are none */
};

struct fc_survey_request {
	const char *space, *origin; /* as in struct fc_set_request */
	struct fc_photo_source photos;
	struct fc_enrol_rules rules; /* those that the run would have */
	const char *root; /* tell known photos below this folder that are gone; NULL for none */
	enum fc_status (*report)(void *context, const struct fc_survey_finding *finding,
				 struct fc_error *err);
	void *context;
};

struct fc_survey_counts {
	uint64_t standings[FC_STANDING_COUNT];
	uint64_t reasons[FC_REASON_COUNT]; /* of those that failed */
};

FC_MUST_USE enum fc_status fc_service_survey(struct fc_service *service,
					     const struct fc_survey_request *request,
					     struct fc_survey_counts *counts, struct fc_error *err);

#endif
