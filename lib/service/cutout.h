/* Cut the chosen face out of a photo, for remote services that accept only photos with one face. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_CUTOUT_H
#define FC_SERVICE_CUTOUT_H

#include "base/buffer.h"
#include "vision/face.h"

struct fc_cutout {
	struct fc_analysis analysis; /* of the photo, by this machine's detector */
	size_t chosen;               /* index of the face in the analysis */
	struct fc_box area;          /* of the photo */
	struct fc_buffer image; /* the area as a JPEG file; empty: there is nothing to cut off */
};

void fc_cutout_release(struct fc_cutout *cutout);

/* Who cuts faces out. */
struct fc_cutter {
	/*
	 * Choose a face of the photo. If it shows others too, cut it out. The caller releases *out. *photo_status and photo_err are the result
	 * of the photo: FC_OK, FC_NO_FACE, FC_SEVERAL_FACES (two faces compete, or no part shows the face alone), or why it cannot be read. An
	 * error means that no face can be chosen on this machine: FC_MODEL_MISSING and other errors of fc_workers_wait.
	 */
	enum fc_status (*cut)(void *context, int fd, const char *path,
			      const struct fc_face_choice *choice, struct fc_cutout *out,
			      enum fc_status *photo_status, struct fc_error *photo_err,
			      struct fc_error *err);
	void *context;
};

#endif
