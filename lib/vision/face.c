/* The result of analysing one photo. */
/* SPDX-License-Identifier: MIT */
#include "vision/face.h"

#include <stdlib.h>
#include <string.h>

void fc_analysis_release(struct fc_analysis *analysis)
{
	if (!analysis) {
		return;
	}
	for (size_t i = 0; i < analysis->face_count; i++) {
		free(analysis->faces[i].embedding);
		free(analysis->faces[i].crop);
	}
	free(analysis->faces);
	memset(analysis, 0, sizeof(*analysis));
}

const char *fc_image_format_name(enum fc_image_format format)
{
	switch (format) {
	case FC_IMAGE_JPEG:
		return "jpeg";
	case FC_IMAGE_PNG:
		return "png";
	case FC_IMAGE_WEBP:
		return "webp";
	case FC_IMAGE_BMP:
		return "bmp";
	case FC_IMAGE_TIFF:
		return "tiff";
	case FC_IMAGE_UNKNOWN:
		break;
	}
	return "unknown";
}
