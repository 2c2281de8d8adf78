/* Read a model's descriptor, <name>.json, strictly. */
/* SPDX-License-Identifier: MIT */
#include "vision/models/descriptor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/text.h"
#include "vision/face.h"
#include "vision/models/descriptor_member.h"

enum {
	NAME_MAXIMUM = 64,
	FILE_NAME_MAXIMUM = 200,
	URLS_MAXIMUM = 16,
	SIDE_MAXIMUM = 4096,
	CLASSES_MAXIMUM = 1000,
	DETECTOR_STEP = 32, /* the largest stride of a detector's outputs */
	GROW_MAXIMUM = 16,  /* factor of the detector's box */
};

static enum fc_status read_three(const cJSON *json, const char *member, double minimum,
				 double maximum, float out[3], struct fc_error *err)
{
	const cJSON *array = fc_json_get(json, member);
	for (int i = 0; i < 3; i++) {
		const cJSON *item = cJSON_GetArrayItem(array, i);
		if (!cJSON_IsArray(array) || cJSON_GetArraySize(array) != 3 ||
		    !cJSON_IsNumber(item) || !(item->valuedouble >= minimum) ||
		    !(item->valuedouble <= maximum)) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "'%s' should be three numbers from %g to %g", member,
				       minimum, maximum);
		}
		out[i] = (float)item->valuedouble;
	}
	return FC_OK;
}

static enum fc_status read_identity(const cJSON *json, struct fc_model *model, struct fc_error *err)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	FC_TRY(fc_descriptor_text(json, "name", true, &model->name, err));
	size_t length = strlen(model->name);
	if (length > NAME_MAXIMUM || model->name[0] == '.' || model->name[0] == '-' ||
	    strspn(model->name, letters) != length) {
		return fc_descriptor_wrong(err, "name",
					   "1 to 64 letters, digits, dots, dashes or underscores");
	}
	const char *role = fc_json_text(json, "role");
	while (role && model->role < FC_ROLE_COUNT &&
	       strcmp(role, fc_model_role_name(model->role)) != 0) {
		model->role++;
	}
	if (!role || model->role == FC_ROLE_COUNT) {
		return fc_descriptor_wrong(err, "role",
					   "detector, embedder, liveness or attributes");
	}
	FC_TRY(fc_descriptor_text(json, "licence", true, &model->licence, err));
	FC_TRY(fc_descriptor_text(json, "source", true, &model->source, err));
	return fc_descriptor_text(json, "note", false, &model->note, err);
}

static enum fc_status read_urls(const cJSON *json, struct fc_model_file *file, struct fc_error *err)
{
	const cJSON *urls = fc_json_get(json, "urls");
	if (!urls) {
		return FC_OK;
	}
	int count = cJSON_GetArraySize(urls);
	if (!cJSON_IsArray(urls) || count > URLS_MAXIMUM) {
		return fc_descriptor_wrong(err, "urls", "a list of at most 16 addresses");
	}
	file->urls = calloc((size_t)count + 1, sizeof(*file->urls));
	if (!file->urls) {
		return fc_fail_memory(err);
	}
	const cJSON *url;
	cJSON_ArrayForEach (url, urls) {
		const char *text = cJSON_GetStringValue(url);
		if (!text || strncmp(text, "https://", strlen("https://")) != 0) {
			return fc_descriptor_wrong(err, "urls",
						   "a list of addresses that start with https://");
		}
		char *copy = strdup(text);
		if (!copy) {
			return fc_fail_memory(err);
		}
		file->urls[file->url_count++] = copy;
	}
	return FC_OK;
}

static bool ends_in(const char *name, const char *suffix)
{
	size_t length = strlen(name);
	return length >= strlen(suffix) && strcasecmp(name + length - strlen(suffix), suffix) == 0;
}

static enum fc_status read_file(const cJSON *json, struct fc_model_file *file, struct fc_error *err)
{
	FC_TRY(fc_descriptor_text(json, "file", true, &file->name, err));
	/* A pull must not replace a descriptor, or the partial file of another pull. */
	if (strchr(file->name, '/') || file->name[0] == '.' ||
	    !fc_text_is_label(file->name, FILE_NAME_MAXIMUM) || ends_in(file->name, ".json") ||
	    ends_in(file->name, ".part")) {
		return fc_descriptor_wrong(
			err, "file",
			"the name of a file without a folder, control characters "
			"or the suffix .json or .part");
	}
	FC_TRY(fc_descriptor_whole(json, "bytes", 1, (double)FC_MODEL_BYTES_MAXIMUM, &file->bytes,
				   err));
	const char *sha256 = fc_json_text(json, "sha256");
	if (!sha256 || !fc_sha256_parse(sha256, &file->sha256)) {
		return fc_descriptor_wrong(err, "sha256", "64 hexadecimal digits");
	}
	return read_urls(json, file, err);
}

/* Read the network files. The descriptor itself names the only network; a liveness model has a list of networks. */
static enum fc_status read_files(const cJSON *json, struct fc_model *model, struct fc_error *err)
{
	if (model->role != FC_ROLE_LIVENESS) {
		bool grows = model->role == FC_ROLE_ATTRIBUTES && fc_json_get(json, "grow");
		model->file_count = 1;
		FC_TRY(read_file(json, &model->files[0], err));
		return grows ? fc_descriptor_real(json, "grow", 1, GROW_MAXIMUM,
						  &model->files[0].grow, err)
			     : FC_OK;
	}
	const cJSON *networks = fc_json_get(json, "networks");
	int count = cJSON_GetArraySize(networks);
	if (!cJSON_IsArray(networks) || count < 1 || count > FC_MODEL_FILES_MAXIMUM) {
		return fc_descriptor_wrong(err, "networks", "a list of 1 to 4 networks");
	}
	const cJSON *network;
	cJSON_ArrayForEach (network, networks) {
		struct fc_model_file *file = &model->files[model->file_count++];
		FC_TRY(read_file(network, file, err));
		FC_TRY(fc_descriptor_real(network, "grow", 1, GROW_MAXIMUM, &file->grow, err));
	}
	return FC_OK;
}

