/* Part of a photo, turned and scaled into a picture of its own. */
/* SPDX-License-Identifier: MIT */
#include "vision/sample.h"

#include <math.h>

struct vector {
	double x, y;
};

static struct fc_similarity inverse(const struct fc_similarity *similarity)
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

/* The pixels that a picture looks at: columns [left, right) and rows [top, bottom) of the photo. */
struct region {
	uint32_t left, top, right, bottom;
};

static uint32_t clamp(double value, uint32_t limit)
{
	return value <= 0 ? 0 : value >= limit ? limit : (uint32_t)value;
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
	return (struct region){ clamp(floor(left), image->width), clamp(floor(top), image->height),
				clamp(ceil(right) + 1, image->width),
				clamp(ceil(bottom) + 1, image->height) };
}

/* The mean of factor x factor pixels, or of as many of them as lie in the region. */
static void average_block(const struct fc_image *image, const struct region *region, uint32_t left,
			  uint32_t top, uint32_t factor, uint8_t *out)
{
	uint32_t right = region->right - left > factor ? left + factor : region->right;
	uint32_t bottom = region->bottom - top > factor ? top + factor : region->bottom;
	uint64_t sums[3] = { 0 };
	uint64_t count = (uint64_t)(right - left) * (bottom - top);

	for (uint32_t y = top; y < bottom; y++) {
		const uint8_t *pixel = fc_image_row(image, y) + (size_t)3 * left;
		for (uint32_t x = left; x < right; x++, pixel += 3) {
			sums[0] += pixel[0];
			sums[1] += pixel[1];
			sums[2] += pixel[2];
		}
	}
	for (int i = 0; i < 3; i++) {
		out[i] = (uint8_t)((sums[i] + count / 2) / count);
	}
}

static enum fc_status reduce(const struct fc_image *image, const struct region *region,
			     uint32_t factor, struct fc_image *out, struct fc_error *err)
{
	FC_TRY(fc_image_init(out, (region->right - region->left + factor - 1) / factor,
			     (region->bottom - region->top + factor - 1) / factor, err));
	for (uint32_t y = 0; y < out->height; y++) {
		for (uint32_t x = 0; x < out->width; x++) {
			average_block(image, region, region->left + x * factor,
				      region->top + y * factor, factor,
				      fc_image_row(out, y) + (size_t)3 * x);
		}
	}
	return FC_OK;
}

static inline void add_pixel(const uint8_t *pixel, float weight, float sums[3])
{
	sums[0] += weight * pixel[0];
	sums[1] += weight * pixel[1];
	sums[2] += weight * pixel[2];
}

/* Add the bilinear colour at a point, with black around the picture. */
static inline void add_sample(const struct fc_image *image, double x, double y, float sums[3])
{
	double left = floor(x), top = floor(y);
	float right_share = (float)(x - left), lower_share = (float)(y - top);
	float weights[2][2] = {
		{ (1 - right_share) * (1 - lower_share), right_share * (1 - lower_share) },
		{ (1 - right_share) * lower_share, right_share * lower_share },
	};

	if (left >= 0 && top >= 0 && left + 1 < image->width && top + 1 < image->height) {
		const uint8_t *upper =
			fc_image_row(image, (uint32_t)top) + (size_t)3 * (uint32_t)left;
		const uint8_t *lower = upper + image->stride;
		add_pixel(upper, weights[0][0], sums);
		add_pixel(upper + 3, weights[0][1], sums);
		add_pixel(lower, weights[1][0], sums);
		add_pixel(lower + 3, weights[1][1], sums);
		return;
	}
	for (int i = 0; i < 4; i++) {
		double column = left + i % 2, row = top + i / 2;
		if (column >= 0 && row >= 0 && column < image->width && row < image->height) {
			add_pixel(fc_image_row(image, (uint32_t)row) + (size_t)3 * (uint32_t)column,
				  weights[i / 2][i % 2], sums);
		}
	}
}

/* Every pixel is the mean of grid x grid samples spread evenly over it. */
static void warp(const struct fc_image *image, const struct fc_similarity *to_image, int grid,
		 struct fc_image *out)
{
	const double step = 1.0 / grid, start = (step - 1) / 2;
	const float share = 1.0F / (float)(grid * grid);

	for (uint32_t y = 0; y < out->height; y++) {
		uint8_t *pixel = fc_image_row(out, y);
		for (uint32_t x = 0; x < out->width; x++) {
			float sums[3] = { 0 };
			for (int i = 0; i < grid * grid; i++) {
				struct vector at = apply(to_image, x + start + i % grid * step,
							 y + start + i / grid * step);
				add_sample(image, at.x, at.y, sums);
			}
			for (int i = 0; i < 3; i++) {
				*pixel++ = (uint8_t)(sums[i] * share + 0.5F);
			}
		}
	}
}

enum fc_status fc_image_sample(const struct fc_image *image, const struct fc_similarity *similarity,
			       struct fc_image *out, struct fc_error *err)
{
	struct fc_similarity to_image = inverse(similarity);
	struct region region = region_of(image, &to_image, out);
	double scale = hypot(to_image.a, to_image.b); /* photo pixels a pixel of the picture */
	uint32_t factor = scale < 2 ? 1 : clamp(scale, UINT16_MAX);
	FC_CLEANUP(fc_image_release) struct fc_image reduced = { 0 };

	if (factor > 1 && region.left < region.right && region.top < region.bottom) {
		FC_TRY(reduce(image, &region, factor, &reduced, err));
		/* Block 0 covers photo pixels 0 to factor - 1, so its middle is at (factor - 1) / 2. */
		to_image.a /= factor;
		to_image.b /= factor;
		to_image.x0 = (to_image.x0 - region.left + 0.5) / factor - 0.5;
		to_image.y0 = (to_image.y0 - region.top + 0.5) / factor - 0.5;
		scale /= factor;
		image = &reduced;
	}
	warp(image, &to_image, scale > 1 ? 2 : 1, out);
	return FC_OK;
}
