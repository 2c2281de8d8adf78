/* JSON from outside. */
/* SPDX-License-Identifier: MIT */
#include "base/json.h"

#include <string.h>

#include "base/text.h"

enum { MAXIMUM_DEPTH = 32 };

void fc_json_release(cJSON **json)
{
	cJSON_Delete(*json);
	*json = NULL;
}

/* cJSON cuts a string at \u0000 and follows any depth up to 1000, so both are looked for in the text itself. */
static const char *find_objection(const char *text, size_t length)
{
	bool in_string = false;
	int depth = 0;
	for (size_t i = 0; i < length; i++) {
		char c = text[i];
		if (c == '\0') {
			return "it holds a NUL byte";
		}
		if (in_string && c == '\\') {
			if (length - i >= 6 && memcmp(text + i, "\\u0000", 6) == 0) {
				return "it holds \\u0000";
			}
			i++;
		} else if (c == '"') {
			in_string = !in_string;
		} else if (!in_string && (c == '[' || c == '{') && ++depth > MAXIMUM_DEPTH) {
			return "it is nested more than 32 deep";
		} else if (!in_string && (c == ']' || c == '}')) {
			depth--;
		}
	}
	return fc_text_is_utf8(text, length) ? NULL : "it is not UTF-8";
}

/* The name of a member that an object in the tree has twice, or NULL. Depth is bounded by the parse. */
static const char *find_repeated_name(const cJSON *json)
{
	const cJSON *child;
	cJSON_ArrayForEach (child, json) {
		for (const cJSON *other = child->next; child->string && other;
		     other = other->next) {
			if (strcmp(child->string, other->string) == 0) {
				return child->string;
			}
		}
		const char *below = find_repeated_name(child);
		if (below) {
			return below;
		}
	}
	return NULL;
}

enum fc_status fc_json_parse(const char *text, size_t length, size_t limit, const char *name,
			     cJSON **out, struct fc_error *err)
{
	if (length > limit) {
		return fc_fail(err, FC_TOO_LARGE, "%s is larger than %zu bytes", name, limit);
	}
	const char *objection = find_objection(text, length);
	if (objection) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "%s is not acceptable JSON: %s", name,
			       objection);
	}
	const char *end = NULL;
	FC_CLEANUP(fc_json_release) cJSON *json = cJSON_ParseWithLengthOpts(text, length, &end, 0);
	if (!json) {
		size_t offset = end && end >= text ? (size_t)(end - text) : 0;
		return fc_fail(err, FC_INVALID_ARGUMENT, "%s is not JSON: error at byte %zu", name,
			       offset);
	}
	while (end < text + length && strchr(" \t\r\n", *end)) {
		end++;
	}
	if (end != text + length) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "%s is not JSON: something follows at byte %zu", name,
			       (size_t)(end - text));
	}
	const char *repeated = find_repeated_name(json);
	if (repeated) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "%s names '%s' twice in one object", name,
			       repeated);
	}
	*out = FC_STEAL(json);
	return FC_OK;
}

const cJSON *fc_json_get(const cJSON *object, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

const char *fc_json_text(const cJSON *object, const char *name)
{
	return cJSON_GetStringValue(fc_json_get(object, name));
}

bool fc_json_number(const cJSON *object, const char *name, double minimum, double maximum,
		    double *out)
{
	const cJSON *member = fc_json_get(object, name);
	if (!cJSON_IsNumber(member) || !(member->valuedouble >= minimum) ||
	    !(member->valuedouble <= maximum)) {
		return false;
	}
	*out = member->valuedouble;
	return true;
}
