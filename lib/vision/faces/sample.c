/* Rotate and scale a part of a photo into another picture. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct vector {
	double x, y;
};

struct fc_similarity fc_similarity_inverse(const struct fc_similarity *similarity)
{
	double square = similarity->a * similarity->a + similarity->b * similarity->b;
	struct fc_similarity back = { similarity->a / square, -similarity->b / square, 0, 0 };
	back.x0 = -(back.a * similarity->x0 - back.b * similarity->y0);
	back.y0 = -(back.b * similarity->x0 + back.a * similarity->y0);
	return back;
}

static struct vector apply(const struct fc_similarity *similarity, double x, double y)
{
	return (struct vector){ similarity->a * x - similarity->b * y + similarity->x0,
				similarity->b * x + similarity->a * y + similarity->y0 };
}

/* ---- the part of the photo ---- */

/* Columns [left, right) and rows [top, bottom) of the photo. */
struct region {
	uint32_t left, top, right, bottom;
};

static uint32_t clamp(double value, uint32_t limit)
{
	return value > 0 ? value < limit ? (uint32_t)value : limit : 0;
}

static struct region region_of(const struct fc_image *image, const struct fc_similarity *to_photo,
			       const struct fc_image *out)
{
	double left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;
	for (int i = 0; i < 4; i++) {
		struct vector corner =
			apply(to_photo, i % 2 ? out->width : -1.0, i / 2 ? out->height : -1.0);
		left = fmin(left, corner.x);
		top = fmin(top, corner.y);
		right = fmax(right, corner.x);
		bottom = fmax(bottom, corner.y);
	}
	struct region region = { clamp(floor(left), image->width), clamp(floor(top), image->height),
				 clamp(ceil(right) + 1, image->width),
				 clamp(ceil(bottom) + 1, image->height) };
	/* If corners are NaN, the region is empty. */
	return right < left ? (struct region){ 0 } : region;
}

/* Red, green, blue, 0 to 255, and an unused value, so that a colour is computed in one vector. */
typedef float colour __attribute__((vector_size(16)));

/* A region's pixels, shrunk by an integer factor, with a black border: one column on the left and two on the right, rows likewise. */
struct colours {
	colour *values;
	uint32_t width, height; /* without the border */
};

enum { AROUND_BEFORE = 1, AROUND = 3 };

static void colours_release(struct colours *colours)
{
	free(colours->values);
}

static colour *colours_at(const struct colours *colours, size_t column, size_t row)
{
	return colours->values + row * (colours->width + AROUND) + column;
}

/* Add a row's bytes to the sums of its columns. */
static void add_row(uint32_t *restrict sums, const uint8_t *restrict row, size_t count)
{
	enum { STEP = 16 }; /* so that the compiler uses vectors */
	for (; count >= STEP; count -= STEP, sums += STEP, row += STEP) {
		for (int i = 0; i < STEP; i++) {
			sums[i] += row[i];
		}
	}
	for (size_t i = 0; i < count; i++) {
		sums[i] += row[i];
	}
}

/* The rounded means of blocks of factor x factor pixels, or of those of them in the region, from the sums of `rows` rows. */
static void average_blocks(const uint32_t *sums, const struct region *region, uint32_t factor,
			   uint32_t rows, colour *out)
{
	uint32_t width = region->right - region->left;
	for (uint32_t left = 0; left < width; left += factor, out++) {
		uint32_t columns = width - left > factor ? factor : width - left;
		uint64_t count = (uint64_t)columns * rows, totals[3] = { 0 };
		for (uint32_t x = 0; x < columns; x++, sums += 3) {
			totals[0] += sums[0];
			totals[1] += sums[1];
			totals[2] += sums[2];
		}
		colour mean = { 0 };
		for (int i = 0; i < 3; i++) {
			mean[i] = (float)((totals[i] + count / 2) / count);
		}
		*out = mean;
	}
}

static void copy_row(const uint8_t *pixel, uint32_t width, colour *out)
{
	for (uint32_t x = 0; x < width; x++, pixel += 3) {
		out[x] = (colour){ pixel[0], pixel[1], pixel[2], 0 };
	}
}

