/* Compute the part of a photo around a face that is the input of a network. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/view.h"

#include <math.h>

/* Move the span [start, start + length] into [0, size] and return its start. length is at most size. */
static float moved_inside(float start, float length, float size)
{
	return fmaxf(0, fminf(start, size - length));
}

struct fc_box fc_view_of_box(const struct fc_box *box, float grow, uint32_t width, uint32_t height)
{
	float box_width = fmaxf(1, box->right - box->left);
	float box_height = fmaxf(1, box->bottom - box->top);
	float scale = fminf(
		grow, fminf(((float)width - 1) / box_width, ((float)height - 1) / box_height));
	float view_width = fminf((float)width, fmaxf(1, floorf(box_width * scale)));
	float view_height = fminf((float)height, fmaxf(1, floorf(box_height * scale)));
	float left = moved_inside(floorf((box->left + box->right - view_width) / 2), view_width,
				  (float)width);
	float top = moved_inside(floorf((box->top + box->bottom - view_height) / 2), view_height,
				 (float)height);
	return (struct fc_box){ left, top, left + view_width, top + view_height };
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
