/* eval: measure the models on photos whose persons are known. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "command.h"
#include "commands/eval/collector.h"
#include "commands/eval/eval.h"
#include "exit.h"
#include "photos/photo_options.h"
#include "photos/progress.h"
#include "service/match/threshold.h"
#include "service/measure/evaluate.h"
#include "service/measure/plot.h"
#include "vision/faces/choice.h"

static const struct option_row eval_options[] = {
	{ OPTION_PATH, 0, "from", "DIR", offsetof(struct eval_args, from),
	  "folder that has a folder of photos for each person; compares all photos with each other" },
	{ OPTION_PATH, 0, "manifest", "FILE", offsetof(struct eval_args, manifest),
	  "list of photos with columns path, a person and, to measure groups separately, group" },
	{ OPTION_PATH, 0, "pairs", "FILE", offsetof(struct eval_args, pairs),
	  "compare the pairs of a list: PATH, PATH and 1 or 0, separated by tabs" },
	{ OPTION_PATH, 0, "root", "DIR", offsetof(struct eval_args, root),
	  "folder that relative paths of the list start from; default: the list's folder" },
	{ OPTION_TEXTS, 0, "impostors", "DIR", offsetof(struct eval_args, impostors),
	  "folder of photos that each show another person; may be repeated" },
	{ OPTION_NUMBER, 0, "enrol", "N", offsetof(struct eval_args, enrol),
	  "number of photos of each person that are enrolled for searches; default: 1",
	  .minimum = 1, .maximum = 1000 },
	{ OPTION_PATH, 0, "plot", "FILE", offsetof(struct eval_args, plot),
	  "write the curve of both error rates as an SVG picture" },
	{ OPTION_PATH, 0, "curve", "FILE", offsetof(struct eval_args, curve),
	  "write the curve of both error rates as a table; FILE must end in .csv or .tsv" },
	{ OPTION_PATH, 0, "overlay", "FILE", offsetof(struct eval_args, overlay),
	  "with --plot: also draw the curve of this table, which --curve wrote in another evaluation" },
	OPTION_ROW_FACE(eval_args, face),
	{ OPTION_FLAG, 0, "calibrate", NULL, offsetof(struct eval_args, calibrate),
	  "store the thresholds in the embedder's descriptor, or for --space" },
	{ OPTION_TEXT, 's', "space", "SPACE", offsetof(struct eval_args, space),
	  "with --calibrate, store the thresholds for this space" },
	{ OPTION_TEXT, 0, "set", "NAME", offsetof(struct eval_args, set),
	  "with --calibrate, name of the set of thresholds; default: the name of the folder or list" },
	{ OPTION_FLAG, 0, "cropped", NULL, offsetof(struct eval_args, cropped),
	  "with --calibrate: the photos are closely cropped faces, so do not use the thresholds" },
	{ OPTION_FLAG, 0, "children", NULL, offsetof(struct eval_args, children),
	  "with --calibrate: the photos show children, so do not use the thresholds" },
	{ OPTION_END },
};

/* The character between columns, by the suffix of the file. */
static char separator_of(const char *path)
{
	const char *suffix = strrchr(path, '.');
	if (suffix && strcmp(suffix, ".tsv") == 0) {
		return '\t';
	}
	return suffix && strcmp(suffix, ".csv") == 0 ? ',' : '\0';
}

