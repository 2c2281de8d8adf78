/*
 * A small rasteriser for drawn test photos: one shape, painted with soft edges, on pixels in floating point.
 *
 * Only + - * / and square roots are used, which IEEE 754 rounds in one way, so that pictures are identical on every machine.
 */
/* SPDX-License-Identifier: MIT */
#ifndef TESTS_TOOLS_RASTER_H
#define TESTS_TOOLS_RASTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Pixels as R G B floats, 0 to 255, row by row. */
struct canvas {
	int width, height;
	float *pixels;
};

struct colour {
	float red, green, blue;
};

/* `share` of b in a. */
struct colour colour_mix(struct colour a, struct colour b, double share);

/* Darker or, up to white, brighter. */
struct colour colour_shade(struct colour colour, double factor);

/* A canvas of one colour. Its pixels are NULL when memory ran out; canvas_release accepts that. */
struct canvas canvas_new(int width, int height, struct colour colour);
void canvas_release(struct canvas *canvas);

/*
 * Where the units of a drawing lie on a canvas: (0, 0) at pixel (x, y), `scale` pixels to a unit, turned by `lean`, the
 * tangent of half the angle, positive clockwise.
 */
struct frame {
	double x, y, scale, lean;
};

/*
 * An egg, the only shape there is. Around (x, y) with half axes a and b; `taper` widens it towards its bottom (negative: towards
 * its top); `square` from 0 (an ellipse) to 1 (a rectangle); turned by `lean` as a frame is. Only what lies between the
 * heights `from` and `to` (-1 its top, 1 its bottom; both 0 means all of it) is drawn, and nothing within the share `hole`
 * of its radius, which gives rims and arcs.
 */
struct egg {
	double x, y, a, b;
	double taper, square, lean, from, to, hole;
};

/* `soft` is the share of the radius over which the paint fades out at the edge; opacity is 0 to 1. */
struct paint {
	struct colour colour;
	double opacity, soft;
};

void canvas_fill(struct canvas *canvas, const struct frame *frame, const struct egg *egg,
		 const struct paint *paint);

/* A stroke with round ends between two points. */
void canvas_stroke(struct canvas *canvas, const struct frame *frame, double x0, double y0,
		   double x1, double y1, double width, const struct paint *paint);

/* Three box blurs, which come close to a Gaussian of this standard deviation in pixels. */
void canvas_blur(struct canvas *canvas, double sigma);

/* Stretch to a larger size, bilinearly. False, and nothing changed, when memory ran out. */
bool canvas_enlarge(struct canvas *canvas, int width, int height);

/* Random numbers that are the same everywhere (SplitMix64, Steele, Lea and Flood, 2014). */
struct dice {
	uint64_t state;
};

struct dice dice_of(uint64_t seed);
uint64_t dice_roll(struct dice *dice);
double dice_between(struct dice *dice, double low, double high);
int dice_below(struct dice *dice, int count);

/* Add noise, near to normal, of this standard deviation to every channel. */
void canvas_noise(struct canvas *canvas, struct dice *dice, double deviation);

/* Multiply every channel and cut to 0..255. */
void canvas_expose(struct canvas *canvas, double gain);

#endif
