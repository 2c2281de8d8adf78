/*
 * Several requests at once. Images that are analysed one after the other would leave all workers but one idle, so the images of such requests are
 * analysed together first; then the requests run in their order.
 */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "service/local/azure/image.h"

/* The image of a request. */
struct image {
	size_t request; /* index */
	int fd;
	char path[32];
	struct fc_local_photo photo;
	bool analysed;
};

struct images {
	struct image *items;
	struct fc_photo *photos; /* the source of the batch */
	size_t count;
	size_t next;       /* index of the next result */
	enum fc_want want; /* what is determined about all of them */
};

static void images_release(struct images *images)
{
	for (size_t i = 0; i < images->count; i++) {
		fc_fd_close(&images->items[i].fd);
		if (images->items[i].analysed) {
			fc_local_photo_release(&images->items[i].photo);
		}
	}
	free(images->items);
	free(images->photos);
}

/*
 * Whether the request is about an image that it contains and that can be analysed before it runs, and what to determine. Other images are left
 * to the operation, which may refuse them.
 */
static enum fc_status want_of(const struct fc_api_request *request, bool *wanted, enum fc_want *out,
			      struct fc_error *err)
{
	FC_CLEANUP(fc_azure_request_release) struct fc_azure_request parsed = { 0 };
	enum fc_azure_fault fault;
	enum fc_azure_kind kind;
	FC_TRY(fc_azure_read_request(request->method, request->target, request->content_type,
				     request->body, request->length, &parsed, &fault, &kind, err));
	*wanted = fault == FC_AZURE_NO_FAULT && parsed.image;
	if (!*wanted) {
		return FC_OK;
	}
	*out = fc_azure_want_of_added_face(request->keep_crops);
	*wanted = parsed.operation->verb == FC_AZURE_FACE_ADD ||
		  (parsed.operation->verb == FC_AZURE_DETECT &&
		   fc_azure_want_of_detection(&parsed, request, out));
	return FC_OK;
}

static enum fc_status collect(struct images *images, const struct fc_api_request *requests,
			      size_t count, struct fc_error *err)
{
	images->items = calloc(count + 1, sizeof(*images->items));
	images->photos = calloc(count + 1, sizeof(*images->photos));
	if (!images->items || !images->photos) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		bool wanted;
		enum fc_want want;
		FC_TRY(want_of(&requests[i], &wanted, &want, err));
		if (!wanted || (images->count > 0 && want != images->want)) {
			continue;
		}
		images->want = want;
		struct image *image = &images->items[images->count];
		*image = (struct image){ .request = i, .photo = { .copy = -1 } };
		image->fd = fc_file_in_memory(requests[i].body, requests[i].length);
		if (image->fd < 0) {
			return fc_fail_errno(err, FC_IO, errno, "cannot copy the image to memory");
		}
		snprintf(image->path, sizeof(image->path), "/proc/self/fd/%d", image->fd);
		images->photos[images->count++] =
			(struct fc_photo){ .name = "image", .path = image->path };
	}
	return FC_OK;
}

static enum fc_status take(void *context, struct fc_local_photo *photo, struct fc_error *err)
{
	struct images *images = context;
	struct image *image = &images->items[images->next++];
	(void)err;
	image->photo = *photo;
	image->analysed = true;
	*photo = (struct fc_local_photo){ .copy = -1 };
	return FC_OK;
}

enum fc_status fc_local_azure_call_many(struct fc_service *service,
					const struct fc_api_request *requests, size_t count,
					struct fc_api_response *out, size_t *done,
					struct fc_error *err)
{
	FC_CLEANUP(images_release) struct images images = { 0 };
	struct fc_local *local = fc_local_of(service);
	FC_TRY(collect(&images, requests, count, err));
	struct fc_photo_array photos = { images.photos, images.count };
	const struct fc_local_batch batch = {
		.source = fc_photo_array_source(&photos),
		.want = images.want,
		.no_attributes = true,
		.handle = take,
		.context = &images,
	};
	if (images.count > 1) {
		FC_TRY(fc_local_run(local, &batch, err));
	}
	for (size_t next = 0; *done < count; ++*done) {
		struct image *image = next < images.count && images.items[next].request == *done
					      ? &images.items[next++]
					      : NULL;
		bool analysed = image && image->analysed;
		FC_TRY(fc_azure_perform(service, &requests[*done], analysed ? &image->photo : NULL,
					&out[*done], err));
	}
	return FC_OK;
}
