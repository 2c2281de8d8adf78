/* The result of eval, and its output. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_EVAL_EVALUATION_H
#define FC_CMD_COMMANDS_EVAL_EVALUATION_H

#include "output/out.h"
#include "service/measure/evaluate.h"

struct evaluation {
	const char *detector, *embedder;
	/* photos given, photos without a face, photos that could not be read */
	size_t photos, no_face, failed;
	size_t several; /* photos with several faces, of which the main one was used */
	size_t persons; /* without strangers */
	size_t strangers;
	struct fc_verification_metrics verification;
	bool has_identification; /* measured on all photos, not on a list of pairs */
	struct fc_identification_metrics identification;
	struct fc_mean_metrics means[FC_MEAN_SIZES]; /* only with identification */
	struct fc_tradeoff tradeoff[FC_TRADEOFF_POINTS];
	size_t tradeoff_count;
	bool has_in_use;
	struct fc_tradeoff
		in_use; /* at the default threshold of verify, if both kinds of pairs exist */
	/* Groups of photos; names are borrowed. */
	char *const *group_names;
	struct fc_group_metrics groups[FC_GROUPS_MAXIMUM];
	size_t group_count;
	size_t ungrouped; /* photos of known persons without a group, if there are groups */
};

/* Append the result in the format of `out`; in TSV, only the curve of both error rates. */
void evaluation_show(const struct evaluation *evaluation, struct out *out);

/* ---- curve.c ---- */

/*
 * Append the curve of both error rates as a table with the header fmr, fnmr, threshold. With groups a column `group` follows: it is empty in
 * the rows of all pairs, and the rows of the groups have their rates at the thresholds of FMR 1e-2 to 1e-6. A rate that was not
 * measured is empty.
 */
void evaluation_append_curve(const struct evaluation *evaluation, char separator,
			     struct fc_buffer *out);

/* A curve that was read: the points of all pairs that have an FNMR, and those of them that have an interval. */
struct evaluation_curve {
	struct fc_tradeoff points[FC_TRADEOFF_POINTS];
	size_t count;
	struct fc_operating_point intervals[FC_TRADEOFF_POINTS];
	size_t interval_count;
};

/* Read such a table. Errors: FC_INVALID_ARGUMENT (not such a table, or without points), those of fc_file_read. */
enum fc_status evaluation_read_curve(const char *path, char separator, struct evaluation_curve *out,
				     struct fc_error *err);

/* ---- evaluation_json.c ---- */

void evaluation_append_json(const struct evaluation *evaluation, bool pretty,
			    struct fc_buffer *out);

#endif
