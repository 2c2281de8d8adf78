/*
 * The verb of `facectl api`: one request of a documented HTTP API, answered by the local engine or by the remote service. The answer is what a
 * server sends, errors of the API included.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_API_H
#define FC_SERVICE_API_H

#include "base/uuid.h"
#include "protocol/platform_dialect.h"
#include "service/photos.h"

/* Texts are borrowed. */
struct fc_api_request {
	const char *method; /* "GET" */
	const char *
		target; /* path and query, percent-encoded: "/face/v1.0/detect?returnFaceId=true" */
	const char *content_type; /* of the body; NULL: none */
	const void *body;
	size_t length;
	/* How often the same state was requested before, such as that of a training: the service waits accordingly before it answers. */
	unsigned polls;
	/* NeuroIO and SERP: the dialect of paths that both have, and the space of the token (NULL: it has none and sees all) */
	enum fc_platform_kind dialect;
	const char *space;
	/* The account that asks, for the local engine; nil: the gallery's own. Snapshots belong to it. */
	struct fc_uuid subscription;
	bool keep_crops; /* store the aligned crops of faces that are added */
	/*
	 * Of a detection by the local engine: receives all that was determined about the image, with templates, and with keep_crops the crops. The caller
	 * releases it. NULL: not wanted.
	 */
	struct fc_analysis *analysis;
	/* microseconds that a snapshot exists after it is taken or updated, for the local engine; 0: 48 hours, or as before */
	int64_t snapshot_life;
	/* of Identify and Find Similar, for the local engine: the least similarity, instead of the confidence of the request; empty: none */
	struct fc_threshold_choice cut;
	/*
	 * Of a creation at a service: if its answer is lost, find out whether it happened, and send it again only if it did not. Lists the
	 * existing objects before.
	 */
	bool recover;
	const char *const
		*spaces; /* containers that the account may use, ends with NULL; NULL: all */
};

/* { 0 } is empty. */
struct fc_api_response {
	int status;                   /* HTTP status */
	struct fc_buffer body;        /* JSON; may be empty */
	char operation_location[256]; /* header Operation-Location; "" if absent */
	char error_code[64];          /* header x-ms-error-code; "" if absent */
	/* what to check before the request is repeated, because this or an earlier try may have been executed; NULL: none was */
	const char *unclear;
};

static inline void fc_api_response_release(struct fc_api_response *response)
{
	fc_buffer_release(&response->body);
}

struct fc_api_verbs {
	enum fc_status (*call)(struct fc_service *service, const struct fc_api_request *request,
			       struct fc_api_response *out, struct fc_error *err);
	/* Several requests at once, to the same API; see fc_service_api_many. NULL: one after the other. */
	enum fc_status (*call_many)(struct fc_service *service,
				    const struct fc_api_request *requests, size_t count,
				    struct fc_api_response *out, size_t *done,
				    struct fc_error *err);
	/* The account that requests are made for; nil: there is no gallery yet. NULL: the service does not report it. */
	enum fc_status (*account)(struct fc_service *service, struct fc_uuid *out,
				  struct fc_error *err);
};

/* The subscription that snapshots of this service belong to; nil: there is no gallery yet. FC_UNSUPPORTED: a remote service. */
static inline enum fc_status fc_service_api_account(struct fc_service *service, struct fc_uuid *out,
						    struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_API, err));
	return service->operations->api->account
		       ? service->operations->api->account(service, out, err)
		       : fc_fail(err, FC_UNSUPPORTED,
				 "the service does not report its subscription");
}

/*
 * Perform a request. FC_OK: *out is the answer, whatever its HTTP status; the caller releases it. Errors: FC_UNSUPPORTED, and those of the
 * gallery, the workers and the connection, for which there is no answer.
 */
static inline enum fc_status fc_service_api(struct fc_service *service,
					    const struct fc_api_request *request,
					    struct fc_api_response *out, struct fc_error *err)
{
	*out = (struct fc_api_response){ 0 };
	FC_TRY(fc_service_need(service, FC_VERB_API, err));
	return service->operations->api->call(service, request, out, err);
}

/*
 * FC_OK for a 2xx status. Otherwise fail with "HTTP 404: MESSAGE" on one line and the status of the documented error: FC_NOT_FOUND, FC_CONFLICT
 * (it exists already), FC_BUSY (429, 5xx, a conflict that may pass), FC_PERMISSION, FC_NO_FACE and so on, else FC_REFUSED.
 */
enum fc_status fc_api_check(const struct fc_api_response *response, struct fc_error *err);

/*
 * Perform several requests, in their order. out has room for all answers, and is set to zero first; the caller releases each. *done: number of
 * answers, also after an error, which is that of the next request.
 */
enum fc_status fc_service_api_many(struct fc_service *service,
				   const struct fc_api_request *requests, size_t count,
				   struct fc_api_response *out, size_t *done, struct fc_error *err);

#endif
