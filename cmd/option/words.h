/* Parse option values: comma-separated lists and time ranges. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OPTION_WORDS_H
#define FC_CMD_OPTION_WORDS_H

#include "base/uuid.h"
#include "option/option.h"

/* The results of entries, sexes, moods and outcomes of liveness, for completion. Each array ends with NULL. */
extern const char *const result_words[], *const sex_words[], *const mood_words[],
								     *const liveness_words[];

/* The non-empty words of comma-separated lists. Release it with words_release. */
struct word_list {
	char *texts; /* the words; items point into it */
	const char **items;
	size_t count;
};

enum fc_status words_split(const struct option_texts *texts, struct word_list *out,
			   struct fc_error *err);
void words_release(struct word_list *list);

/*
 * Convert words to bits: bit i of *out is set if names[i] is among them. names ends with NULL. Errors: FC_INVALID_ARGUMENT,
 * FC_NO_MEMORY.
 */
enum fc_status words_to_bits(const struct option_texts *texts, const char *option,
			     const char *const *names, unsigned *out, struct fc_error *err);

/* --unset of a command that can only remove the user data. */
#define OPTION_ROW_UNSET_USER_DATA(args, member)                                                   \
	{                                                                                          \
		OPTION_TEXTS, 0, "unset", "FIELD", offsetof(struct args, member),                  \
			"remove a value: user-data", .choices = words_unset_user_data              \
	}
extern const char *const words_unset_user_data[];

/* The new user data: that of --user-data, empty with --unset user-data, else NULL. Errors: FC_INVALID_ARGUMENT (both, another word). */
enum fc_status words_user_data(const struct option_texts *unset, const char *user_data,
			       const char **out, struct fc_error *err);

/*
 * Parse the times of --since and --until. If a text is NULL, its flag stays false. Errors: FC_INVALID_ARGUMENT (also if --since
 * is later than --until).
 */
enum fc_status words_parse_range(const char *since_text, const char *until_text, bool *has_since,
				 int64_t *since, bool *has_until, int64_t *until,
				 struct fc_error *err);

#endif
