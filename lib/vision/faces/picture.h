/* Make a picture of a photo: with marks drawn on it, or of a part of it. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_PICTURE_H
#define FC_VISION_FACES_PICTURE_H

#include "base/buffer.h"
#include "base/error.h"
#include "vision/face.h"

struct fc_codecs;

/*
 * Append the bytes of a JPEG (quality 92, of a part 95) or PNG file in displayed orientation and without the photo's metadata. codecs: see struct
 * fc_analyser_options. Errors: FC_BAD_IMAGE, FC_TOO_LARGE (over a limit, or over the memory limit of the worker), FC_UNSUPPORTED
 * (the format needs the codecs), FC_INVALID_ARGUMENT (another format of the picture; no pixel of the photo is in the area; no such page),
 * FC_NO_MEMORY.
 */
enum fc_status fc_picture_draw(const struct fc_image_limits *limits, const struct fc_codecs *codecs,
			       const struct fc_buffer *photo, const struct fc_drawing *drawing,
			       struct fc_buffer *out, struct fc_error *err);

#endif
