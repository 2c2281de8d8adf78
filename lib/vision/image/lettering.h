/* Labels of faces in any script, drawn with the fonts of the system. They are drawn outside of the workers, which cannot open fonts. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMAGE_LETTERING_H
#define FC_VISION_IMAGE_LETTERING_H

#include "vision/image/lettering_module.h"

/* { .path = ... } is one that loads its module when the first text is drawn. The module stays loaded. */
struct fc_lettering {
	const char *path; /* of facectl-lettering.so */
	bool tried;
	facectl_lettering_fn *draw; /* NULL: not loaded, or not installed */
};

/* As facectl_lettering_fn. Returns false also if the module cannot be loaded: draw the label without a font. */
bool fc_lettering_draw(struct fc_lettering *lettering, const char *text, uint32_t letter,
		       uint32_t width_maximum, struct fc_stencil *out);

/* The height of capitals, in pixels, that suits a face on a photo of this size: readable, and not larger than the face. */
uint32_t fc_letter_height(uint32_t width, uint32_t height, const struct fc_box *face);

#endif