/* --manifest or --pairs. Relative paths start from --root or from the folder of the list. */
static enum fc_status read_list(struct eval_args *args, struct fc_error *err)
{
	const char *file = args->manifest ? args->manifest : args->pairs;
	const char *name = fc_path_name(file);
	FC_CLEANUP(fc_free) char *own = strndup(file, (size_t)(name - file));
	if (!own) {
		return fc_fail_memory(err);
	}
	const char *root = args->root ? args->root : own[0] ? own : args->manifest ? NULL : ".";
	return args->manifest ? labelled_photos_from_manifest(file, root, &args->photos, err)
			      : labelled_photos_from_pairs(file, root, &args->photos, err);
}

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct eval_args *args = parsed;
	int places = (args->from != NULL) + (args->manifest != NULL) + (args->pairs != NULL);
	if (places > 1 || (places == 0 && args->impostors.count == 0)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "give one of --from DIR, --manifest FILE and --pairs FILE, or only "
			       "--impostors DIR");
	}
	if (args->space && !args->calibrate) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "--space needs --calibrate");
	}
	if ((args->set || args->cropped || args->children) && (!args->calibrate || args->space)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--set, --cropped and --children need --calibrate without --space");
	}
	if (args->set && !fc_text_is_label(args->set, FC_CALIBRATION_NAME_MAXIMUM)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the name of --set must have 1 to %d bytes of UTF-8 without control "
			       "characters",
			       FC_CALIBRATION_NAME_MAXIMUM);
	}
	if (args->calibrate && args->pairs) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"--calibrate cannot be used with --pairs: a list has too few pairs of different persons");
	}
	if (args->enrol.given && !args->from && !args->manifest) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"--enrol needs --from or --manifest: a list of pairs has no searches");
	}
	if (args->root && !args->pairs && !args->manifest) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "--root needs --pairs or --manifest");
	}
	if (args->curve && separator_of(args->curve) == '\0') {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the file of --curve must end in .csv or .tsv: '%s'", args->curve);
	}
	FC_TRY(args->face ? fc_face_choice_parse(args->face, &args->choice, err) : FC_OK);
	const char *suffix = args->plot ? strrchr(fc_path_name(args->plot), '.') : NULL;
	if (args->plot && (!suffix || strcmp(suffix, ".svg") != 0)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the file of --plot must end in .svg: '%s'", args->plot);
	}
	if (args->overlay && !args->plot) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "--overlay needs --plot");
	}
	if (args->overlay && separator_of(args->overlay) == '\0') {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the file of --overlay must end in .csv or .tsv: '%s'",
			       args->overlay);
	}
	if (args->overlay) {
		FC_TRY(evaluation_read_curve(args->overlay, separator_of(args->overlay),
					     &args->overlaid, err));
	}
	if (args->from) {
		FC_TRY(labelled_photos_from_folder(args->from, &args->photos, err));
	} else if (places > 0) {
		FC_TRY(read_list(args, err));
	}
	for (size_t i = 0; i < args->impostors.count; i++) {
		FC_TRY(labelled_photos_add_strangers(&args->photos, args->impostors.items[i], err));
	}
	ctx->photos = args->photos.count;
	return FC_OK;
}

static void release(void *parsed)
{
	struct eval_args *args = parsed;
	labelled_photos_release(&args->photos);
}

/* The pairs of the list whose photos both have a template. */
static enum fc_status compare_listed(const struct eval_collector *collector,
				     struct fc_comparisons *out, struct fc_error *err)
{
	const struct labelled_photos *photos = collector->photos;
	FC_CLEANUP(fc_free)
	struct fc_labelled_pair *pairs = calloc(photos->pair_count + 1, sizeof(*pairs));
	size_t count = 0;
	if (!pairs) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < photos->pair_count; i++) {
		size_t first = photos->items[photos->pairs[i].first].index;
		size_t second = photos->items[photos->pairs[i].second].index;
		if (first != NO_TEMPLATE && second != NO_TEMPLATE) {
			pairs[count++] =
				(struct fc_labelled_pair){ first, second, photos->pairs[i].same };
		}
	}
	return fc_compare_pairs(&collector->labelled, pairs, count, collector->known, out, err);
}

/*
 * The threshold of a choice among persons with this many photos, from the calibration of the embedder; NaN without one.
 */
static double default_threshold(const struct command_context *ctx,
				const struct fc_threshold_choice *choice, size_t persons,
				size_t photos)
{
	const struct fc_model *embedder = fc_service_model(ctx->service, FC_ROLE_EMBEDDER);
	const struct fc_threshold_choice none = { 0 };
	struct fc_threshold threshold;
	enum fc_status status =
		fc_threshold_choose(&none, choice, embedder, NULL, persons, &threshold, NULL);
	return status == FC_OK ? fc_threshold_for(&threshold, (uint32_t)photos) : NAN;
}

