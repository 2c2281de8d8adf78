/* The platform's words for what entries say. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/platform/entry_words.h"

#include <stddef.h>
#include <string.h>

/* A value may have several words; the first is the one that is written. */
struct word {
	unsigned value;
	const char *text;
};

static const struct word results[] = {
	{ FC_RESULT_NM, "nm" },
	{ FC_RESULT_NEW, "new" },
	{ FC_RESULT_EXACT, "exact" },
	{ FC_RESULT_JUNK, "junk" },
	{ FC_RESULT_HA, "ha" },
	{ FC_RESULT_DET, "det" },
	{ FC_RESULT_REINIT, "reinit" },
	{ FC_RESULT_NF, "nf" },
	{ FC_RESULT_NM, "1" },
	{ FC_RESULT_NEW, "2" },
	{ FC_RESULT_EXACT, "3" },
	{ FC_RESULT_JUNK, "4" },
	{ FC_RESULT_HA, "5" },
	{ FC_RESULT_DET, "6" },
	{ FC_RESULT_REINIT, "7" },
	{ FC_RESULT_NF, "8" },
	{ 0, NULL },
};

static const struct word sexes[] = {
	{ FC_SEX_MALE, "male" },
	{ FC_SEX_FEMALE, "female" },
	{ FC_SEX_MALE, "0" },
	{ FC_SEX_FEMALE, "1" },
	{ 0, NULL },
};

static const struct word moods[] = {
	{ FC_MOOD_NEUTRAL, "neutral" },   { FC_MOOD_ANGER, "anger" },
	{ FC_MOOD_CONTEMPT, "contempt" }, { FC_MOOD_DISGUST, "disgust" },
	{ FC_MOOD_FEAR, "fear" },         { FC_MOOD_HAPPINESS, "happiness" },
	{ FC_MOOD_SADNESS, "sadness" },   { FC_MOOD_SURPRISE, "surprise" },
	{ FC_MOOD_ANGER, "angry" },       { FC_MOOD_HAPPINESS, "happy" },
	{ FC_MOOD_SADNESS, "sad" },       { 0, NULL },
};

static const struct word livenesses[] = {
	{ FC_LIVENESS_PASSED, "passed" },
	{ FC_LIVENESS_FAILED, "failed" },
	{ FC_LIVENESS_UNDETERMINED, "undetermined" },
	{ 0, NULL },
};

static const char *name_of(const struct word *words, unsigned value)
{
	while (words->text && words->value != value) {
		words++;
	}
	return words->text;
}

static bool parse(const struct word *words, const char *text, unsigned *out)
{
	while (words->text && strcmp(words->text, text) != 0) {
		words++;
	}
	*out = words->value;
	return words->text != NULL;
}

const char *fc_result_name(enum fc_result result)
{
	const char *name = name_of(results, result);
	return name ? name : "unknown";
}

const char *fc_sex_name(enum fc_sex sex)
{
	return name_of(sexes, sex);
}

const char *fc_mood_name(enum fc_mood mood)
{
	return name_of(moods, mood);
}

const char *fc_liveness_name(enum fc_liveness liveness)
{
	return name_of(livenesses, liveness);
}

enum fc_sex fc_sex_of_face(enum fc_face_sex sex)
{
	static const enum fc_sex of_face[FC_FACE_SEX_END] = {
		[FC_FACE_MALE] = FC_SEX_MALE,
		[FC_FACE_FEMALE] = FC_SEX_FEMALE,
	};
	return of_face[sex];
}

enum fc_mood fc_mood_of_emotion(enum fc_emotion emotion)
{
	static const enum fc_mood of_emotion[FC_EMOTION_END] = {
		[FC_EMOTION_NEUTRAL] = FC_MOOD_NEUTRAL,
		[FC_EMOTION_ANGER] = FC_MOOD_ANGER,
		[FC_EMOTION_CONTEMPT] = FC_MOOD_CONTEMPT,
		[FC_EMOTION_DISGUST] = FC_MOOD_DISGUST,
		[FC_EMOTION_FEAR] = FC_MOOD_FEAR,
		[FC_EMOTION_HAPPINESS] = FC_MOOD_HAPPINESS,
		[FC_EMOTION_SADNESS] = FC_MOOD_SADNESS,
		[FC_EMOTION_SURPRISE] = FC_MOOD_SURPRISE,
	};
	return of_emotion[emotion];
}

bool fc_result_parse(const char *text, enum fc_result *out)
{
	unsigned value;
	bool known = parse(results, text, &value);
	*out = (enum fc_result)value;
	return known;
}

bool fc_sex_parse(const char *text, enum fc_sex *out)
{
	unsigned value;
	bool known = parse(sexes, text, &value);
	*out = (enum fc_sex)value;
	return known;
}

bool fc_mood_parse(const char *text, enum fc_mood *out)
{
	unsigned value;
	bool known = parse(moods, text, &value);
	*out = (enum fc_mood)value;
	return known;
}

bool fc_liveness_parse(const char *text, enum fc_liveness *out)
{
	unsigned value;
	bool known = parse(livenesses, text, &value);
	*out = (enum fc_liveness)value;
	return known;
}
