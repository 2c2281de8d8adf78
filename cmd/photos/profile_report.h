/* The results of profiles create, reinit and search: records, or the platform's JSON. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PROFILE_REPORT_H
#define FC_CMD_PROFILE_REPORT_H

#include "photos/report.h"
#include "service/profiles.h"

struct profile_report {
	struct report photos;
	bool answers;  /* false for reinit, whose success is an empty answer */
	bool has_list; /* JSON is an array: there are several photos */
	uint64_t matched;
};

/* Begin before the request. Errors: those of report_begin. Release it in every case. */
FC_MUST_USE enum fc_status profile_report_begin(struct profile_report *report,
						struct command_context *ctx, const char *type,
						struct photo_source *source, struct fc_error *err);
void profile_report_release(struct profile_report *report);

/* The sink for the request. */
struct fc_profile_sink profile_report_sink(struct profile_report *report);

/* Finish the data and the summary: as report_end. */
FC_MUST_USE enum fc_status profile_report_end(struct profile_report *report, enum fc_status status,
					      const struct fc_tally *tally, struct fc_error *err);

#endif
