/* Build the requests that add a face to a person. */
/* SPDX-License-Identifier: MIT */
#include "base/json.h"
#include "service/remote/azure/engine.h"

static void begin_person(const struct fc_azure *azure, const struct fc_azure_upload *upload,
			 struct fc_azure_call *call, enum fc_http_method method)
{
	fc_azure_begin_group(azure, call, method, FC_AZURE_OBJECT);
	fc_azure_add_path(call, "persons");
	if (upload->person->has_id) {
		fc_azure_add_path_uuid(call, &upload->person->id);
	}
}

/* Begin the request that creates the person, or, if it has an id, changes its name. */
static enum fc_status name_call(const struct fc_azure *azure, const struct fc_azure_upload *upload,
				struct fc_azure_call *call, struct fc_error *err)
{
	const struct fc_azure_person *person = upload->person;
	const char *user_data = person->user_data ? person->user_data : person->creation;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer name = { 0 };
	fc_azure_write_name(&name, person->has_number ? &person->number : NULL, person->name);
	const char *text = fc_buffer_text(&name);
	cJSON *body = cJSON_CreateObject();
	if (!text || !cJSON_AddStringToObject(body, "name", text) ||
	    (!person->has_id && !cJSON_AddStringToObject(body, "userData", user_data))) {
		cJSON_Delete(body);
		return fc_fail_memory(err);
	}
	begin_person(azure, upload, call, person->has_id ? FC_HTTP_PATCH : FC_HTTP_POST);
	call->shape = person->has_id ? FC_AZURE_EMPTY : FC_AZURE_OBJECT;
	call->request.repeatable = person->has_id;
	return fc_azure_json_body(call, body, err);
}

static void list_call(const struct fc_azure *azure, const struct fc_azure_upload *upload,
		      struct fc_azure_call *call)
{
	fc_azure_begin_group(azure, call, FC_HTTP_GET, FC_AZURE_ARRAY);
	fc_azure_add_path(call, "persons");
	if (upload->has_cursor) {
		fc_azure_add_query_uuid(call, "start", &upload->cursor);
	}
	fc_azure_add_query_number(call, "top", FC_AZURE_PAGE);
}

static void add_call(const struct fc_azure *azure, const struct fc_azure_upload *upload,
		     struct fc_azure_call *call)
{
	begin_person(azure, upload, call, FC_HTTP_POST);
	fc_azure_add_path(call, "persistedfaces");
	fc_azure_add_query(call, "userData", upload->digest);
	if (upload->has_target) {
		fc_azure_add_query(call, "targetFace", upload->rectangle);
	}
	fc_azure_add_query(call, "detectionModel", azure->options.detection_model);
	fc_azure_photo_body(call, upload->photo);
	call->request.repeatable = false;
}

enum fc_status fc_azure_upload_call(struct fc_azure *azure, struct fc_azure_upload *upload,
				    struct fc_azure_call *call, struct fc_error *err)
{
	struct fc_azure_person *person = upload->person;
	/* find a face whose digest was not read yet */
	upload->face = 0;
	while (upload->face < person->face_count && person->faces[upload->face].read) {
		upload->face++;
	}
	if (upload->undoing && !upload->is_undo_checked) {
		upload->step = FC_AZURE_STEP_CHECK_UNDO;
		begin_person(azure, upload, call, FC_HTTP_GET);
	} else if (upload->undoing) {
		upload->step = FC_AZURE_STEP_UNDO;
		begin_person(azure, upload, call, FC_HTTP_DELETE);
		call->shape = FC_AZURE_EMPTY;
	} else if (upload->finds_face) {
		upload->step = FC_AZURE_STEP_FIND_FACE;
		fc_azure_detect_call(azure, upload->photo, NULL, call);
	} else if (!person->has_id && person->outcome_unknown) {
		upload->step = FC_AZURE_STEP_LIST;
		list_call(azure, upload, call);
	} else if (!person->has_id) {
		upload->step = FC_AZURE_STEP_CREATE;
		return name_call(azure, upload, call, err);
	} else if (upload->renumbers) {
		upload->step = FC_AZURE_STEP_RENUMBER;
		return name_call(azure, upload, call, err);
	} else if (upload->created && upload->numbers_itself && !upload->is_number_checked) {
		upload->step = FC_AZURE_STEP_CHECK_NUMBER;
		list_call(azure, upload, call);
	} else if (person->faces_unknown) {
		upload->step = FC_AZURE_STEP_REFRESH;
		begin_person(azure, upload, call, FC_HTTP_GET);
	} else if (upload->face < person->face_count) {
		upload->step = FC_AZURE_STEP_READ_FACE;
		begin_person(azure, upload, call, FC_HTTP_GET);
		fc_azure_add_path(call, "persistedfaces");
		fc_azure_add_path_uuid(call, &person->faces[upload->face].id);
	} else {
		upload->step = FC_AZURE_STEP_ADD;
		add_call(azure, upload, call);
	}
	return FC_OK;
}
