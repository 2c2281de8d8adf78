/* Parse --meta, the meta object of the Smarty API. */
/* SPDX-License-Identifier: MIT */
#include "option/meta.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

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
		return fc_fail(err, FC_INVALID_ARGUMENT, "--meta: '%s' must be a string", name);
	}
	*out = strdup(text);
	return *out ? FC_OK : fc_fail_memory(err);
}

static enum fc_status read_bool(const cJSON *object, const char *name, bool *out,
				struct fc_error *err)
{
	const cJSON *member = fc_json_get(object, name);
	if (member && !cJSON_IsBool(member)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "--meta: '%s' must be true or false",
			       name);
	}
	*out = cJSON_IsTrue(member);
	return FC_OK;
}

/* 0 means absent, as in the service, which is written in Go. */
static enum fc_status read_number(const cJSON *object, struct meta_image *image,
				  struct fc_error *err)
{
	double value = 0;
	const cJSON *member = fc_json_get(object, "person_id");
	if (member && (!fc_json_number(object, "person_id", 0, PERSON_NUMBER_MAXIMUM, &value) ||
		       value != floor(value))) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--meta: 'person_id' must be a whole number from 1 to 2^53 - 1");
	}
	image->has_number = value > 0;
	image->number = (uint64_t)value;
	return FC_OK;
}

static enum fc_status read_images(const cJSON *object, struct meta *meta, struct fc_error *err)
{
	const cJSON *list = fc_json_get(object, "images");
	const cJSON *item;
	if (!list) {
		return FC_OK;
	}
	if (!cJSON_IsArray(list)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "--meta: 'images' must be an array");
	}
	meta->has_images = true;
	meta->images = calloc((size_t)cJSON_GetArraySize(list) + 1, sizeof(*meta->images));
	if (!meta->images) {
		return fc_fail_memory(err);
	}
	cJSON_ArrayForEach (item, list) {
		if (!cJSON_IsObject(item)) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "--meta: 'images' must be an array of objects");
		}
		struct meta_image *image = &meta->images[meta->image_count++];
		FC_TRY(read_text(item, "name", &image->name, err));
		FC_TRY(read_number(item, image, err));
	}
	return FC_OK;
}

enum fc_status meta_parse(const char *text, struct meta *out, struct fc_error *err)
{
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	FC_CLEANUP(meta_release) struct meta meta = { 0 };
	FC_TRY(fc_json_parse(text, strlen(text), META_BYTES_MAXIMUM, "--meta", &json, err));
	if (!cJSON_IsObject(json)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the value of --meta must be a JSON object");
	}
	FC_TRY(read_text(json, "space", &meta.space, err));
	FC_TRY(read_bool(json, "create_new", &meta.create_new, err));
	FC_TRY(read_bool(json, "update_embedding", &meta.update_embedding, err));
	FC_TRY(read_images(json, &meta, err));
	*out = FC_STEAL_STRUCT(meta);
	return FC_OK;
}

void meta_release(struct meta *meta)
{
	for (size_t i = 0; i < meta->image_count; i++) {
		free(meta->images[i].name);
	}
	free(meta->images);
	free(meta->space);
	*meta = (struct meta){ 0 };
}
