/* Options that filter entries. */
/* SPDX-License-Identifier: MIT */
#include "commands/entries/filter.h"

#include <stdlib.h>

#include "base/file.h"
#include "option/person.h"
#include "protocol/platform_dialect.h"

/* Converts a word of the platform's API to the value of its enum. */
typedef bool parse_word(const char *text, unsigned *value);

static bool parse_result(const char *text, unsigned *value)
{
	enum fc_result result;
	bool known = fc_platform_parse_result(text, &result);
	*value = result;
	return known;
}

static bool parse_sex(const char *text, unsigned *value)
{
	enum fc_sex sex;
	bool known = fc_platform_parse_sex(text, &sex);
	*value = sex;
	return known;
}

static bool parse_mood(const char *text, unsigned *value)
{
	enum fc_mood mood;
	bool known = fc_platform_parse_mood(text, &mood);
	*value = mood;
	return known;
}

static bool parse_liveness(const char *text, unsigned *value)
{
	enum fc_liveness liveness;
	bool known = fc_liveness_of_name(text, &liveness);
	*value = liveness;
	return known;
}

static enum fc_status collect_bits(const struct option_texts *texts, parse_word *parse,
				   const char *what, const char *choices, unsigned *bits,
				   struct fc_error *err)
{
	FC_CLEANUP(words_release) struct word_list words = { 0 };
	FC_TRY(words_split(texts, &words, err));
	for (size_t i = 0; i < words.count; i++) {
		unsigned value;
		if (!parse(words.items[i], &value)) {
			return fc_fail(err, FC_INVALID_ARGUMENT, "%s must be one of %s, not '%s'",
				       what, choices, words.items[i]);
		}
		*bits |= 1u << value;
	}
	return FC_OK;
}

static enum fc_status collect_pids(struct entry_filter *filter, const struct option_texts *texts,
				   struct command_context *ctx, struct fc_error *err)
{
	const char *space = filter->spaces.count == 1 ? filter->spaces.items[0] : NULL;
	filter->pids = calloc(texts->count + 1, sizeof(*filter->pids));
	filter->persons = calloc(texts->count + 1, sizeof(*filter->persons));
	filter->other_ids = calloc(texts->count + 1, sizeof(*filter->other_ids));
	if (!filter->pids || !filter->persons || !filter->other_ids) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < texts->count; i++) {
		struct fc_person_id *person = &filter->persons[i];
		FC_TRY(person_find_recorded(ctx, texts->items[i], space, person, err));
		filter->pids[i] = person->pid;
		filter->other_ids[i] = person->other;
	}
	filter->filter.other_ids = filter->other_ids;
	filter->filter.pids = filter->pids;
	filter->filter.pid_count = texts->count;
	return FC_OK;
}

/* The SHA-256 of a photo: the option's value itself, or computed from the file of that name. */
static enum fc_status find_photo(struct entry_filter *filter, const char *photo,
				 const struct settings *settings, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	if (!photo) {
		return FC_OK;
	}
	filter->filter.photo = &filter->photo;
	if (fc_sha256_parse(photo, &filter->photo)) {
		return FC_OK;
	}
	FC_TRY(fc_file_read(photo, settings->max_file_size.value, &bytes, err));
	filter->photo = fc_sha256_of(bytes.data, bytes.length);
	return FC_OK;
}

enum fc_status entry_filter_init(struct entry_filter *filter, const struct entry_filter_args *args,
				 struct command_context *ctx, struct fc_error *err)
{
	struct fc_entry_filter *out = &filter->filter;
	out->has_age_from = args->age_from.given;
	out->age_from = (unsigned)args->age_from.value;
	out->has_age_to = args->age_to.given;
	out->age_to = (unsigned)args->age_to.value;
	if (out->has_age_from && out->has_age_to && out->age_from > out->age_to) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "--age-from is greater than --age-to");
	}
	FC_TRY(words_parse_range(args->since, args->until, &out->has_since, &out->since,
				 &out->has_until, &out->until, err));
	FC_TRY(collect_bits(&args->results, parse_result, "--result",
			    "new, reinit, exact, ha, junk, nm, nf, det", &out->results, err));
	FC_TRY(collect_bits(&args->sexes, parse_sex, "--sex", "male, female, 0, 1", &out->sexes,
			    err));
	FC_TRY(collect_bits(&args->moods, parse_mood, "--mood",
			    "neutral, anger, contempt, disgust, fear, happiness, sadness, surprise",
			    &out->moods, err));
	FC_TRY(collect_bits(&args->livenesses, parse_liveness, "--liveness",
			    "passed, failed, undetermined", &out->livenesses, err));
	FC_TRY(words_split(&args->spaces, &filter->spaces, err));
	FC_TRY(collect_pids(filter, &args->persons, ctx, err));
	/* an origin's name may hold commas */
	out->origins = args->origins.items;
	out->origin_count = args->origins.count;
	out->spaces = filter->spaces.items;
	out->space_count = filter->spaces.count;
	return find_photo(filter, args->photo, ctx->settings, err);
}

void entry_filter_release(struct entry_filter *filter)
{
	free(filter->pids);
	free(filter->persons);
	free(filter->other_ids);
	words_release(&filter->spaces);
	*filter = (struct entry_filter){ 0 };
}