static enum fc_status colours_init(struct colours *colours, const struct fc_image *image,
				   const struct region *region, uint32_t factor,
				   struct fc_error *err)
{
	const size_t bytes = (size_t)3 * (region->right - region->left);
	*colours = (struct colours){
		.width = (region->right - region->left + factor - 1) / factor,
		.height = (region->bottom - region->top + factor - 1) / factor,
	};
	colours->values = calloc((size_t)(colours->width + AROUND) * (colours->height + AROUND),
				 sizeof(*colours->values));
	FC_CLEANUP(fc_free) uint32_t *sums = malloc(bytes * sizeof(*sums) + 1);
	if (!colours->values || !sums) {
		return fc_fail(err, FC_TOO_LARGE,
			       "a face's pixels need more memory than a worker may use");
	}
	for (uint32_t y = 0; y < colours->height; y++) {
		colour *row = colours_at(colours, AROUND_BEFORE, y + AROUND_BEFORE);
		uint32_t top = region->top + y * factor;
		uint32_t rows = region->bottom - top > factor ? factor : region->bottom - top;
		if (factor == 1) {
			copy_row(fc_image_row(image, top) + (size_t)3 * region->left,
				 colours->width, row);
			continue;
		}
		memset(sums, 0, bytes * sizeof(*sums));
		for (uint32_t i = 0; i < rows; i++) {
			add_row(sums, fc_image_row(image, top + i) + (size_t)3 * region->left,
				bytes);
		}
		average_blocks(sums, region, factor, rows, row);
	}
	return FC_OK;
}

/* ---- the picture ---- */

/* Samples of a pixel: side x side of them, this many picture pixels apart. */
struct grid {
	int side;
	double step;
};

/*
 * The grid for a picture with `scale` photo pixels for one of its own, from blocks of factor x factor photo pixels.
 *
 * How sharp a face is must not depend on the size of the photo. The weights that a pixel gives to photo pixels have a variance, in
 * photo pixels squared, that is the sum of those of the blocks, (factor^2 - 1) / 12, of bilinear sampling, factor^2 / 6 (its mean over
 * positions), and of the grid, step^2 (side^2 - 1) / 12. The step makes the sum scale^2 / 6, which is bilinear sampling at scale 1.
 */
static struct grid grid_for(double scale, double factor)
{
	struct grid grid = { .side = 1 };
	if (scale > 1) {
		/* So many that they are at most about a block apart. */
		grid.side = (int)ceil(fmin(scale / factor, 3) / 0.75);
		double missing = 2 * scale * scale - 3 * factor * factor + 1;
		grid.step = sqrt(missing / (grid.side * grid.side - 1)) / scale;
	}
	return grid;
}

/*
 * Eight pixels of a row are computed together. The vectors are as long as those of AVX-512; for other processors the compiler splits them.
 * The order of the additions to a pixel, and so each bit of the result, is the same everywhere.
 */
enum { BLOCK = 8 };

typedef double doubles __attribute__((vector_size(8 * BLOCK)));
typedef int64_t masks __attribute__((vector_size(8 * BLOCK))); /* of comparisons of doubles */
typedef float floats __attribute__((vector_size(4 * BLOCK)));
typedef int32_t ints __attribute__((vector_size(4 * BLOCK)));

#define INLINE static inline __attribute__((always_inline))

/* One sample of each pixel: the place of the upper left of the four colours around it, and the weights of the four. */
struct samples {
	ints columns, rows;
	floats upper_left, upper_right, lower_left, lower_right;
};

/* Clamp to [-1, size], NaN to -1, and split into a whole number, to which the border is added, and the rest. */
INLINE void split(const doubles *values, double size, ints *whole, floats *rest)
{
	const doubles least = (doubles){ 0 } - 1, most = (doubles){ 0 } + size;
	masks above = *values > least;
	doubles within = (doubles)(((masks)*values & above) | ((masks)least & ~above));
	masks below = within < most;
	within = (doubles)(((masks)within & below) | ((masks)most & ~below));
	/* Not floor(), which is a function call in most builds. */
	*whole = __builtin_convertvector(within + AROUND_BEFORE, ints);
	within -= __builtin_convertvector(*whole - AROUND_BEFORE, doubles);
	*rest = __builtin_convertvector(within, floats);
}

