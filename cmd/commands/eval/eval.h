/* Arguments of eval, and storing the thresholds that it measured. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_EVAL_EVAL_H
#define FC_CMD_COMMANDS_EVAL_EVAL_H

#include "command.h"
#include "commands/eval/evaluation.h"
#include "photos/labelled_photos.h"

struct eval_args {
	const char *pairs, *root, *from, *manifest;
	struct option_texts impostors;
	struct option_number enrol;
	const char *plot, *curve, *overlay, *face;
	struct evaluation_curve overlaid; /* of --overlay */
	struct fc_face_choice
		choice; /* with --face, and for photos of a manifest without a face of their own */
	bool calibrate;
	const char *space, *set;
	bool cropped, children;
	struct labelled_photos photos;
};

/*
 * --calibrate: store the thresholds for --space, or as a set in the embedder's descriptor. The comparisons are sorted. Errors:
 * FC_INVALID_ARGUMENT (too few pairs), those of writing.
 */
enum fc_status eval_write_calibration(struct command_context *ctx, const struct eval_args *args,
				      const struct fc_comparisons *comparisons,
				      const struct evaluation *evaluation, struct fc_error *err);

#endif
