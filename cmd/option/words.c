/* Parse option values: comma-separated lists and time ranges. */
/* SPDX-License-Identifier: MIT */
#include "option/words.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/when.h"
#include "output/local_zone.h"

const char *const result_words[] = {
	"new", "reinit", "exact", "ha", "junk", "nm", "nf", "det", NULL
};
const char *const sex_words[] = { "male", "female", NULL };
const char *const mood_words[] = { "neutral",   "anger",   "contempt", "disgust", "fear",
				   "happiness", "sadness", "surprise", NULL };
const char *const liveness_words[] = { "passed", "failed", "undetermined", NULL };

enum fc_status words_split(const struct option_texts *texts, struct word_list *out,
			   struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer joined = { 0 };
	size_t room = 0;
	for (size_t i = 0; i < texts->count; i++) {
		fc_buffer_append_text(&joined, texts->items[i]);
		fc_buffer_append_text(&joined, ",");
	}
	for (size_t i = 0; i < joined.length; i++) {
		room += joined.data[i] == ',';
	}
	*out = (struct word_list){
		.texts = fc_buffer_steal_text(&joined),
		.items = calloc(room + 1, sizeof(*out->items)),
	};
	if (!out->items || (!out->texts && texts->count > 0)) {
		words_release(out);
		return fc_fail_memory(err);
	}
	char *rest = out->texts;
	for (char *word = strsep(&rest, ","); word; word = strsep(&rest, ",")) {
		if (word[0] != '\0') {
			out->items[out->count++] = word;
		}
	}
	return FC_OK;
}

void words_release(struct word_list *list)
{
	free(list->texts);
	free(list->items);
	*list = (struct word_list){ 0 };
}

enum fc_status words_to_bits(const struct option_texts *texts, const char *option,
			     const char *const *names, unsigned *out, struct fc_error *err)
{
	FC_CLEANUP(words_release) struct word_list words = { 0 };
	FC_TRY(words_split(texts, &words, err));
	*out = 0;
	for (size_t i = 0; i < words.count; i++) {
		size_t bit = 0;
		while (names[bit] && strcmp(names[bit], words.items[i]) != 0) {
			bit++;
		}
		if (names[bit]) {
			*out |= 1U << bit;
			continue;
		}
		FC_CLEANUP(fc_buffer_release) struct fc_buffer list = { 0 };
		for (size_t k = 0; names[k]; k++) {
			fc_buffer_printf(&list, "%s%s", k > 0 ? ", " : "", names[k]);
		}
		const char *all = fc_buffer_text(&list);
		return all ? fc_fail(err, FC_INVALID_ARGUMENT, "%s takes %s, not '%s'", option, all,
				     words.items[i])
			   : fc_fail_memory(err);
	}
	return FC_OK;
}

const char *const words_unset_user_data[] = { "user-data", NULL };

enum fc_status words_user_data(const struct option_texts *unset, const char *user_data,
			       const char **out, struct fc_error *err)
{
	unsigned bits = 0;
	FC_TRY(words_to_bits(unset, "--unset", words_unset_user_data, &bits, err));
	if (bits != 0 && user_data) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "give either --user-data or --unset user-data");
	}
	*out = bits != 0 ? "" : user_data;
	return FC_OK;
}

static enum fc_status parse_time(const char *text, const char *what, bool *given, int64_t *out,
				 struct fc_error *err)
{
	if (!text) {
		return FC_OK;
	}
	FC_TRY(fc_when_parse(text, fc_clock_now(), &local_zone, what, out, err));
	*given = true;
	return FC_OK;
}

enum fc_status words_parse_range(const char *since_text, const char *until_text, bool *has_since,
				 int64_t *since, bool *has_until, int64_t *until,
				 struct fc_error *err)
{
	FC_TRY(parse_time(since_text, "--since", has_since, since, err));
	FC_TRY(parse_time(until_text, "--until", has_until, until, err));
	if (*has_since && *has_until && *since > *until) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "--since is later than --until");
	}
	return FC_OK;
}
