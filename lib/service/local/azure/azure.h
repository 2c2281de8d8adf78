/* The operations of the Azure Face API on the local engine. Private to lib/service/local. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_AZURE_AZURE_H
#define FC_SERVICE_LOCAL_AZURE_AZURE_H

#include "base/json_writer.h"
#include "protocol/azure/request.h"
#include "service/api.h"
#include "service/local/engine.h"

/* A request in progress. */
struct fc_azure_call {
	struct fc_local *local;
	const struct fc_azure_request *request; /* checked by the table of operations */
	struct fc_uuid subscription;            /* of the account that asks */
	bool keep_crops;                        /* of faces that are added */
	int64_t snapshot_life;                  /* see fc_api_request */
	struct fc_threshold_choice cut;         /* see fc_api_request */
	struct fc_analysis *analysis;           /* see fc_api_request */
	const char *const *spaces;              /* containers that it may use; NULL: all */
	struct fc_local_photo *
		analysed; /* the image, if many.c analysed it; its contents are moved out. Else NULL */
	struct fc_api_response *response;
	struct fc_json_writer json; /* writes the body of the response */
};

/*
 * One operation: writes the body. The status is the operation's own unless fc_azure_refuse was called. Errors are those for which there is no
 * answer.
 */
typedef enum fc_status fc_azure_handler(struct fc_azure_call *call, struct fc_error *err);

/*
 * Answer with a documented error instead, and return FC_OK: `return fc_azure_refuse(call, FC_AZURE_FAULT_EXISTS)`. What was written
 * to the body before is dropped.
 */
enum fc_status fc_azure_refuse(struct fc_azure_call *call, enum fc_azure_fault fault);

/* The same, with a sentence that follows the documented message. */
enum fc_status fc_azure_refuse_detail(struct fc_azure_call *call, enum fc_azure_fault fault,
				      const char *detail);

/* Whether the account may use the container. Lists leave out the others; dispatch.c refuses requests that name one. */
bool fc_azure_may_use(const struct fc_azure_call *call, const char *container);

/* The same as fc_azure_refuse, about a container of another kind than the request's. */
enum fc_status fc_azure_refuse_kind(struct fc_azure_call *call, enum fc_azure_fault fault,
				    enum fc_azure_kind kind);

/* Whether the call was refused. */
static inline bool fc_azure_refused(const struct fc_azure_call *call)
{
	return call->response->status != 0;
}

/* ---- the operations ---- */

fc_azure_handler fc_azure_detect, fc_azure_verify, fc_azure_identify, fc_azure_find_similar,
	fc_azure_group;
fc_azure_handler fc_azure_snapshot_take, fc_azure_snapshot_get, fc_azure_snapshot_update,
	fc_azure_snapshot_delete, fc_azure_snapshot_list, fc_azure_snapshot_apply,
	fc_azure_snapshot_status;

FC_VERB_FUNCTION(fc_api_verbs, call) fc_local_azure_call;
FC_VERB_FUNCTION(fc_api_verbs, call_many) fc_local_azure_call_many;

/* Perform one request. analysed: see fc_azure_call; may be NULL. */
enum fc_status fc_azure_perform(struct fc_service *service, const struct fc_api_request *given,
				struct fc_local_photo *analysed, struct fc_api_response *out,
				struct fc_error *err);

#endif
