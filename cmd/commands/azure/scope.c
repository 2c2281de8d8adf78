/* The options that name a container, and finding persons and faces in it. */
/* SPDX-License-Identifier: MIT */
#include "commands/azure/scope.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "config/services.h"
#include "option/person.h"

/* Persons have up to 248 faces, and an answer at most 200000 values. */
enum { PERSONS_PAGE = 250 };

enum fc_status scope_of(const struct command_context *ctx, const struct scope_args *args,
			struct scope *out, struct fc_error *err)
{
	FC_CLEANUP(service_settings_release) struct service_settings service = { 0 };
	const char *prefix = "";
	*out = (struct scope){ 0 };
	if ((args->group != NULL) + (args->list != NULL) + (args->space != NULL) > 1) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "give one of --group, --list and --space");
	}
	if (args->large && !args->group && !args->list && !args->space) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "--large needs a list or group");
	}
	if (args->space && !settings_are_local(ctx->settings)) {
		FC_TRY(services_get(&ctx->settings->configuration, ctx->settings->service, &service,
				    err));
		prefix = service.group_prefix ? service.group_prefix : "";
	}
	const char *id = args->group ? args->group : args->list ? args->list : args->space;
	if (!id) {
		return FC_OK;
	}
	if (strlen(prefix) + strlen(id) >= sizeof(out->id)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "the id '%s' is too long", id);
	}
	memcpy(out->id, prefix, strlen(prefix));
	memcpy(out->id + strlen(prefix), id, strlen(id) + 1);
	out->kind = args->list ? (args->large ? FC_AZURE_LARGE_FACE_LIST : FC_AZURE_FACE_LIST)
		    : args->large || args->space ? FC_AZURE_LARGE_PERSON_GROUP
						 : FC_AZURE_PERSON_GROUP;
	return FC_OK;
}

enum fc_status scope_model(struct command_context *ctx, const struct scope *scope,
			   char out[SCOPE_MODEL_SIZE], struct fc_error *err)
{
	FC_CLEANUP(azure_call_release)
	struct azure_call call = {
		.service = ctx->service,
		.kind = scope->kind,
		.verb = FC_AZURE_GET,
		.container = scope->id,
	};
	azure_query(&call, "returnRecognitionModel", "true");
	FC_TRY(azure_send(&call, err));
	const char *model = fc_json_text(call.json, "recognitionModel");
	snprintf(out, SCOPE_MODEL_SIZE, "%.31s", model ? model : "recognition_01");
	return FC_OK;
}

/* ---- pages ---- */

/* The member that identifies an object of a list. */
static const char *id_of(const struct azure_call *call, const cJSON *item)
{
	const char *name = call->verb == FC_AZURE_PERSON_LIST     ? "personId"
			   : call->verb == FC_AZURE_FACE_LIST_ALL ? "persistedFaceId"
			   : call->verb == FC_AZURE_SNAPSHOT_LIST
				   ? "id"
				   : fc_azure_kinds[call->kind].id_member;
	return fc_json_text(item, name);
}

enum fc_status azure_each(struct azure_call *call, const char *after, unsigned page,
			  azure_visit *visit, void *context, struct fc_error *err)
{
	const struct fc_azure_operation *operation =
		fc_azure_find_operation(call->kind, call->verb);
	bool pages = operation->query & FC_AZURE_START;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer filter = { 0 };
	char last[136] = "";
	bool stop = false;
	snprintf(last, sizeof(last), "%s", after ? after : "");
	fc_buffer_append(&filter, call->query.data, call->query.length);
	if (!fc_buffer_ok(&call->query) || !fc_buffer_ok(&filter)) {
		return fc_fail_memory(err);
	}
	for (;;) {
		fc_buffer_clear(&call->query);
		fc_buffer_append(&call->query, filter.data, filter.length);
		if (pages) {
			azure_query(call, "start", last[0] != '\0' ? last : NULL);
			azure_query_number(call, "top", page);
		}
		FC_TRY(azure_send(call, err));
		char before[sizeof(last)];
		const cJSON *item;
		memcpy(before, last, sizeof(before));
		cJSON_ArrayForEach (item, call->json) {
			const char *id = id_of(call, item);
			if (!id || (!pages && after && strcmp(id, after) <= 0)) {
				continue;
			}
			FC_TRY(visit(context, item, &stop, err));
			if (stop) {
				return FC_OK;
			}
			snprintf(last, sizeof(last), "%s", id);
		}
		/* ids ascend: a page that does not advance would repeat forever */
		if (!pages || (unsigned)cJSON_GetArraySize(call->json) < page ||
		    strcmp(last, before) <= 0) {
			return FC_OK;
		}
	}
}

/* ---- finding ---- */

/* The objects that a text names. */
struct search {
	const struct out *out;
	const char *text;
	size_t count;
	char first[FC_UUID_TEXT_SIZE];
	char first_name[200];
};

