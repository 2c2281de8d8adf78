/* Interpret responses of an Azure service: convert failures to a status. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "service/remote/azure/wire.h"
#include "service/remote/common/words.h"

bool fc_azure_is_unclear(const struct fc_http_response *response)
{
	bool denied = response->status >= 300 && response->status < 500 && response->status != 408;
	return response->sent && !denied;
}

/* Fail with the status of the error's code if it is more specific than that of the HTTP status. */
static enum fc_status fail(const struct fc_http_response *response,
			   const struct fc_azure_error *error, struct fc_error *err)
{
	enum fc_status known = fc_azure_error_status(error);
	enum fc_status status = fc_remote_http_failure(response, error->message, err);
	if (response->status == 404 && known == FC_OK) {
		/* the server does not know the path, so it may not be a Face resource */
		fc_remote_doubt_url(err, "Face resource");
	}
	if (known == FC_OK || status == FC_NO_MEMORY) {
		return status;
	}
	if (err) {
		err->status = known;
	}
	return known;
}

static bool is_success(const struct fc_http_response *response)
{
	return response->status >= 200 && response->status < 300;
}

/* Parse the body. *out is NULL if it is not JSON of that shape. FC_AZURE_EMPTY: any JSON. */
static enum fc_status parse(const struct fc_http_response *response, enum fc_azure_shape shape,
			    cJSON **out, struct fc_error *err)
{
	const struct fc_buffer *body = &response->body;
	*out = NULL;
	enum fc_status status = fc_json_parse((const char *)body->data, body->length, body->length,
					      "the response", out, err);
	if ((shape == FC_AZURE_OBJECT && !cJSON_IsObject(*out)) ||
	    (shape == FC_AZURE_ARRAY && !cJSON_IsArray(*out))) {
		fc_json_release(out);
	}
	return status == FC_NO_MEMORY || status == FC_TOO_LARGE ? status : FC_OK;
}

enum fc_status fc_azure_read(const struct fc_http_response *response, enum fc_azure_shape shape,
			     cJSON **out, struct fc_azure_error *error, struct fc_error *err)
{
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	*error = (struct fc_azure_error){ 0 };
	*out = NULL;
	if (is_success(response) && response->body.length == 0 && shape == FC_AZURE_EMPTY) {
		return FC_OK;
	}
	struct fc_error why = { 0 };
	enum fc_status parsed =
		parse(response, is_success(response) ? shape : FC_AZURE_OBJECT, &json, &why);
	if (parsed != FC_OK) {
		return fc_fail(err, parsed == FC_TOO_LARGE ? FC_REFUSED : parsed, "%s", why.text);
	}
	if (!is_success(response) || fc_remote_is_error(json)) {
		fc_azure_read_error(json, error);
		return fail(response, error, err);
	}
	if (!json) {
		return fc_remote_refuse_foreign(response, "Face resource", "the expected JSON",
						err);
	}
	*out = FC_STEAL(json);
	return FC_OK;
}

enum fc_http_verdict fc_azure_judge(void *context, const struct fc_http_response *response)
{
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	const enum fc_azure_shape *shape = context;
	if (!is_success(response) || (response->body.length == 0 && *shape == FC_AZURE_EMPTY)) {
		return FC_HTTP_FINAL;
	}
	bool valid =
		parse(response, *shape, &json, NULL) == FC_OK && json && !fc_remote_is_error(json);
	return valid ? FC_HTTP_FINAL : FC_HTTP_TRY_AGAIN;
}
