/* Print the result of eval as text, TSV and CSV. */
/* SPDX-License-Identifier: MIT */
#include "commands/eval/evaluation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

enum { RATE_WIDTH = 26 };

/* width: of the column, 0 for the last one. */
static void append_rate(struct fc_buffer *out, const struct fc_rate *rate, int width)
{
	char text[64] = "   not measured";
	if (!isnan(rate->value)) {
		snprintf(text, sizeof(text), "%6.2f %%  (%.2f to %.2f)", 100 * rate->value,
			 100 * rate->low, 100 * rate->high);
	}
	fc_buffer_printf(out, "%-*s", width, text);
}

static void show_points(const struct fc_verification_metrics *metrics, struct fc_buffer *out)
{
	fc_buffer_append_text(
		out, "\n   FMR  threshold    FNMR  (95 % interval)         TAR  (95 % interval)\n");
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
		const struct fc_rate tar = fc_rate_rest(&point->fnmr);
		append_rate(out, &point->fnmr, RATE_WIDTH);
		fc_buffer_append_text(out, "  ");
		append_rate(out, &tar, 0);
		fc_buffer_append_text(out, "\n");
	}
}

static void show_identification(const struct fc_identification_metrics *metrics,
				struct fc_buffer *out)
{
	fc_buffer_printf(out,
			 "\ngallery        %zu person%s, %zu photo%s each\n"
			 "probes         %zu of them, %zu of others\n",
			 metrics->gallery, plural(metrics->gallery), metrics->enrolled,
			 plural(metrics->enrolled), metrics->mated, metrics->non_mated);
	if (metrics->mated > 0) {
		fc_buffer_append_text(out, "rank 1              ");
		append_rate(out, &metrics->rank1, 0);
		fc_buffer_append_text(out, "\n");
	}
	for (size_t i = 0; i < FC_IDENTIFICATION_POINTS; i++) {
		const struct fc_identification_point *point = &metrics->points[i];
		fc_buffer_printf(out, "FPIR %4g %%    ", 100 * point->target);
		if (point->measurable) {
			fc_buffer_append_text(out, "TPIR  ");
			append_rate(out, &point->tpir, 0);
			fc_buffer_printf(out, "  at %.4f\n", point->threshold);
		} else {
			fc_buffer_append_text(out, "not measurable with so few probes of others\n");
		}
	}
	if (metrics->given.measurable) {
		fc_buffer_append_text(out, "default        TPIR  ");
		append_rate(out, &metrics->given.tpir, 0);
		fc_buffer_printf(out, "  at %.4f, where FPIR is ", metrics->given.threshold);
		append_rate(out, &metrics->given.fpir, 0);
		fc_buffer_append_text(out, "\n");
	}
}

static void show_means(const struct evaluation *evaluation, struct fc_buffer *out)
{
	fc_buffer_printf(
		out,
		"\nmeans of photos of one person, compared with other persons, at the "
		"thresholds in use for FMR %g\n"
		"photos  persons  comparisons  factor  threshold     FMR  (95 %% interval)\n",
		FC_MEAN_RATE);
	for (size_t i = 0; i < FC_MEAN_SIZES; i++) {
		const struct fc_mean_metrics *mean = &evaluation->means[i];
		char factor[16] = "-";
		char threshold[16] = "-";
		if (!isnan(mean->factor)) {
			snprintf(factor, sizeof(factor), "%.3f", mean->factor);
		}
		if (!isnan(mean->threshold)) {
			snprintf(threshold, sizeof(threshold), "%.4f", mean->threshold);
		}
		fc_buffer_printf(out, "%6u  %7zu  %11zu  %6s  %9s  ", mean->templates,
				 mean->persons, mean->comparisons, factor, threshold);
		append_rate(out, &mean->fmr, 0);
		fc_buffer_append_text(out, "\n");
	}
}

/* Only for FMR 1e-2 and 1e-3: groups rarely have enough pairs for smaller rates. JSON has all. */
static void show_groups(const struct evaluation *evaluation, struct fc_buffer *out)
{
	const struct fc_operating_point *points = evaluation->verification.points;
	size_t width = strlen("group");
	for (size_t g = 0; g < evaluation->group_count; g++) {
		size_t length = strlen(evaluation->group_names[g]);
		width = length > width ? length : width;
	}
	for (size_t p = 0; p < 2 && evaluation->group_count > 0; p++) {
		if (!points[p].measurable) {
			continue;
		}
		fc_buffer_printf(out, "\ngroups at the threshold %.4f, where FMR is %g for all\n",
				 points[p].threshold, points[p].fmr);
		fc_buffer_printf(out, "%-*s  %-26s  %-26s  pairs of two, of one\n", (int)width,
				 "group", "   FMR  (95 % interval)", "  FNMR  (95 % interval)");
		for (size_t g = 0; g < evaluation->group_count; g++) {
			const struct fc_group_metrics *group = &evaluation->groups[g];
			fc_buffer_printf(out, "%-*s  ", (int)width, evaluation->group_names[g]);
			append_rate(out, &group->points[p].fmr, RATE_WIDTH);
			fc_buffer_append_text(out, "  ");
			append_rate(out, &group->points[p].fnmr, RATE_WIDTH);
			fc_buffer_printf(out, "  %zu, %zu\n", group->impostor_count,
					 group->genuine_count);
		}
	}
	if (evaluation->ungrouped > 0) {
		fc_buffer_printf(out, "%zu photo%s without a group\n", evaluation->ungrouped,
				 plural(evaluation->ungrouped));
	}
}

static void show_text(const struct evaluation *evaluation, struct fc_buffer *out)
{
	const struct fc_verification_metrics *metrics = &evaluation->verification;
	fc_buffer_printf(out,
			 "detector       %s\n"
			 "embedder       %s\n"
			 "photos         %zu of %zu person%s",
			 evaluation->detector, evaluation->embedder,
			 evaluation->photos - evaluation->strangers, evaluation->persons,
			 plural(evaluation->persons));
	if (evaluation->strangers > 0) {
		fc_buffer_printf(out, ", %zu of strangers", evaluation->strangers);
	}
	fc_buffer_printf(out, "; %zu without a face, %zu failed", evaluation->no_face,
			 evaluation->failed);
	if (evaluation->several > 0) {
		fc_buffer_printf(out, "; main face of %zu with several faces", evaluation->several);
	}
	fc_buffer_printf(out, "\npairs          %zu of one person, %zu of two\n",
			 metrics->genuine_count, metrics->impostor_count);
	if (metrics->genuine_count > 0) {
		fc_buffer_append_text(out, "accuracy            ");
		append_rate(out, &metrics->accuracy, 0);
		fc_buffer_printf(out, "  at %.4f\n", metrics->best_threshold);
	}
	show_points(metrics, out);
	if (evaluation->has_identification) {
		show_identification(&evaluation->identification, out);
		show_means(evaluation, out);
	}
	show_groups(evaluation, out);
}

void evaluation_show(const struct evaluation *evaluation, struct out *out)
{
	switch (out->format) {
	case FORMAT_TEXT:
		show_text(evaluation, &out->data);
		break;
	case FORMAT_JSON:
		evaluation_append_json(evaluation, true, &out->data);
		break;
	case FORMAT_NDJSON:
		evaluation_append_json(evaluation, false, &out->data);
		break;
	case FORMAT_TSV:
		evaluation_append_curve(evaluation, '\t', &out->data);
		break;
	}
}
