/* SERP's words. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/platform/dialect.h"

/* no contempt */
static const char *const moods[] = {
	[FC_MOOD_NEUTRAL] = "neutral", [FC_MOOD_ANGER] = "angry",
	[FC_MOOD_CONTEMPT] = NULL,     [FC_MOOD_DISGUST] = "disgust",
	[FC_MOOD_FEAR] = "fear",       [FC_MOOD_HAPPINESS] = "happy",
	[FC_MOOD_SADNESS] = "sad",     [FC_MOOD_SURPRISE] = "surprise",
};

const struct fc_platform_dialect fc_platform_serp = {
	.name = "serp",
	.persons = "profiles",
	.origins = "origins",
	.origin_field = "origin_id",
	.create_facesize = "create_min_facesize",
	.reinit_facesize = "create_min_facesize",
	.on_ha = "create_ha",
	.on_junk = "create_junk",
	.least_result = "min_conf",
	.second_image = "image2",
	.numbered_results = true,
	.results = 1u << FC_RESULT_NM | 1u << FC_RESULT_NEW | 1u << FC_RESULT_EXACT |
		   1u << FC_RESULT_JUNK | 1u << FC_RESULT_HA | 1u << FC_RESULT_DET |
		   1u << FC_RESULT_REINIT | 1u << FC_RESULT_NF,
	.moods = moods,
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
