/* Profiles of NeuroIO and SERP by photo: create, reinit, search, delete. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <strings.h>

#include "base/json.h"
#include "base/number.h"
#include "service/answer/platform.h"
#include "service/api/platform.h"
#include "service/profiles.h"

enum { PARTS_MAXIMUM = 16 };

/* The fields of a request with a photo. */
struct upload {
	struct fc_platform_server *server;
	struct fc_photo photo, second;
	bool has_second;
	struct fc_origin_row origin;
	bool has_origin;
	struct fc_profile_photos input;
	bool answered; /* the request was refused */
};

/* ---- form fields ---- */

/* The text of a field in a buffer; NULL if it is absent or longer. */
static const char *field_text(const struct fc_platform_server *server, const char *name,
			      char out[256])
{
	const struct fc_form_part *part = name ? fc_form_find(&server->form, name) : NULL;
	if (!part || part->length >= 256 || memchr(part->data, '\0', part->length)) {
		return NULL;
	}
	memcpy(out, part->data, part->length);
	out[part->length] = '\0';
	return out;
}

static bool read_truth(const char *text, bool *out)
{
	static const char *const yes[] = { "true", "1", "on", "yes" };
	static const char *const no[] = { "false", "0", "off", "no" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(yes); i++) {
		if (strcasecmp(text, yes[i]) == 0 || strcasecmp(text, no[i]) == 0) {
			*out = strcasecmp(text, yes[i]) == 0;
			return true;
		}
	}
	return false;
}

/* FC_CHOICE_OPEN if the field is absent. Sets upload->answered if it is invalid. */
static enum fc_status read_choice(struct upload *upload, const char *name, enum fc_choice *out)
{
	char room[256];
	bool truth;
	const char *text = field_text(upload->server, name, room);
	*out = FC_CHOICE_OPEN;
	if (!text || upload->answered) {
		return FC_OK;
	}
	if (!read_truth(text, &truth)) {
		upload->answered = true;
		return fc_platform_reject_field(upload->server, name,
						"Value could not be parsed to a boolean.");
	}
	*out = truth ? FC_CHOICE_YES : FC_CHOICE_NO;
	return FC_OK;
}

static enum fc_status read_facesize(struct upload *upload, const char *name)
{
	char room[256];
	const char *text = field_text(upload->server, name, room);
	if (!text || upload->answered) {
		return FC_OK;
	}
	upload->input.has_min_facesize = true;
	if (fc_parse_u64(text, 0, UINT32_MAX, name, &upload->input.min_facesize, NULL) != FC_OK) {
		upload->answered = true;
		return fc_platform_reject_field(upload->server, name,
						"Value is not a valid integer.");
	}
	return FC_OK;
}

static enum fc_status read_photo(struct upload *upload, const char *name, bool required,
				 struct fc_photo *out, bool *found)
{
	const struct fc_form_part *part = fc_form_find(&upload->server->form, name);
	*found = part != NULL;
	if (upload->answered || (!part && !required)) {
		return FC_OK;
	}
	if (!part) {
		upload->answered = true;
		return fc_platform_reject_field(upload->server, name, "Field required.");
	}
	*out = (struct fc_photo){
		.name = name,
		.path = part->filename ? part->filename : name,
		.in_memory = true,
		.bytes = part->data,
		.length = part->length,
		.face = { .rule = FC_FACE_ONLY },
	};
	return FC_OK;
}

static enum fc_status read_origin(struct upload *upload, struct fc_error *err)
{
	char room[256];
	bool found;
	struct fc_platform_server *server = upload->server;
	const char *name = server->dialect->origin_field;
	const char *text = field_text(server, name, room);
	if (upload->answered) {
		return FC_OK;
	}
	if (!text) {
		upload->answered = true;
		return fc_platform_reject_field(server, name, "Field required.");
	}
	FC_TRY(fc_platform_find_visible_origin(server, text, &found, &upload->origin, err));
	if (!found) {
		upload->answered = true;
		return fc_platform_reject_field(server, name, "Does not exist.");
	}
	upload->has_origin = true;
	upload->input.origin = upload->origin.origin.name;
	return FC_OK;
}

