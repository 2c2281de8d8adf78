/* Convert CMYK pixels to sRGB, by the colour profile of the file if it has a usable one. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMAGE_INK_H
#define FC_VISION_IMAGE_INK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Larger profiles are ignored. Those of printing standards have 0.5 to 3 MB. */
enum { FC_INK_PROFILE_MAXIMUM = 4 << 20 };

/* { 0 } converts without a profile. `inverted`: 0 is full ink, as in files with Adobe's marker. */
struct fc_ink {
	bool inverted;
	void *transform; /* of lcms2; NULL: without a profile */
};

/* Use an ICC profile. If it is not a valid one of CMYK colours, nothing changes. */
void fc_ink_use_profile(struct fc_ink *ink, const void *profile, size_t length);
void fc_ink_release(struct fc_ink *ink);

/* Convert four bytes of each pixel to three. Without a profile, each colour is the product of what its ink and black let through. */
void fc_ink_to_rgb(const struct fc_ink *ink, const uint8_t *cmyk, uint8_t *rgb, uint32_t width);

#endif
