/* Parse the meta object of a Smarty request. */
/* SPDX-License-Identifier: MIT */
#include "protocol/smarty_request.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/number.h"

enum { META_BYTES_MAXIMUM = 1 << 20 };

static enum fc_status read_text(const cJSON *object, const char *name, char **out,
				struct fc_error *err)
{
	const cJSON *member = fc_json_get(object, name);
	if (!member) {
		return FC_OK;
	}
	const char *text = cJSON_GetStringValue(member);
	if (!text) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' must be a string", name);
	}
	*out = strdup(text);
	return *out ? FC_OK : fc_fail_memory(err);
}

static enum fc_status read_bool(const cJSON *object, const char *name, bool *out,
				struct fc_error *err)
{
	const cJSON *member = fc_json_get(object, name);
	if (member && !cJSON_IsBool(member)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' must be true or false", name);
	}
	*out = cJSON_IsTrue(member);
	return FC_OK;
}

/* 0 means absent, as in the service, which is written in Go. */
static enum fc_status read_number(const cJSON *object, struct fc_smarty_request_image *image,
				  struct fc_error *err)
{
	double value = 0;
	const cJSON *member = fc_json_get(object, "person_id");
	if (member && (!fc_json_number(object, "person_id", 0, FC_SMARTY_NUMBER_MAXIMUM, &value) ||
		       value != floor(value))) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'person_id' must be a whole number from 1 to 2^53 - 1");
	}
	image->has_number = value > 0;
	image->number = (uint64_t)value;
	return FC_OK;
}

static enum fc_status read_images(const cJSON *object, struct fc_smarty_request *meta,
				  struct fc_error *err)
{
	const cJSON *list = fc_json_get(object, "images");
	const cJSON *item;
	if (!list) {
		return FC_OK;
	}
	if (!cJSON_IsArray(list)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "'images' must be an array");
	}
	meta->has_images = true;
	meta->images = calloc((size_t)cJSON_GetArraySize(list) + 1, sizeof(*meta->images));
	if (!meta->images) {
		return fc_fail_memory(err);
	}
	cJSON_ArrayForEach (item, list) {
		if (!cJSON_IsObject(item)) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "'images' must be an array of objects");
		}
		struct fc_smarty_request_image *image = &meta->images[meta->image_count++];
		FC_TRY(read_text(item, "name", &image->name, err));
		FC_TRY(read_number(item, image, err));
	}
	return FC_OK;
}

static enum fc_status read_members(const cJSON *json, struct fc_smarty_request *meta,
				   struct fc_error *err)
{
	FC_TRY(read_text(json, "space", &meta->space, err));
	FC_TRY(read_bool(json, "create_new", &meta->create_new, err));
	FC_TRY(read_bool(json, "update_embedding", &meta->update_embedding, err));
	return read_images(json, meta, err);
}

enum fc_status fc_smarty_request_parse(const char *text, size_t length, const char *what,
				       struct fc_smarty_request *out, struct fc_error *err)
{
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	FC_CLEANUP(fc_smarty_request_release) struct fc_smarty_request meta = { 0 };
	FC_TRY(fc_json_parse(text, length, META_BYTES_MAXIMUM, what, &json, err));
	if (!cJSON_IsObject(json)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "%s must be a JSON object", what);
	}
	FC_TRY_PREFIX(read_members(json, &meta, err), err, "%s", what);
	*out = FC_STEAL_STRUCT(meta);
	return FC_OK;
}

void fc_smarty_request_release(struct fc_smarty_request *meta)
{
	for (size_t i = 0; i < meta->image_count; i++) {
		free(meta->images[i].name);
	}
	free(meta->images);
	free(meta->space);
	*meta = (struct fc_smarty_request){ 0 };
}

bool fc_smarty_parse_space(const char *text, char out[2])
{
	uint64_t number;
	if (fc_parse_u64(text, 0, 9, "a space", &number, NULL) != FC_OK) {
		return false;
	}
	out[0] = (char)('0' + number);
	out[1] = '\0';
	return true;
}
