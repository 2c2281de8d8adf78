/* Options that filter entries. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_ENTRIES_FILTER_H
#define FC_CMD_COMMANDS_ENTRIES_FILTER_H

#include "command.h"
#include "option/words.h"
#include "protocol/person_id.h"
#include "service/entries.h"

struct entry_filter_args {
	struct option_texts persons, results, sexes, moods, livenesses, origins, spaces;
	struct option_number age_from, age_to;
	const char *since, *until, *photo;
};

/* clang-format off */
#define OPTION_ROWS_ENTRY_FILTER(args, member)                                                     \
	{ OPTION_TEXTS, 0, "person", "PERSON", offsetof(struct args, member.persons),              \
	  "entries of this person: UUID or a unique prefix of it, SPACE/NUMBER or SPACE/NAME; may be repeated, like all filters that take lists" }, \
	{ OPTION_TEXTS, 0, "result", "RESULT", offsetof(struct args, member.results),              \
	  "with this result: new, reinit, exact, ha, junk, nm, nf or det", .choices = result_words },                                         \
	{ OPTION_NUMBER, 0, "age-from", "YEARS", offsetof(struct args, member.age_from),           \
	  "with at least this age in years", .minimum = 0, .maximum = 255 },                                     \
	{ OPTION_NUMBER, 0, "age-to", "YEARS", offsetof(struct args, member.age_to),               \
	  "with at most this age in years", .minimum = 0, .maximum = 255 },                                      \
	{ OPTION_TEXTS, 0, "sex", "SEX", offsetof(struct args, member.sexes),                      \
	  "with this sex: male or female (0 or 1)", .choices = sex_words },                                                             \
	{ OPTION_TEXTS, 0, "mood", "MOOD", offsetof(struct args, member.moods),                    \
	  "with this mood: neutral, anger, contempt, disgust, fear, happiness, sadness or surprise", .choices = mood_words },             \
	{ OPTION_TEXTS, 0, "liveness", "WORD", offsetof(struct args, member.livenesses),           \
	  "with this liveness: passed, failed or undetermined", .choices = liveness_words },                                                      \
	{ OPTION_TEXTS, 0, "origin", "ORIGIN", offsetof(struct args, member.origins),              \
	  "from this origin (name or number)" },                                                 \
	{ OPTION_TEXTS, 's', "space", "SPACE", offsetof(struct args, member.spaces),               \
	  "in this space; --person then also takes a number or a name alone" },                           \
	{ OPTION_TEXT, 0, "since", "TIME", offsetof(struct args, member.since),                    \
	  "at or after this time: 2022-09-06, '2022-09-06 08:52', 'yesterday 14:00', 2d" },      \
	{ OPTION_TEXT, 0, "until", "TIME", offsetof(struct args, member.until),                    \
	  "before this time" },                                                                    \
	{ OPTION_PATH, 'p', "photo", "PHOTO", offsetof(struct args, member.photo),                 \
	  "of this photo: a file, or its SHA-256" }
/* clang-format on */

/* The filter built from the options. It points into the other members and into the arguments. */
struct entry_filter {
	struct fc_entry_filter filter;
	struct fc_uuid *pids;
	struct fc_person_id *persons;
	const char **other_ids;
	struct word_list spaces;
	struct fc_sha256 photo;
};

/* Errors: FC_INVALID_ARGUMENT, FC_NOT_FOUND (a person), FC_UNREADABLE (the photo), FC_NO_MEMORY. */
enum fc_status entry_filter_init(struct entry_filter *filter, const struct entry_filter_args *args,
				 struct command_context *ctx, struct fc_error *err);
void entry_filter_release(struct entry_filter *filter);

#endif
