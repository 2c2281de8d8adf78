/* The part of a photo that shows one of its faces and no other. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/cutout.h"

#include <math.h>

static float size_of(const struct fc_box *box)
{
	return (box->right - box->left) * (box->bottom - box->top);
}

/* Move one side of the area inwards, as far as the box, so that it does not have the other face's centre: the side that leaves the largest area. */
static bool exclude(const struct fc_box *other, const struct fc_box *box, struct fc_box *area)
{
	float x = (other->left + other->right) / 2, y = (other->top + other->bottom) / 2;
	struct fc_box best = { 0 };
	const struct {
		bool applies;
		struct fc_box rest;
	} sides[] = {
		{ x > box->right,
		  { area->left, area->top, fmaxf(box->right, other->left), area->bottom } },
		{ x < box->left,
		  { fminf(box->left, other->right), area->top, area->right, area->bottom } },
		{ y > box->bottom,
		  { area->left, area->top, area->right, fmaxf(box->bottom, other->top) } },
		{ y < box->top,
		  { area->left, fminf(box->top, other->bottom), area->right, area->bottom } },
	};
	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++) {
		if (sides[i].applies && size_of(&sides[i].rest) > size_of(&best)) {
			best = sides[i].rest;
		}
	}
	*area = best;
	return size_of(&best) > 0;
}

static bool overlap(const struct fc_box *a, const struct fc_box *b)
{
	return a->left < b->right && b->left < a->right && a->top < b->bottom && b->top < a->bottom;
}

bool fc_cutout_area(const struct fc_analysis *photo, size_t face, float margin, struct fc_area *out)
{
	const struct fc_face *chosen = &photo->faces[face];
	const struct fc_box *box = &chosen->box;
	float edge = margin * fmaxf(box->right - box->left, box->bottom - box->top);
	struct fc_box area = { fmaxf(0, box->left - edge), fmaxf(0, box->top - edge),
			       box->right + edge, box->bottom + edge };
	if (chosen->page <= 1) {
		area.right = fminf(area.right, (float)photo->width);
		area.bottom = fminf(area.bottom, (float)photo->height);
	}
	for (size_t i = 0; i < photo->face_count; i++) {
		const struct fc_face *other = &photo->faces[i];
		if (i != face && other->page == chosen->page && overlap(&other->box, &area) &&
		    !exclude(&other->box, box, &area)) {
			return false;
		}
	}
	out->left = (uint32_t)floorf(area.left);
	out->top = (uint32_t)floorf(area.top);
	out->width = (uint32_t)ceilf(area.right) - out->left;
	out->height = (uint32_t)ceilf(area.bottom) - out->top;
	return true;
}
