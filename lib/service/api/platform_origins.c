/* Origins of SERP, which NeuroIO calls sources: create, list, show, update, delete. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/number.h"
#include "service/api/platform_query.h"

static void write_origin(struct fc_platform_server *server, const struct fc_origin *origin)
{
	const struct fc_origin_settings *settings = &origin->settings;
	fc_platform_write_origin(&server->json, server->dialect,
				 &(struct fc_platform_origin){
					 .id = origin->id,
					 .name = origin->name,
					 .created = origin->created,
					 .min_facesize = settings->min_facesize,
					 .create_min_facesize = settings->create_min_facesize,
					 .on_ha = settings->flags & FC_ORIGIN_CREATE_ON_HA,
					 .on_junk = settings->flags & FC_ORIGIN_CREATE_ON_JUNK,
					 .save_entries = settings->save_entries,
					 .storage_days = settings->entry_storage_days,
				 });
}

/* ---- bodies ---- */

struct body {
	cJSON *json;
	const char *name; /* NULL: absent */
	struct fc_origin_settings settings;
	unsigned fields; /* enum fc_origin_field: those that are given */
	bool answered;   /* the request was refused */
};

static void body_release(struct body *body)
{
	fc_json_release(&body->json);
}

static unsigned given(const struct body *body, const char *name, unsigned field)
{
	return name && fc_json_get(body->json, name) ? field : 0;
}

/* Read the name and the settings. A period that is null has no end; other members that are null count as absent. */
static enum fc_status read_body(struct fc_platform_server *server, struct body *body)
{
	const struct fc_api_request *request = server->request;
	const struct fc_platform_settings *names = &server->dialect->settings;
	struct fc_platform_origin origin = { 0 };
	body->answered = true;
	if (fc_json_parse(request->body ? request->body : "", request->length, request->length,
			  "the body", &body->json, NULL) != FC_OK ||
	    !cJSON_IsObject(body->json)) {
		return fc_platform_reject(server, 400, "Request body is not valid JSON.");
	}
	const char *invalid = fc_platform_read_settings(body->json, server->dialect, &origin);
	if (invalid) {
		return fc_platform_reject_field(server, invalid, "Value is not valid.");
	}
	if (origin.storage_days > FC_STORAGE_DAYS_MAXIMUM) {
		return fc_platform_reject_field(server, names->storage_days, "Value is not valid.");
	}
	body->answered = false;
	body->name = fc_json_text(body->json, "name");
	body->fields = given(body, names->min_facesize, FC_ORIGIN_MIN_FACESIZE) |
		       given(body, names->create_min_facesize, FC_ORIGIN_CREATE_MIN_FACESIZE) |
		       given(body, names->on_ha, FC_ORIGIN_ON_HA) |
		       given(body, names->on_junk, FC_ORIGIN_ON_JUNK) |
		       given(body, names->storage_days, FC_ORIGIN_STORAGE_DAYS) |
		       (origin.has_save_entries ? FC_ORIGIN_SAVE_ENTRIES : 0);
	body->settings = (struct fc_origin_settings){
		.min_facesize = origin.min_facesize,
		.create_min_facesize = origin.create_min_facesize,
		.flags = (origin.on_ha ? FC_ORIGIN_CREATE_ON_HA : 0) |
			 (origin.on_junk ? FC_ORIGIN_CREATE_ON_JUNK : 0),
		.save_entries =
			origin.has_save_entries ? origin.save_entries : FC_ORIGIN_ALL_RESULTS,
		.entry_storage_days = origin.storage_days,
	};
	return FC_OK;
}

/* ---- operations ---- */

static enum fc_status create(struct fc_platform_server *server, struct fc_error *err)
{
	FC_CLEANUP(body_release) struct body body = { 0 };
	const char *space = server->request->space;
	struct fc_origin_row row;
	FC_TRY(read_body(server, &body));
	if (body.answered) {
		return FC_OK;
	}
	if (!body.name) {
		return fc_platform_reject_field(server, "name", "Field required.");
	}
	if (!fc_origin_is_name(body.name)) {
		return fc_platform_reject_field(server, "name", "Value is not valid.");
	}
	enum fc_status status = fc_service_origin_create(server->service, body.name,
							 space ? space : FC_PLATFORM_DEFAULT_SPACE,
							 &body.settings, &row, err);
	if (status == FC_CONFLICT || status == FC_INVALID_ARGUMENT) {
		return fc_platform_reject_field(server, "name",
						status == FC_CONFLICT ? "Already exists."
								      : "Value is not valid.");
	}
	FC_TRY(status);
	server->response->status = 201;
	write_origin(server, &row.origin);
	return FC_OK;
}

