/* Members of a JSON object, checked. */
/* SPDX-License-Identifier: MIT */
#include "gallery/transfer/members.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "base/when.h"
#include "gallery/gallery.h"

const cJSON *fc_member_get(const cJSON *json, const char *name)
{
	const cJSON *member = fc_json_get(json, name);
	return cJSON_IsNull(member) ? NULL : member;
}

enum fc_status fc_member_fail(const char *name, const char *expected, struct fc_error *err)
{
	return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' is not %s", name, expected);
}

enum fc_status fc_member_text(const cJSON *json, const char *name, const char **out,
			      struct fc_error *err)
{
	const cJSON *member = fc_member_get(json, name);
	if (member && !cJSON_IsString(member)) {
		return fc_member_fail(name, "a string", err);
	}
	*out = member ? member->valuestring : *out;
	return FC_OK;
}

enum fc_status fc_member_copy(const cJSON *json, const char *name, bool is_label, size_t limit,
			      char **out, struct fc_error *err)
{
	const char *text = NULL;
	FC_TRY(fc_member_text(json, name, &text, err));
	if (!text || text[0] == '\0') {
		return FC_OK;
	}
	if (is_label ? !fc_text_is_label(text, limit) : strlen(text) > limit) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' is not a string of 1 to %zu bytes%s",
			       name, limit, is_label ? " without control characters" : "");
	}
	free(*out);
	*out = strdup(text);
	return *out ? FC_OK : fc_fail_memory(err);
}

enum fc_status fc_member_path(const cJSON *json, char **out, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	const char *encoded = NULL;
	FC_TRY(fc_member_text(json, "path_b64", &encoded, err));
	if (!encoded) {
		return fc_member_copy(json, "path", false, FC_PATH_TEXT_MAXIMUM, out, err);
	}
	if (!fc_base64_decode(encoded, &bytes) || bytes.length > FC_PATH_TEXT_MAXIMUM ||
	    memchr(bytes.data, '\0', bytes.length)) {
		return fc_member_fail("path_b64", "a path in base64", err);
	}
	*out = fc_buffer_steal_text(&bytes);
	return *out ? FC_OK : fc_fail_memory(err);
}

enum fc_status fc_member_integer(const cJSON *json, const char *name, double minimum,
				 double maximum, bool *found, uint64_t *out, struct fc_error *err)
{
	double value;
	*found = fc_member_get(json, name) != NULL;
	if (!*found) {
		return FC_OK;
	}
	if (!fc_json_number(json, name, minimum, maximum, &value) || value != floor(value)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s' is not a whole number of %.0f to %.0f", name, minimum,
			       maximum);
	}
	*out = (uint64_t)value;
	return FC_OK;
}

enum fc_status fc_member_flag(const cJSON *json, const char *name, bool *found, bool *out,
			      struct fc_error *err)
{
	const cJSON *member = fc_member_get(json, name);
	*found = member != NULL;
	if (member && !cJSON_IsBool(member)) {
		return fc_member_fail(name, "true or false", err);
	}
	*out = member && cJSON_IsTrue(member);
	return FC_OK;
}

static const double float_maximum = 1e9; /* maximum of pixel coordinates and measurements */

enum fc_status fc_member_float(const cJSON *json, const char *name, bool *found, float *out,
			       struct fc_error *err)
{
	double value;
	*found = fc_member_get(json, name) != NULL;
	if (!*found) {
		return FC_OK;
	}
	if (!fc_json_number(json, name, -float_maximum, float_maximum, &value)) {
		return fc_member_fail(name, "a number", err);
	}
	*out = (float)value;
	return FC_OK;
}

enum fc_status fc_member_floats(const cJSON *json, const char *name, float *out, size_t count,
				struct fc_error *err)
{
	const cJSON *array = fc_member_get(json, name);
	if (!array) {
		return FC_OK;
	}
	if (!cJSON_IsArray(array) || cJSON_GetArraySize(array) != (int)count) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' is not a list of %zu numbers", name,
			       count);
	}
	size_t i = 0;
	for (const cJSON *item = array->child; item; item = item->next, i++) {
		if (!cJSON_IsNumber(item) || !(fabs(item->valuedouble) <= float_maximum)) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "'%s' is not a list of %zu numbers", name, count);
		}
		out[i] = (float)item->valuedouble;
	}
	return FC_OK;
}

enum fc_status fc_member_digest(const cJSON *json, const char *name, bool *found,
				struct fc_sha256 *out, struct fc_error *err)
{
	const char *text = NULL;
	FC_TRY(fc_member_text(json, name, &text, err));
	*found = text != NULL;
	return !text || fc_sha256_parse(text, out) ? FC_OK : fc_member_fail(name, "a SHA-256", err);
}

enum fc_status fc_member_uuid(const cJSON *json, const char *name, const char *expected,
			      bool *found, struct fc_uuid *out, struct fc_error *err)
{
	const char *text = NULL;
	FC_TRY(fc_member_text(json, name, &text, err));
	*found = text != NULL;
	return text && (!fc_uuid_parse(text, out) || fc_uuid_is_nil(out))
		       ? fc_member_fail(name, expected, err)
		       : FC_OK;
}

enum fc_status fc_member_time(const cJSON *json, const char *name, int64_t *out,
			      struct fc_error *err)
{
	const char *text = NULL;
	FC_TRY(fc_member_text(json, name, &text, err));
	if (!text) {
		return FC_OK;
	}
	if (text[0] < '0' || text[0] > '9' || strstr(text, "ago") ||
	    fc_when_parse(text, 0, NULL, name, out, NULL) != FC_OK) {
		return fc_member_fail(name, "a time such as 2022-09-06T08:52:01.581172Z", err);
	}
	return FC_OK;
}

enum fc_status fc_member_number(const cJSON *json, const char *name, uint64_t minimum,
				uint64_t maximum, bool *found, uint64_t *out, struct fc_error *err)
{
	static const uint64_t exact = UINT64_C(9007199254740991);
	const cJSON *member = fc_member_get(json, name);
	if (member && cJSON_IsString(member)) {
		*found = true;
		return fc_parse_u64(member->valuestring, minimum, maximum, name, out, err);
	}
	return fc_member_integer(json, name, (double)minimum,
				 (double)(maximum < exact ? maximum : exact), found, out, err);
}
