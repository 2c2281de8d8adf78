/* The option --attributes. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PHOTOS_ATTRIBUTE_OPTION_H
#define FC_CMD_PHOTOS_ATTRIBUTE_OPTION_H

#include "command.h"

extern const char *const attribute_words[]; /* ends with NULL */

/* clang-format off */
#define OPTION_ROW_ATTRIBUTES(args, member)                                                        \
	{ OPTION_TEXTS, 0, "attributes", "WORDS", offsetof(struct args, member),                   \
	  "attributes of faces to show and store: age, sex, mood, valence, arousal, smile, "        \
	  "glasses, occlusion, emotions (the probability of each), all, none", .choices = attribute_words }
/* clang-format on */

/*
 * Set the attributes of the context from the option. Without it, all but occlusion and the probabilities of all emotions. Errors:
 * FC_INVALID_ARGUMENT.
 */
enum fc_status attributes_choose(struct command_context *ctx, const struct option_texts *words,
				 struct fc_error *err);

#endif
