/* The dot product of templates, used for every score. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_VECTOR_H
#define FC_BASE_VECTOR_H

#include <stddef.h>

/*
 * The product of two floats is exact in double; the sums run in eight fixed lanes, which are added in pairs at the end, and
 * the result is rounded to float once. So it has the same bits on every machine and at every optimisation level, with fused
 * multiply-add or without.
 */
float fc_dot(const float *a, const float *b, size_t count);

#endif