static enum fc_status read_input(const cJSON *json, struct fc_model *model, struct fc_error *err)
{
	struct fc_model_input *input = &model->input;
	const cJSON *object = fc_json_get(json, "input");
	const char *order = fc_json_text(object, "order");
	uint64_t width, height, preprocessing;
	if (!cJSON_IsObject(object)) {
		return fc_descriptor_wrong(err, "input", "an object");
	}
	FC_TRY(fc_descriptor_whole(json, "preprocessing", 1, UINT32_MAX, &preprocessing, err));
	FC_TRY(fc_descriptor_whole(object, "width", 0, SIDE_MAXIMUM, &width, err));
	FC_TRY(fc_descriptor_whole(object, "height", 0, SIDE_MAXIMUM, &height, err));
	FC_TRY(fc_descriptor_real(object, "scale", 1e-6, 1e6, &input->scale, err));
	FC_TRY(read_three(object, "mean", -1e6, 1e6, input->mean, err));
	FC_TRY(read_three(object, "deviation", 1e-6, 1e6, input->deviation, err));
	if (!order || (strcmp(order, "BGR") != 0 && strcmp(order, "RGB") != 0)) {
		return fc_descriptor_wrong(err, "order", "BGR or RGB");
	}
	input->order = order[0] == 'B' ? FC_CHANNELS_BGR : FC_CHANNELS_RGB;
	input->width = (uint32_t)width;
	input->height = (uint32_t)height;
	model->preprocessing = (uint32_t)preprocessing;
	return FC_OK;
}

static enum fc_status read_detector(const cJSON *json, struct fc_model *model, struct fc_error *err)
{
	if (model->input.width % DETECTOR_STEP != 0 || model->input.height % DETECTOR_STEP != 0 ||
	    (model->input.width == 0) != (model->input.height == 0)) {
		return fc_descriptor_wrong(
			err, "width", "a multiple of 32, or 0; the same applies to the height");
	}
	FC_TRY(fc_descriptor_real(json, "score_threshold", 0.01, 0.99, &model->score_threshold,
				  err));
	return fc_descriptor_real(json, "nms_iou", 0.01, 0.99, &model->nms_iou, err);
}

static enum fc_status read_embedder(const cJSON *json, struct fc_model *model, struct fc_error *err)
{
	uint64_t dimension;
	if (model->input.width != FC_CROP_SIDE || model->input.height != FC_CROP_SIDE) {
		return fc_descriptor_wrong(
			err, "width",
			"112, like the height, because faces are aligned to this size");
	}
	FC_TRY(fc_descriptor_flag(json, "mirror", &model->mirror, err));
	FC_TRY(fc_descriptor_whole(json, "dimension", 2, FC_TEMPLATE_MAXIMUM, &dimension, err));
	model->dimension = (uint32_t)dimension;
	return fc_descriptor_calibration(json, model, err);
}

static enum fc_status read_liveness(const cJSON *json, struct fc_model *model, struct fc_error *err)
{
	uint64_t live_class;
	if (model->input.width == 0 || model->input.height == 0) {
		return fc_descriptor_wrong(err, "width", "above 0; the same applies to the height");
	}
	FC_TRY(fc_descriptor_whole(json, "live_class", 0, CLASSES_MAXIMUM - 1, &live_class, err));
	FC_TRY(fc_descriptor_real(json, "passed_from", 0, 1, &model->passed_from, err));
	FC_TRY(fc_descriptor_real(json, "failed_below", 0, (double)model->passed_from,
				  &model->failed_below, err));
	model->live_class = (uint32_t)live_class;
	return FC_OK;
}

static enum fc_status read_model(const cJSON *json, struct fc_model *model, struct fc_error *err)
{
	FC_TRY(read_identity(json, model, err));
	FC_TRY(read_files(json, model, err));
	FC_TRY(read_input(json, model, err));
	switch (model->role) {
	case FC_ROLE_DETECTOR:
		return read_detector(json, model, err);
	case FC_ROLE_EMBEDDER:
		return read_embedder(json, model, err);
	case FC_ROLE_LIVENESS:
		return read_liveness(json, model, err);
	case FC_ROLE_ATTRIBUTES:
		return fc_descriptor_attributes(json, model, err);
	case FC_ROLE_COUNT:
		break;
	}
	return FC_INTERNAL;
}

enum fc_status fc_model_parse(const char *text, size_t length, const char *name,
			      struct fc_model **out, struct fc_error *err)
{
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	enum fc_status status =
		fc_json_parse(text, length, FC_MODEL_DESCRIPTOR_MAXIMUM, name, &json, err);
	if (status == FC_TOO_LARGE) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "%s is larger than 1 MiB", name);
	}
	FC_TRY(status);
	FC_CLEANUP(fc_model_freep) struct fc_model *model = calloc(1, sizeof(*model));
	if (!model) {
		return fc_fail_memory(err);
	}
	status = read_model(json, model, err);
	if (status != FC_OK) {
		fc_error_prefix(err, "%s is not a valid model descriptor", name);
		return status;
	}
	*out = FC_STEAL(model);
	return FC_OK;
}
