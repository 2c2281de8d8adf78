/* Photos for operations of the Azure Face API. */
/* SPDX-License-Identifier: MIT */
#include "commands/azure/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "base/memory.h"
#include "photos/photos.h"
#include "vision/faces/choice.h"
#include "vision/faces/overlap.h"
#include "vision/image/photo_size.h"

bool probe_is_face_id(const char *word)
{
	struct fc_uuid uuid;
	return fc_uuid_parse(word, &uuid);
}

enum fc_status probe_split(struct option_texts *words, struct option_texts *face_ids,
			   struct fc_error *err)
{
	size_t kept = 0;
	for (size_t i = 0; i < words->count; i++) {
		if (probe_is_face_id(words->items[i])) {
			FC_TRY(option_texts_own(face_ids, strdup(words->items[i]), err));
		} else {
			words->items[kept++] = words->items[i];
		}
	}
	words->count = kept;
	return FC_OK;
}

enum fc_status probe_read(const struct command_context *ctx, const struct fc_photo *photo,
			  struct fc_buffer *bytes, struct fc_error *err)
{
	uint64_t limit = ctx->settings->max_file_size.value;
	fc_buffer_clear(bytes);
	if (photo->status == FC_OK && photo_is_url(photo->path)) {
		struct fc_json_writer json = fc_json_writer_of(bytes, false);
		fc_json_begin_object(&json);
		fc_json_put_text(&json, "url", photo->path);
		fc_json_end_object(&json);
		return fc_buffer_ok(bytes) ? FC_OK : fc_fail_memory(err);
	}
	if (photo->status != FC_OK) {
		return fc_fail_code(err, photo->status, photo->code, "%s",
				    photo->error ? photo->error : "the photo cannot be used");
	}
	return strcmp(photo->path, "-") == 0
		       ? fc_file_read_fd(0, limit, "standard input", bytes, err)
		       : fc_file_read(photo->path, limit, bytes, err);
}

void probe_put(struct azure_call *call, const char *path, const struct fc_buffer *bytes)
{
	if (photo_is_url(path)) {
		fc_buffer_append(&call->body, bytes->data, bytes->length);
		return;
	}
	call->image = bytes->data ? bytes->data : (const void *)"";
	call->image_length = bytes->length;
}

struct azure_call probe_detection(struct command_context *ctx, const char *path,
				  const struct fc_buffer *bytes, const char *model)
{
	struct azure_call call = { .service = ctx->service, .verb = FC_AZURE_DETECT };
	probe_put(&call, path, bytes);
	azure_query(&call, "returnFaceId", model ? "true" : "false");
	azure_query(&call, "recognitionModel", model);
	return call;
}

enum fc_status probe_detect(struct command_context *ctx, const char *path,
			    const struct fc_buffer *bytes, const char *model,
			    struct azure_call *call, struct fc_error *err)
{
	azure_call_release(call);
	*call = probe_detection(ctx, path, bytes, model);
	return azure_send(call, err);
}

void probe_box(const cJSON *face, double box[4])
{
	const cJSON *rectangle = fc_json_get(face, "faceRectangle");
	double left, top, width, height;
	memset(box, 0, 4 * sizeof(*box));
	if (fc_json_number(rectangle, "left", -1e6, 1e6, &left) &&
	    fc_json_number(rectangle, "top", -1e6, 1e6, &top) &&
	    fc_json_number(rectangle, "width", 0, 1e6, &width) &&
	    fc_json_number(rectangle, "height", 0, 1e6, &height)) {
		box[0] = left;
		box[1] = top;
		box[2] = left + width;
		box[3] = top + height;
	}
}

/* The boxes of the faces; the caller frees them. */
static struct fc_face *boxes_of(const cJSON *faces)
{
	struct fc_face *boxes = calloc((size_t)cJSON_GetArraySize(faces) + 1, sizeof(*boxes));
	const cJSON *face;
	size_t index = 0;
	if (!boxes) {
		return NULL;
	}
	cJSON_ArrayForEach (face, faces) {
		double box[4];
		probe_box(face, box);
		boxes[index++].box = (struct fc_box){ (float)box[0], (float)box[1], (float)box[2],
						      (float)box[3] };
	}
	return boxes;
}

