/* Look up origins and spaces by name and number. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/number.h"
#include "service/remote/platform/engine.h"

enum { NAMES_MAXIMUM = 100000 }; /* limit of origins, and of spaces, of one service */

void fc_platform_names_release(struct fc_platform_names *names)
{
	for (size_t i = 0; i < names->count; i++) {
		free(names->items[i].name);
	}
	free(names->items);
	*names = (struct fc_platform_names){ 0 };
}

struct loading {
	struct fc_platform_names *names;
	const char *what;
};

static enum fc_status add_name(void *context, const cJSON *item, struct fc_error *err)
{
	struct loading *loading = context;
	struct fc_platform_names *names = loading->names;
	const char *name;
	uint64_t id;
	FC_TRY(fc_platform_read_named(item, loading->what, &id, &name, err));
	FC_TRY(fc_array_grow(&names->items, sizeof(*names->items), names->count, &names->capacity,
			     err));
	char *copy = strdup(name);
	if (!copy) {
		return fc_fail_memory(err);
	}
	names->items[names->count++] = (struct fc_platform_name){ .id = id, .name = copy };
	return FC_OK;
}

static enum fc_status load(struct fc_platform *platform, struct fc_http *http, const char *piece,
			   const char *what, struct fc_platform_names *names, struct fc_error *err)
{
	const char *path[] = { piece, NULL };
	struct loading loading = { .names = names, .what = what };
	const struct fc_platform_list list = {
		.http = http,
		.path = path,
		.limit = NAMES_MAXIMUM,
		.what = what,
		.visit = add_name,
		.context = &loading,
	};
	if (names->loaded) {
		return FC_OK;
	}
	enum fc_status status = fc_platform_each(platform, &list, err);
	if (status != FC_OK) {
		fc_platform_names_release(names);
		return status;
	}
	names->loaded = true;
	return FC_OK;
}

static enum fc_status load_origins(struct fc_platform *platform, struct fc_error *err)
{
	return load(platform, platform->client.http, platform->dialect->origins, "n origin",
		    &platform->origins, err);
}

enum fc_status fc_platform_load_spaces(struct fc_platform *platform, struct fc_error *err)
{
	return load(platform, platform->iam, "spaces", " space", &platform->spaces, err);
}

static const struct fc_platform_name *find_id(const struct fc_platform_names *names, uint64_t id)
{
	for (size_t i = 0; i < names->count; i++) {
		if (names->items[i].id == id) {
			return &names->items[i];
		}
	}
	return NULL;
}

static const char *name_of(const struct fc_platform_names *names, uint64_t id)
{
	const struct fc_platform_name *found = find_id(names, id);
	return found ? found->name : NULL;
}

enum fc_status fc_platform_origin_name(struct fc_platform *platform, uint64_t id, const char **out,
				       struct fc_error *err)
{
	FC_TRY(load_origins(platform, err));
	*out = name_of(&platform->origins, id);
	return FC_OK;
}

/* If the platform has no list of spaces, or the token has no access to it, *out is NULL: the name is unknown. */
enum fc_status fc_platform_space_name(struct fc_platform *platform, uint64_t id, const char **out,
				      struct fc_error *err)
{
	enum fc_status status = fc_platform_load_spaces(platform, err);
	if (status == FC_PERMISSION || status == FC_REFUSED) {
		platform->spaces.loaded = true;
		status = FC_OK;
	}
	*out = status == FC_OK ? name_of(&platform->spaces, id) : NULL;
	return status;
}

const struct fc_platform_name *fc_platform_find_name(const struct fc_platform_names *names,
						     const char *name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->items[i].name, name) == 0) {
			return &names->items[i];
		}
	}
	return NULL;
}

bool fc_platform_is_number(const char *text, uint64_t *out)
{
	return fc_parse_u64(text, 1, INT64_MAX, "a number", out, NULL) == FC_OK;
}

