/* Several requests of the documented APIs, and the status and message of failed answers. */
/* SPDX-License-Identifier: MIT */
#include "service/api.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "protocol/azure/bodies.h"
#include "protocol/platform.h"

static enum fc_status status_of(int http_status)
{
	return http_status == 401 || http_status == 403   ? FC_PERMISSION
	       : http_status == 404                       ? FC_NOT_FOUND
	       : http_status == 408 || http_status == 429 ? FC_BUSY
	       : http_status >= 500                       ? FC_BUSY
							  : FC_REFUSED;
}

/* The message of the other APIs, if the answer has none of the Azure Face API. */
static void add_message(const cJSON *json, char *out, size_t size)
{
	struct fc_platform_error error;
	const char *body = fc_json_text(json, "body"); /* of a Smarty envelope */
	fc_platform_read_error(json, &error);
	if (body || error.message[0] != '\0') {
		snprintf(out, size, "%s", body ? body : error.message);
	}
}

enum fc_status fc_api_check(const struct fc_api_response *response, struct fc_error *err)
{
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	struct fc_azure_error error = { 0 };
	if (response->status >= 200 && response->status < 300) {
		return FC_OK;
	}
	if (fc_json_parse((const char *)response->body.data, response->body.length,
			  response->body.length, "the response", &json, NULL) == FC_OK) {
		fc_azure_read_error(json, &error);
		add_message(json, error.message, sizeof(error.message));
	}
	enum fc_status known = fc_azure_error_status(&error);
	return fc_fail(err, known != FC_OK ? known : status_of(response->status), "HTTP %d%s%s%s%s",
		       response->status, error.message[0] != '\0' ? ": " : "", error.message,
		       response->unclear ? "; " : "", response->unclear ? response->unclear : "");
}

enum fc_status fc_service_api_many(struct fc_service *service,
				   const struct fc_api_request *requests, size_t count,
				   struct fc_api_response *out, size_t *done, struct fc_error *err)
{
	const struct fc_api_verbs *verbs = service->operations->api;
	memset(out, 0, count * sizeof(*out));
	*done = 0;
	FC_TRY(fc_service_need(service, FC_VERB_API, err));
	if (verbs->call_many) {
		return verbs->call_many(service, requests, count, out, done, err);
	}
	for (; *done < count; ++*done) {
		FC_TRY(verbs->call(service, &requests[*done], &out[*done], err));
	}
	return FC_OK;
}
