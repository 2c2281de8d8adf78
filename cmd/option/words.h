/* Words of option values: lists with commas, times. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_WORDS_H
#define FC_CMD_WORDS_H

#include "base/uuid.h"
#include "option/option.h"

/* The words between the commas of every text, without empty ones. Release it with words_release. */
struct word_list {
	char *texts; /* items point into it */
	const char **items;
	size_t count;
};

FC_MUST_USE enum fc_status words_split(const struct option_texts *texts, struct word_list *out,
				       struct fc_error *err);
void words_release(struct word_list *list);

/* Bit i of *out is set when names[i] is among the words; names end with NULL. Errors: FC_INVALID_ARGUMENT, FC_NO_MEMORY. */
FC_MUST_USE enum fc_status words_to_bits(const struct option_texts *texts, const char *option,
					 const char *const *names, unsigned *out,
					 struct fc_error *err);

/* The times of --since and --until; of a text that is NULL, its flag stays false. FC_INVALID_ARGUMENT when they are reversed. */
FC_MUST_USE enum fc_status words_parse_range(const char *since_text, const char *until_text,
					     bool *has_since, int64_t *since, bool *has_until,
					     int64_t *until, struct fc_error *err);

#endif
