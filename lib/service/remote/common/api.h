/* Send a request of `facectl api` to a service as it is given. Private to lib/service. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_COMMON_API_H
#define FC_SERVICE_REMOTE_COMMON_API_H

#include "net/http.h"
#include "service/api.h"
#include "service/api/target.h"

/* How a service sends requests. */
struct fc_remote_api {
	struct fc_http *http;
	const struct fc_http_field *query; /* replaces parameters of these names */
	size_t query_count;
	const struct fc_http_field *headers;
	size_t header_count;
	bool trailing_slash;
	bool repeatable;
	enum fc_http_verdict (*judge)(void *context, const struct fc_http_response *response);
	/* what to check before a request with an unknown outcome is sent again; NULL if it is repeatable */
	const char *advice;
};

/*
 * Send a request, whose target was read. FC_OK: *out is the answer. Errors: those of fc_http_perform, FC_INVALID_ARGUMENT (no method of HTTP, too
 * many parameters).
 */
enum fc_status fc_remote_api_send(const struct fc_remote_api *api,
				  const struct fc_api_request *request,
				  const struct fc_api_target *target, struct fc_api_response *out,
				  struct fc_error *err);

#endif
