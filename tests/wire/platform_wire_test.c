/* A service at the fake, and what came back of each photo and entry. */
/* SPDX-License-Identifier: MIT */
#include "platform_wire_test.h"

#include <math.h>
#include <stdio.h>

#include "base/words.h"

struct fc_uuid last_profile;

struct fc_platform_options platform_options(enum fc_platform_kind kind)
{
	static char url[200], iam_url[200];
	struct fc_platform_options options = fc_platform_defaults(kind);
	const char *name = kind == FC_PLATFORM_SERP ? "serp" : "neuroio";
	options.name = "faces";
	options.origin = "door";
	options.http = wire_options();
	snprintf(url, sizeof(url), "%s/%s", wire_env("FAKE_URL"), name);
	snprintf(iam_url, sizeof(iam_url), "%s/%s-iam", wire_env("FAKE_URL"), name);
	options.http.url = url;
	options.iam_url = kind == FC_PLATFORM_SERP ? url : iam_url;
	options.token.file = wire_env("FAKE_TOKEN_FILE");
	return options;
}

struct fc_service *platform_open(const struct fc_platform_options *options)
{
	struct fc_service *service = NULL;
	struct fc_error err = { 0 };
	if (fc_platform_open(options, &service, &err) != FC_OK) {
		fail_msg("%s", err.text);
	}
	return service;
}

static void describe(struct album *album, const struct fc_profile_outcome *outcome)
{
	struct fc_buffer *out = &album->lines;
	if (outcome->status != FC_OK) {
		fc_buffer_printf(out, "%s %s\n", outcome->name, fc_status_name(outcome->status));
		return;
	}
	fc_buffer_printf(out, "%s %s", outcome->name, fc_result_name(outcome->result));
	if (outcome->has_similarity) {
		assert_true(isnan(outcome->similarity));
		fc_buffer_printf(out, " %g", outcome->confidence);
	}
	if (outcome->has_age) {
		fc_buffer_printf(out, " %u %s %s", (unsigned)outcome->age,
				 fc_sex_name(outcome->sex), fc_mood_name(outcome->mood));
	}
	fc_buffer_append_text(out, "\n");
}

static enum fc_status take(void *context, const struct fc_profile_outcome *outcome,
			   struct fc_error *err)
{
	struct album *album = context;
	(void)err;
	assert_true(album->reported < album->count);
	/* in the photos' order, each once */
	assert_string_equal(outcome->path, album->photos[album->reported].path);
	assert_string_equal(outcome->name, album->photos[album->reported].name);
	album->statuses[album->reported++] = outcome->status;
	if (outcome->status != FC_OK) {
		assert_non_null(outcome->error);
		FC_IGNORE(fc_fail(&album->last, outcome->status, "%s", outcome->error));
	} else if (outcome->has_profile) {
		last_profile = outcome->profile.pid;
	}
	describe(album, outcome);
	return FC_OK;
}

struct fc_profile_photos album_profiles(struct album *album)
{
	album_rewind(album);
	return (struct fc_profile_photos){
		.photos = album_source(album),
		.sink = { take, album },
	};
}

enum fc_status create_album(struct fc_service *service, struct album *album, struct fc_tally *tally,
			    struct fc_error *err)
{
	const struct fc_profile_create_request request = { .input = album_profiles(album) };
	return fc_service_profile_create(service, &request, tally, err);
}

enum fc_status search_album(struct fc_service *service, struct album *album, struct fc_tally *tally,
			    struct fc_error *err)
{
	const struct fc_profile_search_request request = { .input = album_profiles(album) };
	return fc_service_profile_search(service, &request, tally, err);
}

static enum fc_status add_line(void *context, const struct fc_entry_row *row, struct fc_error *err)
{
	const struct fc_entry *entry = row->entry;
	(void)err;
	fc_buffer_printf(context, "%llu %s %s/%s\n", (unsigned long long)entry->id,
			 fc_result_name(entry->result), row->space ? row->space : "?",
			 entry->origin ? entry->origin : "?");
	return FC_OK;
}

struct fc_entry_sink entry_lines(struct fc_buffer *lines)
{
	return (struct fc_entry_sink){ add_line, lines };
}

char *requests_of(const char *dialect)
{
	FC_CLEANUP(fc_json_release) cJSON *state = wire_control("state", "null");
	struct fc_buffer out = { 0 };
	const cJSON *line;
	cJSON_ArrayForEach (line, fc_json_get(fc_json_get(state, dialect), "log")) {
		fc_buffer_printf(&out, "%s\n", line->valuestring);
	}
	char *text = fc_buffer_steal_text(&out);
	return text ? text : strdup("");
}
