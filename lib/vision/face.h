/* What vision says about one photo: plain values, the same on both sides of the worker's wire. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACE_H
#define FC_VISION_FACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/words.h"

enum {
	FC_LANDMARKS = 5,
	FC_CROP_SIDE = 112,
	FC_CROP_BYTES = FC_CROP_SIDE * FC_CROP_SIDE * 3,
	FC_TEMPLATE_MAXIMUM = 1024, /* floats in a template */
	FC_FACES_MAXIMUM = 1024,    /* faces reported of one photo, best first */
};

/* In pixels of the photo as displayed, that is with its EXIF orientation applied; origin top left. */
struct fc_point {
	float x, y;
};

struct fc_box {
	float left, top, right, bottom;
};

/*
 * Measured properties of one face; formulas and sources stand in vision/faces/quality.h. Values in [0, 1] grow towards better.
 * NaN is what nobody measured: a remote service tells few of them, and no landmarks.
 */
struct fc_quality {
	float sharpness;    /* [0, 1] from the Laplacian's variance of the aligned crop */
	float exposure;     /* [0, 1] 1 = mid-range brightness without clipping */
	float eye_distance; /* pixels between the eyes in the photo */
	float pan;          /* degrees, positive when the face looks towards the image's right */
	float tilt;         /* degrees, positive when the face looks up */
	float roll;         /* degrees of the line between the eyes, positive clockwise */
	float visibility;   /* [0, 1] share of the face's box inside the frame */
	float frontality;   /* [-1, 1] 1 = frontal, cos(pan) * cos(tilt) based */
	float awesomeness;  /* [0, 1] one figure from all of the above */
};

enum { FC_AGE_MAXIMUM = 120 };

/* What an attributes model says of a face. All zero: nothing is known. */
struct fc_attributes {
	bool has_age, has_valence, has_arousal;
	float age;     /* years, [0, FC_AGE_MAXIMUM] */
	float valence; /* [-1, 1], from unpleasant to pleasant */
	float arousal; /* [-1, 1], from calm to excited */
	enum fc_sex sex;
	enum fc_mood emotion;
};

struct fc_face {
	struct fc_box box; /* clipped to the photo */
	/* right eye, left eye, nose, right and left mouth corner (the person's) */
	struct fc_point landmarks[FC_LANDMARKS];
	float confidence; /* [0, 1] the detector's */
	struct fc_quality quality;
	float liveness; /* [0, 1] how likely it is a living face and no picture of one; NaN unless asked for */
	enum fc_liveness life; /* by the model's thresholds */
	struct fc_attributes attributes;
	float *embedding; /* template: dimension floats, L2-normalised; NULL unless asked for */
	uint8_t *crop;    /* FC_CROP_BYTES of aligned RGB; NULL unless asked for */
};

enum fc_image_format {
	FC_IMAGE_UNKNOWN = 0,
	FC_IMAGE_JPEG,
	FC_IMAGE_PNG,
	FC_IMAGE_WEBP,
	FC_IMAGE_BMP,
	FC_IMAGE_TIFF,
};

/* Limits on a photo, all checked before anything is decoded. */
struct fc_image_limits {
	uint64_t bytes;  /* of the file */
	uint64_t pixels; /* width * height */
	uint32_t side;   /* the longer one */
};

/* Everything that was found in one photo. */
struct fc_analysis {
	enum fc_image_format format;
	uint32_t width, height; /* as displayed */
	uint8_t orientation;    /* EXIF 1 to 8; 1 when there is none */
	uint64_t bytes;
	struct fc_sha256 sha256; /* of the file's bytes */
	size_t dimension;        /* of the templates; 0 when there are none */
	struct fc_face *faces;   /* by falling confidence */
	size_t face_count;
	float decode_ms, detect_ms,
		embed_ms; /* wall time in the worker; embed_ms holds all that is done to faces */
};

/* What to find out about a photo; any of them together. */
enum fc_want {
	FC_WANT_FACES = 0, /* boxes, landmarks, quality */
	FC_WANT_TEMPLATES = 1 << 0,
	FC_WANT_CROPS = 1 << 1,
	FC_WANT_LIVENESS = 1 << 2,
	FC_WANT_ATTRIBUTES = 1 << 3,
	/*
	 * The photo is the aligned crop of a face, FC_CROP_SIDE by FC_CROP_SIDE pixels: nothing is searched for, and its one face is the
	 * whole picture with the template's landmarks, of confidence 1 and without measures.
	 */
	FC_WANT_OF_CROP = 1 << 4,
	/* Of a photo with several faces no more than FC_WANT_FACES, for those who can only use one that is alone. */
	FC_WANT_ALONE = 1 << 5,
	FC_WANT_EVERYTHING = (1 << 6) - 1,
};

/* What is found out about each of so many faces. */
static inline enum fc_want fc_want_of_each(enum fc_want want, size_t faces)
{
	return (want & FC_WANT_ALONE) && faces > 1 ? FC_WANT_FACES : want;
}

/* A face to draw: its box and the words under it (UTF-8; what the font lacks is shown as ?). */
struct fc_mark {
	struct fc_box box;
	const char *label;
	bool known; /* drawn green; the others grey */
};

/* What to make of a photo: these marks drawn on it, as a file of this format, JPEG or PNG. Borrowed. */
struct fc_drawing {
	const struct fc_mark *marks;
	size_t count;
	enum fc_image_format format;
};

/* Frees what it owns and empties it. */
void fc_analysis_release(struct fc_analysis *analysis);

/* Lower-case word of a format: "jpeg", "png", ..., "unknown". */
const char *fc_image_format_name(enum fc_image_format format);

#endif
