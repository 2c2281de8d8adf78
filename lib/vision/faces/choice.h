/* Which face of a photo is meant, where a photo must show one person. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_CHOICE_H
#define FC_VISION_FACES_CHOICE_H

#include "base/error.h"
#include "vision/face.h"

/* Parse "only", "main", "largest", "central", "index=N", "N", "box=L,T,R,B" or "rect=L,T,W,H". Errors: FC_INVALID_ARGUMENT. */
enum fc_status fc_face_choice_parse(const char *text, struct fc_face_choice *out,
				    struct fc_error *err);

/* Whether the choice names one face, which may be that of another person in another request. */
static inline bool fc_face_choice_is_explicit(const struct fc_face_choice *choice)
{
	return choice->rule >= FC_FACE_INDEX;
}

/* Append the choice in the form that fc_face_choice_parse reads. */
void fc_face_choice_format(const struct fc_face_choice *choice, struct fc_buffer *out);

/*
 * The score of the main face, in [0, 1]: s * c, where s = sqrt(box area / photo area) and c = 1 - d / half diagonal, with the distance d
 * between the centres of the box and the photo.
 */
double fc_face_main_score(const struct fc_analysis *analysis, size_t index);

/*
 * The main face wins by this difference of scores, or if its score is this many times the second. Measured on photos of 964 people
 * in LFW and five group photos, with two detectors: a bystander stays at least 0.14 below the person that a portrait is of, and in a
 * group the first two differ by at most 0.06 and have a ratio of at most 1.7.
 */
#define FC_FACE_MAIN_MARGIN 0.1
#define FC_FACE_MAIN_RATIO 2.0

/* The face with the highest score, even if another one is close. NULL when the photo has no face. */
const struct fc_face *fc_face_main(const struct fc_analysis *analysis);

/*
 * Choose a face. leave_out: for each face, whether it is not a candidate; NULL: all are. Errors: FC_NO_FACE (no candidate, or none at
 * the index or box), FC_SEVERAL_FACES (with `only`, or with `main` if two faces compete). The message lists the boxes.
 */
enum fc_status fc_face_choose(const struct fc_face_choice *choice,
			      const struct fc_analysis *analysis, const bool *leave_out,
			      size_t *index, struct fc_error *err);

/* What to determine about a face of a photo. The boxes of all its faces must be known. */
enum fc_want fc_want_of_face(enum fc_want want, const struct fc_analysis *analysis, size_t index);

#endif
