/* Report the results of profiles create, reinit and search as records or as the platform's JSON. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PHOTOS_PROFILE_REPORT_H
#define FC_CMD_PHOTOS_PROFILE_REPORT_H

#include "photos/report.h"
#include "service/profiles.h"

extern const struct record_field profile_outcome_fields[];

struct profile_report {
	struct report photos;
	bool answers;    /* false for reinit, which prints no document on success */
	bool attributes; /* the document has the attributes that facectl estimated */
	bool has_list;   /* JSON is an array: there are several photos */
	uint64_t matched;
};

/* Call before the request. Release *report even after an error. Errors: those of report_begin. */
enum fc_status profile_report_begin(struct profile_report *report, struct command_context *ctx,
				    const char *type, struct photo_source *source,
				    struct fc_error *err);
void profile_report_release(struct profile_report *report);

/* The sink that the request writes its results to. */
struct fc_profile_sink profile_report_sink(struct profile_report *report);

/* Finish the output and print the summary, as report_end does. */
enum fc_status profile_report_end(struct profile_report *report, enum fc_status status,
				  const struct fc_tally *tally, struct fc_error *err);

#endif
