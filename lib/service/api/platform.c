/* Answer requests of NeuroIO and SERP: dispatch, errors, and what the token may see. */
/* SPDX-License-Identifier: MIT */
#include "service/api/platform.h"

#include <stdio.h>

#include "base/number.h"
#include "service/answer/platform.h"

bool fc_api_is_answered(enum fc_status status)
{
	switch (status) {
	case FC_NOT_FOUND:
	case FC_INVALID_ARGUMENT:
	case FC_UNSUPPORTED:
	case FC_BAD_IMAGE:
	case FC_TOO_LARGE:
	case FC_NO_FACE:
	case FC_SEVERAL_FACES:
	case FC_POOR_QUALITY:
	case FC_CONFLICT:
		return true;
	default:
		return false;
	}
}

/* ---- answers ---- */

static enum fc_status write_fault(struct fc_platform_server *server, int status, const char *field,
				  const char *message)
{
	const struct fc_platform_fault fault = {
		.code = status,
		.field = field,
		.place = field && fc_platform_is_method(server, "GET") ? "query" : NULL,
		.message = message,
	};
	FC_TRY(fc_platform_done(server, status));
	fc_platform_write_fault(&server->json, server->dialect, &fault);
	return FC_OK;
}

enum fc_status fc_platform_done(struct fc_platform_server *server, int status)
{
	fc_buffer_clear(&server->response->body);
	server->response->status = status;
	server->json = fc_json_writer_of(&server->response->body, true);
	return FC_OK;
}

enum fc_status fc_platform_reject(struct fc_platform_server *server, int status,
				  const char *message)
{
	return write_fault(server, status, NULL, message);
}

enum fc_status fc_platform_reject_field(struct fc_platform_server *server, const char *field,
					const char *message)
{
	/* NeuroIO answers 400; SERP is built on a framework whose default for this is 422 */
	return write_fault(server, server->dialect->kind == FC_PLATFORM_SERP ? 422 : 400, field,
			   message);
}

enum fc_status fc_platform_not_found(struct fc_platform_server *server)
{
	return fc_platform_reject(server, 404, "Not found.");
}

static enum fc_status reject_photo(struct fc_platform_server *server, const char *message)
{
	return write_fault(server, 400, "image", message);
}

enum fc_status fc_platform_answer_failure(struct fc_platform_server *server, enum fc_status status,
					  const struct fc_error *err)
{
	switch (status) {
	case FC_NOT_FOUND:
		return fc_platform_not_found(server);
	case FC_NO_FACE:
		return reject_photo(server, "No face found.");
	case FC_SEVERAL_FACES:
		return reject_photo(server, "Several faces found.");
	case FC_BAD_IMAGE:
		return reject_photo(server, "Image is not supported.");
	case FC_TOO_LARGE:
		return reject_photo(server, "Image is too large.");
	case FC_POOR_QUALITY:
		return reject_photo(server, "Face is too small or too poor.");
	case FC_CONFLICT:
		return reject_photo(server, "Face does not match.");
	default:
		return fc_api_is_answered(status) ? fc_platform_reject(server, 400, err->text)
						  : status;
	}
}

/* ---- the token ---- */

bool fc_platform_sees_space(const struct fc_platform_server *server, const char *space)
{
	return !server->request->space || strcmp(server->request->space, space) == 0;
}

enum fc_status fc_platform_find_visible_origin(struct fc_platform_server *server, const char *text,
					       bool *found, struct fc_origin_row *out,
					       struct fc_error *err)
{
	uint64_t id;
	bool is_number = fc_parse_u64(text, 1, UINT32_MAX, "a number", &id, NULL) == FC_OK;
	*found = false;
	if (is_number == server->dialect->origin_by_name) {
		return FC_OK; /* NeuroIO wants a name, SERP a number */
	}
	enum fc_status status = fc_service_origin_show(server->service, text, out, err);
	if (status == FC_NOT_FOUND || status == FC_GALLERY_MISSING ||
	    status == FC_INVALID_ARGUMENT) {
		return FC_OK;
	}
	FC_TRY(status);
	*found = fc_platform_sees_space(server, out->space);
	return FC_OK;
}

/* ---- dispatch ---- */

/* The nouns of the paths, each with the platforms that have it. */
static const struct noun {
	const char *name;
	const struct fc_platform_dialect *dialect; /* NULL: both */
	fc_platform_handler *handle;
} nouns[] = {
	{ "persons", &fc_platform_neuroio, fc_platform_serve_persons },
	{ "profiles", &fc_platform_serp, fc_platform_serve_persons },
	{ "entries", NULL, fc_platform_serve_entries },
	{ "sources", &fc_platform_neuroio, fc_platform_serve_origins },
	{ "origins", &fc_platform_serp, fc_platform_serve_origins },
};

static enum fc_status dispatch(struct fc_platform_server *server, struct fc_error *err)
{
	const struct fc_api_target *target = &server->target;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(nouns); i++) {
		const struct noun *noun = &nouns[i];
		if (target->segment_count < 2 || strcmp(target->segments[1], noun->name) != 0) {
			continue;
		}
		server->dialect = noun->dialect ? noun->dialect : server->dialect;
		return noun->handle(server, target->segments + 2, target->segment_count - 2, err);
	}
	return fc_platform_not_found(server);
}

static void server_release(struct fc_platform_server *server)
{
	fc_api_target_release(&server->target);
	fc_form_release(&server->form);
}

enum fc_status fc_platform_api_call(struct fc_service *service,
				    const struct fc_api_request *request,
				    struct fc_api_response *out, struct fc_error *err)
{
	FC_CLEANUP(server_release)
	struct fc_platform_server server = {
		.service = service,
		.request = request,
		.response = out,
		.dialect = fc_platform_dialect_of(request->dialect),
		.json = fc_json_writer_of(&out->body, true),
	};
	out->status = 200;
	if (fc_api_target_read(request->target, &server.target, NULL) != FC_OK) {
		FC_TRY(fc_platform_not_found(&server));
	} else if (request->length > FC_API_BODY_MAXIMUM) {
		FC_TRY(fc_platform_reject(&server, 413, "Request is too large."));
	} else {
		FC_TRY(dispatch(&server, err));
	}
	return fc_buffer_ok(&out->body) ? FC_OK : fc_fail_memory(err);
}
