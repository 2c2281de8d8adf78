/* Read and write the errors of the Azure Face API, with one table for both. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/text.h"
#include "protocol/azure/bodies.h"

/*
 * Microsoft's error codes. Reading uses the first row that matches, writing the first row of the status. The same code occurs
 * with several HTTP statuses, so only the code is compared.
 */
static const struct error_row {
	const char *code;   /* a '*' at its start matches the name of a resource, or anything */
	const char *phrase; /* text that the message must contain; NULL: any message */
	int http_status;
	enum fc_status status;
	bool by_http;        /* when reading, use the HTTP status instead */
	const char *message; /* message to write; %s is the kind in words */
} rows[] = {
	{ "BadArgument", NULL, 400, FC_INVALID_ARGUMENT, true, "Request body is invalid." },
	{ "InvalidURL", NULL, 400, FC_UNREADABLE, true, "Invalid image URL." },
	{ "InvalidImage", "no face", 400, FC_NO_FACE, false, "No face detected in the image." },
	{ "InvalidImage", "more than 1", 400, FC_SEVERAL_FACES, false,
	  "There is more than 1 face in the image." },
	{ "InvalidImage", NULL, 400, FC_BAD_IMAGE, false,
	  "Decoding error, image format unsupported." },
	{ "InvalidImageSize", "small", 400, FC_BAD_IMAGE, false, "Image size is too small." },
	{ "InvalidImageSize", NULL, 400, FC_TOO_LARGE, false, "Image size is too big." },
	{ "401", NULL, 401, FC_PERMISSION, true,
	  "Access denied due to invalid subscription key or wrong API endpoint." },
	{ "*", "out of call volume quota", 403, FC_BUSY, false, "Out of call volume quota." },
	{ "UnsupportedFeature", NULL, 403, FC_UNSUPPORTED, true, "Feature is not supported." },
	{ "QuotaExceeded", NULL, 403, FC_FULL, false, "%s number reached limit." },
	{ "*NotFound", NULL, 404, FC_NOT_FOUND, false, "%s is not found." },
	{ "*Exists", NULL, 409, FC_CONFLICT, false, "%s already exists." },
	{ "ConcurrentOperationConflict", NULL, 409, FC_BUSY, false,
	  "There is a conflict operation on resource %s, please try later." },
	{ "*TrainingNotFinished", NULL, 409, FC_BUSY, false, "%s is under training." },
	{ "RateLimitExceeded", NULL, 429, FC_BUSY, false, "Rate limit is exceeded." },
	{ "InternalServerError", NULL, 500, FC_INTERNAL, true, "Internal server error." },
};

static bool ends_with(const char *text, const char *tail)
{
	size_t length = strlen(text);
	size_t tail_length = strlen(tail);
	return length >= tail_length && strcasecmp(text + length - tail_length, tail) == 0;
}

enum fc_status fc_azure_error_status(const struct fc_azure_error *error)
{
	for (size_t i = 0; i < FC_ARRAY_LENGTH(rows); i++) {
		const struct error_row *row = &rows[i];
		bool code = row->code[0] == '*' ? ends_with(error->code, row->code + 1)
						: strcasecmp(error->code, row->code) == 0;
		if (code && (!row->phrase || strcasestr(error->message, row->phrase))) {
			return row->by_http ? FC_OK : row->status;
		}
	}
	return FC_OK;
}

bool fc_azure_has_code(const struct fc_azure_error *error, const char *code)
{
	return strcasecmp(error->code, code) == 0;
}

bool fc_azure_is_conflict(const struct fc_azure_error *error)
{
	return fc_azure_has_code(error, "ConcurrentOperationConflict") ||
	       ends_with(error->code, "TrainingNotFinished");
}

/* ---- reading ---- */

/* Some messages end in a line break and .NET details. */
static void copy_line(const char *text, char *out, size_t size)
{
	size_t length = text ? fc_text_line_length(text, size - 1) : 0;
	memcpy(out, text ? text : "", length);
	out[length] = '\0';
}

void fc_azure_read_error(const cJSON *json, struct fc_azure_error *out)
{
	const cJSON *error = fc_json_get(json, "error");
	error = cJSON_IsObject(error) ? error : json;
	/* the outer message is only "Invalid request has been sent." */
	const cJSON *inner = fc_json_get(error, "innererror");
	error = fc_json_text(inner, "message") || fc_json_text(inner, "code") ? inner : error;
	copy_line(fc_json_text(error, "code"), out->code, sizeof(out->code));
	copy_line(fc_json_text(error, "message"), out->message, sizeof(out->message));
}

/* ---- writing ---- */

static const struct error_row *row_of(enum fc_status status)
{
	for (size_t i = 0; i < FC_ARRAY_LENGTH(rows); i++) {
		/* skip the row for exhausted quotas: facectl's FC_BUSY has another meaning */
		if (rows[i].status == status && strcmp(rows[i].code, "*") != 0) {
			return &rows[i];
		}
	}
	return &rows[FC_ARRAY_LENGTH(rows) - 1];
}

int fc_azure_write_error(struct fc_json_writer *json, const char *kind, enum fc_status status)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer code = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer message = { 0 };
	const struct error_row *row = row_of(status);
	const char *kind_place = strstr(row->message, "%s");
	fc_buffer_append_text(&code, row->code[0] == '*' ? kind : "");
	fc_buffer_append_text(&code, row->code + (row->code[0] == '*'));
	if (kind_place) {
		fc_buffer_append(&message, row->message, (size_t)(kind_place - row->message));
		/* write "LargePersonGroup" as "Large person group" */
		for (const char *c = kind; *c != '\0'; c++) {
			if (c > kind && isupper((unsigned char)*c)) {
				fc_buffer_printf(&message, " %c", tolower((unsigned char)*c));
			} else {
				fc_buffer_append(&message, c, 1);
			}
		}
	}
	fc_buffer_append_text(&message, kind_place ? kind_place + 2 : row->message);
	fc_json_begin_object(json);
	fc_json_put_object(json, "error");
	fc_json_put_text(json, "code", fc_buffer_text(&code));
	fc_json_put_text(json, "message", fc_buffer_text(&message));
	fc_json_end_object(json);
	fc_json_end_object(json);
	return row->http_status;
}
