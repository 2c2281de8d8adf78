/* A small rasteriser for drawn test photos. */
/* SPDX-License-Identifier: MIT */
#include "raster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct canvas canvas_new(int width, int height, struct colour colour)
{
	struct canvas canvas = { .width = width, .height = height };
	size_t count = (size_t)width * (size_t)height;
	canvas.pixels = calloc(count, 3 * sizeof(*canvas.pixels));
	for (size_t i = 0; canvas.pixels && i < count; i++) {
		canvas.pixels[3 * i] = colour.red;
		canvas.pixels[3 * i + 1] = colour.green;
		canvas.pixels[3 * i + 2] = colour.blue;
	}
	return canvas;
}

void canvas_release(struct canvas *canvas)
{
	free(canvas->pixels);
	*canvas = (struct canvas){ 0 };
}

struct colour colour_mix(struct colour a, struct colour b, double share)
{
	float s = (float)share;
	return (struct colour){ a.red + s * (b.red - a.red), a.green + s * (b.green - a.green),
				a.blue + s * (b.blue - a.blue) };
}

struct colour colour_shade(struct colour colour, double factor)
{
	float f = (float)factor;
	return (struct colour){ fminf(colour.red * f, 255), fminf(colour.green * f, 255),
				fminf(colour.blue * f, 255) };
}

/* Sine and cosine from the tangent of half the angle: independent of the math library. */
static double sine(double lean)
{
	return 2 * lean / (1 + lean * lean);
}

static double cosine(double lean)
{
	return (1 - lean * lean) / (1 + lean * lean);
}

/* The linear map from canvas pixels to the unit circle of an egg: u = ux * x + uy * y + u0, same for v. */
struct mapping {
	double ux, uy, u0, vx, vy, v0;
};

static struct mapping map_to_egg(const struct frame *frame, const struct egg *egg)
{
	double c = cosine(frame->lean), s = sine(frame->lean);
	double ec = cosine(egg->lean), es = sine(egg->lean);
	/* pixel -> drawing: p = R^T (pixel - origin) / scale */
	double px = c / frame->scale, py = s / frame->scale;
	double qx = -s / frame->scale, qy = c / frame->scale;
	double p0 = -(px * frame->x + py * frame->y) - egg->x;
	double q0 = -(qx * frame->x + qy * frame->y) - egg->y;
	return (struct mapping){
		.ux = (ec * px + es * qx) / egg->a,
		.uy = (ec * py + es * qy) / egg->a,
		.u0 = (ec * p0 + es * q0) / egg->a,
		.vx = (ec * qx - es * px) / egg->b,
		.vy = (ec * qy - es * py) / egg->b,
		.v0 = (ec * q0 - es * p0) / egg->b,
	};
}

/* Coverage of a point: 0 outside, 1 inside, in between at a soft edge. */
static double cover(const struct egg *egg, double soft, double u, double v)
{
	if (v < -1 || v > 1 || (egg->from < egg->to && (v < egg->from || v > egg->to))) {
		return 0;
	}
	u /= 1 + egg->taper * v;
	if (u < -1 || u > 1) {
		return 0;
	}
	double square = u * u + v * v - egg->square * u * u * v * v;
	if (square > 1 || square < egg->hole * egg->hole) {
		return 0;
	}
	if (soft <= 0) {
		return 1;
	}
	double depth = (1 - sqrt(square)) / soft;
	if (depth >= 1) {
		return 1;
	}
	return depth * depth * (3 - 2 * depth);
}

static int clamp(double value, int low, int high)
{
	if (value <= low) {
		return low;
	}
	return value >= high ? high : (int)value;
}

/* The bounding box of an egg. */
struct window {
	int left, top, right, bottom;
};

static struct window window_of(const struct canvas *canvas, const struct frame *frame,
			       const struct egg *egg)
{
	double c = cosine(frame->lean), s = sine(frame->lean);
	double ec = cosine(egg->lean), es = sine(egg->lean);
	double x = frame->x + frame->scale * (c * egg->x - s * egg->y);
	double y = frame->y + frame->scale * (s * egg->x + c * egg->y);
	double a = frame->scale * egg->a * (1 + fabs(egg->taper)), b = frame->scale * egg->b;
	double across = fabs(a * (c * ec - s * es)) + fabs(b * (c * es + s * ec)) + 1;
	double down = fabs(a * (c * es + s * ec)) + fabs(b * (c * ec - s * es)) + 1;
	return (struct window){
		.left = clamp(x - across, 0, canvas->width),
		.top = clamp(y - down, 0, canvas->height),
		.right = clamp(x + across + 1, 0, canvas->width),
		.bottom = clamp(y + down + 1, 0, canvas->height),
	};
}

