/* Members that several answers have, under either platform's name. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/platform/member.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/when.h"
#include "service/remote/platform/entry_words.h"

/* Numbers beyond 2^53 are not whole in JSON. */
#define COUNT_MAXIMUM 9007199254740992.0

static bool is_empty(const cJSON *value)
{
	return !value || cJSON_IsNull(value) ||
	       (cJSON_IsString(value) && value->valuestring[0] == '\0');
}

const cJSON *fc_member(const cJSON *json, const char *first, const char *second)
{
	const cJSON *value = fc_json_get(json, first);
	if (is_empty(value) && second) {
		value = fc_json_get(json, second);
	}
	return is_empty(value) ? NULL : value;
}

/* A whole number within bounds. */
static bool whole(const cJSON *value, double maximum, uint64_t *out)
{
	if (!cJSON_IsNumber(value) || !(value->valuedouble >= 0) ||
	    !(value->valuedouble <= maximum) || value->valuedouble != floor(value->valuedouble)) {
		return false;
	}
	*out = (uint64_t)value->valuedouble;
	return true;
}

bool fc_member_result(const cJSON *json, enum fc_result *out)
{
	const cJSON *value = fc_member(json, "result", "conf");
	uint64_t number;
	if (cJSON_IsString(value)) {
		return !isdigit((unsigned char)value->valuestring[0]) &&
		       fc_result_parse(value->valuestring, out);
	}
	if (!whole(value, FC_RESULT_NF, &number) || number < FC_RESULT_NM) {
		return false;
	}
	*out = (enum fc_result)number;
	return true;
}

bool fc_member_pid(const cJSON *json, bool *has_pid, struct fc_uuid *out)
{
	const cJSON *value = fc_member(json, "pid", "person_id");
	*has_pid = value != NULL;
	return !value || (cJSON_IsString(value) && fc_uuid_parse(value->valuestring, out));
}

bool fc_member_confidence(const cJSON *json, bool *told, double *out)
{
	const cJSON *value = fc_member(json, "confidence", "distance");
	*told = value != NULL;
	if (!value) {
		return true;
	}
	*out = value->valuedouble;
	return cJSON_IsNumber(value) && *out >= 0 && *out <= 100;
}

bool fc_member_attributes(const cJSON *json, const char *liveness, struct fc_member_attributes *out)
{
	const cJSON *age = fc_member(json, "age", NULL);
	const cJSON *sex = fc_member(json, "sex", NULL);
	const cJSON *mood = fc_member(json, "mood", NULL);
	const cJSON *life = fc_member(json, liveness, NULL);
	uint64_t number = 0;
	bool sound = true;
	*out = (struct fc_member_attributes){ .has_age = age != NULL };
	if (age) {
		sound = whole(age, UINT8_MAX, &number);
		out->age = (uint8_t)number;
	}
	if (sex) {
		sound = whole(sex, 1, &number) && sound;
		out->sex = number == 0 ? FC_SEX_MALE : FC_SEX_FEMALE;
	}
	if (mood) {
		sound = cJSON_IsString(mood) && fc_mood_parse(mood->valuestring, &out->mood) &&
			sound;
	}
	if (life) {
		sound = cJSON_IsString(life) &&
			fc_liveness_parse(life->valuestring, &out->liveness) && sound;
	}
	return sound;
}

bool fc_member_count(const cJSON *json, const char *name, uint64_t *out)
{
	return whole(fc_json_get(json, name), COUNT_MAXIMUM, out);
}

bool fc_member_time(const cJSON *json, const char *name, int64_t *out)
{
	const cJSON *value = fc_member(json, name, NULL);
	*out = 0;
	if (!value) {
		return true;
	}
	/* The parser takes "2 days ago" too, which no service says. */
	return cJSON_IsString(value) &&
	       strchr(value->valuestring, '-') == value->valuestring + strlen("2022") &&
	       fc_when_parse(value->valuestring, 0, name, out, NULL) == FC_OK;
}

bool fc_member_real(const cJSON *json, const char *name, float *out)
{
	const cJSON *value = fc_member(json, name, NULL);
	*out = NAN;
	if (!value) {
		return true;
	}
	*out = cJSON_IsNumber(value) ? (float)value->valuedouble : NAN;
	return isfinite(*out);
}
