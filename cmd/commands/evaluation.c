/* Print the result of eval as text, JSON, TSV and CSV. */
/* SPDX-License-Identifier: MIT */
#include "commands/evaluation.h"

#include <math.h>
#include <stdio.h>

#include "base/json_writer.h"

enum { DECIMALS = 8 }; /* decimals of numbers in JSON */

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void append_rate(struct fc_buffer *out, const struct fc_rate *rate)
{
	fc_buffer_printf(out, "%6.2f %%  (%.2f to %.2f)", 100 * rate->value, 100 * rate->low,
			 100 * rate->high);
}

/* The complement 1 - rate: converts FNMR to TAR and TAR to FNMR. */
static struct fc_rate rest_of(const struct fc_rate *rate)
{
	return (struct fc_rate){ 1 - rate->value, 1 - rate->high, 1 - rate->low };
}

static void show_points(const struct fc_verification_metrics *metrics, struct fc_buffer *out)
{
	fc_buffer_append_text(
		out, "\n   FMR  threshold     FNMR  (95 % interval)       TAR  (95 % interval)\n");
	for (size_t i = 0; i < FC_METRICS_POINTS; i++) {
		const struct fc_operating_point *point = &metrics->points[i];
		fc_buffer_printf(out, "%6g  ", point->fmr);
		if (!point->measurable) {
			fc_buffer_printf(out,
					 "not measurable: only %zu pairs of different "
					 "persons\n",
					 metrics->impostor_count);
			continue;
		}
		fc_buffer_printf(out, "%9.4f  ", point->threshold);
		const struct fc_rate tar = rest_of(&point->fnmr);
		append_rate(out, &point->fnmr);
		fc_buffer_append_text(out, "  ");
		append_rate(out, &tar);
		fc_buffer_append_text(out, "\n");
	}
}

static void show_identification(const struct fc_identification_metrics *metrics,
				struct fc_buffer *out)
{
	fc_buffer_printf(out,
			 "\ngallery        %zu person%s, one photo each\n"
			 "probes         %zu of them, %zu of others\n",
			 metrics->gallery, plural(metrics->gallery), metrics->mated,
			 metrics->non_mated);
	if (metrics->mated > 0) {
		fc_buffer_append_text(out, "rank 1         ");
		append_rate(out, &metrics->rank1);
		fc_buffer_append_text(out, "\n");
	}
	for (size_t i = 0; i < FC_IDENTIFICATION_POINTS; i++) {
		const struct fc_identification_point *point = &metrics->points[i];
		fc_buffer_printf(out, "FPIR %4g %%    ", 100 * point->fpir);
		if (point->measurable) {
			fc_buffer_append_text(out, "FNIR ");
			append_rate(out, &point->fnir);
			fc_buffer_printf(out, " at %.4f\n", point->threshold);
		} else {
			fc_buffer_append_text(out, "not measurable with so few probes of others\n");
		}
	}
}

static void show_text(const struct evaluation *evaluation, struct fc_buffer *out)
{
	const struct fc_verification_metrics *metrics = &evaluation->verification;
	fc_buffer_printf(out,
			 "detector       %s\n"
			 "embedder       %s\n"
			 "photos         %zu of %zu person%s; %zu without a face, %zu failed\n"
			 "pairs          %zu of one person, %zu of two\n"
			 "accuracy       ",
			 evaluation->detector, evaluation->embedder, evaluation->photos,
			 evaluation->persons, plural(evaluation->persons), evaluation->no_face,
			 evaluation->failed, metrics->genuine_count, metrics->impostor_count);
	append_rate(out, &metrics->accuracy);
	fc_buffer_printf(out, " at %.4f\n", metrics->best_threshold);
	show_points(metrics, out);
	if (evaluation->has_identification) {
		show_identification(&evaluation->identification, out);
	}
}

/* "name": value, "name_low": ..., "name_high": ... */
static void json_rate(struct fc_json_writer *json, const char *name, const char *low,
		      const char *high, const struct fc_rate *rate)
{
	fc_json_put_real(json, name, rate->value, DECIMALS);
	fc_json_put_real(json, low, rate->low, DECIMALS);
	fc_json_put_real(json, high, rate->high, DECIMALS);
}