/* Enrol some photos of each person and search with the others. */
static enum fc_status measure_searches(const struct command_context *ctx,
				       const struct eval_args *args,
				       const struct eval_collector *collector,
				       struct evaluation *evaluation, struct fc_error *err)
{
	struct fc_identification_metrics *metrics = &evaluation->identification;
	FC_CLEANUP(fc_free) struct fc_identification *searches = NULL;
	size_t count = 0;
	metrics->enrolled = args->enrol.given ? args->enrol.value : 1;
	FC_TRY(fc_search_all(&collector->labelled, metrics->enrolled, &searches, &count,
			     &metrics->gallery, err));
	if (args->enrol.given && metrics->gallery == 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "no person has more than %zu photos with a face; give a smaller "
			       "number with --enrol",
			       metrics->enrolled);
	}
	evaluation->has_identification = true;
	FC_TRY(fc_metrics_means(&collector->labelled,
				&fc_service_model(ctx->service, FC_ROLE_EMBEDDER)->calibration,
				evaluation->means, err));
	return fc_metrics_identification(searches, count, collector->labelled.person_count,
					 default_threshold(ctx, &fc_threshold_of_search,
							   metrics->gallery, metrics->enrolled),
					 metrics, err);
}

/* Both error rates at the default threshold of verify. The pairs are sorted. */
static void measure_in_use(const struct command_context *ctx,
			   const struct fc_comparisons *comparisons, struct evaluation *evaluation)
{
	double threshold = default_threshold(ctx, &fc_threshold_of_verify, 1, 1);
	if (isnan(threshold) || comparisons->genuine_count == 0 ||
	    comparisons->impostor_count == 0) {
		return;
	}
	evaluation->has_in_use = true;
	evaluation->in_use = (struct fc_tradeoff){
		.fmr = fc_metrics_accepted(comparisons->impostor, comparisons->impostor_count,
					   threshold),
		.fnmr = 1 - fc_metrics_accepted(comparisons->genuine, comparisons->genuine_count,
						threshold),
		.threshold = threshold,
	};
}

static enum fc_status measure(const struct command_context *ctx, const struct eval_args *args,
			      const struct eval_collector *collector,
			      struct fc_comparisons *comparisons, struct evaluation *evaluation,
			      struct fc_error *err)
{
	if (args->pairs) {
		FC_TRY(compare_listed(collector, comparisons, err));
	} else {
		FC_TRY(fc_compare_all(&collector->labelled, comparisons, err));
	}
	if (args->from || args->manifest) {
		FC_TRY(measure_searches(ctx, args, collector, evaluation, err));
	}
	FC_TRY(fc_metrics_verification(comparisons, &evaluation->verification, err));
	measure_in_use(ctx, comparisons, evaluation);
	evaluation->tradeoff_count = fc_metrics_tradeoff(comparisons, evaluation->tradeoff);
	return fc_metrics_groups(comparisons, &evaluation->verification, evaluation->group_count,
				 evaluation->groups, err);
}

