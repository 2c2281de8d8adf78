/* verify by the operations of the Azure Face API. */
/* SPDX-License-Identifier: MIT */
#include "commands/azure/verified.h"

#include <stdio.h>

#include "base/json.h"
#include "base/json_writer.h"

/* The person or the second face, and the recognition model that the first face needs. */
static enum fc_status write_other(struct command_context *ctx,
				  const struct verified_request *request, struct scope *scope,
				  char model[SCOPE_MODEL_SIZE], struct fc_json_writer *json,
				  struct fc_error *err)
{
	char id[FC_UUID_TEXT_SIZE];
	snprintf(model, SCOPE_MODEL_SIZE, "recognition_04");
	if (request->person) {
		FC_TRY(scope_of(ctx, request->scope, scope, err));
		FC_TRY(scope_person(ctx, scope, request->person, id, err));
		FC_TRY(scope_model(ctx, scope, model, err));
		fc_json_put_text(json, "personId", id);
		fc_json_put_text(json, fc_azure_kinds[scope->kind].id_member, scope->id);
		return FC_OK;
	}
	FC_TRY(probe_face_id(ctx, request->second, request->choice, model, id, err));
	fc_json_put_text(json, "faceId2", id);
	return FC_OK;
}

enum fc_status verify_by_api(struct command_context *ctx, const struct verified_request *request,
			     struct verified *out, struct fc_error *err)
{
	FC_CLEANUP(azure_call_release)
	struct azure_call call = { .service = ctx->service, .verb = FC_AZURE_VERIFY };
	struct fc_json_writer json = fc_json_writer_of(&call.body, false);
	struct scope scope = { 0 };
	char model[SCOPE_MODEL_SIZE], id[FC_UUID_TEXT_SIZE];
	fc_json_begin_object(&json);
	FC_TRY(write_other(ctx, request, &scope, model, &json, err));
	FC_TRY(probe_face_id(ctx, request->first, request->choice, model, id, err));
	fc_json_put_text(&json, request->person ? "faceId" : "faceId1", id);
	fc_json_end_object(&json);
	FC_TRY(azure_send(&call, err));
	const cJSON *same = fc_json_get(call.json, "isIdentical");
	if (!cJSON_IsBool(same) ||
	    !fc_json_number(call.json, "confidence", 0, 1, &out->confidence)) {
		return fc_fail(err, FC_REFUSED, "the answer has no isIdentical and confidence");
	}
	out->same = cJSON_IsTrue(same);
	return FC_OK;
}
