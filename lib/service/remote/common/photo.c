/* Open one photo for a remote service and check it against the service's limits before anything is sent. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/common/photo.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "service/input/photo_copy.h"
#include "service/input/photo_file.h"
#include "vision/image/photo_size.h"

void fc_remote_photo_release(struct fc_remote_photo *photo)
{
	fc_buffer_release(&photo->texts);
	fc_fd_close(&photo->fd);
	fc_analysis_release(&photo->analysis);
	fc_json_release(&photo->answer);
	if (photo->release_result) {
		photo->release_result(photo->result);
	} else {
		free(photo->result);
	}
	*photo = (struct fc_remote_photo){ .fd = -1 };
}

const char *fc_remote_photo_type(enum fc_image_format format)
{
	switch (format) {
	case FC_IMAGE_JPEG:
		return "image/jpeg";
	case FC_IMAGE_PNG:
		return "image/png";
	case FC_IMAGE_WEBP:
		return "image/webp";
	case FC_IMAGE_BMP:
		return "image/bmp";
	case FC_IMAGE_TIFF:
		return "image/tiff";
	case FC_IMAGE_HEIC:
		return "image/heic";
	case FC_IMAGE_AVIF:
		return "image/avif";
	case FC_IMAGE_GIF:
		return "image/gif";
	case FC_IMAGE_JXL:
		return "image/jxl";
	default:
		return "application/octet-stream";
	}
}

/* If the header does not have the size, the service checks it. */
static enum fc_status check_size(const char *service, const struct fc_remote_limits *limits,
				 const char *path, const struct fc_photo_size *size,
				 struct fc_error *err)
{
	bool wide = size->width > size->height;
	uint32_t longer = wide ? size->width : size->height;
	uint32_t shorter = wide ? size->height : size->width;
	bool too_long = limits->longer_side > 0 && longer > limits->longer_side;
	bool too_broad = limits->shorter_side > 0 && shorter > limits->shorter_side;
	if (longer == 0) {
		return FC_OK;
	}
	if (shorter < limits->smallest_side) {
		return fc_fail(err, FC_BAD_IMAGE,
			       "'%s' is %" PRIu32 "x%" PRIu32
			       " pixels; the minimum of service '%s' is %" PRIu32 "x%" PRIu32,
			       path, size->width, size->height, service, limits->smallest_side,
			       limits->smallest_side);
	}
	if (too_long || too_broad) {
		return fc_fail(err, FC_TOO_LARGE,
			       "'%s' is %" PRIu32 "x%" PRIu32
			       " pixels; the maximum of service '%s' is %" PRIu32 "x%" PRIu32
			       "; reduce the photo's size first",
			       path, size->width, size->height, service, limits->longer_side,
			       limits->shorter_side);
	}
	return FC_OK;
}

static enum fc_status inspect(const char *service, const struct fc_remote_limits *limits,
			      struct fc_remote_photo *photo, struct fc_error *err)
{
	const char *path = photo->given.path;
	struct fc_analysis *analysis = &photo->analysis;
	struct fc_photo_size size;
	struct fc_photo_limit limit = {
		.bytes = limits->image_bytes > 0 ? limits->image_bytes : UINT64_MAX,
		.advice = "the service does not accept larger photos",
	};
	FC_TRY(fc_photo_open(path, &limit, &photo->fd, &analysis->bytes, err));
	FC_TRY(fc_photo_size_read(photo->fd, path, &size, err));
	analysis->format = size.format;
	analysis->width = size.turned ? size.height : size.width;
	analysis->height = size.turned ? size.width : size.height;
	analysis->orientation = 1;
	photo->sent_bytes = analysis->bytes;
	photo->sent_format = size.format;
	FC_TRY(fc_sha256_of_file(photo->fd, path, &analysis->sha256, err));
	if (!(limits->formats & 1u << size.format)) {
		return fc_fail(err, FC_BAD_IMAGE, "'%s' is a %s image; service '%s' accepts %s",
			       path, fc_image_format_name(size.format), service,
			       limits->format_names);
	}
	if (analysis->bytes < limits->least_bytes) {
		return fc_fail(err, FC_BAD_IMAGE,
			       "'%s' has %" PRIu64
			       " bytes; the minimum of service '%s' is %" PRIu64,
			       path, analysis->bytes, service, limits->least_bytes);
	}
	return check_size(service, limits, path, &size, err);
}

/* Instead of the photo, the JSON that names its URL is sent. */
static enum fc_status name_url(struct fc_remote_photo *photo, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer body = { 0 };
	struct fc_json_writer json = fc_json_writer_of(&body, false);
	fc_json_begin_object(&json);
	fc_json_put_text(&json, "url", photo->given.path);
	fc_json_end_object(&json);
	if (!fc_buffer_ok(&body)) {
		return fc_fail_memory(err);
	}
	photo->fd = fc_file_in_memory(body.data, body.length);
	photo->sent_bytes = body.length;
	photo->analysis.orientation = 1;
	return photo->fd >= 0 ? FC_OK
			      : fc_fail_errno(err, FC_IO, errno, "cannot copy '%.500s' to memory",
					      photo->given.path);
}

