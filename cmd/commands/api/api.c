/* api: one request of a documented HTTP API, answered by the local engine or sent to a service. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "command.h"
#include "commands/api/cgi.h"
#include "commands/api/form.h"
#include "photos/attribute_option.h"
#include "service/api.h"

struct api_args {
	struct option_texts operands;
	const char *json, *file, *space;
	struct option_texts form;
	bool headers, cgi;
	const char *keys;
	/* set by prepare */
	struct fc_buffer body;
	char method[8]; /* in upper case */
	char form_type[FORM_TYPE_SIZE];
	char *keys_path;
};

#define AT(member) offsetof(struct api_args, member)

static const struct option_row options[] = {
	{ OPTION_TEXT, 0, "json", "JSON", AT(json),
	  "send this JSON as the body; @FILE is the text of a file, @- that of standard input" },
	{ OPTION_TEXT, 0, "file", "FILE", AT(file),
	  "send the bytes of a file as the body; - is standard input" },
	{ OPTION_TEXTS, 0, "form", "FIELD", AT(form),
	  "send a form: NAME=VALUE, or NAME=@FILE; may be repeated" },
	{ OPTION_TEXT, 's', "space", "SPACE", AT(space),
	  "the space of the token, for NeuroIO and SERP" },
	{ OPTION_FLAG, 'i', "headers", NULL, AT(headers),
	  "write the status and the headers of the answer before its body" },
	{ OPTION_FLAG, 0, "cgi", NULL, AT(cgi),
	  "answer a request of a web server by CGI/1.1 with the local engine" },
	{ OPTION_TEXT, 0, "keys", "FILE", AT(keys),
	  "with --cgi: the keys of those who may send requests" },
	{ OPTION_OPERANDS, 0, NULL, "METHOD PATH", AT(operands),
	  "such as GET /face/v1.0/persongroups", .maximum = 2 },
	{ OPTION_END },
};

/* Only answers about photos have attributes, and their model takes time to load. */
static enum fc_status choose_attributes(struct command_context *ctx, const char *path,
					struct fc_error *err)
{
	static const char *const paths[] = { "/api/v1/persons/recognize", "/v1/persons",
					     "/v1/profiles" };
	const struct option_texts none = { 0 };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(paths); i++) {
		if (strncmp(path, paths[i], strlen(paths[i])) == 0) {
			return attributes_choose(ctx, &none, err);
		}
	}
	return FC_OK;
}

/* A request has one image at most, and needs the attribute model only if its query names attributes. */
static void expect_image(struct command_context *ctx, const char *query)
{
	ctx->photos = 1;
	ctx->one_request = true;
	if (query && strcasestr(query, "returnFaceAttributes") &&
	    strcmp(ctx->settings->attributes, "none") != 0) {
		ctx->attributes = FC_ATTRIBUTES_ALL;
	}
}

static enum fc_status prepare_cgi(struct command_context *ctx, struct api_args *args,
				  struct fc_error *err)
{
	if (args->operands.count > 0 || args->json || args->file || args->headers ||
	    args->form.count > 0 || args->space) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--cgi takes the request from the web server; give no other "
			       "request");
	}
	if (!settings_are_local(ctx->settings)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--cgi answers with the local engine; remove --service");
	}
	FC_TRY(cgi_check(err));
	FC_CLEANUP(fc_buffer_release) struct fc_buffer path = { 0 };
	cgi_append_path(&path);
	FC_TRY(fc_buffer_ok(&path) ? choose_attributes(ctx, fc_buffer_text(&path), err)
				   : fc_fail_memory(err));
	expect_image(ctx, getenv("QUERY_STRING"));
	if (args->keys) {
		args->keys_path = strdup(args->keys);
		return args->keys_path ? FC_OK : fc_fail_memory(err);
	}
	FC_TRY(settings_home_path("XDG_CONFIG_HOME", ".config", "keys", &args->keys_path, err));
	return args->keys_path ? FC_OK
			       : fc_fail(err, FC_INVALID_ARGUMENT,
					 "there is no home folder; give --keys FILE");
}

