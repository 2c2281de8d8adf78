/* The dialects of NeuroIO and SERP, and their words. */
/* SPDX-License-Identifier: MIT */
#include "protocol/platform_dialect.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/compiler.h"

enum {
	/* all but nf */
	NEUROIO_RESULTS = 1u << FC_RESULT_NM | 1u << FC_RESULT_NEW | 1u << FC_RESULT_EXACT |
			  1u << FC_RESULT_JUNK | 1u << FC_RESULT_HA | 1u << FC_RESULT_DET |
			  1u << FC_RESULT_REINIT,
};

const struct fc_platform_dialect fc_platform_neuroio = {
	.kind = FC_PLATFORM_NEUROIO,
	.name = "neuroio",
	.persons = "persons",
	.origins = "sources",
	.from_entry = true,
	.reinit_before_id = true,
	.person_stats = true,
	.pid = "pid",
	.result = "result",
	.confidence = "confidence",
	.results = NEUROIO_RESULTS,
	.origin_field = "source",
	.origin_by_name = true,
	.create_facesize = "facesize",
	.reinit_facesize = "facesize",
	.on_ha = "create_on_ha",
	.on_junk = "create_on_junk",
	.least_result = "result",
	.pids = "pid",
	.result_filter = "result",
	.origin_filter = "sources_ids",
	.liveness = "liveness",
	.sexes_listed = true,
	.settings = {
		.min_facesize = "identify_facesize_threshold",
		.create_min_facesize = "manual_create_facesize_threshold",
		.on_ha = "manual_create_on_ha",
		.on_junk = "manual_create_on_junk",
	},
};

const struct fc_platform_dialect fc_platform_serp = {
	.kind = FC_PLATFORM_SERP,
	.name = "serp",
	.persons = "profiles",
	.origins = "origins",
	.pid = "person_id",
	.result = "conf",
	.confidence = "distance",
	.numbered_results = true,
	.results = NEUROIO_RESULTS | 1u << FC_RESULT_NF,
	.origin_field = "origin_id",
	.create_facesize = "create_min_facesize",
	.reinit_facesize = "create_min_facesize",
	.on_ha = "create_ha",
	.on_junk = "create_junk",
	.least_result = "min_conf",
	.second_image = "image2",
	.pids = "person_ids",
	.result_filter = "conf",
	.origin_filter = "origin_ids",
	.settings = {
		.min_facesize = "min_facesize",
		.create_min_facesize = "upload_create_min_facesize",
		.on_ha = "upload_create_ha",
		.on_junk = "upload_create_junk",
		.save_entries = "save_entries_for_confs",
		.storage_days = "entry_storage_days",
	},
};

const struct fc_platform_dialect *fc_platform_dialect_of(enum fc_platform_kind kind)
{
	return kind == FC_PLATFORM_SERP ? &fc_platform_serp : &fc_platform_neuroio;
}

/* ---- words ---- */

static const char *const result_numbers[FC_RESULT_END] = { "0", "1", "2", "3", "4",
							   "5", "6", "7", "8" };

/* SERP's words that differ from NeuroIO's; "" for a mood that SERP does not have. */
static const char *const serp_moods[FC_MOOD_END] = {
	[FC_MOOD_ANGER] = "angry",
	[FC_MOOD_CONTEMPT] = "",
	[FC_MOOD_HAPPINESS] = "happy",
	[FC_MOOD_SADNESS] = "sad",
};

const char *fc_platform_result_word(const struct fc_platform_dialect *dialect,
				    enum fc_result result)
{
	return dialect->numbered_results ? result_numbers[result] : fc_result_name(result);
}

const char *fc_platform_mood_word(const struct fc_platform_dialect *dialect, enum fc_mood mood)
{
	const char *word = dialect->kind == FC_PLATFORM_SERP ? serp_moods[mood] : NULL;
	if (!word) {
		return fc_mood_name(mood);
	}
	return *word != '\0' ? word : NULL;
}

bool fc_platform_parse_result(const char *text, enum fc_result *out)
{
	for (unsigned i = FC_RESULT_NM; i < FC_RESULT_END; i++) {
		if (strcmp(text, result_numbers[i]) == 0) {
			*out = (enum fc_result)i;
			return true;
		}
	}
	return fc_result_of_name(text, out);
}

bool fc_platform_parse_sex(const char *text, enum fc_sex *out)
{
	if (strcmp(text, "0") == 0 || strcmp(text, "1") == 0) {
		*out = text[0] == '0' ? FC_SEX_MALE : FC_SEX_FEMALE;
		return true;
	}
	return fc_sex_of_name(text, out);
}

bool fc_platform_parse_mood(const char *text, enum fc_mood *out)
{
	for (unsigned i = FC_MOOD_NEUTRAL; i < FC_MOOD_END; i++) {
		if (serp_moods[i] && *text != '\0' && strcmp(text, serp_moods[i]) == 0) {
			*out = (enum fc_mood)i;
			return true;
		}
	}
	return fc_mood_of_name(text, out);
}

void fc_platform_format_time(int64_t time, char out[FC_PLATFORM_TIME_SIZE])
{
	char text[FC_TIME_TEXT_SIZE];
	fc_time_format(time, text);
	size_t length = strcspn(text, time % 1000000 == 0 ? ".Z" : "Z");
	snprintf(out, FC_PLATFORM_TIME_SIZE, "%.*s+00:00", (int)length, text);
}
