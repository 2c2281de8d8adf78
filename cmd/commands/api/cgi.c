/* Answer one request of a web server by CGI/1.1 (RFC 3875). */
/* SPDX-License-Identifier: MIT */
#include "commands/api/cgi.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"
#include "commands/api/keys.h"
#include "protocol/azure/fault.h"
#include "protocol/platform.h"
#include "protocol/smarty.h"
#include "service/api.h"
#include "service/api/target.h"

enum { TARGET_MAXIMUM = 16 * 1024 };

/* Only these variables of the environment are used; the web server sets them for each request. */
static const char *meta(const char *name)
{
	const char *value = getenv(name);
	return value ? value : "";
}

enum fc_status cgi_check(struct fc_error *err)
{
	return strncmp(meta("GATEWAY_INTERFACE"), "CGI/1.", 6) == 0 &&
			       *meta("REQUEST_METHOD") != '\0'
		       ? FC_OK
		       : fc_fail(err, FC_INVALID_ARGUMENT,
				 "--cgi is for web servers, which set GATEWAY_INTERFACE and "
				 "REQUEST_METHOD; see facectl-api(1) for an example");
}

struct cgi {
	enum fc_api api; /* whose errors are written; Azure's if the path belongs to none */
	struct api_keys keys;
	const struct api_key *key; /* of the request */
	struct fc_buffer target;   /* path and query */
	struct fc_buffer body;
	struct fc_api_response response;
};

static void cgi_release(struct cgi *cgi)
{
	api_keys_release(&cgi->keys);
	fc_buffer_release(&cgi->target);
	fc_buffer_release(&cgi->body);
	fc_api_response_release(&cgi->response);
}

/* The same errors in the APIs that are not Azure's. */
static const struct {
	enum fc_azure_fault fault;
	int smarty, platform; /* HTTP statuses */
	const char *message;
} other_faults[] = {
	{ FC_AZURE_FAULT_KEY, 403, 401, "Unauthorized." },
	{ FC_AZURE_FAULT_FORBIDDEN, 403, 403,
	  "The key is for several spaces; this API needs a key for one space." },
	{ FC_AZURE_FAULT_PATH, 404, 404, "Not found." },
	{ FC_AZURE_FAULT_BODY, 400, 400, "Request body is not valid." },
	{ FC_AZURE_FAULT_BODY_BIG, 400, 413, "Request is too large." },
	{ FC_AZURE_FAULT_UNAVAILABLE, 500, 503, "Service unavailable." },
	{ FC_AZURE_FAULT_INTERNAL, 500, 500, "Internal Server Error." },
};

/* Answer with an error of the API. */
static void refuse(struct cgi *cgi, enum fc_azure_fault fault)
{
	struct fc_json_writer json;
	fc_buffer_clear(&cgi->response.body);
	json = fc_json_writer_of(&cgi->response.body, false);
	if (cgi->api == FC_API_AZURE) {
		cgi->response.status =
			fc_azure_write_fault(&json, fault, NULL, FC_AZURE_NO_KIND, NULL);
		return;
	}
	size_t i = 0;
	while (i + 1 < FC_ARRAY_LENGTH(other_faults) && other_faults[i].fault != fault) {
		i++;
	}
	const char *message = other_faults[i].message;
	if (cgi->api == FC_API_SMARTY) {
		cgi->response.status = other_faults[i].smarty;
		fc_smarty_write_error(&cgi->response.body, cgi->response.status, message);
		return;
	}
	const struct fc_platform_fault platform = { .code = other_faults[i].platform,
						    .message = message };
	cgi->response.status = platform.code;
	fc_platform_write_fault(
		&json, fc_platform_dialect_of(cgi->key ? cgi->key->dialect : FC_PLATFORM_NEUROIO),
		&platform);
}

/*
 * The path as the client sees it. If the program is installed at the path of the API ("/face"), the path begins in SCRIPT_NAME;
 * if it is a script like others ("/cgi-bin/facectl"), PATH_INFO is the whole path.
 */
void cgi_append_path(struct fc_buffer *out)
{
	fc_buffer_append_text(out, meta("SCRIPT_NAME"));
	fc_buffer_append_text(out, meta("PATH_INFO"));
	const char *whole = fc_buffer_text(out);
	if (whole && fc_api_of(whole) == FC_API_COUNT) {
		fc_buffer_clear(out);
		fc_buffer_append_text(out, meta("PATH_INFO"));
	}
}

static bool find_target(struct cgi *cgi)
{
	const char *query = meta("QUERY_STRING");
	if (strlen(meta("SCRIPT_NAME")) + strlen(meta("PATH_INFO")) + strlen(query) >
	    TARGET_MAXIMUM) {
		return false;
	}
	cgi_append_path(&cgi->target);
	if (*query != '\0') {
		fc_buffer_printf(&cgi->target, "?%s", query);
	}
	const char *target = fc_buffer_text(&cgi->target);
	enum fc_api api = target ? fc_api_of(target) : FC_API_COUNT;
	if (api == FC_API_COUNT) {
		return false;
	}
	cgi->api = api;
	return true;
}

