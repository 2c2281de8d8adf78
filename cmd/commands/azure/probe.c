/* Photos for operations of the Azure Face API. */
/* SPDX-License-Identifier: MIT */
#include "commands/azure/probe.h"

#include <string.h>

#include "base/file.h"
#include "base/json.h"

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
	if (photo->status != FC_OK) {
		return fc_fail_code(err, photo->status, photo->code, "%s",
				    photo->error ? photo->error : "the photo cannot be used");
	}
	return strcmp(photo->path, "-") == 0
		       ? fc_file_read_fd(0, limit, "standard input", bytes, err)
		       : fc_file_read(photo->path, limit, bytes, err);
}

enum fc_status probe_detect(struct command_context *ctx, const struct fc_buffer *bytes,
			    const char *model, struct azure_call *call, struct fc_error *err)
{
	azure_call_release(call);
	*call = (struct azure_call){
		.service = ctx->service,
		.verb = FC_AZURE_DETECT,
		.image = bytes->data ? bytes->data : (const void *)"",
		.image_length = bytes->length,
	};
	azure_query(call, "returnFaceId", model ? "true" : "false");
	azure_query(call, "recognitionModel", model);
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

/* The share of the common area of two boxes. */
static double overlap(const double a[4], const float b[4])
{
	double width = (a[2] < (double)b[2] ? a[2] : (double)b[2]) -
		       (a[0] > (double)b[0] ? a[0] : (double)b[0]);
	double height = (a[3] < (double)b[3] ? a[3] : (double)b[3]) -
			(a[1] > (double)b[1] ? a[1] : (double)b[1]);
	double common = width > 0 && height > 0 ? width * height : 0;
	double all =
		(a[2] - a[0]) * (a[3] - a[1]) + (double)((b[2] - b[0]) * (b[3] - b[1])) - common;
	return all > 0 ? common / all : 0;
}

enum fc_status probe_choose(const cJSON *faces, const struct fc_face_choice *choice,
			    const cJSON **out, struct fc_error *err)
{
	int count = cJSON_GetArraySize(faces);
	double best = 0;
	const cJSON *face;
	*out = NULL;
	if (choice->rule == FC_FACE_MAIN || choice->rule == FC_FACE_CENTRAL) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--face takes only, largest, index=N, box=L,T,R,B or rect=L,T,W,H "
			       "here");
	}
	if (choice->rule == FC_FACE_ONLY && count > 1) {
		return fc_fail(err, FC_SEVERAL_FACES,
			       "%d faces found, exactly one is needed; choose one with --face",
			       count);
	}
	if (choice->rule == FC_FACE_ONLY || choice->rule == FC_FACE_LARGEST) {
		*out = cJSON_GetArrayItem(faces, 0);
	} else if (choice->rule == FC_FACE_INDEX) {
		*out = cJSON_GetArrayItem(faces, choice->index);
	} else {
		cJSON_ArrayForEach (face, faces) {
			double box[4];
			probe_box(face, box);
			double share = overlap(box, choice->box);
			if (share > best) {
				best = share;
				*out = face;
			}
		}
	}
	return *out ? FC_OK
		    : fc_fail(err, FC_NO_FACE,
			      count == 0 ? "no face found" : "no face at the given index or box");
}

bool probe_is_of_photo(enum fc_status status)
{
	return status == FC_OK || status == FC_UNREADABLE || status == FC_BAD_IMAGE ||
	       status == FC_TOO_LARGE || status == FC_NO_FACE || status == FC_SEVERAL_FACES ||
	       status == FC_TIMED_OUT || status == FC_WORKER_DIED;
}
