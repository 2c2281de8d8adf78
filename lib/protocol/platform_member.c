/* Read members of the platforms' responses by the name of either platform. */
/* SPDX-License-Identifier: MIT */
#include "protocol/platform_member.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/when.h"

/* Larger numbers are not exact in JSON. */
#define COUNT_MAXIMUM 9007199254740992.0

static bool is_empty(const cJSON *value)
{
	return !value || cJSON_IsNull(value) ||
	       (cJSON_IsString(value) && value->valuestring[0] == '\0');
}

const cJSON *fc_platform_member(const cJSON *json, const char *first, const char *second)
{
	const cJSON *value = fc_json_get(json, first);
	if (is_empty(value) && second) {
		value = fc_json_get(json, second);
	}
	return is_empty(value) ? NULL : value;
}

static bool whole(const cJSON *value, double maximum, uint64_t *out)
{
	if (!cJSON_IsNumber(value) || !(value->valuedouble >= 0) ||
	    !(value->valuedouble <= maximum) || value->valuedouble != floor(value->valuedouble)) {
		return false;
	}
	*out = (uint64_t)value->valuedouble;
	return true;
}

bool fc_platform_member_result(const cJSON *json, enum fc_result *out)
{
	const cJSON *value = fc_platform_member(json, "result", "conf");
	uint64_t number;
	if (cJSON_IsString(value)) {
		return fc_result_of_name(value->valuestring, out);
	}
	if (!whole(value, FC_RESULT_NF, &number) || number < FC_RESULT_NM) {
		return false;
	}
	*out = (enum fc_result)number;
	return true;
}

bool fc_platform_person_id(const cJSON *value, struct fc_person_id *out)
{
	char digits[24];
	uint64_t number;
	if (cJSON_IsString(value)) {
		return fc_person_id_parse(value->valuestring, out);
	}
	if (!whole(value, COUNT_MAXIMUM, &number)) {
		return false;
	}
	snprintf(digits, sizeof(digits), "%" PRIu64, number);
	return fc_person_id_parse(digits, out);
}

bool fc_platform_member_pid(const cJSON *json, bool *has_pid, struct fc_person_id *out)
{
	const cJSON *value = fc_platform_member(json, "pid", "person_id");
	*has_pid = value != NULL;
	return !value || fc_platform_person_id(value, out);
}

bool fc_platform_member_confidence(const cJSON *json, bool *has_confidence, double *out)
{
	const cJSON *value = fc_platform_member(json, "confidence", "distance");
	*has_confidence = value != NULL;
	if (!value) {
		return true;
	}
	*out = value->valuedouble;
	return cJSON_IsNumber(value) && *out >= 0 && *out <= 100;
}

bool fc_platform_member_attributes(const cJSON *json, const char *liveness,
				   struct fc_platform_attributes *out)
{
	const cJSON *age = fc_platform_member(json, "age", NULL);
	const cJSON *sex = fc_platform_member(json, "sex", NULL);
	const cJSON *mood = fc_platform_member(json, "mood", NULL);
	const cJSON *alive = fc_platform_member(json, liveness, NULL);
	uint64_t number = 0;
	bool valid = true;
	*out = (struct fc_platform_attributes){ .has_age = age != NULL };
	if (age) {
		valid = whole(age, UINT8_MAX, &number);
		out->age = (uint8_t)number;
	}
	if (sex) {
		valid = whole(sex, 1, &number) && valid;
		out->sex = number == 0 ? FC_SEX_MALE : FC_SEX_FEMALE;
	}
	if (mood) {
		valid = cJSON_IsString(mood) &&
			fc_platform_parse_mood(mood->valuestring, &out->mood) && valid;
	}
	if (alive) {
		valid = cJSON_IsString(alive) &&
			fc_liveness_of_name(alive->valuestring, &out->liveness) && valid;
	}
	return valid;
}

bool fc_platform_member_count(const cJSON *json, const char *name, uint64_t *out)
{
	return whole(fc_json_get(json, name), COUNT_MAXIMUM, out);
}

bool fc_platform_member_time(const cJSON *json, const char *name, int64_t *out)
{
	const cJSON *value = fc_platform_member(json, name, NULL);
	*out = 0;
	if (!value) {
		return true;
	}
	/* the parser also accepts texts such as "2 days ago" */
	return cJSON_IsString(value) &&
	       strchr(value->valuestring, '-') == value->valuestring + strlen("2022") &&
	       fc_when_parse(value->valuestring, 0, NULL, name, out, NULL) == FC_OK;
}

bool fc_platform_member_real(const cJSON *json, const char *name, double *out)
{
	const cJSON *value = fc_platform_member(json, name, NULL);
	*out = NAN;
	if (!value) {
		return true;
	}
	*out = cJSON_IsNumber(value) ? value->valuedouble : (double)NAN;
	return isfinite((float)*out);
}

const char *fc_platform_member_text(const cJSON *json, const char *name)
{
	const char *text = fc_json_text(json, name);
	return text && *text != '\0' ? text : NULL;
}
