/* Shrink a picture by averaging areas. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/shrink.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Red, green, blue and an unused value. */
typedef float colour __attribute__((vector_size(16)));
typedef int32_t integers __attribute__((vector_size(16)));
typedef uint8_t bytes __attribute__((vector_size(16)));
typedef uint16_t shorts __attribute__((vector_size(16)));

/* A pixel of a row, or a row, and its share of a pixel of the result. */
struct share {
	uint32_t from;
	float weight;
};

/* The shares of all pixels of the result along one side; those of pixel i end before ends[i]. */
struct shares {
	struct share *items;
	size_t *ends;
};

static void shares_release(struct shares *shares)
{
	free(shares->items);
	free(shares->ends);
}

/* As computeResizeAreaTab of OpenCV rounds them: shares below 1/1000 of a pixel are left out. */
static enum fc_status shares_init(struct shares *shares, uint32_t from, uint32_t to,
				  struct fc_error *err)
{
	const double least = 1e-3, scale = 1 / ((double)to / from);
	size_t count = 0;
	shares->items = calloc((size_t)from + 2 * (size_t)to, sizeof(*shares->items));
	shares->ends = calloc(to, sizeof(*shares->ends));
	if (!shares->items || !shares->ends) {
		return fc_fail(err, FC_TOO_LARGE, "the memory limit of a worker is reached");
	}
	for (uint32_t i = 0; i < to; i++) {
		double start = i * scale, end = start + scale;
		double width = fmin(scale, from - start);
		double whole_end = fmin(floor(end), from - 1.0);
		double whole_start = fmin(ceil(start), whole_end);
		if (whole_start - start > least) {
			shares->items[count++] =
				(struct share){ (uint32_t)whole_start - 1,
						(float)((whole_start - start) / width) };
		}
		for (double at = whole_start; at < whole_end; at++) {
			shares->items[count++] = (struct share){ (uint32_t)at, (float)(1 / width) };
		}
		if (end - whole_end > least) {
			double part = fmin(fmin(end - whole_end, 1), width);
			shares->items[count++] =
				(struct share){ (uint32_t)whole_end, (float)(part / width) };
		}
		shares->ends[i] = count;
	}
	return FC_OK;
}

/* Three channels of a pixel, and the next byte. */
static inline colour load(const uint8_t *pixel)
{
	uint32_t four;
	memcpy(&four, pixel, sizeof(four));
	const bytes low = (bytes)(integers){ (int32_t)four }, zero = { 0 };
	/* Each instruction set has these two steps, which put zeros between values. */
	const shorts wide = (shorts)__builtin_shufflevector(low, zero, 0, 16, 1, 17, 2, 18, 3, 19,
							    4, 20, 5, 21, 6, 22, 7, 23);
	const integers values =
		(integers)__builtin_shufflevector(wide, (shorts)zero, 0, 8, 1, 9, 2, 10, 3, 11);
	return __builtin_convertvector(values, colour);
}

/* The sums of a row's shares. Reads a byte after the pixels of the row. */
static void add_up(const uint8_t *row, const struct shares *shares, uint32_t width, colour *out)
{
	size_t k = 0;
	for (uint32_t x = 0; x < width; x++) {
		colour sum = { 0 };
		for (; k < shares->ends[x]; k++) {
			sum += load(row + (size_t)3 * shares->items[k].from) *
			       shares->items[k].weight;
		}
		out[x] = sum;
	}
}

/* Round half to even, as OpenCV does: a float of this size has no fraction. */
static void store(const colour *sums, uint32_t width, uint8_t *out)
{
	const float whole = 1.5F * (1 << 23);
	for (uint32_t x = 0; x < width; x++, out += 3) {
		integers value = __builtin_convertvector((sums[x] + whole) - whole, integers);
		for (int i = 0; i < 3; i++) {
			out[i] = (uint8_t)value[i];
		}
	}
}

struct rows {
	colour *row, *sums;
	uint8_t *last; /* the last row of the picture, and a byte */
};

static void rows_release(struct rows *rows)
{
	free(rows->row);
	free(rows->sums);
	free(rows->last);
}

enum fc_status fc_image_shrink(const struct fc_image *in, struct fc_image *out,
			       struct fc_error *err)
{
	FC_CLEANUP(shares_release) struct shares across = { 0 };
	FC_CLEANUP(shares_release) struct shares down = { 0 };
	FC_CLEANUP(rows_release) struct rows rows = { 0 };
	FC_TRY(shares_init(&across, in->width, out->width, err));
	FC_TRY(shares_init(&down, in->height, out->height, err));
	rows.row = calloc(out->width, sizeof(colour));
	rows.sums = calloc(out->width, sizeof(colour));
	rows.last = calloc(in->width + 1, 3);
	if (!rows.row || !rows.sums || !rows.last) {
		return fc_fail(err, FC_TOO_LARGE, "the memory limit of a worker is reached");
	}
	memcpy(rows.last, fc_image_row(in, in->height - 1), (size_t)3 * in->width);
	size_t k = 0;
	for (uint32_t y = 0; y < out->height; y++) {
		memset(rows.sums, 0, out->width * sizeof(colour));
		for (; k < down.ends[y]; k++) {
			uint32_t from = down.items[k].from;
			add_up(from + 1 < in->height ? fc_image_row(in, from) : rows.last, &across,
			       out->width, rows.row);
			for (uint32_t x = 0; x < out->width; x++) {
				rows.sums[x] += down.items[k].weight * rows.row[x];
			}
		}
		store(rows.sums, out->width, fc_image_row(out, y));
	}
	return FC_OK;
}
