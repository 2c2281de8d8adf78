/* Requests of documented HTTP APIs on the local engine: the path decides which API it is. */
/* SPDX-License-Identifier: MIT */
#include "service/api/api.h"
#include "service/api/target.h"
#include "service/local/azure/azure.h"

static enum fc_status call(struct fc_service *service, const struct fc_api_request *request,
			   struct fc_api_response *out, struct fc_error *err)
{
	switch (fc_api_of(request->target)) {
	case FC_API_AZURE:
		return fc_local_azure_call(service, request, out, err);
	case FC_API_SMARTY:
		return fc_smarty_api_call(service, request, out, err);
	case FC_API_PLATFORM:
		return fc_platform_api_call(service, request, out, err);
	default:
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "no API has the path '%s'; paths start with /face/v1.0/ (Azure), "
			       "/api/v1/persons/ (Smarty) or /v1/ (NeuroIO, SERP)",
			       request->target);
	}
}

/* Requests of the Azure Face API are performed together, others one after the other. */
static enum fc_status call_many(struct fc_service *service, const struct fc_api_request *requests,
				size_t count, struct fc_api_response *out, size_t *done,
				struct fc_error *err)
{
	size_t same = 0;
	while (same < count && fc_api_of(requests[same].target) == FC_API_AZURE) {
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

static enum fc_status account(struct fc_service *service, struct fc_uuid *out, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	enum fc_status status = fc_local_begin_read(fc_local_of(service), &txn, err);
	*out = (struct fc_uuid){ { 0 } };
	return status == FC_GALLERY_MISSING ? FC_OK
	       : status == FC_OK            ? fc_gallery_uuid(txn, out, err)
					    : status;
}

const struct fc_api_verbs fc_local_api_verbs = {
	.call = call,
	.call_many = call_many,
	.account = account,
};
