/* Checks of values that several kinds of records have in common. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_ROWS_RECORD_CHECK_H
#define FC_GALLERY_ROWS_RECORD_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Whether none of the `count` values is infinite or NaN. */
bool fc_is_finite(const float *values, size_t count);

/* Whether the embedding's length differs from 1 by at most FC_NORM_TOLERANCE. */
#define FC_NORM_TOLERANCE 1e-3
bool fc_is_normalised(const float *embedding, size_t dimension);

/* Check the origin and path of a face or an entry; NULL is allowed. Errors: FC_INVALID_ARGUMENT. */
enum fc_status fc_check_source(const char *origin, const char *path, struct fc_error *err);

#endif
