/* Writes a canvas as a PNG, JPEG or PPM file. */
/* SPDX-License-Identifier: MIT */
#ifndef TESTS_TOOLS_PICTURE_H
#define TESTS_TOOLS_PICTURE_H

#include <stdbool.h>

#include "raster.h"

/*
 * The name's ending (.png, .jpg, .jpeg, .ppm) says which. orientation 1 to 8 (JPEG only) stores the pixels turned and an EXIF tag
 * that says so, so that a viewer which heeds the tag shows the canvas upright; 0 writes no tag. On failure false, and
 * *reason says why.
 */
bool picture_write(const char *path, const struct canvas *canvas, int orientation,
		   const char **reason);

#endif
