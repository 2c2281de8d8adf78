/* The APIs that are built on the verbs of a service, whatever engine carries them out. Private to lib/service. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_API_API_H
#define FC_SERVICE_API_API_H

#include "service/api.h"

enum {
	FC_API_BODY_MAXIMUM = 30 * 1000 * 1000
}; /* bytes: the limit of Smarty, the largest of all */

/*
 * Answer a request of the Smarty API (/api/v1/persons/), or of NeuroIO or SERP (/v1/). Errors are those for which the API has no answer: of
 * the gallery and the workers, and FC_NO_MEMORY.
 */
enum fc_status fc_smarty_api_call(struct fc_service *service, const struct fc_api_request *request,
				  struct fc_api_response *out, struct fc_error *err);
enum fc_status fc_platform_api_call(struct fc_service *service,
				    const struct fc_api_request *request,
				    struct fc_api_response *out, struct fc_error *err);

/* Whether an error is about the request, so that the API answers it; others are about the gallery or the machine. */
bool fc_api_is_answered(enum fc_status status);

#endif