/* Find the key of the request, where its API has it. */
static bool find_key(struct cgi *cgi)
{
	FC_CLEANUP(fc_api_target_release) struct fc_api_target target = { 0 };
	const char *key = NULL;
	switch (cgi->api) {
	case FC_API_AZURE:
		key = meta("HTTP_OCP_APIM_SUBSCRIPTION_KEY");
		break;
	case FC_API_SMARTY:
		if (fc_api_target_read(fc_buffer_text(&cgi->target), &target, NULL) == FC_OK) {
			key = fc_api_parameter(&target, "oauth_token");
		}
		break;
	case FC_API_PLATFORM:
		key = meta("HTTP_AUTHORIZATION");
		key = strncasecmp(key, "Token ", 6) == 0 ? key + 6 : NULL;
		break;
	case FC_API_COUNT:
		break;
	}
	cgi->key = api_keys_find(&cgi->keys, key ? key : "");
	return cgi->key != NULL;
}

/* Read the body, after its length was checked. Returns false when it was answered with an error. */
static bool read_body(struct cgi *cgi, uint64_t most)
{
	const char *text = meta("CONTENT_LENGTH");
	struct fc_error unused;
	uint64_t length = 0;
	if (*text != '\0' &&
	    fc_parse_u64(text, 0, INT64_MAX, "CONTENT_LENGTH", &length, &unused) != FC_OK) {
		refuse(cgi, FC_AZURE_FAULT_BODY);
		return false;
	}
	if (length > most) {
		refuse(cgi, FC_AZURE_FAULT_BODY_BIG);
		return false;
	}
	while (cgi->body.length < length) {
		char chunk[16 * 1024];
		uint64_t left = length - cgi->body.length;
		ssize_t got = read(STDIN_FILENO, chunk,
				   left < sizeof(chunk) ? (size_t)left : sizeof(chunk));
		if (got < 0 && fc_fd_retry(STDIN_FILENO, POLLIN)) {
			continue;
		}
		if (got <= 0) {
			refuse(cgi, FC_AZURE_FAULT_BODY);
			return false;
		}
		fc_buffer_append(&cgi->body, chunk, (size_t)got);
		if (!fc_buffer_ok(&cgi->body)) {
			refuse(cgi, FC_AZURE_FAULT_UNAVAILABLE);
			return false;
		}
	}
	return true;
}

static enum fc_status answer(struct command_context *ctx, struct cgi *cgi)
{
	struct fc_error err = { 0 };
	const struct fc_api_request request = {
		.method = meta("REQUEST_METHOD"),
		.target = fc_buffer_text(&cgi->target),
		.content_type = *meta("CONTENT_TYPE") != '\0' ? meta("CONTENT_TYPE") : NULL,
		.body = cgi->body.data,
		.length = cgi->body.length,
		.subscription = cgi->key->subscription,
		.keep_crops = settings_keep_crops(ctx->settings),
		.spaces = (const char *const *)cgi->key->spaces,
		.dialect = cgi->key->dialect,
		.space = cgi->key->spaces ? cgi->key->spaces[0] : NULL,
	};
	enum fc_status status = fc_service_api(ctx->service, &request, &cgi->response, &err);
	if (status == FC_OK) {
		return FC_OK;
	}
	out_message(ctx->out, "%s", err.text);
	refuse(cgi, status == FC_INVALID_ARGUMENT ? FC_AZURE_FAULT_PATH
		    : status == FC_BUSY || status == FC_NO_MEMORY || status == FC_FULL ||
				    status == FC_TIMED_OUT || status == FC_WORKER_KILLED
			    ? FC_AZURE_FAULT_UNAVAILABLE
			    : FC_AZURE_FAULT_INTERNAL);
	return FC_OK;
}

static void write_answer(struct out *out, const struct fc_api_response *response)
{
	char id[FC_UUID_TEXT_SIZE];
	struct fc_uuid request_id = fc_uuid_new();
	fc_uuid_format(&request_id, id);
	fc_buffer_printf(&out->data, "Status: %d\r\napim-request-id: %s\r\n", response->status, id);
	if (response->body.length > 0) {
		fc_buffer_append_text(&out->data,
				      "Content-Type: application/json; charset=utf-8\r\n");
	}
	if (response->operation_location[0] != '\0') {
		fc_buffer_printf(&out->data, "Operation-Location: %s\r\n",
				 response->operation_location);
	}
	if (response->error_code[0] != '\0') {
		fc_buffer_printf(&out->data, "x-ms-error-code: %s\r\n", response->error_code);
	}
	fc_buffer_printf(&out->data, "Content-Length: %zu\r\n\r\n", response->body.length);
	fc_buffer_append(&out->data, response->body.data, response->body.length);
}

enum fc_status cgi_run(struct command_context *ctx, const char *keys_path, struct fc_error *err)
{
	FC_CLEANUP(cgi_release) struct cgi cgi = { 0 };
	struct fc_error why = { 0 };
	bool has_target = find_target(&cgi);
	if (api_keys_read(keys_path, &cgi.keys, &why) != FC_OK) {
		/* every request is refused; only the server's log gets the reason */
		out_message(ctx->out, "%s", why.text);
		refuse(&cgi, FC_AZURE_FAULT_INTERNAL);
	} else if (!has_target) {
		refuse(&cgi, FC_AZURE_FAULT_PATH);
	} else if (!find_key(&cgi)) {
		refuse(&cgi, FC_AZURE_FAULT_KEY);
	} else if (cgi.api == FC_API_PLATFORM && cgi.key->spaces && cgi.key->spaces[1]) {
		/* a token of these platforms is for one space, which the request does not name */
		refuse(&cgi, FC_AZURE_FAULT_FORBIDDEN);
	} else if (read_body(&cgi, ctx->settings->max_request_size.value)) {
		FC_TRY(answer(ctx, &cgi));
	}
	write_answer(ctx->out, &cgi.response);
	return out_flush(ctx->out, err);
}
