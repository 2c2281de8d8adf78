/* Convert filters of entries to the query parameters of a platform. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/platform/filter.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void fc_platform_query_texts_release(struct fc_platform_query_texts *texts)
{
	free(texts->pids);
	free(texts->results);
	free(texts->moods);
	free(texts->livenesses);
	free(texts->sexes);
	free(texts->origins);
	free(texts->spaces);
	*texts = (struct fc_platform_query_texts){ 0 };
}

/* Append an item to a comma-separated list. *list is NULL while it is empty, which means no filter. */
static enum fc_status add_item(char **list, const char *item, struct fc_error *err)
{
	char *longer;
	if (asprintf(&longer, "%s%s%s", *list ? *list : "", *list ? "," : "", item) < 0) {
		return fc_fail_memory(err);
	}
	free(*list);
	*list = longer;
	return FC_OK;
}

static enum fc_status add_id(char **list, uint64_t id, struct fc_error *err)
{
	char number[24];
	snprintf(number, sizeof(number), "%" PRIu64, id);
	return add_item(list, number, err);
}

static enum fc_status add_attributes(const struct fc_platform *platform,
				     const struct fc_entry_filter *filter,
				     struct fc_platform_query_texts *out, struct fc_error *err)
{
	const struct fc_platform_dialect *dialect = platform->dialect;
	bool male = filter->sexes >> FC_SEX_MALE & 1;
	bool female = filter->sexes >> FC_SEX_FEMALE & 1;
	FC_TRY(fc_platform_refuse(platform, filter->livenesses != 0 && !dialect->liveness,
				  "filtering by liveness", err));
	FC_TRY(fc_platform_refuse(platform, male && female && !dialect->sexes_listed,
				  "filtering for both sexes at once", err));
	for (unsigned mood = FC_MOOD_NEUTRAL; mood <= FC_MOOD_SURPRISE; mood++) {
		if (filter->moods >> mood & 1) {
			const char *word = fc_platform_mood_word(dialect, (enum fc_mood)mood);
			FC_TRY(fc_platform_refuse(platform, !word, "the mood 'contempt'", err));
			FC_TRY(add_item(&out->moods, word, err));
		}
	}
	for (unsigned life = FC_LIVENESS_PASSED; life < FC_LIVENESS_END; life++) {
		if (filter->livenesses >> life & 1) {
			FC_TRY(add_item(&out->livenesses, fc_liveness_name((enum fc_liveness)life),
					err));
		}
	}
	/* 0 is male, 1 is female */
	FC_TRY(male ? add_id(&out->sexes, 0, err) : FC_OK);
	return female ? add_id(&out->sexes, 1, err) : FC_OK;
}

static enum fc_status add_places(struct fc_platform *platform, const struct fc_entry_filter *filter,
				 struct fc_platform_query_texts *out, struct fc_error *err)
{
	const struct fc_platform_name *found;
	for (size_t i = 0; i < filter->origin_count; i++) {
		FC_TRY(fc_platform_find_origin(platform, filter->origins[i], &found, err));
		FC_TRY(add_id(&out->origins, found->id, err));
	}
	for (size_t i = 0; i < filter->space_count; i++) {
		enum fc_status status =
			fc_platform_find_space(platform, filter->spaces[i], &found, err);
		if (status == FC_PERMISSION && filter->space_count == 1) {
			/* without access to the list of spaces, the only valid filter is the token's own space */
			return fc_platform_check_space(platform, filter->spaces[0], err);
		}
		FC_TRY(status);
		FC_TRY(add_id(&out->spaces, found->id, err));
	}
	return FC_OK;
}

enum fc_status fc_platform_filter_texts(struct fc_platform *platform,
					const struct fc_entry_filter *filter,
					struct fc_platform_query_texts *out, struct fc_error *err)
{
	out->dialect = platform->dialect;
	out->filter = filter;
	FC_TRY(fc_platform_refuse(platform, filter->photo, "filtering by photo", err));
	FC_TRY(fc_platform_refuse(platform, (filter->results & ~platform->dialect->results) != 0,
				  "the result 'nf'", err));
	for (unsigned result = FC_RESULT_NM; result < FC_RESULT_END; result++) {
		if (filter->results >> result & 1) {
			const char *word =
				fc_platform_result_word(platform->dialect, (enum fc_result)result);
			FC_TRY(add_item(&out->results, word, err));
		}
	}
	for (size_t i = 0; i < filter->pid_count; i++) {
		char pid[FC_UUID_TEXT_SIZE];
		fc_uuid_format(&filter->pids[i], pid);
		FC_TRY(add_item(&out->pids, pid, err));
	}
	FC_TRY(add_attributes(platform, filter, out, err));
	FC_TRY(add_places(platform, filter, out, err));
	if (filter->has_since) {
		fc_platform_format_time(filter->since, out->since);
	}
	if (filter->has_until) {
		fc_platform_format_time(filter->until, out->until);
	}
	return FC_OK;
}

enum fc_status fc_platform_check_profile(const struct fc_platform *platform,
					 const struct fc_entry_filter *filter, uint64_t entry,
					 const struct fc_uuid *pid, struct fc_error *err)
{
	bool matches = filter->pid_count == 0;
	for (size_t i = 0; i < filter->pid_count; i++) {
		matches = matches || fc_uuid_equal(&filter->pids[i], pid);
	}
	if (matches) {
		return FC_OK;
	}
	return fc_fail(err, FC_REFUSED,
		       "service '%s' returned an entry of another profile (entry %" PRIu64
		       "), so it ignores the filter by profile; is its type '%s'?",
		       platform->options.name, entry, platform->service.operations->type);
}

void fc_platform_add_filters(struct fc_platform_call *call, const void *context)
{
	const struct fc_platform_query_texts *texts = context;
	const struct fc_platform_dialect *dialect = texts->dialect;
	const struct fc_entry_filter *filter = texts->filter;
	fc_platform_query(call, dialect->pids, texts->pids);
	fc_platform_query(call, dialect->result_filter, texts->results);
	if (filter->has_age_from) {
		fc_platform_query_count(call, "age_from", filter->age_from);
	}
	if (filter->has_age_to) {
		fc_platform_query_count(call, "age_to", filter->age_to);
	}
	fc_platform_query(call, "sex", texts->sexes);
	fc_platform_query(call, "mood", texts->moods);
	fc_platform_query(call, dialect->liveness, texts->livenesses);
	fc_platform_query(call, dialect->origin_filter, texts->origins);
	fc_platform_query(call, "spaces_ids", texts->spaces);
	fc_platform_query(call, "date_from", texts->since[0] != '\0' ? texts->since : NULL);
	fc_platform_query(call, "date_to", texts->until[0] != '\0' ? texts->until : NULL);
}
