/* The only function of the module facectl-lettering.so, looked up by name; see vision/image/lettering.h. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMAGE_LETTERING_MODULE_H
#define FC_VISION_IMAGE_LETTERING_MODULE_H

#include <stdbool.h>
#include <stdint.h>

#include "vision/face.h"

/*
 * Draw one line of UTF-8 whose capitals are `letter` pixels tall; if it is wider than width_maximum pixels, its middle becomes an ellipsis. The caller frees
 * out->opacity. Returns false if the fonts lack a character, or without memory.
 */
typedef bool facectl_lettering_fn(const char *text, uint32_t letter, uint32_t width_maximum,
				  struct fc_stencil *out);

#define FACECTL_LETTERING "facectl_lettering"

__attribute__((visibility("default"))) facectl_lettering_fn facectl_lettering;

#endif
