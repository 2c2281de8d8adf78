/* Open and close the client of an Azure service; the commands without photos. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/azure/azure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "service/remote/azure/engine.h"

static enum fc_status probe(struct fc_service *service, struct fc_error *err)
{
	FC_CLEANUP(fc_azure_call_release) struct fc_azure_call call = { 0 };
	FC_CLEANUP(fc_json_release) cJSON *groups = NULL;
	struct fc_azure *azure = fc_azure_of(service);
	fc_azure_begin(azure, &call, FC_HTTP_GET, FC_AZURE_ARRAY);
	fc_azure_add_path(&call, "largepersongroups");
	fc_azure_add_query_number(&call, "top", 1);
	FC_TRY(fc_azure_perform(azure, &call, &groups, NULL, err));
	if (groups->child && !fc_json_text(groups->child, "largePersonGroupId")) {
		return fc_fail(err, FC_REFUSED,
			       "service '%s': the response has a group without an id; is the url "
			       "that of a Face resource?",
			       azure->options.name);
	}
	return FC_OK;
}

/* ---- delete and truncate ---- */

enum fc_status fc_azure_delete_person(struct fc_azure *azure, struct fc_azure_person *person,
				      struct fc_error *err)
{
	FC_CLEANUP(fc_azure_call_release) struct fc_azure_call call = { 0 };
	fc_azure_begin_group(azure, &call, FC_HTTP_DELETE, FC_AZURE_EMPTY);
	fc_azure_add_path(&call, "persons");
	fc_azure_add_path_uuid(&call, &person->id);
	enum fc_status status = fc_azure_perform(azure, &call, NULL, NULL, err);
	/* 404 after a retry: the first try already deleted it */
	if (status != FC_OK && status != FC_NOT_FOUND) {
		return status;
	}
	person->gone = true;
	return FC_OK;
}

/* If it returns FC_NOT_FOUND, err is unchanged. */
static enum fc_status delete_number(struct fc_azure *azure, struct fc_delete_item *item,
				    bool dry_run, struct fc_error *err)
{
	const struct fc_azure_persons *persons = &azure->group.persons;
	struct fc_azure_person *person = fc_azure_person_by_number(persons, item->number);
	item->faces = 0;
	if (!person) {
		return FC_NOT_FOUND;
	}
	FC_TRY_PREFIX(fc_azure_persons_check_number(persons, item->number, err), err,
		      "service '%s': space '%s'", azure->options.name, azure->group.space);
	item->faces = person->face_count;
	return dry_run ? FC_OK : fc_azure_delete_person(azure, person, err);
}

static enum fc_status delete_persons(struct fc_service *service,
				     const struct fc_delete_request *request, struct fc_error *err)
{
	struct fc_azure *azure = fc_azure_of(service);
	struct fc_error failure = { 0 };
	size_t done = 0;
	FC_TRY(fc_azure_use_space(azure, request->space, FC_AZURE_ALL_PERSONS, err));
	for (size_t i = 0; i < request->count; i++) {
		struct fc_delete_item *item = &request->items[i];
		struct fc_error why = { 0 };
		item->status = delete_number(azure, item, request->dry_run, &why);
		done += item->status == FC_OK;
		if (why.status != FC_OK) {
			snprintf(item->service_error, sizeof(item->service_error), "%.150s",
				 why.text);
			failure = failure.status == FC_OK ? why : failure;
		}
	}
	if (failure.status == FC_OK) {
		return FC_OK;
	}
	return fc_fail(err, done > 0 ? FC_PARTIAL : failure.status, "%s", failure.text);
}

static enum fc_status truncate_space(struct fc_service *service,
				     const struct fc_truncate_request *request,
				     struct fc_truncate_result *out, struct fc_error *err)
{
	struct fc_azure *azure = fc_azure_of(service);
	FC_TRY(fc_azure_use_space(azure, request->space, FC_AZURE_ALL_PERSONS, err));
	out->persons = fc_azure_persons_count(&azure->group.persons, &out->faces);
	if (request->dry_run && azure->group.exists) {
		return FC_OK;
	}
	return fc_azure_empty_group(azure, err);
}

/* ---- spaces ---- */

void fc_azure_spaces_release(struct fc_azure_spaces *spaces)
{
	free(spaces->items);
	*spaces = (struct fc_azure_spaces){ 0 };
}

/* Add a group to the list of spaces if its id is the prefix followed by a valid space name. */
static enum fc_status add_group(const struct fc_azure *azure, const cJSON *row,
				struct fc_azure_spaces *list, struct fc_error *err)
{
	const char *prefix = azure->options.group_prefix;
	const char *id = fc_json_text(row, "largePersonGroupId");
	size_t length = strlen(prefix);
	if (!id || !fc_text_is_space_name(id)) {
		return fc_fail(err, FC_REFUSED,
			       "service '%s': the response has a group without an id",
			       azure->options.name);
	}
	snprintf(list->last, sizeof(list->last), "%s", id);
	if (strncmp(id, prefix, length) != 0 || id[length] == '\0') {
		return FC_OK;
	}
	FC_TRY(fc_array_grow(&list->items, sizeof(*list->items), list->count, &list->capacity,
			     err));
	struct fc_space_summary *item = &list->items[list->count++];
	*item = (struct fc_space_summary){ 0 };
	snprintf(item->name, sizeof(item->name), "%s", id + length);
	return FC_OK;
}

