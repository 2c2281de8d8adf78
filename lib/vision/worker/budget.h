/* How many pixels the workers may decode at the same time. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_WORKER_BUDGET_H
#define FC_VISION_WORKER_BUDGET_H

#include "vision/face.h"

/* Bytes that a worker needs for each pixel: RGB, a rotated copy, the coefficients of a progressive JPEG, and a canvas. */
enum { FC_BYTES_PER_PIXEL = 16 };

/*
 * Pixels for half of the memory that is available now to this process: that of the machine, or of its control group if that is less.
 * UINT64_MAX if neither is known.
 */
uint64_t fc_pixel_budget(void);

#endif
