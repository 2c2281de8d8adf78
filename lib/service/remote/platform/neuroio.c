/* NeuroIO's words. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/platform/dialect.h"

static const char *const moods[] = {
	[FC_MOOD_NEUTRAL] = "neutral",   [FC_MOOD_ANGER] = "anger",
	[FC_MOOD_CONTEMPT] = "contempt", [FC_MOOD_DISGUST] = "disgust",
	[FC_MOOD_FEAR] = "fear",         [FC_MOOD_HAPPINESS] = "happiness",
	[FC_MOOD_SADNESS] = "sadness",   [FC_MOOD_SURPRISE] = "surprise",
};

const struct fc_platform_dialect fc_platform_neuroio = {
	.name = "neuroio",
	.persons = "persons",
	.reinit_before_id = true,
	.origins = "sources",
	.origin_field = "source",
	.origin_by_name = true,
	.create_facesize = "facesize",
	.reinit_facesize = "facesize",
	.on_ha = "create_on_ha",
	.on_junk = "create_on_junk",
	.least_result = "result",
	/* no nf */
	.results = 1u << FC_RESULT_NM | 1u << FC_RESULT_NEW | 1u << FC_RESULT_EXACT |
		   1u << FC_RESULT_JUNK | 1u << FC_RESULT_HA | 1u << FC_RESULT_DET |
		   1u << FC_RESULT_REINIT,
	.moods = moods,
	.pids = "pid",
	.result_filter = "result",
	.origin_filter = "sources_ids",
	.liveness = "liveness",
	.sexes_listed = true,
	.person_stats = true,
	.settings = {
		.min_facesize = "identify_facesize_threshold",
		.create_min_facesize = "manual_create_facesize_threshold",
		.on_ha = "manual_create_on_ha",
		.on_junk = "manual_create_on_junk",
	},
};
