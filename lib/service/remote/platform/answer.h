/* Convert responses of NeuroIO and SERP to values of the service layer. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_PLATFORM_ANSWER_H
#define FC_SERVICE_REMOTE_PLATFORM_ANSWER_H

#include "net/http.h"
#include "protocol/platform.h"
#include "service/entries.h"
#include "service/origins.h"

struct fc_platform_answer {
	cJSON *json;       /* the parsed body; NULL when it is empty */
	bool refused;      /* a permanent refusal: nothing was carried out */
	bool blames_photo; /* the refusal is about the photo */
};

void fc_platform_answer_release(struct fc_platform_answer *answer);

/*
 * Read a response. *out is set in every case. If the service returned an error, which may also be in the body of a response with a
 * successful status, its message becomes the text of err. Errors: those of fc_http_failure, FC_NOT_FOUND for HTTP 404, FC_BAD_IMAGE (the service rejects the photo), FC_REFUSED (the body is not
 * JSON).
 */
enum fc_status fc_platform_read(const struct fc_http_response *response,
				struct fc_platform_answer *out, struct fc_error *err);

/* For a response that no platform sends: append to the failure that the url may be wrong. Returns FC_REFUSED. */
enum fc_status fc_platform_misdirected(struct fc_error *failure);

/* ---- records ---- */

/* An entry and its row. The row's strings are borrowed from the response; the entry owns its strings. { 0 } is empty. */
struct fc_platform_row {
	struct fc_entry entry;
	struct fc_entry_row row; /* row.entry points to entry, row.other_id to other_id */
	char other_id[FC_PERSON_ID_SIZE];
};

void fc_platform_row_release(struct fc_platform_row *row);

/* Errors of this function and the next two: FC_REFUSED (the JSON violates the protocol; the text says where), FC_NO_MEMORY. */
enum fc_status fc_platform_row_of(const cJSON *json, struct fc_platform_row *out,
				  struct fc_error *err);

enum fc_status fc_platform_stats_of(const cJSON *json, struct fc_entry_stats *out,
				    struct fc_error *err);

enum fc_status fc_platform_origin_of(const cJSON *json, const struct fc_platform_dialect *dialect,
				     struct fc_origin_row *out, struct fc_error *err);

#endif
