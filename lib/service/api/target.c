/* Read the path and the query of a request. */
/* SPDX-License-Identifier: MIT */
#include "service/api/target.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "protocol/percent.h"

enum fc_api fc_api_of(const char *target)
{
	static const char *const bases[FC_API_COUNT] = {
		[FC_API_AZURE] = "/face/v1.0/",
		[FC_API_SMARTY] = "/api/v1/persons/",
		[FC_API_PLATFORM] = "/v1/",
	};
	enum fc_api api = FC_API_AZURE;
	while (api < FC_API_COUNT && strncasecmp(target, bases[api], strlen(bases[api])) != 0) {
		api++;
	}
	return api;
}

void fc_api_target_release(struct fc_api_target *target)
{
	free(target->text);
	*target = (struct fc_api_target){ 0 };
}

static enum fc_status fail(struct fc_error *err)
{
	return fc_fail(err, FC_INVALID_ARGUMENT, "the path or the query is not valid");
}

static enum fc_status read_path(char *path, struct fc_api_target *out, struct fc_error *err)
{
	char *rest = path;
	for (char *segment = strsep(&rest, "/"); segment; segment = strsep(&rest, "/")) {
		out->trailing_slash = *segment == '\0';
		if (*segment == '\0') {
			continue;
		}
		if (out->segment_count == FC_API_SEGMENTS || !fc_percent_decode(segment, false)) {
			return fail(err);
		}
		out->segments[out->segment_count++] = segment;
	}
	return FC_OK;
}

static enum fc_status read_query(char *query, struct fc_api_target *out, struct fc_error *err)
{
	char *rest = query;
	for (char *name = strsep(&rest, "&"); name; name = strsep(&rest, "&")) {
		char *value = strchr(name, '=');
		if (*name == '\0') {
			continue;
		}
		if (value) {
			*value++ = '\0';
		} else {
			value = name + strlen(name);
		}
		if (out->parameter_count == FC_API_PARAMETERS || !fc_percent_decode(name, true) ||
		    !fc_percent_decode(value, true)) {
			return fail(err);
		}
		out->parameters[out->parameter_count++] = (struct fc_api_parameter){ name, value };
	}
	return FC_OK;
}

enum fc_status fc_api_target_read(const char *text, struct fc_api_target *out, struct fc_error *err)
{
	FC_CLEANUP(fc_api_target_release) struct fc_api_target target = { .text = strdup(text) };
	if (!target.text) {
		return fc_fail_memory(err);
	}
	char *query = strchr(target.text, '?');
	if (query) {
		*query++ = '\0';
		target.query = strchr(text, '?') + 1;
		FC_TRY(read_query(query, &target, err));
	}
	FC_TRY(read_path(target.text, &target, err));
	*out = FC_STEAL_STRUCT(target);
	return FC_OK;
}

const char *fc_api_parameter(const struct fc_api_target *target, const char *name)
{
	for (size_t i = 0; i < target->parameter_count; i++) {
		if (strcmp(target->parameters[i].name, name) == 0) {
			return target->parameters[i].value;
		}
	}
	return NULL;
}
