/* Find a face of a photo by a box that was detected before. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/overlap.h"

#include <math.h>

/* Intersection over union. */
static float overlap(const struct fc_box *box, const float edges[4])
{
	float width = fminf(box->right, edges[2]) - fmaxf(box->left, edges[0]);
	float height = fminf(box->bottom, edges[3]) - fmaxf(box->top, edges[1]);
	float both = (box->right - box->left) * (box->bottom - box->top) +
		     (edges[2] - edges[0]) * (edges[3] - edges[1]);
	float shared = fmaxf(width, 0) * fmaxf(height, 0);
	return shared > 0 ? shared / (both - shared) : 0;
}

const struct fc_face *fc_face_at(const struct fc_analysis *analysis, const float edges[4])
{
	const struct fc_face *best = NULL;
	float most = 0.5F;
	for (size_t i = 0; i < analysis->face_count; i++) {
		float share = overlap(&analysis->faces[i].box, edges);
		if (share >= most) {
			most = share;
			best = &analysis->faces[i];
		}
	}
	return best;
}
