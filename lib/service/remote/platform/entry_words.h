/* The platform's words for what entries say. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_ENTRY_WORDS_H
#define FC_SERVICE_ENTRY_WORDS_H

#include <stdbool.h>

#include "gallery/gallery.h"
#include "vision/face.h"

/* "nm", "new", "exact", "junk", "ha", "det", "reinit", "nf". Never NULL. */
const char *fc_result_name(enum fc_result result);

/* "male" and "female"; "neutral", "anger", ...; "passed", "failed", "undetermined". NULL for what was not measured. */
const char *fc_sex_name(enum fc_sex sex);
const char *fc_mood_name(enum fc_mood mood);
const char *fc_liveness_name(enum fc_liveness liveness);

/* The gallery's word for what vision says: the two know nothing of each other. */
enum fc_sex fc_sex_of_face(enum fc_face_sex sex);
enum fc_mood fc_mood_of_emotion(enum fc_emotion emotion);

/*
 * The inverses. Also taken: a result's number as SERP has it, sex as 0 (male) and 1 (female), and SERP's words for moods ("angry",
 * "happy", "sad"). False for anything else.
 */
bool fc_result_parse(const char *text, enum fc_result *out);
bool fc_sex_parse(const char *text, enum fc_sex *out);
bool fc_mood_parse(const char *text, enum fc_mood *out);
bool fc_liveness_parse(const char *text, enum fc_liveness *out);

#endif
