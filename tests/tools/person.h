/* Drawn people: what somebody looks like, and how a photo caught them, as functions of two numbers. */
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
 * What stays the same in every photo of somebody. Lengths are in half heights of the face, from the face's middle and
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

/* What changes from photo to photo. yaw and tilt are shifts of what stands out of the head by one unit. */
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
 * The cast: people whom detectors find and embedders tell apart with room to spare (figures in cast.c).
 * False when nobody has that name.
 */
bool cast_find(const char *name, uint64_t *identity);

/* The cast's names in order; NULL behind the last. */
const char *cast_name(int index);

#endif
