/* set --sync on an Azure service: remove faces whose photos are gone or moved, and rename persons. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "service/remote/azure/engine.h"

/* ---- persons ---- */

/* Read the persons of the space, unless they were just read. */
static enum fc_status need_persons(struct fc_azure *azure, const char *space, struct fc_error *err)
{
	const struct fc_azure_group *group = &azure->group;
	bool known = space && strcmp(group->space, space) == 0 && group->persons.complete;
	return known ? FC_OK : fc_azure_use_space(azure, space, FC_AZURE_ALL_PERSONS, err);
}

static void begin_person(const struct fc_azure *azure, const struct fc_azure_person *person,
			 struct fc_azure_call *call, enum fc_http_method method,
			 enum fc_azure_shape shape)
{
	fc_azure_begin_group(azure, call, method, shape);
	fc_azure_add_path(call, "persons");
	fc_azure_add_path_uuid(call, &person->id);
}

static enum fc_status find_name(struct fc_service *service, const char *space, const char *name,
				struct fc_uuid *pid, struct fc_error *err)
{
	struct fc_azure *azure = fc_azure_of(service);
	FC_TRY(need_persons(azure, space, err));
	const struct fc_azure_person *person = fc_azure_person_by_name(&azure->group.persons, name);
	*pid = person && person->has_id ? person->id : (struct fc_uuid){ .bytes = { 0 } };
	return FC_OK;
}

static enum fc_status rename_person(struct fc_service *service, const char *space,
				    const struct fc_uuid *pid, const char *name, bool dry_run,
				    bool *renamed, struct fc_error *err)
{
	struct fc_azure *azure = fc_azure_of(service);
	FC_CLEANUP(fc_azure_call_release) struct fc_azure_call call = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	FC_CLEANUP(fc_json_release) cJSON *body = cJSON_CreateObject();
	FC_TRY(need_persons(azure, space, err));
	struct fc_azure_person *person = fc_azure_person_by_id(&azure->group.persons, pid);
	*renamed = person && !person->gone && !fc_azure_person_by_name(&azure->group.persons, name);
	if (!*renamed) {
		return FC_OK;
	}
	FC_CLEANUP(fc_free) char *copy = strdup(name);
	fc_azure_write_name(&text, person->has_number ? &person->number : NULL, name);
	const char *full_name = fc_buffer_text(&text);
	if (!copy || !body || !full_name || !cJSON_AddStringToObject(body, "name", full_name)) {
		return fc_fail_memory(err);
	}
	if (!dry_run) {
		begin_person(azure, person, &call, FC_HTTP_PATCH, FC_AZURE_EMPTY);
		FC_TRY(fc_azure_json_body(&call, FC_STEAL(body), err));
		FC_TRY(fc_azure_perform(azure, &call, NULL, NULL, err));
	}
	free(person->name);
	person->name = FC_STEAL(copy);
	return FC_OK;
}

/* ---- finding the face ---- */

static enum fc_status find_person(const struct fc_azure *azure, const struct fc_sync_face *removal,
				  struct fc_azure_person **out, struct fc_error *err)
{
	const struct fc_azure_persons *persons = &azure->group.persons;
	if (!fc_uuid_is_nil(&removal->pid)) {
		*out = fc_azure_person_by_id(persons, &removal->pid);
	} else if (removal->has_number) {
		FC_TRY(fc_azure_persons_check_number(persons, removal->number, err));
		*out = fc_azure_person_by_number(persons, removal->number);
	} else {
		*out = removal->name ? fc_azure_person_by_name(persons, removal->name) : NULL;
	}
	*out = *out && !(*out)->gone ? *out : NULL;
	return FC_OK;
}

/* Read the digest of the photo of a face. A face that does not exist has none. */
static enum fc_status read_digest(struct fc_azure *azure, const struct fc_azure_person *person,
				  struct fc_azure_stored_face *face, struct fc_error *err)
{
	FC_CLEANUP(fc_azure_call_release) struct fc_azure_call call = { 0 };
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	begin_person(azure, person, &call, FC_HTTP_GET, FC_AZURE_OBJECT);
	fc_azure_add_path(&call, "persistedfaces");
	fc_azure_add_path_uuid(&call, &face->id);
	enum fc_status status = fc_azure_perform(azure, &call, &json, NULL, err);
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	const char *digest = json ? fc_json_text(json, "userData") : NULL;
	face->read = true;
	face->has_digest = digest && fc_sha256_parse(digest, &face->digest);
	return FC_OK;
}

/* Find the face by its id or, if that is not known, by the digest of its photo. *index is the count of faces if the person does not have it. */
static enum fc_status find_face(struct fc_azure *azure, const struct fc_sync_face *removal,
				struct fc_azure_person *person, size_t *index, struct fc_error *err)
{
	struct fc_uuid id;
	bool has_id = removal->reference && fc_uuid_parse(removal->reference, &id);
	for (*index = 0; *index < person->face_count; ++*index) {
		struct fc_azure_stored_face *face = &person->faces[*index];
		if (has_id && fc_uuid_equal(&face->id, &id)) {
			break;
		}
		if (has_id) {
			continue;
		}
		FC_TRY(face->read ? FC_OK : read_digest(azure, person, face, err));
		if (face->has_digest && fc_sha256_equal(&face->digest, &removal->content)) {
			break;
		}
	}
	return FC_OK;
}

/* ---- removing ---- */