/* Read the form and the photo, which all requests have. */
static enum fc_status read_form(struct upload *upload, struct fc_error *err)
{
	struct fc_platform_server *server = upload->server;
	const struct fc_api_request *request = server->request;
	struct fc_error why = { 0 };
	bool found;
	enum fc_choice asm_asked;
	enum fc_status status = fc_form_read(request->content_type, request->body, request->length,
					     PARTS_MAXIMUM, &server->form, &why);
	if (status == FC_NO_MEMORY) {
		return fc_fail_memory(err);
	}
	if (status != FC_OK) {
		upload->answered = true;
		return fc_platform_reject_field(server, "image", "Field required.");
	}
	FC_TRY(read_photo(upload, "image", true, &upload->photo, &found));
	FC_TRY(read_choice(upload, "identify_asm", &asm_asked));
	upload->input.identify_asm = asm_asked == FC_CHOICE_YES;
	return FC_OK;
}

/* ---- results ---- */

enum fc_status fc_platform_take_outcome(void *context, const struct fc_profile_outcome *outcome,
					struct fc_error *err)
{
	struct fc_platform_result *result = context;
	struct fc_platform_server *server = result->server;
	(void)err;
	result->status = outcome->status;
	if (outcome->status != FC_OK) {
		FC_IGNORE(fc_fail(&result->error, outcome->status, "%s", outcome->error));
		return FC_OK;
	}
	if (!result->is_reinit) {
		fc_answer_profile_outcome(&server->json, server->dialect, outcome,
					  result->asm_asked);
	}
	return FC_OK;
}

enum fc_status fc_platform_finish(struct fc_platform_result *result, enum fc_status status,
				  int success, const struct fc_error *err)
{
	struct fc_platform_server *server = result->server;
	if (status != FC_OK) {
		return fc_platform_answer_failure(server, status, err);
	}
	if (result->status != FC_OK) {
		return fc_platform_answer_failure(server, result->status, &result->error);
	}
	server->response->status = success;
	return result->is_reinit ? fc_platform_done(server, success) : FC_OK;
}

static enum fc_status create(struct fc_platform_server *server, struct fc_error *err)
{
	const struct fc_platform_dialect *dialect = server->dialect;
	struct upload upload = { .server = server };
	struct fc_platform_result result = { .server = server };
	struct fc_tally tally;
	struct fc_profile_create_request request = { 0 };
	FC_TRY(read_form(&upload, err));
	FC_TRY(read_facesize(&upload, dialect->create_facesize));
	FC_TRY(read_choice(&upload, dialect->on_ha, &request.create_on_ha));
	FC_TRY(read_choice(&upload, dialect->on_junk, &request.create_on_junk));
	FC_TRY(read_origin(&upload, err));
	if (upload.answered) {
		return FC_OK;
	}
	struct fc_photo_array photos = { &upload.photo, 1 };
	result.asm_asked = upload.input.identify_asm;
	request.input = upload.input;
	request.input.photos = fc_photo_array_source(&photos);
	request.input.sink = (struct fc_profile_sink){ fc_platform_take_outcome, &result };
	return fc_platform_finish(&result,
				  fc_service_profile_create(server->service, &request, &tally, err),
				  201, err);
}

static enum fc_status search(struct fc_platform_server *server, struct fc_error *err)
{
	struct upload upload = { .server = server };
	struct fc_platform_result result = { .server = server };
	struct fc_tally tally;
	struct fc_profile_search_request request = { 0 };
	FC_TRY(read_form(&upload, err));
	if (server->dialect->second_image) {
		FC_TRY(read_photo(&upload, server->dialect->second_image, false, &upload.second,
				  &upload.has_second));
	}
	if (upload.answered) {
		return FC_OK;
	}
	struct fc_photo_array photos = { &upload.photo, 1 };
	result.asm_asked = upload.input.identify_asm;
	request.input = upload.input;
	request.input.space =
		server->request->space ? server->request->space : FC_PLATFORM_DEFAULT_SPACE;
	request.input.photos = fc_photo_array_source(&photos);
	request.input.sink = (struct fc_profile_sink){ fc_platform_take_outcome, &result };
	request.second = upload.has_second ? &upload.second : NULL;
	return fc_platform_finish(&result,
				  fc_service_profile_search(server->service, &request, &tally, err),
				  200, err);
}

/* Find a profile that the token may see. *found is false if there is none. */
static enum fc_status find_profile(struct fc_platform_server *server, const char *text,
				   struct fc_person_id *out, bool *found, struct fc_error *err)
{
	FC_CLEANUP(fc_profile_detail_release) struct fc_profile_detail detail = { 0 };
	*found = false;
	*out = (struct fc_person_id){ 0 };
	if (!fc_uuid_parse(text, &out->pid)) {
		return FC_OK;
	}
	enum fc_status status = fc_service_profile_show(server->service, out, &detail, err);
	if (status == FC_NOT_FOUND || status == FC_GALLERY_MISSING) {
		return FC_OK;
	}
	FC_TRY(status);
	*found = fc_platform_sees_space(server, detail.profile.space);
	return FC_OK;
}

