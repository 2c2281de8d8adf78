/* Drawn people: the appearance of a person and the conditions of a photo, as functions of two numbers. */
/* SPDX-License-Identifier: MIT */
#ifndef TESTS_TOOLS_PERSON_H
#define TESTS_TOOLS_PERSON_H

#include <stdbool.h>
#include <stdint.h>

#include "raster.h"

enum hair {
	HAIR_BALD,
	HAIR_SHORT,
	HAIR_SIDE,
	HAIR_LONG,
	HAIR_BUSHY,
	HAIR_CAP,
	HAIR_SCARF,
	HAIR_KINDS,
};

enum beard { BEARD_NONE, BEARD_STUBBLE, BEARD_FULL, BEARD_CHIN, BEARD_KINDS };

enum glasses { GLASSES_NONE, GLASSES_THIN, GLASSES_HEAVY };

/*
 * What is the same in every photo of a person. Lengths are in half heights of the face, from the face's middle and
 * downwards; slants are tangents of half the angle; age, freckles and cheeks grow from 0 to 1.
 */
struct person {
	uint64_t identity;
	struct colour skin, hair, iris, lips, cloth;
	enum hair hair_kind;
	enum beard beard;
	enum glasses glasses;
	bool moustache, earrings, made_up;
	double width, jaw, square;
	double eye_apart, eye_height, eye_width, eye_open, eye_slant;
	double brow_height, brow_thick, brow_slant;
	double nose_length, nose_width;
	double mouth_height, mouth_width, lip_thick, smile;
	double fringe, age, freckles, cheeks;
};

struct person person_of(uint64_t identity);

/* What differs between photos. yaw and tilt are the shifts of a point one unit in front of the head. */
struct pose {
	double yaw, tilt, lean;
	double light; /* -1 from the left, 1 from the right */
	double mouth_open;
	double x, y, scale; /* of the head against its place */
	double exposure;    /* gain of the whole photo */
	struct colour background;
};

struct pose pose_of(uint64_t identity, uint64_t pose);

/*
 * The cast: people that detectors find and embedders distinguish by a wide margin (figures in cast.c).
 * False if there is no such name.
 */
bool cast_find(const char *name, uint64_t *identity);

/* The names of the cast in order, then NULL. */
const char *cast_name(int index);

#endif
