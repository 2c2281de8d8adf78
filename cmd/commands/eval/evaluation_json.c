/* The result of eval as JSON. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>

#include "base/json_writer.h"
#include "commands/eval/evaluation.h"

enum { DECIMALS = 8 };

/* "name": value, "name_low": ..., "name_high": ...; nothing for an unknown rate */
static void json_rate(struct fc_json_writer *json, const char *name, const struct fc_rate *rate)
{
	char key[32];
	if (isnan(rate->value)) {
		return;
	}
	fc_json_put_real(json, name, rate->value, DECIMALS);
	snprintf(key, sizeof(key), "%s_low", name);
	fc_json_put_real(json, key, rate->low, DECIMALS);
	snprintf(key, sizeof(key), "%s_high", name);
	fc_json_put_real(json, key, rate->high, DECIMALS);
}

static void json_point(struct fc_json_writer *json, const struct fc_operating_point *point)
{
	fc_json_begin_object(json);
	fc_json_put_real(json, "fmr", point->fmr, DECIMALS);
	fc_json_put_bool(json, "measurable", point->measurable);
	if (point->measurable) {
		fc_json_put_real(json, "threshold", point->threshold, DECIMALS);
		const struct fc_rate tar = fc_rate_rest(&point->fnmr);
		json_rate(json, "tar", &tar);
		json_rate(json, "fnmr", &point->fnmr);
	} else {
		fc_json_put_text(json, "why", "not enough pairs");
	}
	fc_json_end_object(json);
}

/* "tar": { "1e-2": ..., ... }: null if not measurable. */
static void json_by_rate(struct fc_json_writer *json, const char *name,
			 const struct fc_verification_metrics *metrics, bool accepted)
{
	fc_json_put_object(json, name);
	for (size_t i = 0; i < FC_METRICS_POINTS; i++) {
		const struct fc_operating_point *point = &metrics->points[i];
		char rate[16];
		snprintf(rate, sizeof(rate), "1e%.0f", log10(point->fmr));
		fc_json_key(json, rate);
		if (point->measurable && !isnan(point->fnmr.value)) {
			fc_json_real(json, accepted ? 1 - point->fnmr.value : point->fnmr.value,
				     DECIMALS);
		} else {
			fc_json_null(json);
		}
	}
	fc_json_end_object(json);
}

/* fpir is the target of a point, or the rate measured at a given threshold. */
static void json_search_point(struct fc_json_writer *json,
			      const struct fc_identification_point *point)
{
	bool is_given = isnan(point->target);
	const struct fc_rate fnir = fc_rate_rest(&point->tpir);
	if (!is_given) {
		fc_json_put_real(json, "fpir", point->target, DECIMALS);
	}
	fc_json_put_bool(json, "measurable", point->measurable);
	if (point->measurable) {
		fc_json_put_real(json, "threshold", point->threshold, DECIMALS);
		json_rate(json, is_given ? "fpir" : "measured_fpir", &point->fpir);
		json_rate(json, "tpir", &point->tpir);
		json_rate(json, "fnir", &fnir);
	}
}

static void json_identification(struct fc_json_writer *json,
				const struct fc_identification_metrics *metrics)
{
	fc_json_put_object(json, "identification");
	fc_json_put_integer(json, "gallery", (int64_t)metrics->gallery);
	fc_json_put_integer(json, "enrolled_photos", (int64_t)metrics->enrolled);
	fc_json_put_integer(json, "mated_probes", (int64_t)metrics->mated);
	fc_json_put_integer(json, "non_mated_probes", (int64_t)metrics->non_mated);
	json_rate(json, "rank1", &metrics->rank1);
	fc_json_put_array(json, "points");
	for (size_t i = 0; i < FC_IDENTIFICATION_POINTS; i++) {
		fc_json_begin_object(json);
		json_search_point(json, &metrics->points[i]);
		fc_json_end_object(json);
	}
	fc_json_end_array(json);
	if (!isnan(metrics->given.threshold)) {
		fc_json_put_object(json, "default_threshold");
		json_search_point(json, &metrics->given);
		fc_json_end_object(json);
	}
	fc_json_end_object(json);
}

