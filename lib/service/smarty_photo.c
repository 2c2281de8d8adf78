/* One photo for a Smarty service: opened, and held against the service's limits before anything is sent. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "service/photo_file.h"
#include "service/photo_size.h"
#include "service/smarty_engine.h"

void fc_smarty_photo_release(struct fc_smarty_photo *photo)
{
	free(photo->name);
	free(photo->path);
	fc_fd_close(&photo->fd);
	fc_analysis_release(&photo->analysis);
	fc_json_release(&photo->object);
	*photo = (struct fc_smarty_photo){ .fd = -1 };
}

static enum fc_status check_format(const struct fc_smarty *smarty, const char *path,
				   enum fc_image_format format, struct fc_error *err)
{
	if (format == FC_IMAGE_JPEG || format == FC_IMAGE_PNG || format == FC_IMAGE_TIFF) {
		return FC_OK;
	}
	return fc_fail(err, FC_BAD_IMAGE,
		       "'%s' is a %s image; service '%s' takes JPEG, PNG and TIFF", path,
		       fc_image_format_name(format), smarty->options.name);
}

/* A size that the header does not tell is left to the service. */
static enum fc_status check_size(const struct fc_smarty *smarty, const char *path,
				 const struct fc_photo_size *size, struct fc_error *err)
{
	const struct fc_smarty_limits *limits = &smarty->options.limits;
	bool wide = size->width > size->height;
	uint32_t longer = wide ? size->width : size->height;
	uint32_t shorter = wide ? size->height : size->width;
	if (longer == 0) {
		return FC_OK;
	}
	if (shorter < limits->smallest_side) {
		return fc_fail(err, FC_BAD_IMAGE,
			       "'%s' is %" PRIu32 "x%" PRIu32
			       " pixels; service '%s' takes no less than %" PRIu32 "x%" PRIu32,
			       path, size->width, size->height, smarty->options.name,
			       limits->smallest_side, limits->smallest_side);
	}
	if (longer > limits->longer_side || shorter > limits->shorter_side) {
		return fc_fail(err, FC_TOO_LARGE,
			       "'%s' is %" PRIu32 "x%" PRIu32
			       " pixels; service '%s' takes up to %" PRIu32 "x%" PRIu32
			       ", so make it smaller first",
			       path, size->width, size->height, smarty->options.name,
			       limits->longer_side, limits->shorter_side);
	}
	return FC_OK;
}

static enum fc_status inspect(const struct fc_smarty *smarty, struct fc_smarty_photo *photo,
			      struct fc_error *err)
{
	struct fc_analysis *analysis = &photo->analysis;
	struct fc_photo_size size;
	struct fc_photo_limit limit = {
		.bytes = smarty->options.limits.image_bytes,
		.advice = "the service takes no larger ones",
	};
	FC_TRY(fc_photo_open(photo->path, &limit, &photo->fd, &analysis->bytes, err));
	FC_TRY(fc_photo_size_read(photo->fd, photo->path, &size, err));
	analysis->format = size.format;
	analysis->width = size.width;
	analysis->height = size.height;
	analysis->orientation = 1;
	FC_TRY(fc_sha256_of_file(photo->fd, photo->path, &analysis->sha256, err));
	FC_TRY(check_format(smarty, photo->path, size.format, err));
	return check_size(smarty, photo->path, &size, err);
}

enum fc_status fc_smarty_photo_open(const struct fc_smarty *smarty, const struct fc_photo *from,
				    bool numbered, struct fc_smarty_photo *out,
				    struct fc_error *err)
{
	*out = (struct fc_smarty_photo){
		.name = strdup(from->name),
		.path = strdup(from->path),
		.has_number = from->has_number,
		.number = from->number,
		.fd = -1,
	};
	if (!out->name || !out->path) {
		fc_smarty_photo_release(out);
		return fc_fail_memory(err);
	}
	out->status = inspect(smarty, out, &out->error);
	if (out->status == FC_OK && numbered && !out->has_number) {
		out->status =
			fc_fail(&out->error, FC_INVALID_ARGUMENT, "no person_id has been provided");
	}
	out->finished = out->status != FC_OK;
	return FC_OK;
}

struct fc_photo_outcome fc_smarty_outcome(const struct fc_smarty_photo *photo)
{
	bool failed = photo->status != FC_OK;
	return (struct fc_photo_outcome){
		.name = photo->name,
		.path = photo->path,
		.status = photo->status,
		.error = failed ? photo->error.text : NULL,
		.service_error = failed ? fc_json_text(photo->object, "error") : NULL,
		.analysis = &photo->analysis,
	};
}
