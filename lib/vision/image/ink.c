/* Convert CMYK pixels to sRGB, by the colour profile of the file if it has a usable one. The only user of lcms2. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/ink.h"

#include <lcms2.h>

void fc_ink_release(struct fc_ink *ink)
{
	if (ink->transform) {
		cmsDeleteTransform(ink->transform);
	}
	ink->transform = NULL;
}

void fc_ink_use_profile(struct fc_ink *ink, const void *profile, size_t length)
{
	if (length > FC_INK_PROFILE_MAXIMUM) {
		return;
	}
	cmsHPROFILE from = cmsOpenProfileFromMem(profile, (cmsUInt32Number)length);
	cmsHPROFILE to = cmsCreate_sRGBProfile();
	if (from && to && cmsGetColorSpace(from) == cmsSigCmykData) {
		/* What Photoshop does by default: the brightest and the darkest colour of the profile become white and black. */
		ink->transform = cmsCreateTransform(
			from, ink->inverted ? TYPE_CMYK_8_REV : TYPE_CMYK_8, to, TYPE_RGB_8,
			INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_BLACKPOINTCOMPENSATION);
	}
	if (from) {
		cmsCloseProfile(from);
	}
	if (to) {
		cmsCloseProfile(to);
	}
}

void fc_ink_to_rgb(const struct fc_ink *ink, const uint8_t *cmyk, uint8_t *rgb, uint32_t width)
{
	uint8_t flip = ink->inverted ? 0 : 255;
	if (ink->transform) {
		cmsDoTransform(ink->transform, cmyk, rgb, width);
		return;
	}
	for (uint32_t x = 0; x < width; x++, cmyk += 4, rgb += 3) {
		unsigned light = cmyk[3] ^ flip;
		for (int i = 0; i < 3; i++) {
			rgb[i] = (uint8_t)(((cmyk[i] ^ flip) * light + 127) / 255);
		}
	}
}
