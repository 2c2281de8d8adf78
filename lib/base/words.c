/* Names of the enums that describe a face in records. */
/* SPDX-License-Identifier: MIT */
#include "base/words.h"

#include <stddef.h>
#include <string.h>

#include "base/compiler.h"

static const char *const results[FC_RESULT_END] = {
	[FC_RESULT_NM] = "nm",     [FC_RESULT_NEW] = "new",       [FC_RESULT_EXACT] = "exact",
	[FC_RESULT_JUNK] = "junk", [FC_RESULT_HA] = "ha",         [FC_RESULT_DET] = "det",
	[FC_RESULT_NF] = "nf",     [FC_RESULT_REINIT] = "reinit",
};

static const char *const sexes[FC_SEX_END] = {
	[FC_SEX_MALE] = "male",
	[FC_SEX_FEMALE] = "female",
};

static const char *const moods[FC_MOOD_END] = {
	[FC_MOOD_NEUTRAL] = "neutral",   [FC_MOOD_ANGER] = "anger",
	[FC_MOOD_CONTEMPT] = "contempt", [FC_MOOD_DISGUST] = "disgust",
	[FC_MOOD_FEAR] = "fear",         [FC_MOOD_HAPPINESS] = "happiness",
	[FC_MOOD_SADNESS] = "sadness",   [FC_MOOD_SURPRISE] = "surprise",
};

static const char *const livenesses[FC_LIVENESS_END] = {
	[FC_LIVENESS_PASSED] = "passed",
	[FC_LIVENESS_FAILED] = "failed",
	[FC_LIVENESS_UNDETERMINED] = "undetermined",
};

const char *fc_result_name(enum fc_result result)
{
	return result >= FC_RESULT_NM && result < FC_RESULT_END ? results[result] : "unknown";
}

const char *fc_sex_name(enum fc_sex sex)
{
	return sex < FC_SEX_END ? sexes[sex] : NULL;
}

const char *fc_mood_name(enum fc_mood mood)
{
	return mood < FC_MOOD_END ? moods[mood] : NULL;
}

const char *fc_liveness_name(enum fc_liveness liveness)
{
	return liveness < FC_LIVENESS_END ? livenesses[liveness] : NULL;
}

/* The index of a text in a list; 0 if it is not in the list. */
static unsigned find(const char *const *words, unsigned end, const char *text)
{
	for (unsigned i = 1; i < end; i++) {
		if (strcmp(words[i], text) == 0) {
			return i;
		}
	}
	return 0;
}

bool fc_result_of_name(const char *text, enum fc_result *out)
{
	*out = (enum fc_result)find(results, FC_RESULT_END, text);
	return *out >= FC_RESULT_NM;
}

bool fc_sex_of_name(const char *text, enum fc_sex *out)
{
	*out = (enum fc_sex)find(sexes, FC_SEX_END, text);
	return *out != FC_SEX_UNKNOWN;
}

bool fc_mood_of_name(const char *text, enum fc_mood *out)
{
	*out = (enum fc_mood)find(moods, FC_MOOD_END, text);
	return *out != FC_MOOD_UNKNOWN;
}

bool fc_liveness_of_name(const char *text, enum fc_liveness *out)
{
	*out = (enum fc_liveness)find(livenesses, FC_LIVENESS_END, text);
	return *out != FC_LIVENESS_UNKNOWN;
}