static enum fc_status write_files(const struct eval_args *args, const struct evaluation *evaluation,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	if (args->plot) {
		const struct fc_plot_curve curves[] = {
			{
				.name = evaluation->embedder,
				.points = evaluation->tradeoff,
				.count = evaluation->tradeoff_count,
				.intervals = evaluation->verification.points,
				.interval_count = FC_METRICS_POINTS,
				.genuine_count = evaluation->verification.genuine_count,
				.impostor_count = evaluation->verification.impostor_count,
				.has_mark = evaluation->has_in_use,
				.mark = evaluation->in_use,
			},
			{
				.name = args->overlay ? fc_path_name(args->overlay) : NULL,
				.points = args->overlaid.points,
				.count = args->overlaid.count,
				.intervals = args->overlaid.intervals,
				.interval_count = args->overlaid.interval_count,
			},
		};
		fc_plot_tradeoff(curves, args->overlay ? 2 : 1, &bytes);
		FC_TRY(fc_file_replace(args->plot, bytes.data, bytes.length, 0600, err));
	}
	fc_buffer_clear(&bytes);
	if (args->curve) {
		evaluation_append_curve(evaluation, separator_of(args->curve), &bytes);
		FC_TRY(fc_file_replace(args->curve, bytes.data, bytes.length, 0600, err));
	}
	return FC_OK;
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct eval_args *args = parsed;
	FC_TRY(fc_service_need(ctx->service, FC_VERB_EVAL, err));
	struct evaluation evaluation = {
		.detector = fc_service_model(ctx->service, FC_ROLE_DETECTOR)->name,
		.embedder = fc_service_model(ctx->service, FC_ROLE_EMBEDDER)->name,
		.photos = args->photos.count,
		.persons = args->photos.person_count,
		.strangers = args->photos.strangers,
		.group_names = args->photos.groups,
		.group_count = args->photos.group_count,
	};
	FC_CLEANUP(eval_collector_release)
	struct eval_collector collector = {
		.out = ctx->out,
		.progress = progress_begin(ctx->settings),
		.photos = &args->photos,
		.choice = args->face ? &args->choice : NULL,
		.evaluation = &evaluation,
	};
	struct fc_detect_request request = {
		.photos = labelled_photos_source(&args->photos),
		.sink = { eval_collect, &collector },
		.want_templates = true,
	};
	struct fc_tally tally;
	if (args->space) {
		/* Check early: the run may take long. */
		const struct fc_bands_change nothing = { 0 };
		struct fc_space_bands bands;
		FC_TRY(fc_service_space_bands(ctx->service, args->space, &nothing, &bands, err));
	}
	if (args->photos.unassigned > 0) {
		out_note(ctx->out,
			 "photos left out, because they are in no person's folder: %zu in '%s'",
			 args->photos.unassigned, args->from);
	}
	for (size_t i = 0; i < args->photos.count - args->photos.strangers; i++) {
		evaluation.ungrouped +=
			args->photos.group_count > 0 && args->photos.items[i].group == FC_NO_GROUP;
	}
	enum fc_status status = fc_service_detect(ctx->service, &request, &tally, err);
	progress_hide(&collector.progress);
	FC_TRY(status);
	if (tally.photos < args->photos.count) {
		return fc_fail(err, FC_BUSY, "interrupted after %llu of %zu photos",
			       (unsigned long long)tally.photos, args->photos.count);
	}
	if (tally.photos > 0 && evaluation.failed == tally.photos) {
		return fc_fail(err, collector.first_failure,
			       "none of the photos could be analysed");
	}
	FC_CLEANUP(fc_comparisons_release) struct fc_comparisons comparisons = { 0 };
	status = measure(ctx, args, &collector, &comparisons, &evaluation, err);
	if (status == FC_INVALID_ARGUMENT && evaluation.failed > 0) {
		return fc_fail(err, collector.first_failure,
			       "too few photos could be analysed: %zu of %llu failed",
			       evaluation.failed, (unsigned long long)tally.photos);
	}
	FC_TRY(status);
	evaluation_show(&evaluation, ctx->out);
	FC_TRY(write_files(args, &evaluation, err));
	if (args->calibrate) {
		FC_TRY(eval_write_calibration(ctx, args, &comparisons, &evaluation, err));
	}
	FC_TRY(out_flush(ctx->out, err));
	return evaluation.failed == 0 ? FC_OK : exit_shown(FC_PARTIAL, err);
}

const struct command eval_command = {
	.name = "eval",
	.summary = "measure the models on labelled photos",
	.synopsis = "[OPTION...] --from DIR | --manifest FILE | --pairs FILE | --impostors DIR",
	.help = "Uses the main face of each photo: a large one near the centre. Error rates are shown with 95 % confidence intervals; a rate that needs more photos is reported as not measurable.",
	.options = eval_options,
	.args_size = sizeof(struct eval_args),
	.needs = COMMAND_SERVICE | COMMAND_VISION,
	.prepare = prepare,
	.run = run,
	.release = release,
};