/* The range of a value over one pixel. */
struct range {
	double low, high;
};

static struct range around(double centre, double half)
{
	return (struct range){ centre - half, centre + half };
}

static struct range magnitude(struct range r)
{
	return (struct range){ r.low > 0    ? r.low
			       : r.high < 0 ? -r.high
					    : 0,
			       fmax(fabs(r.low), fabs(r.high)) };
}

/*
 * What cover() returns for all points of a pixel, 0 or 1, or -1 if that depends on the point. cover()'s square grows with |u| and |v|,
 * because `square` is at most 1. The margin is far above rounding errors, so that the pixel is the same with and without this.
 */
static int cover_all(const struct egg *egg, double soft, struct range u, struct range v)
{
	const double margin = 1e-9;
	double from = egg->from < egg->to ? egg->from : -1, to = egg->from < egg->to ? egg->to : 1;
	if (v.high < from - margin || v.low > to + margin) {
		return 0;
	}
	double width = 1 + egg->taper * v.low, other = 1 + egg->taper * v.high;
	struct range x = magnitude(u), y = magnitude(v);
	if (v.low < from + margin || v.high > to - margin || fmin(width, other) < 0.01) {
		return -1;
	}
	x.low /= fmax(width, other);
	x.high /= fmin(width, other);
	if (x.low > 1 + margin) {
		return 0;
	}
	double least = x.low * x.low + y.low * y.low - egg->square * x.low * x.low * y.low * y.low;
	double most =
		x.high * x.high + y.high * y.high - egg->square * x.high * x.high * y.high * y.high;
	if (least > 1 + margin) {
		return 0;
	}
	if (x.high > 1 - margin || most > 1 - margin || least < egg->hole * egg->hole + margin) {
		return -1;
	}
	return soft <= 0 || 1 - sqrt(most) > soft + margin ? 1 : -1;
}

void canvas_fill(struct canvas *canvas, const struct frame *frame, const struct egg *egg,
		 const struct paint *paint)
{
	struct mapping map = map_to_egg(frame, egg);
	struct window window = window_of(canvas, frame, egg);
	/* Soft and large shapes have few pixels on an edge; small hard ones need more samples. */
	int samples = paint->soft > 0.3 ? 1 : frame->scale * egg->a > 500 ? 2 : 4;
	double half_u = (fabs(map.ux) + fabs(map.uy)) / 2,
	       half_v = (fabs(map.vx) + fabs(map.vy)) / 2;

	for (int row = window.top; row < window.bottom; row++) {
		size_t start = (size_t)row * (size_t)canvas->width + (size_t)window.left;
		float *pixel = canvas->pixels + 3 * start;
		for (int column = window.left; column < window.right; column++, pixel += 3) {
			double x = column + 0.5, y = row + 0.5;
			int all = cover_all(egg, paint->soft,
					    around(map.ux * x + map.uy * y + map.u0, half_u),
					    around(map.vx * x + map.vy * y + map.v0, half_v));
			double sum = all > 0 ? samples * samples : 0;
			for (int k = 0; all < 0 && k < samples * samples; k++) {
				x = column + (k % samples + 0.5) / samples;
				y = row + (k / samples + 0.5) / samples;
				sum += cover(egg, paint->soft, map.ux * x + map.uy * y + map.u0,
					     map.vx * x + map.vy * y + map.v0);
			}
			if (sum <= 0) {
				continue;
			}
			float share = (float)(sum * paint->opacity / (samples * samples));
			pixel[0] += share * (paint->colour.red - pixel[0]);
			pixel[1] += share * (paint->colour.green - pixel[1]);
			pixel[2] += share * (paint->colour.blue - pixel[2]);
		}
	}
}

void canvas_stroke(struct canvas *canvas, const struct frame *frame, double x0, double y0,
		   double x1, double y1, double width, const struct paint *paint)
{
	double dx = x1 - x0, dy = y1 - y0;
	double length = sqrt(dx * dx + dy * dy);
	if (length <= 0) {
		return;
	}
	/* tan(angle / 2) = (length - dx) / dy, and 0 for a level stroke drawn rightwards */
	double lean = dy != 0 ? (length - dx) / dy : 0;
	struct egg egg = {
		.x = (x0 + x1) / 2,
		.y = (y0 + y1) / 2,
		.a = (length + width) / 2,
		.b = width / 2,
		.square = 0.7,
		.lean = lean,
	};
	canvas_fill(canvas, frame, &egg, paint);
}

