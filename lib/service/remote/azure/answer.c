/* What an Azure service answers when something is wrong, and what to make of it. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "service/remote/azure/wire.h"

bool fc_azure_has_code(const struct fc_azure_trouble *trouble, const char *code)
{
	return strcasecmp(trouble->code, code) == 0;
}

bool fc_azure_is_conflict(const struct fc_azure_trouble *trouble)
{
	static const char tail[] = "TrainingNotFinished";
	size_t length = strlen(trouble->code);
	size_t behind = strlen(tail);
	return fc_azure_has_code(trouble, "ConcurrentOperationConflict") ||
	       (length >= behind && strcasecmp(trouble->code + length - behind, tail) == 0);
}

bool fc_azure_is_unclear(const struct fc_http_response *response)
{
	bool denied = response->status >= 300 && response->status < 500 && response->status != 408;
	return response->sent && !denied;
}

/* ---- the bodies of failures ---- */

/* The first line of a text: some messages have a tail of ".NET" behind a line break. */
static void copy_line(const char *text, char *out, size_t size)
{
	size_t length = 0;
	while (text && length + 1 < size && text[length] != '\0' &&
	       !iscntrl((unsigned char)text[length])) {
		out[length] = text[length];
		length++;
	}
	/* not in the middle of a character */
	while (length + 1 == size && length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80) {
		length--;
	}
	out[length] = '\0';
}

/* The innermost account has the useful words: the outer ones say "invalid request". */
static const cJSON *innermost(const cJSON *error)
{
	const cJSON *inner = fc_json_get(error, "innererror");
	return fc_json_text(inner, "message") || fc_json_text(inner, "code") ? inner : error;
}

/* {"error":{"code","message","innererror"}}, {"error":{"statusCode","message"}}, {"statusCode","message"}. */
static void read_trouble(const cJSON *json, struct fc_azure_trouble *out)
{
	const cJSON *error = fc_json_get(json, "error");
	error = innermost(cJSON_IsObject(error) ? error : json);
	copy_line(fc_json_text(error, "code"), out->code, sizeof(out->code));
	copy_line(fc_json_text(error, "message"), out->words, sizeof(out->words));
}

static bool ends_with(const char *text, const char *tail)
{
	size_t length = strlen(text);
	size_t behind = strlen(tail);
	return length >= behind && strcasecmp(text + length - behind, tail) == 0;
}

/* The same code comes under different HTTP statuses, so that it decides. FC_OK: it tells nothing. */
static enum fc_status status_of_code(const struct fc_azure_trouble *trouble)
{
	const char *code = trouble->code;
	if (fc_azure_has_code(trouble, "InvalidImage")) {
		return strcasestr(trouble->words, "no face")       ? FC_NO_FACE
		       : strcasestr(trouble->words, "more than 1") ? FC_SEVERAL_FACES
								   : FC_BAD_IMAGE;
	}
	if (fc_azure_has_code(trouble, "InvalidImageSize")) {
		return strcasestr(trouble->words, "small") ? FC_BAD_IMAGE : FC_TOO_LARGE;
	}
	if (fc_azure_is_conflict(trouble) || fc_azure_has_code(trouble, "RateLimitExceeded") ||
	    strcasestr(trouble->words, "out of call volume quota")) {
		return FC_BUSY;
	}
	if (fc_azure_has_code(trouble, "QuotaExceeded")) {
		return FC_FULL;
	}
	if (ends_with(code, "NotFound")) {
		return FC_NOT_FOUND;
	}
	return ends_with(code, "Exists") ? FC_CONFLICT : FC_OK;
}

/* A path that is not there: somebody else's address, or one spelled in a way that the service does not know. */
static bool is_lost(const struct fc_http_response *response, enum fc_status known)
{
	return response->status == 404 && known == FC_OK;
}

static enum fc_status refuse(const struct fc_http_response *response,
			     const struct fc_azure_trouble *trouble, struct fc_error *err)
{
	static const char hint[] = "; is the url that of a Face resource?";
	enum fc_status known = status_of_code(trouble);
	const char *words = trouble->words[0] != '\0' ? trouble->words : NULL;
	char lost[sizeof(trouble->words) + sizeof(hint)];
	if (is_lost(response, known)) {
		FC_IGNORE(stpcpy(stpcpy(lost, words ? words : "not found"), hint));
		words = lost;
	}
	enum fc_status status = fc_http_failure(response, words, err);
	if (known == FC_OK || status == FC_NO_MEMORY) {
		return status;
	}
	if (err) {
		err->status = known;
	}
	return known;
}

/* ---- answers ---- */

static bool has_shape(const cJSON *json, enum fc_azure_shape shape)
{
	switch (shape) {
	case FC_AZURE_OBJECT:
		return cJSON_IsObject(json);
	case FC_AZURE_ARRAY:
		return cJSON_IsArray(json);
	case FC_AZURE_EMPTY:
	default:
		return true;
	}
}

static bool is_good(const struct fc_http_response *response)
{
	return response->status >= 200 && response->status < 300;
}

/* *out NULL: there is no JSON, or none of that shape. */
static enum fc_status parse(const struct fc_http_response *response, enum fc_azure_shape shape,
			    cJSON **out)
{
	const struct fc_buffer *body = &response->body;
	*out = NULL;
	enum fc_status status = fc_json_parse((const char *)body->data, body->length, body->length,
					      "the answer", out, NULL);
	if (status == FC_OK && !has_shape(*out, shape)) {
		fc_json_release(out);
	}
	return status == FC_NO_MEMORY ? FC_NO_MEMORY : FC_OK;
}

static enum fc_status refuse_foreign(const struct fc_http_response *response, struct fc_error *err)
{
	char type[sizeof(response->content_type)];
	copy_line(response->content_type, type, sizeof(type));
	return fc_fail(
		err, FC_REFUSED,
		"HTTP %d with %s where the protocol has other JSON; is the url that of a Face "
		"resource?",
		response->status, type[0] != '\0' ? type : "an untyped answer");
}

enum fc_status fc_azure_read(const struct fc_http_response *response, enum fc_azure_shape shape,
			     cJSON **out, struct fc_azure_trouble *trouble, struct fc_error *err)
{
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	*trouble = (struct fc_azure_trouble){ 0 };
	*out = NULL;
	if (is_good(response) && response->body.length == 0 && shape == FC_AZURE_EMPTY) {
		return FC_OK;
	}
	enum fc_azure_shape wanted = is_good(response) ? shape : FC_AZURE_OBJECT;
	if (parse(response, wanted, &json) != FC_OK) {
		return fc_fail_memory(err);
	}
	if (!is_good(response)) {
		read_trouble(json, trouble);
		return refuse(response, trouble, err);
	}
	if (!json) {
		return refuse_foreign(response, err);
	}
	*out = FC_STEAL(json);
	return FC_OK;
}

enum fc_http_verdict fc_azure_judge(void *context, const struct fc_http_response *response)
{
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	const enum fc_azure_shape *shape = context;
	if (!is_good(response) || (response->body.length == 0 && *shape == FC_AZURE_EMPTY)) {
		return FC_HTTP_FINAL;
	}
	bool sound = parse(response, *shape, &json) == FC_OK && json;
	return sound ? FC_HTTP_FINAL : FC_HTTP_TRY_AGAIN;
}