/* Place the samples of pixels at y and at these x. */
INLINE void place(const struct colours *colours, const struct fc_similarity *to_colours,
		  const doubles *x, double y, struct samples *out)
{
	doubles across = to_colours->a * *x - to_colours->b * y + to_colours->x0;
	doubles down = to_colours->b * *x + to_colours->a * y + to_colours->y0;
	floats right, lower;
	split(&across, colours->width, &out->columns, &right);
	split(&down, colours->height, &out->rows, &lower);
	out->upper_left = (1 - right) * (1 - lower);
	out->upper_right = right * (1 - lower);
	out->lower_left = (1 - right) * lower;
	out->lower_right = right * lower;
}

/* Add each sample's bilinear colour to the sum of its pixel. */
INLINE void add_samples(const struct colours *colours, const struct samples *samples,
			colour sums[BLOCK])
{
	for (int i = 0; i < BLOCK; i++) {
		const colour *above =
			colours_at(colours, (size_t)samples->columns[i], (size_t)samples->rows[i]);
		const colour *below = above + colours->width + AROUND;
		colour sum = sums[i];
		sum += samples->upper_left[i] * above[0];
		sum += samples->upper_right[i] * above[1];
		sum += samples->lower_left[i] * below[0];
		sums[i] = sum + samples->lower_right[i] * below[1];
	}
}

INLINE void warp_rows(const struct colours *colours, const struct fc_similarity *to_colours,
		      struct grid grid, struct fc_image *out)
{
	const double start = (1 - grid.side) * grid.step / 2;
	const float share = 1.0F / (float)(grid.side * grid.side);
	const doubles ahead = { 0, 1, 2, 3, 4, 5, 6, 7 };
	for (uint32_t y = 0; y < out->height; y++) {
		uint8_t *pixel = fc_image_row(out, y);
		for (uint32_t x = 0; x < out->width; x += BLOCK) {
			colour sums[BLOCK] = { 0 };
			for (int k = 0; k < grid.side * grid.side; k++) {
				struct samples samples;
				doubles across = ahead + x + start + k % grid.side * grid.step;
				place(colours, to_colours, &across,
				      y + start + k / grid.side * grid.step, &samples);
				add_samples(colours, &samples, sums);
			}
			for (uint32_t i = 0; i < BLOCK && x + i < out->width; i++, pixel += 3) {
				colour mean = sums[i] * share + 0.5F;
				for (int c = 0; c < 3; c++) {
					pixel[c] = (uint8_t)mean[c];
				}
			}
		}
	}
}

#ifdef __x86_64__
__attribute__((target("avx512f,avx512dq,avx512vl"))) static void
warp_avx512(const struct colours *colours, const struct fc_similarity *to_colours, struct grid grid,
	    struct fc_image *out)
{
	warp_rows(colours, to_colours, grid, out);
}
#endif

static void warp(const struct colours *colours, const struct fc_similarity *to_colours,
		 struct grid grid, struct fc_image *out)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
		warp_avx512(colours, to_colours, grid, out);
		return;
	}
#endif
	warp_rows(colours, to_colours, grid, out);
}

enum fc_status fc_image_sample(const struct fc_image *image, const struct fc_similarity *similarity,
			       struct fc_image *out, struct fc_error *err)
{
	struct fc_similarity to_image = fc_similarity_inverse(similarity);
	struct region region = region_of(image, &to_image, out);
	double scale = hypot(to_image.a, to_image.b); /* photo pixels per picture pixel */
	uint32_t factor = scale >= 3 ? clamp(scale / 1.5, UINT16_MAX) : 1;
	FC_CLEANUP(colours_release) struct colours colours = { 0 };

	FC_TRY(colours_init(&colours, image, &region, factor, err));
	/* Block 0 covers photo pixels 0 to factor - 1, so its middle is at (factor - 1) / 2. */
	to_image.a /= factor;
	to_image.b /= factor;
	to_image.x0 = (to_image.x0 - region.left + 0.5) / factor - 0.5;
	to_image.y0 = (to_image.y0 - region.top + 0.5) / factor - 0.5;
	warp(&colours, &to_image, grid_for(scale, factor), out);
	return FC_OK;
}
