/* Send a request of `facectl api` to a service as it is given. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/common/api.h"

#include <string.h>

#include "service/remote/common/words.h"

enum { FIELDS_MAXIMUM = FC_API_PARAMETERS + 4 };

static bool find_method(const char *name, enum fc_http_method *out)
{
	static const char *const methods[] = {
		[FC_HTTP_GET] = "GET",     [FC_HTTP_POST] = "POST",     [FC_HTTP_PUT] = "PUT",
		[FC_HTTP_PATCH] = "PATCH", [FC_HTTP_DELETE] = "DELETE",
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(methods); i++) {
		if (strcmp(name, methods[i]) == 0) {
			*out = (enum fc_http_method)i;
			return true;
		}
	}
	return false;
}

static bool is_replaced(const struct fc_remote_api *api, const char *name)
{
	for (size_t i = 0; i < api->query_count; i++) {
		if (strcmp(api->query[i].name, name) == 0) {
			return true;
		}
	}
	return false;
}

enum fc_status fc_remote_api_send(const struct fc_remote_api *api,
				  const struct fc_api_request *given,
				  const struct fc_api_target *target, struct fc_api_response *out,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_http_response_release) struct fc_http_response response = { 0 };
	struct fc_http_field query[FIELDS_MAXIMUM];
	struct fc_http_request request = {
		.path = target->segments,
		.path_count = target->segment_count,
		.trailing_slash = api->trailing_slash,
		.query = query,
		.headers = api->headers,
		.header_count = api->header_count,
		.body = { .data = given->length > 0 ? given->body : NULL, .length = given->length },
		.content_type = given->length > 0 ? given->content_type : NULL,
		.repeatable = api->repeatable,
		.judge = api->judge,
	};
	if (!find_method(given->method, &request.method)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' is not a method of this API",
			       given->method);
	}
	for (size_t i = 0; i < api->query_count; i++) {
		query[request.query_count++] = api->query[i];
	}
	for (size_t i = 0; i < target->parameter_count; i++) {
		const struct fc_api_parameter *parameter = &target->parameters[i];
		if (!is_replaced(api, parameter->name)) {
			query[request.query_count++] =
				(struct fc_http_field){ .name = parameter->name,
							.value = parameter->value };
		}
	}
	enum fc_status status = fc_http_perform(api->http, &request, &response, err);
	if (status != FC_OK) {
		if (response.sent && api->advice && err) {
			fc_remote_add_words(err, api->advice);
		}
		return status;
	}
	out->status = response.status;
	out->unclear = response.status == 408 || response.status >= 500 ? api->advice : NULL;
	out->body = FC_STEAL_STRUCT(response.body);
	return FC_OK;
}
