/* Answers of NeuroIO and SERP as values of the service layer. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_PLATFORM_ANSWER_H
#define FC_SERVICE_PLATFORM_ANSWER_H

#include "net/http.h"
#include "protocol/platform.h"
#include "service/entries.h"
#include "service/origins.h"

struct fc_platform_answer {
	cJSON *json;       /* NULL when the body is empty */
	bool refused;      /* the service refused for good, so that nothing was carried out */
	bool blames_photo; /* and the error is about the photo */
};

void fc_platform_answer_release(struct fc_platform_answer *answer);

/*
 * Read an answer. An error of the service fails with its message. The answer is set in every case.
 * Errors: those of fc_http_failure, FC_NOT_FOUND for HTTP's 404, FC_BAD_IMAGE when the photo is blamed; FC_REFUSED when it is not
 * JSON.
 */
FC_MUST_USE enum fc_status fc_platform_read(const struct fc_http_response *response,
					    struct fc_platform_answer *out, struct fc_error *err);

/* FC_REFUSED, for an answer that no platform gives: adds to the failure that the url may be wrong. */
enum fc_status fc_platform_misdirected(struct fc_error *failure);

/* ---- records ---- */

/* An entry and its row. { 0 } is empty. The row's strings are borrowed from the answer, those of the entry are its own. */
struct fc_platform_row {
	struct fc_entry entry;
	struct fc_entry_row row; /* row.entry is the one above */
};

void fc_platform_row_release(struct fc_platform_row *row);

/* Errors: FC_REFUSED (the JSON violates the protocol; the text says where), FC_NO_MEMORY; so for the next two. */
FC_MUST_USE enum fc_status fc_platform_row_of(const cJSON *json, struct fc_platform_row *out,
					      struct fc_error *err);

FC_MUST_USE enum fc_status fc_platform_stats_of(const cJSON *json, struct fc_entry_stats *out,
						struct fc_error *err);

FC_MUST_USE enum fc_status fc_platform_origin_of(const cJSON *json,
						 const struct fc_platform_dialect *dialect,
						 struct fc_origin_row *out, struct fc_error *err);

#endif
