/*
 * The large person group of a space: read, create, train, delete.
 *
 * Added faces are recognized only after the next training. To detect that an earlier run was interrupted before the training,
 * facectl marks the group: the user data of a group that facectl created has a mark from the first added face until the end of
 * the next training. User data of other programs is not changed.
 */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "service/remote/azure/engine.h"

enum { GROUP_ID_MAXIMUM = 64 };

static const char mark_untrained[] = "facectl: to be trained";
static const char mark_trained[] = "facectl: trained";

static enum fc_status name_group(struct fc_azure *azure, const char *space, struct fc_error *err)
{
	struct fc_azure_group *group = &azure->group;
	const char *prefix = azure->options.group_prefix;
	if (!space) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "service '%s' has no origins; give --space", azure->options.name);
	}
	if (!fc_text_is_space_name(space)) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"'%s' is not a valid space name: use 1 to 64 characters a-z, 0-9, - and _",
			space);
	}
	if (strlen(prefix) + strlen(space) > GROUP_ID_MAXIMUM) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "space '%s' with the group-prefix '%s' is longer than the %d "
			       "characters of a group's id in service '%s'",
			       space, prefix, GROUP_ID_MAXIMUM, azure->options.name);
	}
	snprintf(group->space, sizeof(group->space), "%s", space);
	snprintf(group->id, sizeof(group->id), "%s%s", prefix, space);
	return FC_OK;
}

/* ---- reading ---- */

static enum fc_status read_group(struct fc_azure *azure, struct fc_error *err)
{
	FC_CLEANUP(fc_azure_call_release) struct fc_azure_call call = { 0 };
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	struct fc_azure_error error;
	fc_azure_begin_group(azure, &call, FC_HTTP_GET, FC_AZURE_OBJECT);
	fc_azure_add_query(&call, "returnRecognitionModel", "true");
	enum fc_status status = fc_azure_perform(azure, &call, &json, &error, err);
	if (status != FC_OK) {
		return status == FC_NOT_FOUND ? FC_OK : status;
	}
	struct fc_azure_group *group = &azure->group;
	const char *model = fc_json_text(json, "recognitionModel");
	const char *user_data = fc_json_text(json, "userData");
	group->exists = true;
	group->ours = !user_data || strncmp(user_data, "facectl:", 8) == 0 || *user_data == '\0';
	group->marked = user_data && strcmp(user_data, mark_untrained) == 0;
	group->needs_training = group->marked;
	if (model && strlen(model) < sizeof(group->model)) {
		snprintf(group->model, sizeof(group->model), "%s", model);
	}
	return FC_OK;
}

static enum fc_status add_page(struct fc_azure *azure, const cJSON *page, struct fc_uuid *last,
			       struct fc_error *err)
{
	struct fc_azure_persons *persons = &azure->group.persons;
	size_t before = persons->count;
	const cJSON *item;
	cJSON_ArrayForEach (item, page) {
		struct fc_azure_person_row row;
		struct fc_azure_person *person;
		FC_TRY(fc_azure_read_person(item, &row, err));
		FC_TRY(fc_azure_persons_add(persons, &row, &person, err));
		*last = row.id;
	}
	persons->complete = cJSON_GetArraySize(page) < FC_AZURE_PAGE;
	if (!persons->complete && persons->count == before) {
		return fc_fail(err, FC_REFUSED,
			       "service '%s' returns the same page of persons twice",
			       azure->options.name);
	}
	return FC_OK;
}

static enum fc_status read_persons(struct fc_azure *azure, enum fc_azure_reading reading,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_azure_call_release) struct fc_azure_call call = { 0 };
	struct fc_azure_persons *persons = &azure->group.persons;
	struct fc_uuid last;
	do {
		FC_CLEANUP(fc_json_release) cJSON *page = NULL;
		fc_azure_begin_group(azure, &call, FC_HTTP_GET, FC_AZURE_ARRAY);
		fc_azure_add_path(&call, "persons");
		if (persons->count > 0) {
			fc_azure_add_query_uuid(&call, "start", &last);
		}
		fc_azure_add_query_number(&call, "top", FC_AZURE_PAGE);
		FC_TRY(fc_azure_perform(azure, &call, &page, NULL, err));
		FC_TRY(add_page(azure, page, &last, err));
	} while (!persons->complete && reading == FC_AZURE_ALL_PERSONS);
	return FC_OK;
}

