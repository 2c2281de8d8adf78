/* Store the thresholds that eval measured. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "commands/eval/eval.h"

/* The command that measured a calibration, for users. */
static enum fc_status describe_source(const struct eval_args *args,
				      const struct evaluation *evaluation, char **out,
				      struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	fc_buffer_append_text(&text, "facectl eval");
	if (args->from) {
		fc_buffer_printf(&text, " --from %s", fc_path_name(args->from));
	}
	if (args->manifest) {
		fc_buffer_printf(&text, " --manifest %s", fc_path_name(args->manifest));
	}
	for (size_t i = 0; i < args->impostors.count; i++) {
		fc_buffer_printf(&text, " --impostors %s", fc_path_name(args->impostors.items[i]));
	}
	fc_buffer_printf(&text, " --detector %s --embedder %s --calibrate", evaluation->detector,
			 evaluation->embedder);
	*out = fc_buffer_text(&text) ? strdup(fc_buffer_text(&text)) : NULL;
	return *out ? FC_OK : fc_fail_memory(err);
}

/* Store the thresholds in the model's descriptor, or in a copy in the user's folder if the descriptor is read-only. */
static enum fc_status write_descriptor(struct command_context *ctx,
				       const struct fc_calibration_set *set, struct fc_error *err)
{
	const struct fc_model *embedder = fc_service_model(ctx->service, FC_ROLE_EMBEDDER);
	FC_CLEANUP(fc_free) char *name = NULL;
	FC_CLEANUP(fc_free) char *path = NULL;
	if (access(embedder->descriptor_path, W_OK) == 0) {
		path = strdup(embedder->descriptor_path);
	} else if (asprintf(&name, "models/%s.json", embedder->name) >= 0) {
		FC_TRY(settings_home_path("XDG_DATA_HOME", ".local/share", name, &path, err));
	} else {
		name = NULL;
	}
	if (!path) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_model_write_calibration(embedder, set, path, err));
	out_note(ctx->out, "thresholds stored in '%s', as the set '%s'", path, set->name);
	if (!fc_calibration_set_is_used(set)) {
		out_note(ctx->out, "they are not used: only sets of natural photos of adults are");
	}
	return FC_OK;
}

/* --set, or the name of the folder or list that the photos come from. */
static enum fc_status name_set(const struct eval_args *args, char **out, struct fc_error *err)
{
	const char *place = args->from       ? args->from
			    : args->manifest ? args->manifest
					     : args->impostors.items[0];
	size_t length = strlen(place);
	while (length > 0 && place[length - 1] == '/') {
		length--;
	}
	FC_CLEANUP(fc_free) char *path = strndup(place, length);
	*out = path ? strdup(args->set ? args->set : fc_path_name(path)) : NULL;
	if (!*out) {
		return fc_fail_memory(err);
	}
	if (!fc_text_is_label(*out, FC_CALIBRATION_NAME_MAXIMUM)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the set of thresholds cannot have the name '%s'; give one with "
			       "--set",
			       *out);
	}
	return FC_OK;
}

static enum fc_status store(struct command_context *ctx, const struct eval_args *args,
			    struct fc_calibration_set *set, struct fc_error *err)
{
	if (!args->space) {
		FC_TRY(name_set(args, &set->name, err));
		return write_descriptor(ctx, set, err);
	}
	FC_TRY(fc_service_space_calibrate(ctx->service, args->space, &set->calibration, err));
	out_note(ctx->out, "thresholds stored for space '%s'", args->space);
	return FC_OK;
}

/* Set the factors that were measured, and say which ones were not. */
static void note_means(struct out *out, const struct evaluation *evaluation,
		       struct fc_mean_factors *factors)
{
	if (!evaluation->has_identification) {
		out_note(out, "without several photos of a person, thresholds for several photos "
			      "cannot be measured; those for one are used");
		return;
	}
	*factors = fc_mean_factors_measured(evaluation->means);
	for (size_t i = factors->count + 1; i < FC_MEAN_SIZES; i++) {
		const struct fc_mean_metrics *mean = &evaluation->means[i];
		out_note(
			out,
			"%zu persons have %u photos, but %d are needed to measure thresholds for so "
			"many photos; those for %u are used",
			mean->persons, mean->templates, FC_MEAN_PERSONS,
			factors->count > 0 ? factors->items[factors->count - 1].templates : 1);
	}
}

enum fc_status eval_write_calibration(struct command_context *ctx, const struct eval_args *args,
				      const struct fc_comparisons *comparisons,
				      const struct evaluation *evaluation, struct fc_error *err)
{
	struct fc_calibration_point points[FC_TRADEOFF_POINTS];
	struct fc_calibration_set set = { .natural = !args->cropped, .adults = !args->children };
	FC_TRY(fc_metrics_calibration(comparisons, evaluation->tradeoff, evaluation->tradeoff_count,
				      points, &set.calibration, err));
	note_means(ctx->out, evaluation, &set.calibration.factors);
	enum fc_status status = describe_source(args, evaluation, &set.calibration.source, err);
	if (status == FC_OK) {
		status = store(ctx, args, &set, err);
	}
	free(set.name);
	free(set.calibration.source);
	return status;
}