static bool is_prefix(const char *text, const char *id)
{
	return strlen(text) >= 4 && strncasecmp(text, id, strlen(text)) == 0;
}

static void note(struct search *search, const char *id, const char *name)
{
	if (search->count == 1) {
		out_message(search->out, "%s  %s", search->first, search->first_name);
	}
	if (search->count > 0) {
		out_message(search->out, "%s  %s", id, name ? name : "");
	} else {
		snprintf(search->first, sizeof(search->first), "%s", id);
		snprintf(search->first_name, sizeof(search->first_name), "%.199s",
			 name ? name : "");
	}
	search->count++;
}

static enum fc_status compare_person(void *context, const cJSON *item, bool *stop,
				     struct fc_error *err)
{
	struct search *search = context;
	const char *id = fc_json_text(item, "personId");
	const char *name = fc_json_text(item, "name");
	(void)stop;
	(void)err;
	if (is_prefix(search->text, id) || (name && strcmp(name, search->text) == 0)) {
		note(search, id, name);
	}
	return FC_OK;
}

static enum fc_status finish(const struct search *search, const char *what, const char *place,
			     char out[FC_UUID_TEXT_SIZE], struct fc_error *err)
{
	memcpy(out, search->first, FC_UUID_TEXT_SIZE);
	return search->count == 1 ? FC_OK
	       : search->count == 0
		       ? fc_fail(err, FC_NOT_FOUND, "there is no %s '%s' in '%s'", what,
				 search->text, place)
		       : fc_fail(err, FC_INVALID_ARGUMENT, "'%s' is ambiguous: it matches %zu %ss",
				 search->text, search->count, what);
}

enum fc_status scope_person(struct command_context *ctx, struct scope *scope, const char *text,
			    char out[FC_UUID_TEXT_SIZE], struct fc_error *err)
{
	struct fc_uuid uuid;
	if (scope->kind == FC_AZURE_NO_KIND) {
		FC_CLEANUP(fc_profile_release) struct fc_profile profile = { 0 };
		if (!settings_are_local(ctx->settings)) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "service '%s' finds persons in a group; give --group",
				       ctx->settings->service);
		}
		FC_TRY(person_read(ctx, text, NULL, &profile, err));
		fc_uuid_format(&profile.pid, out);
		scope->kind = FC_AZURE_LARGE_PERSON_GROUP;
		snprintf(scope->id, sizeof(scope->id), "%s", profile.space);
		return FC_OK;
	}
	if (fc_uuid_parse(text, &uuid)) {
		fc_uuid_format(&uuid, out);
		return FC_OK;
	}
	FC_CLEANUP(azure_call_release)
	struct azure_call call = { .service = ctx->service,
				   .kind = scope->kind,
				   .verb = FC_AZURE_PERSON_LIST,
				   .container = scope->id };
	struct search search = { .out = ctx->out, .text = text };
	FC_TRY(azure_each(&call, NULL, PERSONS_PAGE, compare_person, &search, err));
	return finish(&search, "person", scope->id, out, err);
}

static enum fc_status compare_face(void *context, const cJSON *item, bool *stop,
				   struct fc_error *err)
{
	struct search *search = context;
	const char *id =
		cJSON_IsString(item) ? item->valuestring : fc_json_text(item, "persistedFaceId");
	(void)stop;
	(void)err;
	if (id && is_prefix(search->text, id)) {
		note(search, id, NULL);
	}
	return FC_OK;
}

enum fc_status scope_face(struct command_context *ctx, const struct scope *scope,
			  const char *person, const char *text, char out[FC_UUID_TEXT_SIZE],
			  struct fc_error *err)
{
	struct fc_uuid uuid;
	struct search search = { .out = ctx->out, .text = text };
	if (fc_uuid_parse(text, &uuid)) {
		fc_uuid_format(&uuid, out);
		return FC_OK;
	}
	FC_CLEANUP(azure_call_release)
	struct azure_call call = {
		.service = ctx->service,
		.kind = scope->kind,
		.verb = person                                    ? FC_AZURE_PERSON_GET
			: scope->kind == FC_AZURE_LARGE_FACE_LIST ? FC_AZURE_FACE_LIST_ALL
								  : FC_AZURE_GET,
		.container = scope->id,
		.person = person,
	};
	if (call.verb == FC_AZURE_FACE_LIST_ALL) {
		FC_TRY(azure_each(&call, NULL, 1000, compare_face, &search, err));
	} else {
		FC_TRY(azure_send(&call, err));
		const char *name = person ? "persistedFaceIds" : "persistedFaces";
		const cJSON *item;
		bool stop;
		cJSON_ArrayForEach (item, fc_json_get(call.json, name)) {
			FC_TRY(compare_face(&search, item, &stop, err));
		}
	}
	return finish(&search, "face", person ? person : scope->id, out, err);
}