/* Read the body of the request: the text of --json, a file, or a form. */
static enum fc_status make_body(struct api_args *args, uint64_t most, struct fc_error *err)
{
	const char *path = args->json && args->json[0] == '@' ? args->json + 1 : args->file;
	enum fc_status status = FC_OK;
	if (args->form.count > 0) {
		status = form_make(args->form.items, args->form.count, most, args->form_type,
				   &args->body, err);
	} else if (path) {
		status = strcmp(path, "-") == 0
				 ? fc_file_read_fd(0, most, "standard input", &args->body, err)
				 : fc_file_read(path, most, &args->body, err);
	} else if (args->json) {
		fc_buffer_append_text(&args->body, args->json);
		status = args->body.length > most
				 ? fc_fail(err, FC_TOO_LARGE, "--json is too large")
				 : FC_OK;
	}
	if (status == FC_TOO_LARGE) {
		return fc_fail(err, status,
			       "the body of the request has more than %llu bytes; the setting "
			       "api.max-request-size is the limit",
			       (unsigned long long)most);
	}
	FC_TRY(status);
	return fc_buffer_ok(&args->body) ? FC_OK : fc_fail_memory(err);
}

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct api_args *args = parsed;
	/* the operands are not photos */
	ctx->photos = args->form.count > 1 ? args->form.count : 1;
	if (args->cgi) {
		return prepare_cgi(ctx, args, err);
	}
	if (args->keys) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "--keys is for --cgi");
	}
	if (args->operands.count != 2) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "expected METHOD and PATH, such as GET /face/v1.0/persongroups");
	}
	const char *method = args->operands.items[0];
	expect_image(ctx, args->operands.items[1]);
	if (strlen(method) >= sizeof(args->method)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' is not an HTTP method", method);
	}
	for (size_t i = 0; method[i] != '\0'; i++) {
		args->method[i] = (char)toupper((unsigned char)method[i]);
	}
	if (args->operands.items[1][0] != '/') {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the path '%s' must start with a slash, such as /face/v1.0/detect",
			       args->operands.items[1]);
	}
	FC_TRY(choose_attributes(ctx, args->operands.items[1], err));
	if ((args->json != NULL) + (args->file != NULL) + (args->form.count > 0) > 1) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--json, --file and --form cannot be given together");
	}
	return make_body(args, ctx->settings->max_request_size.value, err);
}

/* The status as in facectl(1): what a script can branch on. */
static enum fc_status status_of(const struct fc_api_response *response)
{
	int status = response->status;
	if (status >= 200 && status < 300) {
		return FC_OK;
	}
	/* a conflict that may pass: a training or another operation is running */
	bool passes = strstr(response->error_code, "TrainingNotFinished") ||
		      strcmp(response->error_code, "ConcurrentOperationConflict") == 0;
	return status == 404                                     ? FC_NOT_FOUND
	       : status == 401 || status == 403                  ? FC_PERMISSION
	       : status == 408 || status == 429 || status >= 500 ? FC_BUSY
	       : status == 409 && passes                         ? FC_BUSY
								 : FC_REFUSED;
}

static void write_headers(struct fc_buffer *out, const struct fc_api_response *response)
{
	fc_buffer_printf(out, "HTTP/1.1 %d\r\n", response->status);
	if (response->body.length > 0) {
		fc_buffer_append_text(out, "Content-Type: application/json; charset=utf-8\r\n");
	}
	if (response->operation_location[0] != '\0') {
		fc_buffer_printf(out, "Operation-Location: %s\r\n", response->operation_location);
	}
	if (response->error_code[0] != '\0') {
		fc_buffer_printf(out, "x-ms-error-code: %s\r\n", response->error_code);
	}
	fc_buffer_printf(out, "Content-Length: %zu\r\n\r\n", response->body.length);
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct api_args *args = parsed;
	FC_CLEANUP(fc_api_response_release) struct fc_api_response response = { 0 };
	if (args->cgi) {
		return cgi_run(ctx, args->keys_path, err);
	}
	const struct fc_api_request request = {
		.method = args->method,
		.target = args->operands.items[1],
		.content_type = args->json             ? "application/json"
				: args->file           ? "application/octet-stream"
				: args->form.count > 0 ? args->form_type
						       : NULL,
		.dialect = ctx->dialect->kind,
		.space = args->space,
		.body = args->body.data,
		.length = args->body.length,
		.keep_crops = settings_keep_crops(ctx->settings),
	};
	FC_TRY(fc_service_api(ctx->service, &request, &response, err));
	if (args->headers) {
		write_headers(&ctx->out->data, &response);
	}
	fc_buffer_append(&ctx->out->data, response.body.data, response.body.length);
	if (response.body.length > 0 &&
	    response.body.data[response.body.length - 1] != (uint8_t)'\n') {
		fc_buffer_append_text(&ctx->out->data, "\n");
	}
	FC_TRY(out_flush(ctx->out, err));
	if (fc_api_check(&response, err) == FC_OK) {
		return FC_OK;
	}
	/* the HTTP status decides, not the documented error */
	err->status = status_of(&response);
	return err->status;
}

static void release(void *parsed)
{
	struct api_args *args = parsed;
	fc_buffer_release(&args->body);
	free(args->keys_path);
}

const struct command api_command = {
	.name = "api",
	.summary = "perform a request of a documented HTTP API",
	.synopsis = "[OPTION...] METHOD PATH | --cgi [--keys FILE]",
	.help = "The request is answered by the local engine, or by the service of --service with its authentication, limits and retries. The body of the answer goes to standard output.",
	.options = options,
	.args_size = sizeof(struct api_args),
	.needs = COMMAND_SERVICE | COMMAND_VISION,
	.prepare = prepare,
	.run = run,
	.release = release,
};