static void json_point(struct fc_json_writer *json, const struct fc_operating_point *point)
{
	fc_json_begin_object(json);
	fc_json_put_real(json, "fmr", point->fmr, DECIMALS);
	fc_json_put_bool(json, "measurable", point->measurable);
	if (point->measurable) {
		fc_json_put_real(json, "threshold", point->threshold, DECIMALS);
		const struct fc_rate tar = rest_of(&point->fnmr);
		json_rate(json, "tar", "tar_low", "tar_high", &tar);
		json_rate(json, "fnmr", "fnmr_low", "fnmr_high", &point->fnmr);
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
		if (point->measurable) {
			fc_json_real(json, accepted ? 1 - point->fnmr.value : point->fnmr.value,
				     DECIMALS);
		} else {
			fc_json_null(json);
		}
	}
	fc_json_end_object(json);
}

static void json_identification(struct fc_json_writer *json,
				const struct fc_identification_metrics *metrics)
{
	fc_json_put_object(json, "identification");
	fc_json_put_integer(json, "gallery", (int64_t)metrics->gallery);
	fc_json_put_integer(json, "mated_probes", (int64_t)metrics->mated);
	fc_json_put_integer(json, "non_mated_probes", (int64_t)metrics->non_mated);
	if (metrics->mated > 0) {
		json_rate(json, "rank1", "rank1_low", "rank1_high", &metrics->rank1);
	}
	fc_json_put_array(json, "points");
	for (size_t i = 0; i < FC_IDENTIFICATION_POINTS; i++) {
		const struct fc_identification_point *point = &metrics->points[i];
		fc_json_begin_object(json);
		fc_json_put_real(json, "fpir", point->fpir, DECIMALS);
		fc_json_put_bool(json, "measurable", point->measurable);
		if (point->measurable) {
			fc_json_put_real(json, "threshold", point->threshold, DECIMALS);
			json_rate(json, "fnir", "fnir_low", "fnir_high", &point->fnir);
		}
		fc_json_end_object(json);
	}
	fc_json_end_array(json);
	fc_json_end_object(json);
}

static void show_json(const struct evaluation *evaluation, bool pretty, struct fc_buffer *out)
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
	fc_json_put_integer(&json, "no_face", (int64_t)evaluation->no_face);
	fc_json_put_integer(&json, "failed", (int64_t)evaluation->failed);
	fc_json_put_integer(&json, "pairs",
			    (int64_t)(metrics->genuine_count + metrics->impostor_count));
	fc_json_put_integer(&json, "genuine_pairs", (int64_t)metrics->genuine_count);
	fc_json_put_integer(&json, "impostor_pairs", (int64_t)metrics->impostor_count);
	json_rate(&json, "accuracy", "accuracy_low", "accuracy_high", &metrics->accuracy);
	fc_json_put_real(&json, "threshold", metrics->best_threshold, DECIMALS);
	json_by_rate(&json, "tar", metrics, true);
	json_by_rate(&json, "fnmr", metrics, false);
	fc_json_put_array(&json, "points");
	for (size_t i = 0; i < FC_METRICS_POINTS; i++) {
		json_point(&json, &metrics->points[i]);
	}
	fc_json_end_array(&json);
	if (evaluation->has_identification) {
		json_identification(&json, &evaluation->identification);
	}
	fc_json_end_object(&json);
	fc_buffer_append_text(out, "\n");
}

void evaluation_append_curve(const struct evaluation *evaluation, char separator,
			     struct fc_buffer *out)
{
	fc_buffer_printf(out, "fmr%cfnmr%cthreshold\n", separator, separator);
	for (size_t i = 0; i < evaluation->tradeoff_count; i++) {
		const struct fc_tradeoff *point = &evaluation->tradeoff[i];
		fc_buffer_printf(out, "%g%c%.6f%c%.6f\n", point->fmr, separator, point->fnmr,
				 separator, point->threshold);
	}
}

void evaluation_show(const struct evaluation *evaluation, struct out *out)
{
	switch (out->format) {
	case FORMAT_TEXT:
		show_text(evaluation, &out->data);
		break;
	case FORMAT_JSON:
		show_json(evaluation, true, &out->data);
		break;
	case FORMAT_NDJSON:
		show_json(evaluation, false, &out->data);
		break;
	case FORMAT_TSV:
		evaluation_append_curve(evaluation, '\t', &out->data);
		break;
	}
}
