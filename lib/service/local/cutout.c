/* Cut the chosen face out of a photo that shows several; workers find the faces and cut. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>

#include "base/file.h"
#include "service/local/engine.h"
#include "vision/faces/choice.h"
#include "vision/faces/cutout.h"
#include "vision/image/photo_size.h"

struct cutting {
	struct fc_local *local;
	const char *path;
	int fd;
};

/* A second descriptor of the photo, for a worker. */
static enum fc_status duplicate(const struct cutting *cutting, int *out, struct fc_error *err)
{
	*out = fcntl(cutting->fd, F_DUPFD_CLOEXEC, 0);
	return *out >= 0 ? FC_OK
			 : fc_fail_errno(err, FC_IO, errno,
					 "cannot duplicate the descriptor of '%s'", cutting->path);
}

/* Find the faces of a file. Takes ownership of fd. A signal does not end this: the caller checks for it before its next photo. */
static enum fc_status find_faces(const struct cutting *cutting, int fd, struct fc_analysis *out,
				 enum fc_status *photo_status, struct fc_error *photo_err,
				 struct fc_error *err)
{
	struct fc_workers *workers = cutting->local->workers;
	uint64_t ticket;
	enum fc_status status;
	FC_TRY(fc_workers_submit(workers, 0, fd, FC_WANT_FACES, err));
	do {
		status = fc_workers_wait(workers, &ticket, out, photo_status, photo_err, err);
	} while (status == FC_BUSY);
	return status;
}

/* Cut out the area, and count the faces that the detector finds in it. */
static enum fc_status cut(const struct cutting *cutting, struct fc_area area, struct fc_cutout *out,
			  size_t *faces, struct fc_error *err)
{
	FC_CLEANUP(fc_analysis_release) struct fc_analysis found = { 0 };
	const struct fc_drawing part = {
		.format = FC_IMAGE_JPEG,
		.area = area,
		.page = out->analysis.faces[out->chosen].page,
	};
	struct fc_photo_size size;
	enum fc_status status = FC_OK;
	struct fc_error why = { 0 };
	int fd;
	fc_buffer_clear(&out->image);
	FC_TRY(duplicate(cutting, &fd, err));
	FC_TRY(fc_workers_draw(cutting->local->workers, fd, &part, &out->image, err));
	FC_TRY(fc_photo_size_of(out->image.data, out->image.length, &size, err));
	out->area = (struct fc_box){ (float)area.left, (float)area.top,
				     (float)area.left + (float)size.width,
				     (float)area.top + (float)size.height };
	fd = fc_file_in_memory(out->image.data, out->image.length);
	if (fd < 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot copy a part of '%s' to memory",
				     cutting->path);
	}
	FC_TRY(find_faces(cutting, fd, &found, &status, &why, err));
	*faces = found.face_count;
	return status == FC_OK ? FC_OK : fc_fail(err, status, "%s", why.text);
}

/*
 * Cut out the chosen face. A detector needs some of the surroundings of a face; where these show another one, fewer must do. The detector
 * examines the result.
 */
static enum fc_status cut_chosen(const struct cutting *cutting, struct fc_cutout *out,
				 struct fc_error *err)
{
	static const float margins[] = { 0.5f, 0.25f, 0.1f };
	const struct fc_box *box = &out->analysis.faces[out->chosen].box;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(margins); i++) {
		struct fc_area area;
		size_t faces = 0;
		if (!fc_cutout_area(&out->analysis, out->chosen, margins[i], &area)) {
			break;
		}
		FC_TRY(cut(cutting, area, out, &faces, err));
		if (faces == 1) {
			return FC_OK;
		}
	}
	return fc_fail(err, FC_SEVERAL_FACES,
		       "no part of the photo shows the face at %.0f,%.0f,%.0f,%.0f without another "
		       "one",
		       (double)box->left, (double)box->top, (double)box->right,
		       (double)box->bottom);
}

enum fc_status fc_local_cut(struct fc_service *service, int fd, const char *path,
			    const struct fc_face_choice *choice, struct fc_cutout *out,
			    enum fc_status *photo_status, struct fc_error *photo_err,
			    struct fc_error *err)
{
	const struct cutting cutting = { fc_local_of(service), path, fd };
	int copy;
	FC_TRY(fc_local_start_workers(cutting.local, err));
	FC_TRY(duplicate(&cutting, &copy, err));
	FC_TRY(find_faces(&cutting, copy, &out->analysis, photo_status, photo_err, err));
	if (*photo_status == FC_OK) {
		*photo_status =
			fc_face_choose(choice, &out->analysis, NULL, &out->chosen, photo_err);
	}
	if (*photo_status == FC_OK && out->analysis.face_count > 1) {
		*photo_status = cut_chosen(&cutting, out, photo_err);
	}
	if (*photo_status != FC_OK) {
		fc_buffer_clear(&out->image);
		fc_error_prefix(photo_err, "'%s'", path);
	}
	return FC_OK;
}
