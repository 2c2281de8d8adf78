/* Check --threshold, --fmr and --fpir: alternative ways to choose a threshold. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OPTION_THRESHOLD_H
#define FC_CMD_OPTION_THRESHOLD_H

#include "config/settings.h"
#include "option/option.h"
#include "service/service.h"

/* Errors: FC_INVALID_ARGUMENT (more than one is given). fpir is NULL if the command has no such option. */
enum fc_status threshold_check(const struct option_real *threshold, const struct option_real *fmr,
			       const struct option_real *fpir, struct fc_error *err);

struct fc_threshold_choice threshold_choice(const struct option_real *threshold,
					    const struct option_real *fmr,
					    const struct option_real *fpir);

/* The options of a command that compares by confidence, which only a local engine converts from similarities and error rates. */
struct cut_args {
	struct option_real threshold, fmr, fpir, min_confidence;
};

/* clang-format off */
/* member: of type struct cut_args. least: the help of --min-confidence. */
#define OPTION_ROWS_CUT(args, member, least)                                                       \
	{ OPTION_REAL, 't', "threshold", "X", offsetof(struct args, member.threshold),             \
	  "minimum cosine similarity (local engine)", .minimum = -1, .maximum = 1 },               \
	{ OPTION_REAL, 0, "fmr", "RATE", offsetof(struct args, member.fmr),                        \
	  "threshold at this false match rate, such as 1e-4 (local engine)", .minimum = 1e-12,     \
	  .maximum = 0.5 },                                                                        \
	{ OPTION_REAL, 0, "fpir", "RATE", offsetof(struct args, member.fpir),                      \
	  "threshold at this false positive identification rate, such as 1% (local engine)",       \
	  .minimum = 1e-12, .maximum = 0.5 },                                                      \
	{ OPTION_REAL, 0, "min-confidence", "X", offsetof(struct args, member.min_confidence),     \
	  least, .minimum = 0, .maximum = 1 }
/* clang-format on */

/* Errors: FC_INVALID_ARGUMENT (more than one), FC_UNSUPPORTED (a service takes only --min-confidence). */
enum fc_status cut_check(const struct cut_args *args, const struct settings *settings,
			 struct fc_error *err);

#endif