/* Mark the group as untrained before it is changed, so that an interruption does not hide that it needs a training. */
static enum fc_status mark(struct fc_azure *azure, struct fc_error *err)
{
	FC_CLEANUP(fc_azure_call_release) struct fc_azure_call call = { 0 };
	bool wanted;
	FC_TRY(fc_azure_mark_call(azure, &call, &wanted, err));
	if (wanted) {
		FC_TRY(fc_azure_perform(azure, &call, NULL, NULL, err));
		fc_azure_mark_done(azure);
	}
	azure->group.needs_training = true;
	return FC_OK;
}

static enum fc_status remove_face(struct fc_azure *azure, struct fc_azure_person *person,
				  size_t index, struct fc_error *err)
{
	FC_CLEANUP(fc_azure_call_release) struct fc_azure_call call = { 0 };
	FC_TRY(mark(azure, err));
	begin_person(azure, person, &call, FC_HTTP_DELETE, FC_AZURE_EMPTY);
	fc_azure_add_path(&call, "persistedfaces");
	fc_azure_add_path_uuid(&call, &person->faces[index].id);
	enum fc_status status = fc_azure_perform(azure, &call, NULL, NULL, err);
	/* 404: an earlier try deleted it, or another program */
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	person->faces[index] = person->faces[--person->face_count];
	return FC_OK;
}

/* Remove a person without faces. It is read again before: another program may have added a face. */
static enum fc_status remove_empty(struct fc_azure *azure, struct fc_azure_person *person,
				   bool *removed, struct fc_error *err)
{
	FC_CLEANUP(fc_azure_call_release) struct fc_azure_call call = { 0 };
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	struct fc_azure_person_row row;
	begin_person(azure, person, &call, FC_HTTP_GET, FC_AZURE_OBJECT);
	enum fc_status status = fc_azure_perform(azure, &call, &json, NULL, err);
	if (status == FC_NOT_FOUND) {
		person->gone = true;
		return FC_OK;
	}
	FC_TRY(status);
	FC_TRY_PREFIX(fc_azure_read_person(json, &row, err), err, "service '%s'",
		      azure->options.name);
	FC_TRY(fc_azure_persons_add(&azure->group.persons, &row, &person, err));
	if (person->face_count > 0) {
		return FC_OK;
	}
	FC_TRY(mark(azure, err));
	FC_TRY(fc_azure_delete_person(azure, person, err));
	*removed = true;
	return FC_OK;
}

/* Whether facectl created the person, and its user data was not changed since. */
static bool is_own(const struct fc_azure_person *person)
{
	return person->user_data && strncmp(person->user_data, "facectl:", 8) == 0;
}

static enum fc_status remove_one(struct fc_azure *azure, struct fc_sync_face *removal, bool dry_run,
				 struct fc_error *err)
{
	struct fc_azure_person *person;
	size_t index;
	FC_TRY(find_person(azure, removal, &person, err));
	if (!person) {
		return FC_OK;
	}
	removal->found_number = person->has_number;
	removal->person_number = person->number;
	removal->person_name = person->name ? strdup(person->name) : NULL;
	if (person->name && !removal->person_name) {
		return fc_fail_memory(err);
	}
	if (dry_run) {
		return FC_OK;
	}
	FC_TRY(find_face(azure, removal, person, &index, err));
	bool found = index < person->face_count;
	FC_TRY(found ? remove_face(azure, person, index, err) : FC_OK);
	/* without the face, an earlier run may have been interrupted before it removed the person */
	return person->face_count == 0 && (found || is_own(person))
		       ? remove_empty(azure, person, &removal->person_removed, err)
		       : FC_OK;
}

/* Whether the next removal would fail for the same reason. */
static bool affects_all(enum fc_status status)
{
	return status == FC_BUSY || status == FC_PERMISSION || status == FC_NO_MEMORY;
}

static enum fc_status remove_faces(struct fc_service *service, const char *space,
				   struct fc_sync_face *removals, size_t count, bool dry_run,
				   struct fc_error *err)
{
	struct fc_azure *azure = fc_azure_of(service);
	struct fc_error failure = { 0 };
	FC_TRY(fc_azure_use_space(azure, space, FC_AZURE_ALL_PERSONS, err));
	for (size_t i = 0; i < count; i++) {
		struct fc_sync_face *removal = &removals[i];
		struct fc_error why = { 0 };
		if (affects_all(failure.status)) {
			why = failure;
			removal->status = failure.status;
		} else if (fc_http_stopped(&azure->options.http)) {
			removal->status = fc_fail(&why, FC_BUSY, "service '%s': interrupted",
						  azure->options.name);
		} else {
			removal->status = azure->group.exists
						  ? remove_one(azure, removal, dry_run, &why)
						  : FC_OK;
		}
		if (removal->status != FC_OK) {
			snprintf(removal->error, sizeof(removal->error), "%.159s", why.text);
			failure = why;
		}
	}
	/* a group with the user data of another program has no mark: an earlier run may have removed the faces and not trained it */
	bool trains = azure->group.exists && (azure->group.needs_training || !azure->group.ours);
	return !trains || dry_run || affects_all(failure.status) ||
			       fc_http_stopped(&azure->options.http)
		       ? FC_OK
		       : fc_azure_train(azure, err);
}

const struct fc_sync_verbs fc_azure_sync_verbs = {
	.check = fc_azure_check_set,
	.find = find_name,
	.rename = rename_person,
	.remove = remove_faces,
};
