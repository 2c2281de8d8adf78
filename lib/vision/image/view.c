/* Compute the part of a photo around a face that is the input of a network. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/view.h"

#include <math.h>

/*
 * Whole pixels from start up to end. As in the source, the last pixel is the one that contains centre + length / 2, and the size minus 1
 * is the last position inside. length is at most that.
 */
static void span_inside(float centre, float length, uint32_t size, float *start, float *end)
{
	float last = (float)size - 1;
	*start = fmaxf(0, fminf(centre - length / 2, last - length));
	*end = floorf(fminf(*start + length, last)) + 1;
	*start = floorf(*start);
}

struct fc_box fc_view_of_box(const struct fc_box *box, float grow, uint32_t width, uint32_t height)
{
	float box_width = fmaxf(1, box->right - box->left);
	float box_height = fmaxf(1, box->bottom - box->top);
	float scale = fminf(
		grow, fminf(((float)width - 1) / box_width, ((float)height - 1) / box_height));
	struct fc_box view;
	span_inside((box->left + box->right) / 2, box_width * scale, width, &view.left,
		    &view.right);
	span_inside((box->top + box->bottom) / 2, box_height * scale, height, &view.top,
		    &view.bottom);
	return view;
}

struct fc_image fc_view_part(const struct fc_image *image, const struct fc_box *view)
{
	return (struct fc_image){
		.pixels = fc_image_row(image, (uint32_t)view->top) + 3 * (size_t)view->left,
		.width = (uint32_t)(view->right - view->left),
		.height = (uint32_t)(view->bottom - view->top),
		.stride = image->stride,
	};
}