/* One box blur of a line of `count` pixels that lie `step` floats apart; ends are repeated. */
static void blur_line(float *line, size_t step, int count, int radius, float *copy)
{
	for (int i = 0; i < count; i++) {
		copy[i] = line[(size_t)i * step];
	}
	double sum = 0;
	for (int i = -radius; i <= radius; i++) {
		sum += copy[clamp(i, 0, count - 1)];
	}
	for (int i = 0; i < count; i++) {
		line[(size_t)i * step] = (float)(sum / (2 * radius + 1));
		sum += copy[clamp(i + radius + 1, 0, count - 1)];
		sum -= copy[clamp(i - radius, 0, count - 1)];
	}
}

void canvas_blur(struct canvas *canvas, double sigma)
{
	/* Three boxes of width w have variance (w * w - 1) / 4. */
	int radius = (int)((sqrt(4 * sigma * sigma + 1) - 1) / 2 + 0.5);
	int longer = canvas->width > canvas->height ? canvas->width : canvas->height;
	float *copy = radius > 0 ? calloc((size_t)longer, sizeof(*copy)) : NULL;
	for (int pass = 0; copy && pass < 3; pass++) {
		size_t stride = 3 * (size_t)canvas->width;
		for (int row = 0; row < canvas->height; row++) {
			for (size_t channel = 0; channel < 3; channel++) {
				blur_line(canvas->pixels + (size_t)row * stride + channel, 3,
					  canvas->width, radius, copy);
			}
		}
		for (size_t column = 0; column < stride; column++) {
			blur_line(canvas->pixels + column, stride, canvas->height, radius, copy);
		}
	}
	free(copy);
}

bool canvas_enlarge(struct canvas *canvas, int width, int height)
{
	struct canvas larger = canvas_new(width, height, (struct colour){ 0 });
	double across = (double)canvas->width / width, down = (double)canvas->height / height;
	for (int y = 0; larger.pixels && y < height; y++) {
		double row = (y + 0.5) * down - 0.5;
		int above = clamp(row, 0, canvas->height - 1);
		int below = clamp(row + 1, 0, canvas->height - 1);
		const float *upper = canvas->pixels + 3 * (size_t)above * (size_t)canvas->width;
		const float *lower = canvas->pixels + 3 * (size_t)below * (size_t)canvas->width;
		float *out = larger.pixels + 3 * (size_t)y * (size_t)width;
		float v = (float)(row < above ? 0 : row - above);
		for (int x = 0; x < width; x++) {
			double column = (x + 0.5) * across - 0.5;
			int left = 3 * clamp(column, 0, canvas->width - 1);
			int right = 3 * clamp(column + 1, 0, canvas->width - 1);
			float u = (float)(column * 3 < left ? 0 : column - left / 3);
			for (int channel = 0; channel < 3; channel++, left++, right++) {
				float top = upper[left] + u * (upper[right] - upper[left]);
				float bottom = lower[left] + u * (lower[right] - lower[left]);
				*out++ = top + v * (bottom - top);
			}
		}
	}
	if (!larger.pixels) {
		return false;
	}
	canvas_release(canvas);
	*canvas = larger;
	return true;
}

struct dice dice_of(uint64_t seed)
{
	struct dice dice = { seed };
	(void)dice_roll(&dice);
	return dice;
}

uint64_t dice_roll(struct dice *dice)
{
	dice->state += 0x9e3779b97f4a7c15u;
	uint64_t mixed = dice->state;
	mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
	mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
	return mixed ^ mixed >> 31;
}

double dice_between(struct dice *dice, double low, double high)
{
	return low + (high - low) * (double)(dice_roll(dice) >> 11) / 9007199254740992.0;
}

int dice_below(struct dice *dice, int count)
{
	return (int)(dice_roll(dice) % (uint64_t)count);
}

void canvas_noise(struct canvas *canvas, struct dice *dice, double deviation)
{
	size_t count = 3 * (size_t)canvas->width * (size_t)canvas->height;
	for (size_t i = 0; i < count; i++) {
		/* Four 16-bit numbers: their sum has mean 2 * 65535 and variance 4 * 65536 * 65536 / 12. */
		uint64_t roll = dice_roll(dice);
		double sum = (double)(roll & 0xffff) + (double)(roll >> 16 & 0xffff) +
			     (double)(roll >> 32 & 0xffff) + (double)(roll >> 48);
		double normal = (sum - 131070.0) / 37837.0;
		canvas->pixels[i] += (float)(normal * deviation);
	}
}

void canvas_expose(struct canvas *canvas, double gain)
{
	size_t count = 3 * (size_t)canvas->width * (size_t)canvas->height;
	for (size_t i = 0; i < count; i++) {
		double value = canvas->pixels[i] * gain;
		canvas->pixels[i] = (float)(value < 0 ? 0 : value > 255 ? 255 : value);
	}
}
