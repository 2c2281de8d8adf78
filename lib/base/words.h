/* Enums that describe a face in records, such as result, sex and mood, with conversions from and to their names. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_WORDS_H
#define FC_BASE_WORDS_H

#include <stdbool.h>

/* The result of comparing a face with the persons of its space. The numbers are those of SERP and are stored: never renumber. */
enum fc_result {
	FC_RESULT_NM = 1,
	FC_RESULT_NEW = 2,
	FC_RESULT_EXACT = 3,
	FC_RESULT_JUNK = 4,
	FC_RESULT_HA = 5,
	FC_RESULT_DET = 6,
	FC_RESULT_REINIT = 7,
	FC_RESULT_NF = 8,
	FC_RESULT_END,
};

/* Estimated by models; 0 is "not measured". The numbers are stored: never renumber. */
enum fc_sex { FC_SEX_UNKNOWN = 0, FC_SEX_MALE = 1, FC_SEX_FEMALE = 2, FC_SEX_END };

enum fc_mood {
	FC_MOOD_UNKNOWN = 0,
	FC_MOOD_NEUTRAL = 1,
	FC_MOOD_ANGER = 2,
	FC_MOOD_CONTEMPT = 3,
	FC_MOOD_DISGUST = 4,
	FC_MOOD_FEAR = 5,
	FC_MOOD_HAPPINESS = 6,
	FC_MOOD_SADNESS = 7,
	FC_MOOD_SURPRISE = 8,
	FC_MOOD_END,
};

enum fc_liveness {
	FC_LIVENESS_UNKNOWN = 0,
	FC_LIVENESS_PASSED = 1,
	FC_LIVENESS_FAILED = 2,
	FC_LIVENESS_UNDETERMINED = 3,
	FC_LIVENESS_END,
};

/* "nm", "new", "exact", "junk", "ha", "det", "reinit", "nf". Never NULL. */
const char *fc_result_name(enum fc_result result);

/* Names such as "male", "neutral" and "passed". NULL if the value was not measured. */
const char *fc_sex_name(enum fc_sex sex);
const char *fc_mood_name(enum fc_mood mood);
const char *fc_liveness_name(enum fc_liveness liveness);

/* Find the value with this name. False for any other text. */
bool fc_result_of_name(const char *text, enum fc_result *out);
bool fc_sex_of_name(const char *text, enum fc_sex *out);
bool fc_mood_of_name(const char *text, enum fc_mood *out);
bool fc_liveness_of_name(const char *text, enum fc_liveness *out);

#endif
