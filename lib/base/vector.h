/* The dot product of templates, used for every score. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_VECTOR_H
#define FC_BASE_VECTOR_H

#include <stddef.h>

/*
 * The dot product of two vectors, with the same bits on every machine and at every optimisation level, with fused multiply-add or without:
 * the product of two floats is exact in double, the sums are computed in eight fixed lanes that are added in pairs at the end, and the
 * result is rounded to float once.
 */
float fc_dot(const float *a, const float *b, size_t count);

#endif
