/* Checks of values that several kinds of records have in common. */
/* SPDX-License-Identifier: MIT */
#include "gallery/rows/record_check.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "gallery/gallery.h"

bool fc_is_finite(const float *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!isfinite(values[i])) {
			return false;
		}
	}
	return true;
}

bool fc_is_normalised(const float *embedding, size_t dimension)
{
	double sum = 0;
	for (size_t i = 0; i < dimension; i++) {
		sum += (double)embedding[i] * embedding[i];
	}
	return fabs(sqrt(sum) - 1) <= FC_NORM_TOLERANCE; /* false for NaN and infinity */
}

enum fc_status fc_check_source(const char *origin, const char *path, struct fc_error *err)
{
	if (origin && !fc_text_is_label(origin, FC_LABEL_MAXIMUM)) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"the name of an origin must be 1 to %d bytes of UTF-8 without control "
			"characters",
			FC_LABEL_MAXIMUM);
	}
	if (path && strlen(path) > FC_PATH_TEXT_MAXIMUM) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the path of the photo is too long (maximum: %d bytes)",
			       FC_PATH_TEXT_MAXIMUM);
	}
	return FC_OK;
}
