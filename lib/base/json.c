/* Parses and checks untrusted JSON. */
/* SPDX-License-Identifier: MIT */
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

enum { MAXIMUM_DEPTH = 32 };

void fc_json_release(cJSON **json)
{
	cJSON_Delete(*json);
	*json = NULL;
}

/* cJSON truncates strings at \u0000 and allows a depth of 1000, so both are checked before parsing. NULL if the text is accepted. */
static const char *find_objection(const char *text, size_t length)
{
	bool in_string = false;
	int depth = 0;
	for (size_t i = 0; i < length; i++) {
		char c = text[i];
		if (c == '\0') {
			return "it contains a NUL byte";
		}
		if (in_string && c == '\\') {
			if (length - i >= 6 && memcmp(text + i, "\\u0000", 6) == 0) {
				return "it contains \\u0000";
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

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorting keeps this fast for objects with very many members. */
static enum fc_status check_names(const cJSON *object, const char *name, struct fc_error *err)
{
	size_t count = (size_t)cJSON_GetArraySize(object);
	FC_CLEANUP(fc_free) const char **names = calloc(count ? count : 1, sizeof(*names));
	if (!names) {
		return fc_fail_memory(err);
	}
	const cJSON *child = object->child;
	for (size_t i = 0; i < count; i++, child = child->next) {
		names[i] = child->string;
	}
	qsort(names, count, sizeof(*names), compare_names);
	for (size_t i = 1; i < count; i++) {
		if (strcmp(names[i - 1], names[i]) == 0) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "%s has two members named '%s' in one object", name,
				       names[i]);
		}
	}
	return FC_OK;
}

/* Recursive; the parser has limited the depth. */
static enum fc_status check_objects(const cJSON *json, const char *name, struct fc_error *err)
{
	const cJSON *child;
	if (cJSON_IsObject(json)) {
		FC_TRY(check_names(json, name, err));
	}
	cJSON_ArrayForEach (child, json) {
		FC_TRY(check_objects(child, name, err));
	}
	return FC_OK;
}

enum fc_status fc_json_parse(const char *text, size_t length, size_t limit, const char *name,
			     cJSON **out, struct fc_error *err)
{
	if (length > limit) {
		return fc_fail(err, FC_TOO_LARGE, "%s is larger than %zu bytes", name, limit);
	}
	const char *objection = find_objection(text, length);
	if (objection) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "%s is not accepted as JSON: %s", name,
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
			       "%s is not JSON: unexpected data after the value at byte %zu", name,
			       (size_t)(end - text));
	}
	FC_TRY(check_objects(json, name, err));
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
