/* Brightness and noise of a face. */
/* SPDX-License-Identifier: MIT */
#include "service/local/azure/crop_measures.h"

#include <math.h>

#include "vision/face.h"

enum { SIDE = FC_CROP_SIDE, START = 20, END = 92 };

static const double noise_unit = 20;

/* ITU-R BT.601 */
static double grey_at(const uint8_t *crop, int x, int y)
{
	const uint8_t *pixel = crop + (y * SIDE + x) * 3;
	return 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
}

struct fc_crop_measures fc_crop_measure(const uint8_t *crop)
{
	static const double mask[3][3] = { { 1, -2, 1 }, { -2, 4, -2 }, { 1, -2, 1 } };
	const double count = (END - START) * (END - START);
	double sum = 0, noise = 0;
	for (int y = START; y < END; y++) {
		for (int x = START; x < END; x++) {
			double residue = 0;
			for (int i = 0; i < 9; i++) {
				residue += mask[i / 3][i % 3] *
					   grey_at(crop, x + i % 3 - 1, y + i / 3 - 1);
			}
			sum += grey_at(crop, x, y);
			noise += fabs(residue);
		}
	}
	/* the mask multiplies the standard deviation by 6; sqrt(pi / 2) converts from the mean absolute value of a normal distribution */
	return (struct fc_crop_measures){
		.brightness = sum / count / 255,
		.noise = fmin(1, sqrt(M_PI / 2) * noise / count / 6 / noise_unit),
	};
}
