/* The photos that a remote service accepts. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_COMMON_LIMITS_H
#define FC_SERVICE_REMOTE_COMMON_LIMITS_H

#include <stdint.h>

/* Limits on a photo, checked before it is sent. 0 means no limit. */
struct fc_remote_limits {
	uint64_t least_bytes, image_bytes;
	uint32_t smallest_side;             /* minimum of width and of height, pixels */
	uint32_t longer_side, shorter_side; /* maximum, pixels; portrait and landscape */
	unsigned formats;                   /* bits 1 << enum fc_image_format */
	const char *format_names;           /* the formats in messages: "JPEG and PNG" */
};

#endif
