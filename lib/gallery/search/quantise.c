/* A template as small integers. */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/quantise.h"

#include <math.h>

enum { CODE_MAXIMUM = 127 };

/* Safety margin: a thousand times the rounding error of computing a bound in double. */
static const double slack = 1e-9;
/* Twice the largest relative error of rounding to float. */
static const double float_slack = 0x1p-23;
static const double unit_roundoff = 0x1p-24;

/* A float that is not below value. */
static float round_up(double value)
{
	return (float)(value * (1.0 + slack) * (1.0 + float_slack)) + 0x1p-140F;
}

/* Rounds half away from zero. Any rounding is correct here, because the error is measured afterwards. */
static int8_t code_of(float value, float scale)
{
	int32_t code = (int32_t)(value / scale + (value < 0.0F ? -0.5F : 0.5F));
	code = code > CODE_MAXIMUM ? CODE_MAXIMUM : code;
	return (int8_t)(code < -CODE_MAXIMUM ? -CODE_MAXIMUM : code);
}

struct fc_quantised fc_quantise(const float *vector, size_t count, int8_t *codes)
{
	float largest = 0.0F;
	for (size_t i = 0; i < count; i++) {
		float size = fabsf(vector[i]);
		largest = size > largest ? size : largest;
	}
	float scale = largest / (float)CODE_MAXIMUM;
	double error = 0.0, length = 0.0, high_error = 0.0, high_length = 0.0;
	for (size_t i = 0; i < count; i++) {
		codes[i] = scale > 0.0F ? code_of(vector[i], scale) : 0;
		double kept = (double)scale * (double)codes[i];
		double lost = (double)vector[i] - kept;
		double high = (double)scale * FC_HIGH_STEP *
			      (2.0 * (double)fc_code_high(codes[i]) - 15.0);
		double low = (double)vector[i] - high;
		length += kept * kept;
		error += lost * lost;
		high_length += high * high;
		high_error += low * low;
	}
	return (struct fc_quantised){
		.scale = scale,
		.error = round_up(sqrt(error)),
		.length = round_up(sqrt(length)),
		.high_error = round_up(sqrt(high_error)),
		.high_length = round_up(sqrt(high_length)),
	};
}

struct fc_probe_bound fc_probe_bound_of(const float *probe, size_t count,
					const struct fc_quantised *quantised)
{
	double square = 0.0;
	for (size_t i = 0; i < count; i++) {
		square += (double)probe[i] * (double)probe[i];
	}
	double length = sqrt(square);
	double error = (double)quantised->error;
	double scale = (double)quantised->scale;
	return (struct fc_probe_bound){
		.error_factor = length * (1.0 + 2.0 * unit_roundoff) * (1.0 + slack),
		.length_factor = (error + 2.0 * unit_roundoff * length +
				  3.0 * unit_roundoff * (length + error)) *
				 (1.0 + slack),
		.inverse_scale = scale > 0.0 ? 1.0 / scale : 0.0,
	};
}

float fc_probe_high_factor(const struct fc_probe_bound *bound)
{
	return round_up(bound->error_factor * bound->inverse_scale / FC_HIGH_STEP *
			(1.0 + 2.0 * float_slack));
}
