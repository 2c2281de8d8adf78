/* Repeatable random templates for the tests of search. */
/* SPDX-License-Identifier: MIT */
#ifndef VECTORS_H
#define VECTORS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

/* splitmix64 (Steele, Lea and Flood, 2014). */
static inline uint64_t vectors_random(uint64_t *state)
{
	uint64_t z = *state += 0x9E3779B97F4A7C15u;
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

/* Evenly in (-1, 1). */
static inline double vectors_even(uint64_t *state)
{
	return ((double)(vectors_random(state) >> 11) + 0.5) * 0x1p-52 - 1.0;
}

/* About normal, with deviation 1: the sum of twelve even numbers (each of variance 1/3) halved. */
static inline double vectors_normal(uint64_t *state)
{
	double sum = 0.0;
	for (int i = 0; i < 12; i++) {
		sum += vectors_even(state);
	}
	return sum / 2.0;
}

static inline void vectors_normalise(float *vector, size_t dimension)
{
	double square = 0.0;
	for (size_t i = 0; i < dimension; i++) {
		square += (double)vector[i] * (double)vector[i];
	}
	for (size_t i = 0; i < dimension; i++) {
		vector[i] = (float)((double)vector[i] / sqrt(square));
	}
}

/* A random direction. */
static inline void vectors_fill(float *vector, size_t dimension, uint64_t *state)
{
	for (size_t i = 0; i < dimension; i++) {
		vector[i] = (float)vectors_normal(state);
	}
	vectors_normalise(vector, dimension);
}

/* A direction that differs from another by noise of about this length. */
static inline void vectors_near(float *vector, const float *other, double distance,
				size_t dimension, uint64_t *state)
{
	for (size_t i = 0; i < dimension; i++) {
		double noise = vectors_normal(state) * distance / sqrt((double)dimension);
		vector[i] = (float)((double)other[i] + noise);
	}
	vectors_normalise(vector, dimension);
}

#endif
