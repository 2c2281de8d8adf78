/* Parses and checks untrusted JSON. */
/* SPDX-License-Identifier: MIT */
#include "base/json.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

enum {
	MAXIMUM_DEPTH = 32,
	MAXIMUM_VALUES = 200000, /* cJSON uses about 150 bytes for each */
};

void fc_json_release(cJSON **json)
{
	cJSON_Delete(*json);
	*json = NULL;
}

static size_t skip_digits(const char *text, size_t length, size_t at)
{
	while (at < length && isdigit((unsigned char)text[at])) {
		at++;
	}
	return at;
}

/* Length of the number at the start of text by the grammar of JSON, which is stricter than that of cJSON. 0 if it is not a number. */
static size_t number_length(const char *text, size_t length)
{
	size_t start = length > 0 && text[0] == '-' ? 1 : 0;
	size_t at = skip_digits(text, length, start);
	if (at == start || (text[start] == '0' && at > start + 1)) {
		return 0;
	}
	if (at < length && text[at] == '.') {
		size_t fraction = at + 1;
		at = skip_digits(text, length, fraction);
		if (at == fraction) {
			return 0;
		}
	}
	if (at < length && (text[at] == 'e' || text[at] == 'E')) {
		size_t exponent = at + 1;
		exponent += exponent < length && (text[exponent] == '+' || text[exponent] == '-');
		at = skip_digits(text, length, exponent);
		if (at == exponent) {
			return 0;
		}
	}
	return at < length && strchr("+-.eE", text[at]) ? 0 : at;
}

/*
 * cJSON truncates strings at \u0000, allows a depth of 1000 and accepts the number 007, so these are checked before parsing. NULL if the
 * text is accepted.
 */
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
		} else if (!in_string && (c == '-' || isdigit((unsigned char)c))) {
			size_t number = number_length(text + i, length - i);
			if (number == 0) {
				return "it contains a number that is not JSON";
			}
			i += number - 1;
		}
	}
	return fc_text_is_utf8(text, length) ? NULL : "it is not UTF-8";
}

/* Limit the memory that the parser will use. Counts separators, of which each value has at most one. */
static bool has_too_many_values(const char *text, size_t length)
{
	bool in_string = false;
	size_t values = 1;
	for (size_t i = 0; i < length; i++) {
		if (in_string && text[i] == '\\') {
			i++;
		} else if (text[i] == '"') {
			in_string = !in_string;
		} else if (!in_string && (text[i] == ',' || text[i] == '[' || text[i] == '{')) {
			values++;
		}
	}
	return values > MAXIMUM_VALUES;
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
	if (has_too_many_values(text, length)) {
		return fc_fail(err, FC_TOO_LARGE, "%s has more than %d values", name,
			       MAXIMUM_VALUES);
	}
	const char *end = NULL;
	FC_CLEANUP(fc_json_release) cJSON *json = cJSON_ParseWithLengthOpts(text, length, &end, 0);
	if (!json) {
		/* cJSON reports missing memory like wrong syntax. A second attempt fails only for wrong syntax or permanently missing memory. */
		json = cJSON_ParseWithLengthOpts(text, length, &end, 0);
	}
	if (!json) {
		FC_CLEANUP(fc_free) void *probe = malloc(length + sizeof(cJSON));
		if (!probe) {
			return fc_fail_memory(err);
		}
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

/* ---- writing ---- */

void fc_json_write(struct fc_json_writer *writer, const cJSON *value)
{
	const cJSON *item;
	if (cJSON_IsObject(value)) {
		fc_json_begin_object(writer);
		cJSON_ArrayForEach (item, value) {
			fc_json_write_member(writer, item);
		}
		fc_json_end_object(writer);
	} else if (cJSON_IsArray(value)) {
		fc_json_begin_array(writer);
		cJSON_ArrayForEach (item, value) {
			fc_json_write(writer, item);
		}
		fc_json_end_array(writer);
	} else if (cJSON_IsString(value)) {
		fc_json_string(writer, value->valuestring);
	} else if (cJSON_IsNumber(value)) {
		fc_json_double(writer, value->valuedouble);
	} else if (cJSON_IsBool(value)) {
		fc_json_bool(writer, cJSON_IsTrue(value));
	} else {
		fc_json_null(writer);
	}
}
