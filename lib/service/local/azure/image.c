/* Fetch the image of a request if it is a URL, and analyse it by the API's rules. */
/* SPDX-License-Identifier: MIT */
#include "service/local/azure/image.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"

/* ---- URLs ---- */

static enum fc_status fetch(struct fc_azure_call *call, struct fc_buffer *out, struct fc_error *err)
{
	const struct fc_local_options *options = &call->local->options;
	struct fc_error why = { 0 };
	if (!options->fetch) {
		return fc_azure_refuse_detail(call, FC_AZURE_FAULT_URL,
					      "URLs are not fetched here: see core.fetch-urls.");
	}
	enum fc_status status = options->fetch(options->fetch_context, call->request->url,
					       FC_AZURE_IMAGE_MAXIMUM, out, &why);
	switch (status) {
	case FC_OK:
		return out->length < FC_AZURE_IMAGE_MINIMUM
			       ? fc_azure_refuse(call, FC_AZURE_FAULT_IMAGE_SMALL)
			       : FC_OK;
	case FC_TOO_LARGE:
		return fc_azure_refuse(call, FC_AZURE_FAULT_IMAGE_BIG);
	case FC_INVALID_ARGUMENT:
		return fc_azure_refuse(call, FC_AZURE_FAULT_URL);
	case FC_NO_MEMORY:
		return fc_fail_memory(err);
	default:
		return fc_azure_refuse_detail(call, FC_AZURE_FAULT_URL_FETCH, why.text);
	}
}

/* ---- faces ---- */

static double area(const struct fc_face *face)
{
	return ((double)face->box.right - face->box.left) *
	       ((double)face->box.bottom - face->box.top);
}

/* Of equal areas, the one further left and up comes first, so that the order does not depend on the detector's. */
static int compare_faces(const void *a, const void *b)
{
	const struct fc_face *x = a, *y = b;
	double difference = area(y) - area(x);
	if (difference == 0) {
		difference = (double)x->box.left - y->box.left;
	}
	if (difference == 0) {
		difference = (double)x->box.top - y->box.top;
	}
	return (difference > 0) - (difference < 0);
}

static void drop_face(struct fc_face *face)
{
	free(face->embedding);
	free(face->crop);
}

static void apply_face_rules(struct fc_analysis *analysis)
{
	double longer = fmax(analysis->width, analysis->height);
	double shorter = fmin(analysis->width, analysis->height);
	double scale =
		fmax(1, fmax(longer / FC_AZURE_IMAGE_WIDTH, shorter / FC_AZURE_IMAGE_HEIGHT));
	size_t kept = 0;
	for (size_t i = 0; i < analysis->face_count; i++) {
		struct fc_face *face = &analysis->faces[i];
		double side = fmin((double)face->box.right - face->box.left,
				   (double)face->box.bottom - face->box.top);
		if (side < FC_AZURE_FACE_SIDE * scale) {
			drop_face(face);
		} else {
			analysis->faces[kept++] = *face;
		}
	}
	analysis->face_count = kept;
	if (kept > 1) {
		qsort(analysis->faces, kept, sizeof(*analysis->faces), compare_faces);
	}
	while (analysis->face_count > FC_AZURE_IMAGE_FACES) {
		drop_face(&analysis->faces[--analysis->face_count]);
	}
}

/* ---- the analysis ---- */

struct analysis {
	struct fc_local_photo *out;
	bool finished;
};

static enum fc_status take(void *context, struct fc_local_photo *photo, struct fc_error *err)
{
	struct analysis *analysis = context;
	(void)err;
	*analysis->out = *photo;
	*photo = (struct fc_local_photo){ .copy = -1 };
	analysis->finished = true;
	return FC_OK;
}

/* Answer for an image that could not be analysed. */
static enum fc_status refuse_photo(struct fc_azure_call *call, struct fc_local_photo *photo,
				   struct fc_error *err)
{
	enum fc_azure_fault fault = FC_AZURE_FAULT_INTERNAL;
	switch (photo->status) {
	case FC_UNREADABLE: /* a copy in memory is always readable */
		fc_local_photo_release(photo);
		return fc_fail(err, FC_IO, "the copy of the image in memory cannot be read");
	case FC_BAD_IMAGE:
	case FC_TOO_LARGE: /* more pixels than the engine's limits allow */
		fault = FC_AZURE_FAULT_IMAGE;
		break;
	case FC_TIMED_OUT:
		fault = FC_AZURE_FAULT_UNAVAILABLE;
		break;
	default:
		break;
	}
	fc_local_photo_release(photo);
	return fc_azure_refuse(call, fault);
}

static enum fc_status finish(struct fc_azure_call *call, struct fc_local_photo *photo,
			     struct fc_error *err)
{
	if (photo->status != FC_OK) {
		return refuse_photo(call, photo, err);
	}
	/* before the rules of the API leave out faces and sort the others */
	if (call->analysis && fc_analysis_copy(&photo->analysis, call->analysis, err) != FC_OK) {
		fc_local_photo_release(photo);
		return FC_NO_MEMORY;
	}
	apply_face_rules(&photo->analysis);
	return FC_OK;
}

static enum fc_status run(struct fc_azure_call *call, enum fc_want want, const char *path,
			  struct fc_local_photo *out, struct fc_error *err)
{
	const struct fc_photo photo = { .name = "image", .path = path };
	struct fc_photo_array photos = { &photo, 1 };
	struct analysis analysis = { .out = out };
	const struct fc_local_batch batch = {
		.source = fc_photo_array_source(&photos),
		.want = want & ~(unsigned)FC_WANT_ATTRIBUTES,
		.no_attributes = !(want & FC_WANT_ATTRIBUTES),
		.handle = take,
		.context = &analysis,
	};
	FC_TRY(fc_local_run(call->local, &batch, err));
	/* the end of a worker takes milliseconds, during which the gallery is written */
	if (call->local->options.one_request) {
		fc_workers_kill(call->local->workers);
	}
	if (!analysis.finished) {
		return fc_fail(err, FC_BUSY, "interrupted before the image was analysed");
	}
	return finish(call, out, err);
}

enum fc_status fc_azure_analyse(struct fc_azure_call *call, enum fc_want want,
				struct fc_local_photo *out, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer fetched = { 0 };
	FC_CLEANUP(fc_fd_close) int fd = -1;
	const struct fc_azure_request *request = call->request;
	char path[64];
	*out = (struct fc_local_photo){ .copy = -1 };
	if (call->analysed) {
		*out = *call->analysed;
		*call->analysed = (struct fc_local_photo){ .copy = -1 };
		return finish(call, out, err);
	}
	if (request->url) {
		FC_TRY(fetch(call, &fetched, err));
		if (fc_azure_refused(call)) {
			return FC_OK;
		}
		fd = fc_file_in_memory(fetched.data, fetched.length);
	} else {
		fd = fc_file_in_memory(request->image, request->image_length);
	}
	if (fd < 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot copy the image to memory");
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return run(call, want, path, out, err);
}