static void json_means(struct fc_json_writer *json, const struct evaluation *evaluation)
{
	fc_json_put_array(json, "means");
	for (size_t i = 0; i < FC_MEAN_SIZES; i++) {
		const struct fc_mean_metrics *mean = &evaluation->means[i];
		fc_json_begin_object(json);
		fc_json_put_integer(json, "photos", mean->templates);
		fc_json_put_integer(json, "persons", (int64_t)mean->persons);
		fc_json_put_integer(json, "comparisons", (int64_t)mean->comparisons);
		if (!isnan(mean->factor)) {
			fc_json_put_real(json, "factor", mean->factor, DECIMALS);
		}
		if (!isnan(mean->threshold)) {
			fc_json_put_real(json, "threshold", mean->threshold, DECIMALS);
		}
		json_rate(json, "fmr", &mean->fmr);
		fc_json_end_object(json);
	}
	fc_json_end_array(json);
}

static void json_group(struct fc_json_writer *json, const struct evaluation *evaluation,
		       size_t index)
{
	const struct fc_group_metrics *group = &evaluation->groups[index];
	fc_json_begin_object(json);
	fc_json_put_text(json, "group", evaluation->group_names[index]);
	fc_json_put_integer(json, "genuine_pairs", (int64_t)group->genuine_count);
	fc_json_put_integer(json, "impostor_pairs", (int64_t)group->impostor_count);
	fc_json_put_array(json, "points");
	for (size_t i = 0; i < FC_METRICS_POINTS; i++) {
		const struct fc_operating_point *point = &evaluation->verification.points[i];
		if (!point->measurable) {
			continue;
		}
		fc_json_begin_object(json);
		fc_json_put_real(json, "overall_fmr", point->fmr, DECIMALS);
		fc_json_put_real(json, "threshold", point->threshold, DECIMALS);
		json_rate(json, "fmr", &group->points[i].fmr);
		json_rate(json, "fnmr", &group->points[i].fnmr);
		fc_json_end_object(json);
	}
	fc_json_end_array(json);
	fc_json_end_object(json);
}

void evaluation_append_json(const struct evaluation *evaluation, bool pretty, struct fc_buffer *out)
{
	const struct fc_verification_metrics *metrics = &evaluation->verification;
	struct fc_json_writer json = fc_json_writer_of(out, pretty);
	fc_json_begin_object(&json);
	fc_json_put_text(&json, "type", "evaluation");
	fc_json_put_integer(&json, "schema", 1);
	fc_json_put_text(&json, "detector", evaluation->detector);
	fc_json_put_text(&json, "embedder", evaluation->embedder);
	fc_json_put_integer(&json, "photos", (int64_t)evaluation->photos);
	fc_json_put_integer(&json, "persons", (int64_t)evaluation->persons);
	fc_json_put_integer(&json, "strangers", (int64_t)evaluation->strangers);
	fc_json_put_integer(&json, "no_face", (int64_t)evaluation->no_face);
	fc_json_put_integer(&json, "several_faces", (int64_t)evaluation->several);
	fc_json_put_integer(&json, "failed", (int64_t)evaluation->failed);
	fc_json_put_integer(&json, "pairs",
			    (int64_t)(metrics->genuine_count + metrics->impostor_count));
	fc_json_put_integer(&json, "genuine_pairs", (int64_t)metrics->genuine_count);
	fc_json_put_integer(&json, "impostor_pairs", (int64_t)metrics->impostor_count);
	json_rate(&json, "accuracy", &metrics->accuracy);
	if (!isnan(metrics->best_threshold)) {
		fc_json_put_real(&json, "threshold", metrics->best_threshold, DECIMALS);
	}
	json_by_rate(&json, "tar", metrics, true);
	json_by_rate(&json, "fnmr", metrics, false);
	fc_json_put_array(&json, "points");
	for (size_t i = 0; i < FC_METRICS_POINTS; i++) {
		json_point(&json, &metrics->points[i]);
	}
	fc_json_end_array(&json);
	if (evaluation->has_identification) {
		json_identification(&json, &evaluation->identification);
		json_means(&json, evaluation);
	}
	if (evaluation->group_count > 0) {
		fc_json_put_integer(&json, "ungrouped", (int64_t)evaluation->ungrouped);
		fc_json_put_array(&json, "groups");
		for (size_t i = 0; i < evaluation->group_count; i++) {
			json_group(&json, evaluation, i);
		}
		fc_json_end_array(&json);
	}
	fc_json_end_object(&json);
	fc_buffer_append_text(out, "\n");
}
