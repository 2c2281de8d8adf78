/* Requests of documented HTTP APIs on the local engine: the path decides which API it is. */
/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <strings.h>

#include "service/api/api.h"
#include "service/local/azure/azure.h"

static enum fc_status call(struct fc_service *service, const struct fc_api_request *request,
			   struct fc_api_response *out, struct fc_error *err)
{
	static const struct {
		const char *prefix;
		__typeof__(fc_local_azure_call) *call;
	} apis[] = {
		{ "/face/v1.0/", fc_local_azure_call },
		{ "/api/v1/persons/", fc_smarty_api_call },
		{ "/v1/", fc_platform_api_call },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(apis); i++) {
		if (strncasecmp(request->target, apis[i].prefix, strlen(apis[i].prefix)) == 0) {
			return apis[i].call(service, request, out, err);
		}
	}
	return fc_fail(
		err, FC_INVALID_ARGUMENT,
		"no API has the path '%s'; paths start with /face/v1.0/ (Azure), /api/v1/persons/ "
		"(Smarty) or /v1/ (NeuroIO, SERP)",
		request->target);
}

/* Requests of the Azure Face API are performed together, others one after the other. */
static enum fc_status call_many(struct fc_service *service, const struct fc_api_request *requests,
				size_t count, struct fc_api_response *out, size_t *done,
				struct fc_error *err)
{
	static const char azure[] = "/face/v1.0/";
	size_t same = 0;
	while (same < count && strncasecmp(requests[same].target, azure, strlen(azure)) == 0) {
		same++;
	}
	if (same == count) {
		return fc_local_azure_call_many(service, requests, count, out, done, err);
	}
	for (; *done < count; ++*done) {
		FC_TRY(call(service, &requests[*done], &out[*done], err));
	}
	return FC_OK;
}

const struct fc_api_verbs fc_local_api_verbs = { .call = call, .call_many = call_many };