enum fc_status fc_azure_list_spaces(struct fc_azure *azure, struct fc_azure_spaces *list,
				    struct fc_error *err)
{
	enum { PAGE = 100 }; /* a group has up to 16 kB of user data */
	FC_CLEANUP(fc_azure_call_release) struct fc_azure_call call = { 0 };
	char before[sizeof(list->last)];
	int rows;
	do {
		FC_CLEANUP(fc_json_release) cJSON *page = NULL;
		const cJSON *row;
		memcpy(before, list->last, sizeof(before));
		fc_azure_begin(azure, &call, FC_HTTP_GET, FC_AZURE_ARRAY);
		fc_azure_add_path(&call, "largepersongroups");
		if (before[0] != '\0') {
			fc_azure_add_query(&call, "start", before);
		}
		fc_azure_add_query_number(&call, "top", PAGE);
		FC_TRY(fc_azure_perform(azure, &call, &page, NULL, err));
		cJSON_ArrayForEach (row, page) {
			FC_TRY(add_group(azure, row, list, err));
		}
		rows = cJSON_GetArraySize(page);
		/* ids ascend; stop at a page that does not advance, which would repeat forever */
	} while (rows >= PAGE && strcmp(before, list->last) < 0);
	return FC_OK;
}

static enum fc_status list_spaces(struct fc_service *service, struct fc_space_summary **out,
				  size_t *count, struct fc_error *err)
{
	FC_CLEANUP(fc_azure_spaces_release) struct fc_azure_spaces list = { 0 };
	struct fc_azure *azure = fc_azure_of(service);
	FC_TRY(fc_azure_list_spaces(azure, &list, err));
	for (size_t i = 0; i < list.count; i++) {
		struct fc_space_summary *space = &list.items[i];
		FC_TRY(fc_azure_use_space(azure, space->name, FC_AZURE_ALL_PERSONS, err));
		space->persons = fc_azure_persons_count(&azure->group.persons, &space->faces);
	}
	*out = FC_STEAL(list.items);
	*count = list.count;
	return FC_OK;
}

static enum fc_status delete_space(struct fc_service *service, const char *space,
				   struct fc_error *err)
{
	struct fc_azure *azure = fc_azure_of(service);
	FC_TRY(fc_azure_use_space(azure, space, FC_AZURE_NO_PERSONS, err));
	return fc_azure_delete_group(azure, err);
}

/* ---- opening and closing ---- */

static const char *account(const struct fc_service *service)
{
	return ((const struct fc_azure *)service)->client.account;
}

static void close_azure(struct fc_service *service)
{
	struct fc_azure *azure = fc_azure_of(service);
	fc_azure_persons_release(&azure->group.persons);
	fc_azure_objects_release(&azure->last_owner.faces);
	free(azure->last_owner.path);
	fc_remote_disconnect(&azure->client);
	free(azure);
}

static const struct fc_photo_verbs photo_verbs = {
	.set = fc_azure_set,
	.recognize = fc_azure_recognize,
	.delete = delete_persons,
	.truncate = truncate_space,
	.sync = fc_remote_sync_alone,
};

static const struct fc_face_verbs face_verbs = {
	.detect = fc_azure_detect,
	.verify = fc_azure_verify,
};

static const struct fc_space_verbs space_verbs = {
	.list = list_spaces,
	.delete = delete_space,
};

static const struct fc_service_verbs service_verbs = { .probe = probe };

static const struct fc_service_operations operations = {
	.type = "azure",
	.close = close_azure,
	.account = account,
	.photos = &photo_verbs,
	.sync = &fc_azure_sync_verbs,
	.faces = &face_verbs,
	.profiles = &fc_azure_profile_verbs,
	.spaces = &space_verbs,
	.services = &service_verbs,
	.api = &fc_azure_api_verbs,
};

static enum fc_status check_options(const struct fc_azure_options *options, struct fc_error *err)
{
	const char *name = options->name;
	/* the ids of groups begin with the prefix, so it must have valid characters */
	const char *prefix = options->group_prefix;
	if (!prefix || (*prefix != '\0' && !fc_text_is_space_name(prefix))) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "service '%s': group-prefix may contain only a-z, 0-9, - and _",
			       name);
	}
	if (options->candidates < 1 || options->candidates > FC_AZURE_CANDIDATES_MAXIMUM) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "service '%s': candidates must be from 1 to %d for each face", name,
			       FC_AZURE_CANDIDATES_MAXIMUM);
	}
	if (options->has_confidence && !(options->confidence >= 0 && options->confidence <= 1)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "service '%s': confidence-threshold must be from 0 to 1", name);
	}
	if (options->face_seconds != 0 &&
	    (options->face_seconds < 60 || options->face_seconds > 86400)) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"service '%s': the lifetime of faces must be from 60 to 86400 seconds",
			name);
	}
	return FC_OK;
}

enum fc_status fc_azure_open(const struct fc_azure_options *options, struct fc_service **out,
			     struct fc_error *err)
{
	static const char *const tails[] = { "/face/v1.0", NULL };
	FC_TRY(check_options(options, err));
	struct fc_azure *azure = calloc(1, sizeof(*azure));
	if (!azure) {
		return fc_fail_memory(err);
	}
	FC_CLEANUP(fc_service_closep) struct fc_service *service = &azure->service;
	service->operations = &operations;
	azure->options = *options;
	FC_TRY(fc_remote_connect(&azure->client, options->name, &options->token, tails,
				 &azure->options.http, err));
	azure->headers[0] = (struct fc_http_field){ "Ocp-Apim-Subscription-Key",
						    azure->client.token.text, true };
	*out = FC_STEAL(service);
	return FC_OK;
}