/* The lowest result that is accepted: a word in NeuroIO, a number in SERP. */
static enum fc_status read_least(struct upload *upload, enum fc_result *out)
{
	char room[256];
	const struct fc_platform_dialect *dialect = upload->server->dialect;
	const char *text = field_text(upload->server, dialect->least_result, room);
	static const enum fc_result permitted[] = { FC_RESULT_EXACT, FC_RESULT_HA, FC_RESULT_JUNK };
	*out = FC_RESULT_HA;
	if (!text || upload->answered) {
		return FC_OK;
	}
	for (size_t i = 0; i < FC_ARRAY_LENGTH(permitted); i++) {
		if (strcmp(text, fc_platform_result_word(dialect, permitted[i])) == 0) {
			*out = permitted[i];
			return FC_OK;
		}
	}
	upload->answered = true;
	return fc_platform_reject_field(
		upload->server, dialect->least_result,
		dialect->numbered_results
			? "Value is not a valid enumeration member; permitted: 3, 5, 4."
			: "Value is not a valid enumeration member; permitted: 'exact', 'ha', "
			  "'junk'.");
}

static enum fc_status reinit(struct fc_platform_server *server, const char *id,
			     struct fc_error *err)
{
	struct upload upload = { .server = server };
	struct fc_platform_result result = { .server = server, .is_reinit = true };
	struct fc_tally tally;
	struct fc_profile_reinit_request request = { 0 };
	bool found;
	FC_TRY(read_form(&upload, err));
	FC_TRY(read_facesize(&upload, server->dialect->reinit_facesize));
	FC_TRY(read_least(&upload, &request.min_result));
	if (server->dialect->origin_by_name) {
		FC_TRY(read_origin(&upload, err));
	}
	if (upload.answered) {
		return FC_OK;
	}
	FC_TRY(find_profile(server, id, &request.person, &found, err));
	if (!found) {
		return fc_platform_not_found(server);
	}
	struct fc_photo_array photos = { &upload.photo, 1 };
	request.input = upload.input;
	request.input.photos = fc_photo_array_source(&photos);
	request.input.sink = (struct fc_profile_sink){ fc_platform_take_outcome, &result };
	return fc_platform_finish(&result,
				  fc_service_profile_reinit(server->service, &request, &tally, err),
				  204, err);
}

static enum fc_status delete_profile(struct fc_platform_server *server, const char *id,
				     struct fc_error *err)
{
	struct fc_profile_delete_item item = { 0 };
	bool found;
	FC_TRY(find_profile(server, id, &item.person, &found, err));
	if (!found) {
		return fc_platform_not_found(server);
	}
	const struct fc_profile_delete_request request = { .items = &item, .count = 1 };
	enum fc_status status = fc_service_profile_delete(server->service, &request, err);
	if (status == FC_OK && item.status == FC_NOT_FOUND) {
		return fc_platform_not_found(server);
	}
	return status == FC_OK ? fc_platform_done(server, 204)
			       : fc_platform_answer_failure(server, status, err);
}

enum fc_status fc_platform_serve_persons(struct fc_platform_server *server,
					 const char *const *segments, size_t count,
					 struct fc_error *err)
{
	bool first = server->dialect->reinit_before_id;
	bool posts = fc_platform_is_method(server, "POST");
	if (posts && count == 0) {
		return create(server, err);
	}
	if (posts && count == 1 && strcmp(segments[0], "search") == 0) {
		return search(server, err);
	}
	if (posts && count == 1 && server->dialect->from_entry &&
	    (strcmp(segments[0], "entry") == 0 || strcmp(segments[0], "reinit") == 0)) {
		return strcmp(segments[0], "entry") == 0
			       ? fc_platform_create_from_entry(server, err)
			       : fc_platform_reinit_from_entry(server, err);
	}
	if (posts && count == 2 && strcmp(segments[first ? 0 : 1], "reinit") == 0) {
		return reinit(server, segments[first ? 1 : 0], err);
	}
	if (count == 1 && fc_platform_is_method(server, "DELETE")) {
		return delete_profile(server, segments[0], err);
	}
	return count <= 2 && (posts || count == 1 || count == 0)
		       ? fc_platform_reject(server, 405, "Method not allowed.")
		       : fc_platform_not_found(server);
}
