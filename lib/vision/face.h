/* The result of analysing one photo: plain values, the same in facectl and in its workers. */
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
	FC_FACES_MAXIMUM = 3000,    /* faces reported of one photo, best first */
	FC_PAGES_MAXIMUM = 1000,    /* pages of one file */
};

/* Pixels of the photo as displayed, which means after its EXIF orientation is applied. The origin is at the top left. */
struct fc_point {
	float x, y;
};

struct fc_box {
	float left, top, right, bottom;
};

/*
 * Measured properties of one face. Formulas and sources are in vision/faces/quality.h. In [0, 1], higher is better. NaN: not
 * measured; a remote service reports few of them, and no landmarks.
 */
struct fc_quality {
	float sharpness;    /* [0, 1] from the Laplacian's variance of the aligned crop */
	float exposure;     /* [0, 1] 1 = mid-range brightness without clipping */
	float eye_distance; /* pixels between the eyes in the photo */
	float pan;          /* degrees, positive when the face turns to the image's right */
	float tilt;         /* degrees, positive when the face turns up */
	float roll;         /* degrees of the line between the eyes, positive clockwise */
	float visibility;   /* [0, 1] share of the face inside the photo */
	float frontality;   /* [-1, 1] 1 = frontal, cos(pan) * cos(tilt) based */
	float awesomeness;  /* [0, 1] all of the above combined */
};

enum { FC_AGE_MAXIMUM = 120 };

/* An attribute of a face that a network can estimate. */
enum fc_attribute {
	FC_ATTRIBUTE_AGE,
	FC_ATTRIBUTE_SEX,
	FC_ATTRIBUTE_EMOTION,
	FC_ATTRIBUTE_VALENCE,
	FC_ATTRIBUTE_AROUSAL,
	FC_ATTRIBUTE_SMILE,
	FC_ATTRIBUTE_GLASSES,
	FC_ATTRIBUTE_OCCLUSION,
	FC_ATTRIBUTE_COUNT,
};

/* A set of attributes: bits 1 << enum fc_attribute, and one for the probabilities of all emotions. */
enum {
	FC_ATTRIBUTES_EMOTIONS = 1 << FC_ATTRIBUTE_COUNT,
	FC_ATTRIBUTES_ALL = (1 << (FC_ATTRIBUTE_COUNT + 1)) - 1,
	FC_ATTRIBUTES_USUAL =
		FC_ATTRIBUTES_ALL & ~(FC_ATTRIBUTES_EMOTIONS | 1 << FC_ATTRIBUTE_OCCLUSION),
};

/* The parts of a face whose occlusion is estimated. */
enum fc_region { FC_REGION_FOREHEAD, FC_REGION_EYES, FC_REGION_MOUTH, FC_REGION_COUNT };

/* The output of an attributes model for a face. All zero: unknown. */
struct fc_attributes {
	bool has_age, has_valence, has_arousal, has_smile, has_glasses, has_occlusion, has_emotions;
	float age;     /* years, [0, FC_AGE_MAXIMUM] */
	float valence; /* [-1, 1], from unpleasant to pleasant */
	float arousal; /* [-1, 1], from calm to excited */
	float smile;   /* [0, 1] probability of a smile */
	float glasses; /* [0, 1] probability of glasses */
	/* [0, 1] probability that an object covers each enum fc_region */
	float occlusion[FC_REGION_COUNT];
	enum fc_sex sex;
	enum fc_mood emotion;
	float sex_probability, emotion_probability; /* of these words; 0: not known */
	float emotions[FC_MOOD_END]; /* the probability of each enum fc_mood; see has_emotions */
};

struct fc_face {
	struct fc_box box; /* clipped to the photo, or to its page */
	uint16_t page;     /* 1, 2, ... if the photo has several pages, else 0 */
	/* right eye, left eye, nose, right and left mouth corner (the person's) */
	struct fc_point landmarks[FC_LANDMARKS];
	float confidence; /* [0, 1] the detector's score */
	struct fc_quality quality;
	float liveness; /* [0, 1] how likely it is a living face, not a picture of one; NaN unless requested */
	enum fc_liveness life; /* by the model's thresholds */
	struct fc_attributes attributes;
	float *embedding; /* template: dimension floats, L2-normalised; NULL unless requested */
	uint8_t *crop;    /* FC_CROP_BYTES of aligned RGB; NULL unless requested */
};

/* Whether an object covers a region, if has_occlusion. */
static inline bool fc_is_occluded(const struct fc_attributes *attributes, enum fc_region region)
{
	return attributes->occlusion[region] >= 0.5F;
}

/* Templates of children are not reliable below this age, in years. */
enum { FC_CHILD_AGE = 14 };

static inline bool fc_is_child(const struct fc_attributes *attributes)
{
	return attributes->has_age && attributes->age < (float)FC_CHILD_AGE;
}

enum fc_image_format {
	FC_IMAGE_UNKNOWN = 0,
	FC_IMAGE_JPEG,
	FC_IMAGE_PNG,
	FC_IMAGE_WEBP,
	FC_IMAGE_BMP,
	FC_IMAGE_TIFF,
	FC_IMAGE_HEIC, /* and other HEIF images */
	FC_IMAGE_AVIF,
	FC_IMAGE_GIF,
	FC_IMAGE_JXL,
};