static enum fc_status list(struct fc_platform_server *server, struct fc_error *err)
{
	FC_CLEANUP(fc_entry_page_query_release)
	struct fc_entry_page_query query = { .server = server };
	FC_CLEANUP(fc_free) struct fc_origin_row *origins = NULL;
	size_t count = 0;
	char path[32];
	FC_TRY(fc_entry_page_query_read(&query, err));
	if (query.answered) {
		return FC_OK;
	}
	enum fc_status status = fc_service_origin_list(server->service, server->request->space,
						       &origins, &count, err);
	FC_TRY(status == FC_NOT_FOUND || status == FC_GALLERY_MISSING ? FC_OK : status);
	snprintf(path, sizeof(path), "/v1/%s/", server->dialect->origins);
	const struct fc_platform_page_request page = {
		.path = path,
		.limit = query.limit,
		.offset = query.offset,
		.total = count,
		.filters = "",
	};
	fc_platform_begin_page(&server->json, server->dialect, &page);
	for (size_t i = query.offset; i < count && i - query.offset < query.limit; i++) {
		write_origin(server, &origins[i].origin);
	}
	fc_platform_end_page(&server->json);
	return FC_OK;
}

/* Find an origin that the token may see, by its number. */
static enum fc_status find(struct fc_platform_server *server, const char *text, bool *found,
			   struct fc_origin_row *out, struct fc_error *err)
{
	uint64_t id;
	*found = false;
	if (fc_parse_u64(text, 1, UINT32_MAX, "a number", &id, NULL) != FC_OK) {
		return FC_OK;
	}
	enum fc_status status = fc_service_origin_show(server->service, text, out, err);
	if (status == FC_NOT_FOUND || status == FC_GALLERY_MISSING) {
		return FC_OK;
	}
	FC_TRY(status);
	*found = fc_platform_sees_space(server, out->space);
	return FC_OK;
}

static enum fc_status update(struct fc_platform_server *server, struct fc_origin_row *row,
			     struct fc_error *err)
{
	FC_CLEANUP(body_release) struct body body = { 0 };
	FC_TRY(read_body(server, &body));
	if (body.answered) {
		return FC_OK;
	}
	if (body.name && strcmp(body.name, row->origin.name) != 0) {
		return fc_platform_reject_field(server, "name", "Cannot be changed.");
	}
	const struct fc_origin_update_request request = {
		.origin = row->origin.name,
		.fields = body.fields,
		.settings = body.settings,
	};
	enum fc_status status = fc_service_origin_update(server->service, &request, row, err);
	if (status == FC_NOT_FOUND) {
		return fc_platform_not_found(server);
	}
	FC_TRY(status);
	write_origin(server, &row->origin);
	return FC_OK;
}

static enum fc_status delete_origin(struct fc_platform_server *server,
				    const struct fc_origin_row *row, struct fc_error *err)
{
	enum fc_status status = fc_service_origin_delete(server->service, row->origin.name, err);
	return status == FC_OK ? fc_platform_done(server, 202)
			       : fc_platform_answer_failure(server, status, err);
}

enum fc_status fc_platform_serve_origins(struct fc_platform_server *server,
					 const char *const *segments, size_t count,
					 struct fc_error *err)
{
	bool gets = fc_platform_is_method(server, "GET");
	bool patches = fc_platform_is_method(server, "PATCH");
	bool deletes = fc_platform_is_method(server, "DELETE");
	struct fc_origin_row row;
	bool found;
	if (count == 0 && (gets || fc_platform_is_method(server, "POST"))) {
		return gets ? list(server, err) : create(server, err);
	}
	if (count > 1) {
		return fc_platform_not_found(server);
	}
	if (count == 0 || !(gets || patches || deletes)) {
		return fc_platform_reject(server, 405, "Method not allowed.");
	}
	FC_TRY(find(server, segments[0], &found, &row, err));
	if (!found) {
		return fc_platform_not_found(server);
	}
	if (patches) {
		return update(server, &row, err);
	}
	if (deletes) {
		return delete_origin(server, &row, err);
	}
	write_origin(server, &row.origin);
	return FC_OK;
}