enum fc_status fc_azure_read_persons(struct fc_azure *azure, struct fc_error *err)
{
	fc_azure_persons_release(&azure->group.persons);
	return read_persons(azure, FC_AZURE_ALL_PERSONS, err);
}

enum fc_status fc_azure_use_space(struct fc_azure *azure, const char *space,
				  enum fc_azure_reading reading, struct fc_error *err)
{
	struct fc_azure_group *group = &azure->group;
	fc_azure_persons_release(&group->persons);
	*group = (struct fc_azure_group){ 0 };
	FC_TRY(name_group(azure, space, err));
	snprintf(group->model, sizeof(group->model), "%s", azure->options.recognition_model);
	FC_TRY(read_group(azure, err));
	group->persons.complete = !group->exists;
	if (!group->exists || reading == FC_AZURE_NO_PERSONS) {
		return FC_OK;
	}
	return read_persons(azure, reading, err);
}

/* ---- creating and marking ---- */

static cJSON *group_body(const char *name, const char *user_data, const char *model)
{
	cJSON *body = cJSON_CreateObject();
	bool complete = (!name || cJSON_AddStringToObject(body, "name", name)) &&
			cJSON_AddStringToObject(body, "userData", user_data) &&
			(!model || cJSON_AddStringToObject(body, "recognitionModel", model));
	if (!complete) {
		cJSON_Delete(body);
		return NULL;
	}
	return body;
}

enum fc_status fc_azure_mark_call(struct fc_azure *azure, struct fc_azure_call *call, bool *wanted,
				  struct fc_error *err)
{
	struct fc_azure_group *group = &azure->group;
	*wanted = true;
	if (!group->exists) {
		fc_azure_begin_group(azure, call, FC_HTTP_PUT, FC_AZURE_EMPTY);
		return fc_azure_json_body(
			call, group_body(group->space, mark_untrained, group->model), err);
	}
	if (group->ours && !group->marked) {
		fc_azure_begin_group(azure, call, FC_HTTP_PATCH, FC_AZURE_EMPTY);
		return fc_azure_json_body(call, group_body(NULL, mark_untrained, NULL), err);
	}
	*wanted = false;
	return FC_OK;
}

void fc_azure_mark_done(struct fc_azure *azure)
{
	struct fc_azure_group *group = &azure->group;
	group->ours = group->ours || !group->exists;
	group->exists = true;
	group->marked = group->ours;
}

/* ---- training ---- */

/* Remove the mark. Errors are ignored, because a remaining mark only causes an unnecessary training. */
static void unmark(struct fc_azure *azure)
{
	FC_CLEANUP(fc_azure_call_release) struct fc_azure_call call = { 0 };
	if (!azure->group.marked) {
		return;
	}
	fc_azure_begin_group(azure, &call, FC_HTTP_PATCH, FC_AZURE_EMPTY);
	if (fc_azure_json_body(&call, group_body(NULL, mark_trained, NULL), NULL) == FC_OK &&
	    fc_azure_perform(azure, &call, NULL, NULL, NULL) == FC_OK) {
		azure->group.marked = false;
	}
}

/* Request the state of the training after delay_ms. *over: it ended. */
static enum fc_status poll_training(struct fc_azure *azure, uint64_t delay_ms, bool *over,
				    struct fc_error *err)
{
	FC_CLEANUP(fc_azure_call_release) struct fc_azure_call call = { 0 };
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	struct fc_azure_error error;
	enum fc_azure_training state;
	const char *words;
	fc_azure_begin_group(azure, &call, FC_HTTP_GET, FC_AZURE_OBJECT);
	fc_azure_add_path(&call, "training");
	call.request.delay_ms = delay_ms;
	enum fc_status status = fc_azure_perform(azure, &call, &json, &error, err);
	if (fc_azure_has_code(&error, "LargePersonGroupNotTrained")) {
		/* the training has not started or finished; *over is false, so that the caller polls again */
		return FC_OK;
	}
	FC_TRY(status);
	FC_TRY(fc_azure_read_training(json, &state, &words, err));
	if (state == FC_AZURE_TRAINING_FAILED) {
		azure->group.training_failed = true;
		return fc_fail(
			err, FC_REFUSED,
			"service '%s': the training of space '%s' failed%s%.300s; added faces "
			"are recognized after the next successful training",
			azure->options.name, azure->group.space, *words != '\0' ? ": " : "", words);
	}
	*over = state == FC_AZURE_TRAINED;
	return FC_OK;
}