/* Flags: what a user should know about a photo that was analysed. */
enum fc_image_note {
	FC_IMAGE_FIRST_FRAME = 1 << 0, /* an animation, of which only the first frame was decoded */
	FC_IMAGE_NO_END = 1 << 1,      /* the end of the file is missing, but no pixels */
	FC_IMAGE_FACES_CUT = 1 << 2,   /* more than FC_FACES_MAXIMUM faces */
	FC_IMAGE_NOTES = (1 << 3) - 1,
};

/* Limits on a photo, all checked before anything is decoded. */
struct fc_image_limits {
	uint64_t bytes;  /* size of the file */
	uint64_t pixels; /* width * height */
	uint32_t side;   /* the longer side, pixels */
};

/* The result of analysing one photo. */
struct fc_analysis {
	enum fc_image_format format;
	uint32_t width, height; /* as displayed, of the first page */
	uint32_t pages;         /* number of pages of a file with several pages, else 0 */
	uint8_t orientation;    /* EXIF 1 to 8; 1 when there is none */
	uint8_t notes;          /* enum fc_image_note */
	uint64_t bytes;
	struct fc_sha256 sha256; /* of the file's bytes */
	size_t dimension;        /* of the templates; 0 when none were requested */
	struct fc_face *faces;   /* by descending confidence */
	size_t face_count;
	/* wall time in the worker; embed_ms covers all work on found faces */
	float decode_ms, detect_ms, embed_ms;
};

/* Which face of a photo is meant, where a photo must show one person; see vision/faces/choice.h. */
enum fc_face_rule {
	FC_FACE_ONLY = 0, /* the photo must have no other face */
	FC_FACE_MAIN,
	FC_FACE_LARGEST,
	FC_FACE_CENTRAL, /* nearest to the centre of the photo */
	FC_FACE_INDEX,
	FC_FACE_BOX,
};

struct fc_face_choice {
	enum fc_face_rule rule;
	uint16_t index; /* in fc_analysis.faces */
	float box[4];   /* left, top, right, bottom: the face with the largest overlap */
};

/* Flags: what to determine about a photo. */
enum fc_want {
	FC_WANT_FACES = 0, /* boxes, landmarks, quality */
	FC_WANT_TEMPLATES = 1 << 0,
	FC_WANT_CROPS = 1 << 1,
	FC_WANT_LIVENESS = 1 << 2,
	FC_WANT_ATTRIBUTES = 1 << 3,
	/*
	 * The photo is an aligned crop, FC_CROP_SIDE by FC_CROP_SIDE pixels. No detector runs: the result is one face that covers the
	 * whole image, with the template's landmarks, confidence 1 and no quality values.
	 */
	FC_WANT_OF_CROP = 1 << 4,
	/* If the photo has several faces, do only FC_WANT_FACES: for callers that require a photo with exactly one face. */
	FC_WANT_ALONE = 1 << 5,
	/* Do more than FC_WANT_FACES only for the main face, if there is one: for callers that choose it. */
	FC_WANT_MAIN = 1 << 6,
	FC_WANT_OCCLUSION = 1 << 7, /* with FC_WANT_ATTRIBUTES: also the occlusion */
	FC_WANT_EVERYTHING = (1 << 8) - 1,
};

/* A drawn line of text as opacity, row by row; { 0 } is an empty one. */
struct fc_stencil {
	uint32_t width, height;
	uint8_t *opacity;
};

/* A face to draw, and its label. */
struct fc_mark {
	struct fc_box box;
	const char *label; /* drawn if there is no stencil: ASCII, other characters become ? */
	bool known;        /* known faces have a solid green frame, others a dashed white one */
	uint32_t letter;   /* height of the label's capitals in pixels */
	struct fc_stencil stencil; /* the label, drawn with a font of the system */
};

/* A rectangle of whole pixels. */
struct fc_area {
	uint32_t left, top, width, height;
};

/* A copy of a photo, or of a part of it, with these marks drawn on it, as a JPEG or PNG file. Everything is borrowed. */
struct fc_drawing {
	const struct fc_mark *marks;
	size_t count;
	enum fc_image_format format;
	struct fc_area
		area; /* may reach beyond the right and lower edge; without width: the whole photo */
	uint16_t page; /* as in struct fc_face */
};

/* Clears the attributes that are not in the set. */
void fc_attributes_restrict(struct fc_attributes *attributes, unsigned set);

/* Frees the memory that it owns and makes it empty. */
void fc_analysis_release(struct fc_analysis *analysis);

/* Copy an analysis; the caller releases *out. Errors: FC_NO_MEMORY. */
enum fc_status fc_analysis_copy(const struct fc_analysis *from, struct fc_analysis *out,
				struct fc_error *err);

/* The word and the sentence of the first note in the set: "first_frame"; NULL for none. Removes it from the set. */
const char *fc_image_note_next(unsigned *notes, const char **sentence);

/* The name of a format in lower case: "jpeg", "png", ..., "unknown". */
const char *fc_image_format_name(enum fc_image_format format);

#endif
