/* Read the errors of the Azure Face API; fault.c writes them. */
/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/text.h"
#include "protocol/azure/bodies.h"

/* Microsoft's error codes; the first row that matches counts. The same code occurs with several HTTP statuses, so only the code is compared. */
static const struct {
	const char *code;      /* a '*' at its start matches the name of a resource, or anything */
	const char *phrase;    /* text that the message must contain; NULL: any message */
	enum fc_status status; /* FC_OK: the HTTP status decides */
} rows[] = {
	{ "BadArgument", NULL, FC_OK },
	{ "InvalidURL", NULL, FC_OK },
	{ "InvalidImage", "no face", FC_NO_FACE },
	{ "InvalidImage", "more than 1", FC_SEVERAL_FACES },
	{ "InvalidImage", NULL, FC_BAD_IMAGE },
	{ "InvalidImageSize", "small", FC_BAD_IMAGE },
	{ "InvalidImageSize", NULL, FC_TOO_LARGE },
	{ "401", NULL, FC_OK },
	{ "*", "out of call volume quota", FC_BUSY },
	{ "UnsupportedFeature", NULL, FC_OK },
	{ "QuotaExceeded", NULL, FC_FULL },
	{ "*NotFound", NULL, FC_NOT_FOUND },
	{ "*Exists", NULL, FC_CONFLICT },
	{ "ConcurrentOperationConflict", NULL, FC_BUSY },
	{ "*TrainingNotFinished", NULL, FC_BUSY },
	{ "RateLimitExceeded", NULL, FC_BUSY },
	{ "InternalServerError", NULL, FC_OK },
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
		bool code = rows[i].code[0] == '*' ? ends_with(error->code, rows[i].code + 1)
						   : strcasecmp(error->code, rows[i].code) == 0;
		if (code && (!rows[i].phrase || strcasestr(error->message, rows[i].phrase))) {
			return rows[i].status;
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
