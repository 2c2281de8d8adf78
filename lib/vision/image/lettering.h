/* Text of any script, drawn with the fonts of the system. Only facectl-lettering, the program that draws names, uses it. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMAGE_LETTERING_H
#define FC_VISION_IMAGE_LETTERING_H

#include <stdbool.h>
#include <stdint.h>

#include "vision/face.h"

/*
 * Read the configuration and the list of fonts, unless this was done before, and call allow (NULL: none) for each file that drawing may read. Starts no
 * thread.
 */
void fc_lettering_files(void (*allow)(void *context, const char *path), void *context);

/*
 * Draw one line of UTF-8 whose capitals are `letter` pixels tall; if it is wider than width_maximum pixels, its middle becomes an ellipsis. The caller
 * frees out->opacity. Returns false if there is no font, the fonts lack a character, or the result does not fit (fc_stencil_fits).
 */
bool fc_lettering_draw(const char *text, uint32_t letter, uint32_t width_maximum,
		       struct fc_stencil *out);

/* Whether a drawn text has a plausible size, so that its picture cannot become very large. */
static inline bool fc_stencil_fits(const struct fc_stencil *stencil, uint32_t letter,
				   uint32_t width_maximum)
{
	return stencil->width <= (uint64_t)width_maximum + 4 * letter &&
	       stencil->height <= 8 * letter;
}

#endif
