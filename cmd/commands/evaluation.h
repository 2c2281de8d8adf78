/* The result of eval, and its output. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_EVALUATION_H
#define FC_CMD_COMMANDS_EVALUATION_H

#include "output/out.h"
#include "service/measure/metrics.h"

struct evaluation {
	const char *detector, *embedder;
	/* photos given, photos without a face, photos that could not be read */
	size_t photos, no_face, failed;
	size_t persons;
	struct fc_verification_metrics verification;
	bool has_identification; /* measured on a folder, not on a list of pairs */
	struct fc_identification_metrics identification;
	struct fc_tradeoff tradeoff[FC_TRADEOFF_POINTS];
	size_t tradeoff_count;
};

/* Append the result in the format of `out`; in TSV, only the curve of both error rates. */
void evaluation_show(const struct evaluation *evaluation, struct out *out);

/* Append the curve of both error rates as a table with the header fmr, fnmr, threshold. */
void evaluation_append_curve(const struct evaluation *evaluation, char separator,
			     struct fc_buffer *out);

#endif
