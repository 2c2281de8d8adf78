/* What a remote service takes of a photo. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_LIMITS_H
#define FC_SERVICE_REMOTE_LIMITS_H

#include <stdint.h>

/* Checked before anything is sent; a limit of 0 is none. */
struct fc_remote_limits {
	uint64_t least_bytes, image_bytes;
	uint32_t smallest_side;             /* of both sides */
	uint32_t longer_side, shorter_side; /* at most, whichever way up */
	unsigned formats;                   /* bits 1 << enum fc_image_format */
	const char *format_names;           /* the same for people: "JPEG and PNG" */
};

#endif