enum fc_status fc_remote_photo_open(const char *service, const struct fc_remote_limits *limits,
				    const struct fc_photo *from, struct fc_remote_photo *out,
				    struct fc_error *err)
{
	*out = (struct fc_remote_photo){ .fd = -1 };
	enum fc_status copied = fc_photo_copy(from, &out->given, &out->texts, err);
	if (copied != FC_OK) {
		fc_remote_photo_release(out);
		return copied;
	}
	out->status = from->status == FC_OK && from->is_url ? name_url(out, &out->error)
		      : from->status == FC_OK ? inspect(service, limits, out, &out->error)
					      : fc_fail_code(&out->error, from->status, from->code,
							     "%s", from->error);
	out->finished = out->status != FC_OK;
	return FC_OK;
}

/* ---- the chosen face ---- */

/* Replace what is sent by the part that shows the chosen face. */
static enum fc_status send_part(const char *service, const struct fc_remote_limits *limits,
				struct fc_cutout *cutout, struct fc_remote_photo *photo,
				struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer name = { 0 };
	struct fc_photo_size size;
	const char *path = photo->given.path;
	if (!fc_sha256_equal(&cutout->analysis.sha256, &photo->analysis.sha256)) {
		return fc_fail(err, FC_UNREADABLE, "'%s' changed while it was read", path);
	}
	fc_buffer_printf(&name, "%s (the part with the chosen face)", path);
	if (!fc_buffer_text(&name)) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_photo_size_of(cutout->image.data, cutout->image.length, &size, err));
	FC_TRY(check_size(service, limits, fc_buffer_text(&name), &size, err));
	int fd = fc_file_in_memory(cutout->image.data, cutout->image.length);
	if (fd < 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot copy a part of '%s' to memory",
				     path);
	}
	fc_fd_close(&photo->fd);
	fc_analysis_release(&photo->analysis);
	photo->fd = fd;
	photo->sent_bytes = cutout->image.length;
	photo->sent_format = size.format;
	photo->analysis = FC_STEAL_STRUCT(cutout->analysis);
	photo->is_cutout = true;
	photo->cutout = cutout->area;
	photo->chosen = cutout->chosen;
	return FC_OK;
}

enum fc_status fc_remote_photo_choose_face(struct fc_remote_photo *photo, const char *service,
					   const struct fc_remote_limits *limits,
					   const struct fc_cutter *cutter, struct fc_error *err)
{
	const struct fc_face_choice *face = &photo->given.face;
	FC_CLEANUP(fc_cutout_release) struct fc_cutout cutout = { 0 };
	if (face->rule == FC_FACE_ONLY) {
		return FC_OK;
	}
	photo->status = FC_OK;
	FC_TRY(cutter->cut(cutter->context, photo->fd, photo->given.path, face, &cutout,
			   &photo->status, &photo->error, err));
	if (face->rule == FC_FACE_MAIN && photo->status != FC_SEVERAL_FACES) {
		photo->status = FC_OK; /* the service may be able to read it, and find a face */
	}
	if (photo->status == FC_OK && cutout.image.length > 0) {
		photo->status = send_part(service, limits, &cutout, photo, &photo->error);
	}
	photo->finished = photo->status != FC_OK;
	return FC_OK;
}

enum fc_status fc_remote_photo_fail(struct fc_remote_photo *photo, const char *service,
				    const struct fc_error *failure)
{
	photo->finished = true;
	photo->status = fc_fail_code(&photo->error, failure->status, failure->code,
				     "'%.200s': service '%s': %s", photo->given.path, service,
				     failure->text);
	fc_error_copy_answer(&photo->error, failure);
	if (failure->status == FC_TOO_LARGE) {
		size_t length = strlen(photo->error.text);
		snprintf(photo->error.text + length, sizeof(photo->error.text) - length,
			 "; the photo has %" PRIu64 " bytes; set max-photo-size in the "
			 "service's section to refuse such photos before they are sent",
			 photo->sent_bytes);
	}
	return photo->status;
}

struct fc_photo_outcome fc_remote_photo_outcome(const struct fc_remote_photo *photo)
{
	bool failed = photo->status != FC_OK;
	return (struct fc_photo_outcome){
		.photo = &photo->given,
		.name = photo->given.name,
		.path = photo->given.path,
		.status = photo->status,
		.error = failed ? photo->error.text : NULL,
		.code = failed ? photo->error.code : FC_CODE_NONE,
		.service_error = failed ? photo->service_error : NULL,
		.service_answer =
			failed && photo->error.answer[0] != '\0' ? photo->error.answer : NULL,
		.analysis = &photo->analysis,
		.chosen = photo->chosen,
		.cutout = photo->is_cutout ? &photo->cutout : NULL,
		.examined = true,
		.reason = fc_reason_of(photo->status),
	};
}
