/* The numbers of the drawn people that tests use. */
/* SPDX-License-Identifier: MIT */
#include "person.h"

#include <stddef.h>
#include <string.h>

/*
 * Chosen from 2,300 numbers for the largest distances between the templates of an earlier embedder. Measured on six poses of each at
 * 400 x 400 pixels, similarity as cosine, OpenCV 4.6:
 *
 *                     same person, least   different people, most
 *   facectl-embed-2         0.887                  0.379
 *
 * The least score of facectl-detect is 0.78.
 *
 * In a space with few persons the default threshold of facectl-embed-2 is below 0.3: where a test needs strangers there, use persons of
 * ada, fatma and gunnar, or of chidi, fatma and gunnar (at most 0.256).
 *
 * Every face is the only one found. Any change to person.c, portrait.c or raster.c that changes pixels requires new measurements.
 */
static const struct {
	const char *name;
	uint64_t identity;
} cast[] = {
	{ "ada", 186 },   { "bruno", 601 }, { "chidi", 974 },  { "doris", 330 },
	{ "emeka", 473 }, { "fatma", 516 }, { "gunnar", 372 }, { "hasan", 1364 },
};

enum { CAST_SIZE = sizeof(cast) / sizeof(cast[0]) };

bool cast_find(const char *name, uint64_t *identity)
{
	for (size_t i = 0; i < CAST_SIZE; i++) {
		if (strcmp(cast[i].name, name) == 0) {
			*identity = cast[i].identity;
			return true;
		}
	}
	return false;
}

const char *cast_name(int index)
{
	return index >= 0 && index < CAST_SIZE ? cast[index].name : NULL;
}
