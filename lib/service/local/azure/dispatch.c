/* Read a request of the Azure Face API, run its operation, and write errors as the API does. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "service/local/azure/container.h"

static fc_azure_handler *const handlers[FC_AZURE_VERB_COUNT] = {
	[FC_AZURE_CREATE] = fc_azure_create,
	[FC_AZURE_GET] = fc_azure_get,
	[FC_AZURE_UPDATE] = fc_azure_update,
	[FC_AZURE_DELETE] = fc_azure_delete,
	[FC_AZURE_LIST] = fc_azure_list,
	[FC_AZURE_TRAIN] = fc_azure_train,
	[FC_AZURE_TRAINING] = fc_azure_training_status,
	[FC_AZURE_PERSON_CREATE] = fc_azure_person_create,
	[FC_AZURE_PERSON_GET] = fc_azure_person_get,
	[FC_AZURE_PERSON_UPDATE] = fc_azure_person_update,
	[FC_AZURE_PERSON_DELETE] = fc_azure_person_delete,
	[FC_AZURE_PERSON_LIST] = fc_azure_person_list,
	[FC_AZURE_FACE_ADD] = fc_azure_face_add,
	[FC_AZURE_FACE_GET] = fc_azure_face_get,
	[FC_AZURE_FACE_UPDATE] = fc_azure_face_update,
	[FC_AZURE_FACE_DELETE] = fc_azure_face_delete,
	[FC_AZURE_FACE_LIST_ALL] = fc_azure_face_list,
	[FC_AZURE_DETECT] = fc_azure_detect,
	[FC_AZURE_VERIFY] = fc_azure_verify,
	[FC_AZURE_IDENTIFY] = fc_azure_identify,
	[FC_AZURE_FIND_SIMILAR] = fc_azure_find_similar,
	[FC_AZURE_GROUP] = fc_azure_group,
	[FC_AZURE_SNAPSHOT_TAKE] = fc_azure_snapshot_take,
	[FC_AZURE_SNAPSHOT_GET] = fc_azure_snapshot_get,
	[FC_AZURE_SNAPSHOT_UPDATE] = fc_azure_snapshot_update,
	[FC_AZURE_SNAPSHOT_DELETE] = fc_azure_snapshot_delete,
	[FC_AZURE_SNAPSHOT_LIST] = fc_azure_snapshot_list,
	[FC_AZURE_SNAPSHOT_APPLY] = fc_azure_snapshot_apply,
	[FC_AZURE_SNAPSHOT_STATUS] = fc_azure_snapshot_status,
};

static enum fc_status refuse(struct fc_azure_call *call, enum fc_azure_fault fault,
			     enum fc_azure_kind kind, const char *detail)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer code = { 0 };
	fc_buffer_clear(&call->response->body);
	call->json = fc_json_writer_of(&call->response->body, false);
	call->response->status =
		fc_azure_write_fault(&call->json, fault, call->request->operation, kind, detail);
	fc_azure_append_fault_code(&code, fault, kind);
	snprintf(call->response->error_code, sizeof(call->response->error_code), "%s",
		 fc_buffer_ok(&code) ? fc_buffer_text(&code) : "");
	return FC_OK;
}

enum fc_status fc_azure_refuse_kind(struct fc_azure_call *call, enum fc_azure_fault fault,
				    enum fc_azure_kind kind)
{
	return refuse(call, fault, kind, NULL);
}

enum fc_status fc_azure_refuse_detail(struct fc_azure_call *call, enum fc_azure_fault fault,
				      const char *detail)
{
	const struct fc_azure_request *request = call->request;
	return refuse(call, fault,
		      request->kind != FC_AZURE_NO_KIND ? request->kind : request->operation->kind,
		      detail);
}

enum fc_status fc_azure_refuse(struct fc_azure_call *call, enum fc_azure_fault fault)
{
	return fc_azure_refuse_detail(call, fault, NULL);
}

bool fc_azure_may_use(const struct fc_azure_call *call, const char *container)
{
	for (size_t i = 0; call->spaces && call->spaces[i]; i++) {
		if (strcmp(call->spaces[i], container) == 0) {
			return true;
		}
	}
	return call->spaces == NULL;
}

/* A container of the path or the body, and the one that a snapshot is of or is applied to. */
static bool is_allowed(const struct fc_azure_call *call)
{
	const struct fc_azure_request *request = call->request;
	return (request->container[0] == '\0' || fc_azure_may_use(call, request->container)) &&
	       (request->object_id[0] == '\0' || fc_azure_may_use(call, request->object_id));
}

enum fc_status fc_azure_perform(struct fc_service *service, const struct fc_api_request *given,
				struct fc_local_photo *analysed, struct fc_api_response *out,
				struct fc_error *err)
{
	FC_CLEANUP(fc_azure_request_release) struct fc_azure_request request = { 0 };
	enum fc_azure_fault fault;
	enum fc_azure_kind kind;
	struct fc_azure_call call = {
		.local = fc_local_of(service),
		.request = &request,
		.subscription = given->subscription,
		.keep_crops = given->keep_crops,
		.snapshot_life = given->snapshot_life,
		.cut = given->cut,
		.analysis = given->analysis,
		.spaces = given->spaces,
		.analysed = analysed,
		.response = out,
		.json = fc_json_writer_of(&out->body, false),
	};
	FC_TRY(fc_azure_read_request(given->method, given->target, given->content_type, given->body,
				     given->length, &request, &fault, &kind, err));
	if (fault != FC_AZURE_NO_FAULT) {
		FC_TRY(refuse(&call, fault, kind, NULL));
	} else if (!is_allowed(&call)) {
		FC_TRY(refuse(&call, FC_AZURE_FAULT_FORBIDDEN, FC_AZURE_NO_KIND, NULL));
	} else {
		FC_TRY(handlers[request.operation->verb](&call, err));
	}
	if (out->status == 0) {
		out->status = request.operation->success;
	}
	return fc_buffer_ok(&out->body) ? FC_OK : fc_fail_memory(err);
}

enum fc_status fc_local_azure_call(struct fc_service *service, const struct fc_api_request *given,
				   struct fc_api_response *out, struct fc_error *err)
{
	return fc_azure_perform(service, given, NULL, out, err);
}