static enum fc_status wait_for_training(struct fc_azure *azure, struct fc_error *err)
{
	const struct fc_azure_options *options = &azure->options;
	int64_t start = fc_clock_monotonic_ms();
	uint64_t delay_ms = options->poll_ms;
	for (;;) {
		bool over = false;
		FC_TRY(poll_training(azure, delay_ms, &over, err));
		if (over) {
			return FC_OK;
		}
		if ((uint64_t)(fc_clock_monotonic_ms() - start) >= options->training_ms) {
			azure->group.training_failed = true;
			return fc_fail(err, FC_BUSY,
				       "service '%s': the training of space '%s' did not end "
				       "within %.0f s (training-timeout); it continues there, so "
				       "try again later",
				       options->name, azure->group.space,
				       (double)options->training_ms / 1000);
		}
		delay_ms = 2 * delay_ms < options->poll_ceiling_ms ? 2 * delay_ms
								   : options->poll_ceiling_ms;
	}
}

enum fc_status fc_azure_train(struct fc_azure *azure, struct fc_error *err)
{
	FC_CLEANUP(fc_azure_call_release) struct fc_azure_call call = { 0 };
	struct fc_azure_group *group = &azure->group;
	struct fc_azure_error error;
	const struct fc_azure_persons *persons = &group->persons;
	if (!group->exists || (persons->complete && !fc_azure_persons_have_face(persons))) {
		group->needs_training = false;
		return FC_OK;
	}
	fc_azure_begin_group(azure, &call, FC_HTTP_POST, FC_AZURE_EMPTY);
	fc_azure_add_path(&call, "train");
	enum fc_status status = fc_azure_perform(azure, &call, NULL, &error, err);
	/* a conflict here means that another client's training did not end in time */
	group->training_failed = fc_azure_is_conflict(&error);
	FC_TRY(status);
	FC_TRY(wait_for_training(azure, err));
	group->needs_training = false;
	unmark(azure);
	return FC_OK;
}

enum fc_status fc_azure_empty_group(struct fc_azure *azure, struct fc_error *err)
{
	FC_CLEANUP(fc_azure_call_release) struct fc_azure_call call = { 0 };
	struct fc_azure_group *group = &azure->group;
	struct fc_azure_error error;
	FC_TRY(fc_azure_delete_group(azure, err));
	fc_azure_begin_group(azure, &call, FC_HTTP_PUT, FC_AZURE_EMPTY);
	FC_TRY(fc_azure_json_body(&call, group_body(group->space, mark_trained, group->model),
				  err));
	enum fc_status status = fc_azure_perform(azure, &call, NULL, &error, err);
	if (status != FC_OK && !fc_azure_has_code(&error, "LargePersonGroupExists")) {
		return status;
	}
	group->exists = true;
	return FC_OK;
}

enum fc_status fc_azure_delete_group(struct fc_azure *azure, struct fc_error *err)
{
	FC_CLEANUP(fc_azure_call_release) struct fc_azure_call call = { 0 };
	struct fc_azure_group *group = &azure->group;
	if (!group->exists) {
		return fc_fail(err, FC_NOT_FOUND, "there is no space '%s'", group->space);
	}
	fc_azure_begin_group(azure, &call, FC_HTTP_DELETE, FC_AZURE_EMPTY);
	enum fc_status status = fc_azure_perform(azure, &call, NULL, NULL, err);
	if (status != FC_OK && status != FC_NOT_FOUND) {
		return status;
	}
	/* 404 after a retry: the first try already deleted it */
	fc_azure_persons_release(&group->persons);
	group->exists = false;
	return FC_OK;
}