/* An origin may be named 7, but in the documents of filters and paths a number is an id. */
static const struct fc_platform_name *find(const struct fc_platform_names *names, const char *text)
{
	uint64_t id = 0;
	const struct fc_platform_name *found =
		fc_platform_is_number(text, &id) ? find_id(names, id) : NULL;
	return found ? found : fc_platform_find_name(names, text);
}

enum fc_status fc_platform_find_origin(struct fc_platform *platform, const char *origin,
				       const struct fc_platform_name **out, struct fc_error *err)
{
	FC_TRY(load_origins(platform, err));
	*out = find(&platform->origins, origin);
	if (*out) {
		return FC_OK;
	}
	return fc_fail(err, FC_NOT_FOUND,
		       "service '%s' has no origin '%s'; create it with 'facectl origins create'",
		       platform->options.name, origin);
}

enum fc_status fc_platform_find_space(struct fc_platform *platform, const char *space,
				      const struct fc_platform_name **out, struct fc_error *err)
{
	FC_TRY(fc_platform_load_spaces(platform, err));
	*out = find(&platform->spaces, space);
	if (*out) {
		return FC_OK;
	}
	return fc_fail(err, FC_NOT_FOUND,
		       "service '%s' has no space '%s' that its token can access",
		       platform->options.name, space);
}

/* ---- the space of the token ---- */

/* A token without a space of its own works in the space "default". */
static enum fc_status read_token_space(struct fc_platform *platform, struct fc_buffer *name,
				       uint64_t *id, bool *known, struct fc_error *err)
{
	FC_CLEANUP(fc_platform_call_release) struct fc_platform_call call = { 0 };
	FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
	const char *path[] = { "whoami", NULL };
	fc_platform_call_begin(platform, FC_HTTP_GET, path, &call);
	FC_TRY(fc_platform_call_end(&call, err));
	FC_TRY(fc_platform_perform(platform, platform->iam, &call, &answer, err));
	const cJSON *space = fc_json_get(answer.json, "space");
	const char *space_name = "default";
	*known = space != NULL;
	if (cJSON_IsObject(space)) {
		FC_TRY(fc_platform_read_named(space, " space", id, &space_name, err));
	}
	fc_buffer_append_text(name, space_name);
	return fc_buffer_ok(name) ? FC_OK : fc_fail_memory(err);
}

static enum fc_status check_origin(void *context, const cJSON *item, struct fc_error *err)
{
	const struct fc_platform *platform = context;
	const char *name;
	uint64_t id;
	FC_TRY_PREFIX(fc_platform_read_named(item, "n origin", &id, &name, err), err,
		      "service '%s'", platform->options.name);
	return FC_OK;
}

/* If the service has two URLs, probe both. */
enum fc_status fc_platform_probe(struct fc_service *service, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer name = { 0 };
	struct fc_platform *platform = fc_platform_of(service);
	const char *path[] = { platform->dialect->origins, NULL };
	const struct fc_platform_list list = {
		.http = platform->client.http,
		.path = path,
		.limit = 1,
		.what = "n origin",
		.visit = check_origin,
		.context = platform,
	};
	uint64_t id;
	bool known;
	if (platform->iam != platform->client.http) {
		FC_TRY(read_token_space(platform, &name, &id, &known, err));
	}
	return fc_platform_each(platform, &list, err);
}

enum fc_status fc_platform_check_space(struct fc_platform *platform, const char *space,
				       struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer name = { 0 };
	char number[24];
	uint64_t id = 0;
	bool known = false;
	if (!space) {
		return FC_OK;
	}
	FC_TRY(read_token_space(platform, &name, &id, &known, err));
	snprintf(number, sizeof(number), "%" PRIu64, id);
	if (known && (strcmp(fc_buffer_text(&name), space) == 0 || strcmp(number, space) == 0)) {
		return FC_OK;
	}
	if (known) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the token of service '%s' works in space '%s', not in '%s'; add a "
			       "service section with its own token for each space",
			       platform->options.name, fc_buffer_text(&name), space);
	}
	return fc_fail(err, FC_INVALID_ARGUMENT,
		       "service '%s' determines the space by its token and does not report which "
		       "one it is; omit --space",
		       platform->options.name);
}
