/* Collect the faces of photos. */
/* SPDX-License-Identifier: MIT */
#include "commands/azure/gather.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/memory.h"
#include "service/faces.h"
#include "vision/faces/overlap.h"

void gathered_release(struct gathered *gathered)
{
	for (size_t i = 0; i < gathered->count; i++) {
		free(gathered->items[i].path);
		free(gathered->items[i].crop);
	}
	free(gathered->items);
}

static enum fc_status add(struct gathered *gathered, const char *id, const char *path,
			  int64_t index, const cJSON *object, struct fc_error *err)
{
	if (gathered->count == GATHER_MAXIMUM) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "more than %d faces to compare; a face list can have more",
			       GATHER_MAXIMUM);
	}
	FC_TRY(fc_array_grow(&gathered->items, sizeof(*gathered->items), gathered->count,
			     &gathered->capacity, err));
	struct gathered_face *face = &gathered->items[gathered->count];
	*face = (struct gathered_face){ .path = path ? strdup(path) : NULL, .index = index };
	snprintf(face->id, sizeof(face->id), "%s", id);
	probe_box(object, face->box);
	gathered->count++;
	return path && !face->path ? fc_fail_memory(err) : FC_OK;
}

struct crops {
	struct gathered *gathered;
	size_t first; /* of the photo's faces */
};

/* Copy the crops of the faces that were added from this photo. */
static enum fc_status take_crops(void *context, const struct fc_photo_outcome *outcome,
				 struct fc_error *err)
{
	const struct crops *crops = context;
	for (size_t i = crops->first; i < crops->gathered->count; i++) {
		struct gathered_face *face = &crops->gathered->items[i];
		const float edges[4] = { (float)face->box[0], (float)face->box[1],
					 (float)face->box[2], (float)face->box[3] };
		const struct fc_face *found = fc_face_at(outcome->analysis, edges);
		if (found && found->crop) {
			face->crop = malloc(FC_CROP_BYTES);
			if (!face->crop) {
				return fc_fail_memory(err);
			}
			memcpy(face->crop, found->crop, FC_CROP_BYTES);
		}
	}
	return FC_OK;
}

/* The service's answer about faces has no crops: find the same faces once more. */
static enum fc_status add_crops(struct gathered *gathered, size_t first,
				const struct fc_buffer *bytes, const char *path,
				struct fc_error *err)
{
	const struct fc_photo photo = { .name = path,
					.path = path,
					.in_memory = true,
					.bytes = bytes->data,
					.length = bytes->length };
	struct fc_photo_array array = { &photo, 1 };
	struct crops crops = { gathered, first };
	const struct fc_detect_request request = {
		.photos = fc_photo_array_source(&array),
		.sink = { take_crops, &crops },
		.want_crops = true,
	};
	struct fc_tally tally;
	return fc_service_detect(gathered->ctx->service, &request, &tally, err);
}

static enum fc_status add_photo(struct gathered *gathered, const struct fc_photo *photo,
				struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	FC_CLEANUP(azure_call_release) struct azure_call call = { 0 };
	const cJSON *face;
	int64_t index = 0;
	size_t first = gathered->count;
	enum fc_status status = probe_read(gathered->ctx, photo, &bytes, err);
	if (status == FC_OK) {
		status = probe_detect(gathered->ctx, photo->path, &bytes, gathered->model, &call,
				      err);
	}
	if (status == FC_OK && cJSON_GetArraySize(call.json) == 0) {
		status = fc_fail(err, FC_NO_FACE, "no face found");
	}
	if (status != FC_OK) {
		fc_error_prefix(err, "'%s'", photo->path);
		if (!probe_is_of_photo(status)) {
			return status;
		}
		out_message(gathered->ctx->out, "%s", err->text);
		gathered->failed++;
		return FC_OK;
	}
	cJSON_ArrayForEach (face, call.json) {
		const char *id = fc_json_text(face, "faceId");
		if (!id) {
			return fc_fail(err, FC_REFUSED, "the answer has a face without a faceId");
		}
		FC_TRY(add(gathered, id, photo->path, index++, face, err));
	}
	return gathered->want_crops ? add_crops(gathered, first, &bytes, photo->path, err) : FC_OK;
}

enum fc_status gather_word(struct gathered *gathered, const char *word, struct fc_error *err)
{
	const struct fc_photo photo = { .path = word };
	return probe_is_face_id(word) ? add(gathered, word, NULL, RECORD_ABSENT, NULL, err)
				      : add_photo(gathered, &photo, err);
}

enum fc_status gather_source(struct gathered *gathered, struct photo_source *source,
			     struct fc_error *err)
{
	for (;;) {
		struct fc_photo photo;
		bool end = false;
		FC_TRY(photo_source_next(source, &photo, &end, err));
		if (end) {
			return FC_OK;
		}
		FC_TRY(add_photo(gathered, &photo, err));
	}
}

struct gathered_face *gathered_find(const struct gathered *gathered, const char *id)
{
	for (size_t i = 0; i < gathered->count; i++) {
		if (strcasecmp(gathered->items[i].id, id) == 0) {
			return &gathered->items[i];
		}
	}
	return NULL;
}
