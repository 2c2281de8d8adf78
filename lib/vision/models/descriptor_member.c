/* Read the members of a descriptor. */
/* SPDX-License-Identifier: MIT */
#include "vision/models/descriptor_member.h"

#include <math.h>
#include <string.h>

enum fc_status fc_descriptor_wrong(struct fc_error *err, const char *member, const char *should)
{
	return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' should be %s", member, should);
}

enum fc_status fc_descriptor_text(const cJSON *json, const char *member, bool needed, char **out,
				  struct fc_error *err)
{
	const char *text = fc_json_text(json, member);
	if (!text && !needed && !fc_json_get(json, member)) {
		return FC_OK;
	}
	if (!text || *text == '\0') {
		return fc_descriptor_wrong(err, member, "a string");
	}
	*out = strdup(text);
	return *out ? FC_OK : fc_fail_memory(err);
}

enum fc_status fc_descriptor_flag(const cJSON *json, const char *member, bool *out,
				  struct fc_error *err)
{
	const cJSON *value = fc_json_get(json, member);
	if (value && !cJSON_IsBool(value)) {
		return fc_descriptor_wrong(err, member, "true or false");
	}
	*out = cJSON_IsTrue(value);
	return FC_OK;
}

enum fc_status fc_descriptor_whole(const cJSON *json, const char *member, double minimum,
				   double maximum, uint64_t *out, struct fc_error *err)
{
	double value;
	if (!fc_json_number(json, member, minimum, maximum, &value) || value != floor(value)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s' should be a whole number from %.0f to %.0f", member, minimum,
			       maximum);
	}
	*out = (uint64_t)value;
	return FC_OK;
}

enum fc_status fc_descriptor_real(const cJSON *json, const char *member, double minimum,
				  double maximum, float *out, struct fc_error *err)
{
	double value;
	if (!fc_json_number(json, member, minimum, maximum, &value)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' should be a number from %g to %g",
			       member, minimum, maximum);
	}
	*out = (float)value;
	return FC_OK;
}
