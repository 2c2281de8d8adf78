/* Convert responses of an Azure service to values of the service layer. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_AZURE_WIRE_H
#define FC_SERVICE_REMOTE_AZURE_WIRE_H

#include "net/http.h"
#include "protocol/azure/bodies.h"
#include "service/match/candidates.h"
#include "service/service.h"

/* The expected body of a successful response. */
enum fc_azure_shape { FC_AZURE_EMPTY, FC_AZURE_OBJECT, FC_AZURE_ARRAY };

/*
 * Read a response. *out belongs to the caller; NULL when the body is empty. If the service returned an error, its message
 * becomes the text of err. Errors: FC_NO_FACE, FC_SEVERAL_FACES, FC_BAD_IMAGE, FC_TOO_LARGE (the photo that was sent),
 * FC_NOT_FOUND, FC_CONFLICT (it exists already), FC_FULL (a quota), FC_BUSY (also for conflicting operations), FC_PERMISSION,
 * FC_REFUSED (all others, and a body of another shape).
 */
enum fc_status fc_azure_read(const struct fc_http_response *response, enum fc_azure_shape shape,
			     cJSON **out, struct fc_azure_error *error, struct fc_error *err);

/*
 * For fc_http_request.judge; the context is an enum fc_azure_shape. A successful response with another body, such as a proxy's
 * page or an error, is retried.
 */
enum fc_http_verdict fc_azure_judge(void *context, const struct fc_http_response *response);

/* Whether a failed request may nevertheless have been carried out. */
bool fc_azure_is_unclear(const struct fc_http_response *response);

/* ---- faces in a photo ---- */

enum { FC_AZURE_CANDIDATES_MAXIMUM = 100 };

/* The faces in a photo, in the service's order. Strings are borrowed from json. { 0 } is empty. */
struct fc_azure_sight {
	cJSON *json;
	struct fc_face *seen;
	struct fc_face_attributes *attributes;
	bool *has_attributes;
	struct fc_uuid *ids; /* faceIds; all zero if they were not requested */
	size_t count;
	struct fc_candidates candidates; /* the scores are confidences, [0, 1] */
};

void fc_azure_sight_release(struct fc_azure_sight *sight);

/*
 * Read the response to a detection. Takes ownership of *faces if it succeeds. Errors: FC_REFUSED (it violates the protocol; the
 * text says where), FC_NO_MEMORY.
 */
enum fc_status fc_azure_read_sight(cJSON **faces, bool with_ids, size_t most,
				   struct fc_azure_sight *out, struct fc_error *err);

/* Read the response to an identification of the faces [first, first + count). Errors: FC_REFUSED. */
enum fc_status fc_azure_read_candidates(const cJSON *answer, size_t first, size_t count,
					struct fc_azure_sight *sight, struct fc_error *err);

/* The rectangle of a face as returned by the service: left, top, width and height in whole pixels. */
void fc_azure_rectangle(const struct fc_azure_sight *sight, size_t face, int out[4]);

#endif
