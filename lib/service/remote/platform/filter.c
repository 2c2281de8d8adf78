/* Convert filters of entries to the query parameters of a platform. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/platform/filter.h"

#include <inttypes.h>
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

/* ---- lists ---- */

/* Finish a list. *out is NULL for an empty list, which means no filter. */
static enum fc_status finish(struct fc_buffer *list, char **out, struct fc_error *err)
{
	if (list->length == 0 && fc_buffer_ok(list)) {
		*out = NULL;
		return FC_OK;
	}
	*out = fc_buffer_steal_text(list);
	return *out ? FC_OK : fc_fail_memory(err);
}

static void add_item(struct fc_buffer *list, const char *item)
{
	fc_buffer_append_text(list, list->length > 0 ? "," : "");
	fc_buffer_append_text(list, item);
}

static enum fc_status join_pids(const struct fc_entry_filter *filter, char **out,
				struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer list = { 0 };
	for (size_t i = 0; i < filter->pid_count; i++) {
		char pid[FC_UUID_TEXT_SIZE];
		fc_uuid_format(&filter->pids[i], pid);
		add_item(&list, pid);
	}
	return finish(&list, out, err);
}

static enum fc_status join_moods(const struct fc_platform *platform, unsigned moods, char **out,
				 struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer list = { 0 };
	for (unsigned mood = FC_MOOD_NEUTRAL; mood <= FC_MOOD_SURPRISE; mood++) {
		const char *word = fc_platform_mood_word(platform->dialect, (enum fc_mood)mood);
		bool wanted = moods >> mood & 1;
		FC_TRY(fc_platform_refuse(platform, wanted && !word, "the mood 'contempt'", err));
		if (wanted) {
			add_item(&list, word);
		}
	}
	return finish(&list, out, err);
}

static enum fc_status join_livenesses(const struct fc_platform *platform, unsigned livenesses,
				      char **out, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer list = { 0 };
	FC_TRY(fc_platform_refuse(platform, livenesses != 0 && !platform->dialect->liveness,
				  "filtering by liveness", err));
	for (unsigned life = FC_LIVENESS_PASSED; life < FC_LIVENESS_END; life++) {
		if (livenesses >> life & 1) {
			add_item(&list, fc_liveness_name((enum fc_liveness)life));
		}
	}
	return finish(&list, out, err);
}

/* 0 is male, 1 is female. */
static enum fc_status join_sexes(const struct fc_platform *platform, unsigned sexes, char **out,
				 struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer list = { 0 };
	bool male = sexes >> FC_SEX_MALE & 1;
	bool female = sexes >> FC_SEX_FEMALE & 1;
	FC_TRY(fc_platform_refuse(platform, male && female && !platform->dialect->sexes_listed,
				  "filtering for both sexes at once", err));
	if (male) {
		add_item(&list, "0");
	}
	if (female) {
		add_item(&list, "1");
	}
	return finish(&list, out, err);
}

static enum fc_status join_origins(struct fc_platform *platform,
				   const struct fc_entry_filter *filter, char **out,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer list = { 0 };
	for (size_t i = 0; i < filter->origin_count; i++) {
		const struct fc_platform_name *origin;
		FC_TRY(fc_platform_find_origin(platform, filter->origins[i], &origin, err));
		fc_buffer_printf(&list, "%s%" PRIu64, i > 0 ? "," : "", origin->id);
	}
	return finish(&list, out, err);
}

/* Without access to the list of spaces, the only valid filter is the token's own space. */
static enum fc_status join_spaces(struct fc_platform *platform,
				  const struct fc_entry_filter *filter, char **out,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer list = { 0 };
	for (size_t i = 0; i < filter->space_count; i++) {
		const struct fc_platform_name *space;
		enum fc_status status =
			fc_platform_find_space(platform, filter->spaces[i], &space, err);
		if (status == FC_PERMISSION && filter->space_count == 1) {
			return fc_platform_check_space(platform, filter->spaces[0], err);
		}
		FC_TRY(status);
		fc_buffer_printf(&list, "%s%" PRIu64, i > 0 ? "," : "", space->id);
	}
	return finish(&list, out, err);
}

/* ---- all filters ---- */

enum fc_status fc_platform_filter_texts(struct fc_platform *platform,
					const struct fc_entry_filter *filter,
					struct fc_platform_query_texts *out, struct fc_error *err)
{
	out->dialect = platform->dialect;
	out->filter = filter;
	FC_TRY(fc_platform_refuse(platform, filter->photo, "filtering by photo", err));
	FC_TRY(fc_platform_refuse(platform, (filter->results & ~platform->dialect->results) != 0,
				  "the result 'nf'", err));
	if (filter->results != 0) {
		out->results = fc_platform_join_results(platform->dialect, filter->results);
		FC_TRY(out->results ? FC_OK : fc_fail_memory(err));
	}
	FC_TRY(join_moods(platform, filter->moods, &out->moods, err));
	FC_TRY(join_livenesses(platform, filter->livenesses, &out->livenesses, err));
	FC_TRY(join_sexes(platform, filter->sexes, &out->sexes, err));
	FC_TRY(join_pids(filter, &out->pids, err));
	FC_TRY(join_origins(platform, filter, &out->origins, err));
	FC_TRY(join_spaces(platform, filter, &out->spaces, err));
	if (filter->has_since) {
		fc_platform_format_time(filter->since, out->since);
	}
	if (filter->has_until) {
		fc_platform_format_time(filter->until, out->until);
	}
	return FC_OK;
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