const struct fc_face *probe_find(const struct fc_analysis *analysis, const double box[4])
{
	const float edges[4] = { (float)box[0], (float)box[1], (float)box[2], (float)box[3] };
	return fc_face_at(analysis, edges);
}

bool probe_is_at(const cJSON *faces, size_t index, const float box[4])
{
	FC_CLEANUP(fc_free) struct fc_face *boxes = boxes_of(faces);
	const struct fc_analysis analysis = { .faces = boxes,
					      .face_count = (size_t)cJSON_GetArraySize(faces) };
	return boxes && fc_face_at(&analysis, box) == &boxes[index];
}

/* The size of the photo as displayed: 0 of a URL and of formats whose header is not read. */
static void read_size(const char *path, const struct fc_buffer *bytes, struct fc_analysis *out)
{
	struct fc_photo_size size;
	if (!photo_is_url(path) &&
	    fc_photo_size_of(bytes->data, bytes->length, &size, NULL) == FC_OK) {
		out->width = size.turned ? size.height : size.width;
		out->height = size.turned ? size.width : size.height;
	}
}

enum fc_status probe_choose(const cJSON *faces, const struct fc_face_choice *choice,
			    const char *path, const struct fc_buffer *bytes, const cJSON **out,
			    struct fc_error *err)
{
	size_t count = (size_t)cJSON_GetArraySize(faces), index = 0;
	FC_CLEANUP(fc_free) struct fc_face *boxes = boxes_of(faces);
	struct fc_analysis analysis = { .faces = boxes, .face_count = count };
	if (!boxes) {
		return fc_fail_memory(err);
	}
	if (count > 1 && (choice->rule == FC_FACE_MAIN || choice->rule == FC_FACE_CENTRAL)) {
		read_size(path, bytes, &analysis);
		if (analysis.width == 0 || analysis.height == 0) {
			return fc_fail(err, FC_SEVERAL_FACES,
				       "%zu faces found, and the size of the photo is not known; "
				       "choose one with --face largest, index=N, box=L,T,R,B or "
				       "rect=L,T,W,H",
				       count);
		}
	}
	FC_TRY(fc_face_choose(choice, &analysis, NULL, &index, err));
	*out = cJSON_GetArrayItem(faces, (int)index);
	return FC_OK;
}

enum fc_status probe_face_id(struct command_context *ctx, const char *word,
			     const struct fc_face_choice *choice, const char *model,
			     char out[FC_UUID_TEXT_SIZE], struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	FC_CLEANUP(azure_call_release) struct azure_call call = { 0 };
	const struct fc_photo photo = { .path = word };
	const cJSON *face;
	if (probe_is_face_id(word)) {
		snprintf(out, FC_UUID_TEXT_SIZE, "%s", word);
		return FC_OK;
	}
	FC_TRY(probe_read(ctx, &photo, &bytes, err));
	FC_TRY_PREFIX(probe_detect(ctx, word, &bytes, model, &call, err), err, "'%s'", word);
	FC_TRY_PREFIX(probe_choose(call.json, choice, word, &bytes, &face, err), err, "'%s'", word);
	const char *id = fc_json_text(face, "faceId");
	snprintf(out, FC_UUID_TEXT_SIZE, "%s", id ? id : "");
	return id ? FC_OK : fc_fail(err, FC_REFUSED, "the answer has a face without a faceId");
}

bool probe_is_of_photo(enum fc_status status)
{
	return status == FC_OK || status == FC_UNREADABLE || status == FC_BAD_IMAGE ||
	       status == FC_TOO_LARGE || status == FC_NO_FACE || status == FC_SEVERAL_FACES ||
	       status == FC_TIMED_OUT || status == FC_WORKER_DIED;
}
