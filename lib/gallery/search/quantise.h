/*
 * A template as small integers, and how far a dot product of such integers can be from the true one.
 *
 * A vector x becomes codes c in [-127, 127] and a scale s, so that x = s c + e; a probe q likewise becomes p, t and f with
 * q = t p + f. Then
 *
 *	x.q = (s c + e).q = s c.(t p + f) + e.q = s t (c.p)  +  s c.f  +  e.q
 *
 * and by Cauchy and Schwarz
 *
 *	|x.q - s t (c.p)|  <=  |e| |q| + |s c| |f|.
 *
 * The lengths on the right are not estimated from the worst rounding: they are computed from the vectors themselves, and stored
 * rounded up. c.p is an integer of at most 1024 * 127 * 127 < 2^24, so it is exact, also as a float.
 *
 * The comparison is between floats, so rounding errors must be added; u = 2^-24 is the largest relative error of one rounding:
 * - fc_dot, which rounds once and sums in double: at most 2 u |x| |q|, with |x| <= |s c| + |e|;
 * - the product of s and c.p in the kernels: at most u |s c| |p| before t, so u |s c| (|q| + |f|) after it.
 * Together: if E >= |e| and N >= |s c| for some vectors, one of them can score T or more only if
 *
 *	s (c.p)  >=  (T - E A - N B) / t     where  A = |q| (1 + 2 u),  B = |f| + 2 u |q| + 3 u (|q| + |f|).
 *
 * fc_probe_limit computes the right side, rounded down.
 *
 * A code also has a high and a low half: c = 8 g + r with an odd g in [-15, 15] and r in [-8, 7]. Everything above holds for x = 8 s g + d
 * too: if H >= |d| for one vector, and M >= |8 s g| for it and others, it can score T or more only if
 *
 *	s (g.p) + H A / (8 t)  >=  (T - M B) / (8 t).
 *
 * The sum on the left is computed in floats: its rounding is one more of the 3 u in B, and the other part is in the factor of H, which
 * fc_probe_high_factor rounds up. fc_probe_high_limit computes the right side, rounded down.
 *
 * This holds for vectors of any length from 2^-60 to 2^32, and for zeros, not only for those of length 1. A length far from 1 makes the
 * bound wide and the search slow, but never wrong.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_SEARCH_QUANTISE_H
#define FC_GALLERY_SEARCH_QUANTISE_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

/* A code is FC_HIGH_STEP times g, plus r. */
enum { FC_HIGH_STEP = 8 };

struct fc_quantised {
	float scale;       /* s */
	float error;       /* at least |e| */
	float length;      /* at least |s c| */
	float high_error;  /* at least |d| */
	float high_length; /* at least |8 s g| */
};

/* The halves of a code, each 0 to 15: g = 2 high - 15, r = low - 8. */
static inline unsigned fc_code_high(int8_t code)
{
	return (unsigned)(code + 128) >> 4;
}

static inline unsigned fc_code_low(int8_t code)
{
	return (unsigned)(code + 128) & 15;
}

/* Quantise a vector. It must be finite; codes has room for `count` codes. */
struct fc_quantised fc_quantise(const float *vector, size_t count, int8_t *codes);

/* The probe's part of the bound: A, B and 1/t of the formula above. */
struct fc_probe_bound {
	double error_factor;
	double length_factor;
	double inverse_scale; /* 0 for a probe of zeros, which has no bound */
};

struct fc_probe_bound fc_probe_bound_of(const float *probe, size_t count,
					const struct fc_quantised *quantised);

/*
 * The lowest value of scale * (codes . probe codes) with which a vector can score `threshold` or more against the probe, if its error and
 * length are at most the given ones.
 */
static inline float fc_probe_limit(const struct fc_probe_bound *bound, float threshold, float error,
				   float length)
{
	if (bound->inverse_scale <= 0.0 || threshold == -INFINITY) {
		return -INFINITY;
	}
	double uncertainty =
		(double)error * bound->error_factor + (double)length * bound->length_factor;
	double limit = ((double)threshold - uncertainty) * bound->inverse_scale;
	return (float)(limit - fabs(limit) * 0x1p-22); /* rounded down */
}

/* The same for the high halves: the factor of a vector's high_error, and the limit by the largest high_length. */
float fc_probe_high_factor(const struct fc_probe_bound *bound);

static inline float fc_probe_high_limit(const struct fc_probe_bound *bound, float threshold,
					float high_length)
{
	return fc_probe_limit(bound, threshold, 0.0F, high_length) / FC_HIGH_STEP;
}

#endif
