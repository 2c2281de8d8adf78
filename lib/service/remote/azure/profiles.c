/* Profiles on an Azure service: the persons of the spaces, which are large person groups. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/name.h"
#include "base/number.h"
#include "service/profiles.h"
#include "service/remote/azure/engine.h"

static char *copy_of(const char *text, bool *failed)
{
	char *copy = text ? strdup(text) : NULL;
	*failed |= text && !copy;
	return copy;
}

static enum fc_status profile_of(const struct fc_azure *azure, const struct fc_azure_person *person,
				 struct fc_profile *out, struct fc_error *err)
{
	/* written by facectl to identify a creation; see struct fc_azure_person */
	bool mark = person->user_data && strncmp(person->user_data, "facectl:", 8) == 0;
	bool failed = false;
	*out = (struct fc_profile){
		.pid = person->id,
		.has_number = person->has_number,
		.number = person->number,
		.name = copy_of(person->name, &failed),
		.user_data = mark ? NULL : copy_of(person->user_data, &failed),
		.faces = person->face_count,
	};
	memcpy(out->space, azure->group.space, sizeof(out->space));
	return failed ? fc_fail_memory(err) : FC_OK;
}

/* Make a space the current one and read all of its persons. */
static enum fc_status read_space(struct fc_azure *azure, const char *space, struct fc_error *err)
{
	FC_TRY(fc_azure_use_space(azure, space, FC_AZURE_ALL_PERSONS, err));
	return azure->group.exists ? FC_OK
				   : fc_fail(err, FC_NOT_FOUND, "there is no space '%s'", space);
}

/* ---- list ---- */

struct listing {
	const struct fc_profile_filter *filter;
	char *name_part;
	struct fc_profile_page page;
	size_t capacity;
	uint64_t passed; /* persons that the filter accepts, including those of other pages */
};

static void listing_release(struct listing *listing)
{
	free(listing->name_part);
	fc_profile_page_release(&listing->page);
}

static enum fc_status has_name(const struct listing *listing, const struct fc_azure_person *person,
			       bool *out, struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *name = NULL;
	*out = !listing->name_part;
	if (listing->name_part && person->name) {
		FC_TRY(fc_name_fold(person->name, &name, err));
		*out = strstr(name, listing->name_part) != NULL;
	}
	return FC_OK;
}

static enum fc_status list_space(struct fc_azure *azure, const char *space, struct listing *listing,
				 struct fc_error *err)
{
	const struct fc_azure_persons *persons = &azure->group.persons;
	FC_TRY(read_space(azure, space, err));
	for (size_t i = 0; i < persons->count; i++) {
		struct fc_profile_page *page = &listing->page;
		bool accepted;
		FC_TRY(has_name(listing, persons->items[i], &accepted, err));
		uint64_t index = listing->passed;
		listing->passed += accepted;
		if (!accepted || index < listing->filter->offset ||
		    page->count >= listing->filter->limit) {
			continue;
		}
		FC_TRY(fc_array_grow(&page->items, sizeof(*page->items), page->count,
				     &listing->capacity, err));
		FC_TRY(profile_of(azure, persons->items[i], &page->items[page->count++], err));
	}
	return FC_OK;
}

static enum fc_status list(struct fc_service *service, const struct fc_profile_filter *filter,
			   struct fc_profile_page *out, struct fc_error *err)
{
	struct fc_azure *azure = fc_azure_of(service);
	FC_CLEANUP(fc_azure_spaces_release) struct fc_azure_spaces spaces = { 0 };
	FC_CLEANUP(listing_release) struct listing listing = { .filter = filter };
	FC_TRY(fc_azure_refuse(azure, filter->origin_count > 0, "origins", err));
	FC_TRY(fc_azure_refuse(azure,
			       filter->has_since || filter->has_until || filter->oldest_first,
			       "times of creation", err));
	FC_TRY(filter->name_part ? fc_name_fold(filter->name_part, &listing.name_part, err)
				 : FC_OK);
	for (size_t i = 0; i < filter->space_count; i++) {
		bool again = false;
		for (size_t before = 0; before < i; before++) {
			again |= strcmp(filter->spaces[before], filter->spaces[i]) == 0;
		}
		FC_TRY(again ? FC_OK : list_space(azure, filter->spaces[i], &listing, err));
	}
	FC_TRY(filter->space_count == 0 ? fc_azure_list_spaces(azure, &spaces, err) : FC_OK);
	for (size_t i = 0; i < spaces.count; i++) {
		FC_TRY(list_space(azure, spaces.items[i].name, &listing, err));
	}
	listing.page.total = listing.passed;
	*out = FC_STEAL_STRUCT(listing.page);
	return FC_OK;
}

/* ---- finding ---- */

/* Read one person of the current space. *out is NULL if the space does not have it. */
static enum fc_status read_person(struct fc_azure *azure, const struct fc_uuid *pid,
				  struct fc_azure_person **out, struct fc_error *err)
{
	FC_CLEANUP(fc_azure_call_release) struct fc_azure_call call = { 0 };
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	struct fc_azure_person_row row;
	*out = NULL;
	fc_azure_begin_group(azure, &call, FC_HTTP_GET, FC_AZURE_OBJECT);
	fc_azure_add_path(&call, "persons");
	fc_azure_add_path_uuid(&call, pid);
	enum fc_status status = fc_azure_perform(azure, &call, &json, NULL, err);
	if (status != FC_OK) {
		return status == FC_NOT_FOUND ? FC_OK : status;
	}
	FC_TRY_PREFIX(fc_azure_read_person(json, &row, err), err, "service '%s'",
		      azure->options.name);
	return fc_azure_persons_add(&azure->group.persons, &row, out, err);
}

static enum fc_status read_in_space(struct fc_azure *azure, const char *space,
				    const struct fc_uuid *pid, struct fc_azure_person **out,
				    struct fc_error *err)
{
	*out = NULL;
	FC_TRY(fc_azure_use_space(azure, space, FC_AZURE_NO_PERSONS, err));
	return azure->group.exists ? read_person(azure, pid, out, err) : FC_OK;
}

/* Find the person with this id and make its space the current one. The API needs the group of a person, so all are asked. *out may be NULL. */
static enum fc_status find_id(struct fc_azure *azure, const struct fc_uuid *pid, const char *space,
			      struct fc_azure_person **out, struct fc_error *err)
{
	FC_CLEANUP(fc_azure_spaces_release) struct fc_azure_spaces spaces = { 0 };
	struct fc_azure_person *known = fc_azure_person_by_id(&azure->group.persons, pid);
	*out = known && !known->gone ? known : NULL;
	if (space) {
		return *out && strcmp(azure->group.space, space) == 0
			       ? FC_OK
			       : read_in_space(azure, space, pid, out, err);
	}
	FC_TRY(*out ? FC_OK : fc_azure_list_spaces(azure, &spaces, err));
	for (size_t i = 0; i < spaces.count && !*out; i++) {
		FC_TRY(read_in_space(azure, spaces.items[i].name, pid, out, err));
	}
	return FC_OK;
}

static enum fc_status need_id(struct fc_azure *azure, const struct fc_uuid *pid,
			      struct fc_azure_person **out, struct fc_error *err)
{
	char text[FC_UUID_TEXT_SIZE];
	fc_uuid_format(pid, text);
	FC_TRY(find_id(azure, pid, NULL, out, err));
	return *out ? FC_OK : fc_fail(err, FC_NOT_FOUND, "there is no person '%s'", text);
}

static enum fc_status add_found(const struct fc_azure *azure, const struct fc_azure_person *person,
				struct fc_profile_page *page, struct fc_error *err)
{
	size_t capacity = page->count;
	FC_TRY(fc_array_grow(&page->items, sizeof(*page->items), page->count, &capacity, err));
	page->total++;
	return profile_of(azure, person, &page->items[page->count++], err);
}

/* By number, or else by name. */
static enum fc_status find_named(struct fc_azure *azure, const char *space, const char *text,
				 struct fc_profile_page *page, struct fc_error *err)
{
	const struct fc_azure_persons *persons = &azure->group.persons;
	const struct fc_azure_person *numbered = NULL;
	uint64_t number;
	FC_TRY(read_space(azure, space, err));
	if (fc_parse_u64(text, 0, INT64_MAX, "NUMBER", &number, NULL) == FC_OK) {
		FC_TRY_PREFIX(fc_azure_persons_check_number(persons, number, err), err,
			      "service '%s': space '%s'", azure->options.name, space);
		numbered = fc_azure_person_by_number(persons, number);
	}
	FC_TRY(numbered ? add_found(azure, numbered, page, err) : FC_OK);
	for (size_t i = 0; !numbered && i < persons->count; i++) {
		const struct fc_azure_person *person = persons->items[i];
		bool named = person->name && strcmp(person->name, text) == 0;
		FC_TRY(named ? add_found(azure, person, page, err) : FC_OK);
	}
	return FC_OK;
}

static enum fc_status find_prefix_in(struct fc_azure *azure, const char *space, const char *text,
				     struct fc_profile_page *page, struct fc_error *err)
{
	const struct fc_azure_persons *persons = &azure->group.persons;
	FC_TRY(read_space(azure, space, err));
	for (size_t i = 0; i < persons->count; i++) {
		FC_TRY(fc_uuid_begins_with(&persons->items[i]->id, text)
			       ? add_found(azure, persons->items[i], page, err)
			       : FC_OK);
	}
	return FC_OK;
}

static enum fc_status find_prefix(struct fc_azure *azure, const char *space, const char *text,
				  struct fc_profile_page *page, struct fc_error *err)
{
	FC_CLEANUP(fc_azure_spaces_release) struct fc_azure_spaces spaces = { 0 };
	if (space) {
		return find_prefix_in(azure, space, text, page, err);
	}
	FC_TRY(fc_azure_list_spaces(azure, &spaces, err));
	for (size_t i = 0; i < spaces.count; i++) {
		FC_TRY(find_prefix_in(azure, spaces.items[i].name, text, page, err));
	}
	return FC_OK;
}

static enum fc_status find_uuid(struct fc_azure *azure, const char *space,
				const struct fc_uuid *pid, struct fc_profile_page *page,
				struct fc_error *err)
{
	struct fc_azure_person *person;
	FC_TRY(find_id(azure, pid, space, &person, err));
	return person ? add_found(azure, person, page, err) : FC_OK;
}

static enum fc_status find(struct fc_service *service, const char *text, const char *space,
			   struct fc_profile_page *out, struct fc_error *err)
{
	struct fc_azure *azure = fc_azure_of(service);
	FC_CLEANUP(fc_profile_page_release) struct fc_profile_page page = { 0 };
	const char *slash = strchr(text, '/');
	struct fc_uuid pid;
	size_t bytes;
	if (fc_uuid_parse(text, &pid)) {
		FC_TRY(find_uuid(azure, space, &pid, &page, err));
	} else if (slash) {
		FC_CLEANUP(fc_free) char *home = strndup(text, (size_t)(slash - text));
		if (!home) {
			return fc_fail_memory(err);
		}
		FC_TRY(find_named(azure, home, slash + 1, &page, err));
	} else {
		FC_TRY(space ? find_named(azure, space, text, &page, err) : FC_OK);
		bool prefix = fc_uuid_parse_prefix(text, &pid, &bytes);
		if (!space && !prefix) {
			return fc_fail(
				err, FC_INVALID_ARGUMENT,
				"'%s' does not identify a person: use a UUID, its first 4 or "
				"more hexadecimal digits, SPACE/NUMBER or SPACE/NAME",
				text);
		}
		FC_TRY(prefix && page.count == 0 ? find_prefix(azure, space, text, &page, err)
						 : FC_OK);
	}
	*out = FC_STEAL_STRUCT(page);
	return FC_OK;
}

/* ---- show, update, delete ---- */

/* The API has only the ids of stored faces. */
static enum fc_status show(struct fc_service *service, const struct fc_person_id *id,
			   struct fc_profile_detail *out, struct fc_error *err)
{
	struct fc_azure *azure = fc_azure_of(service);
	FC_CLEANUP(fc_profile_detail_release) struct fc_profile_detail detail = { 0 };
	struct fc_azure_person *person;
	FC_TRY(need_id(azure, &id->pid, &person, err));
	FC_TRY(profile_of(azure, person, &detail.profile, err));
	detail.only_ids = true;
	detail.faces = calloc(person->face_count + 1, sizeof(*detail.faces));
	detail.crops = calloc(person->face_count + 1, sizeof(*detail.crops));
	if (!detail.faces || !detail.crops) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < person->face_count; i++) {
		detail.faces[detail.face_count++].uuid = person->faces[i].id;
	}
	*out = FC_STEAL_STRUCT(detail);
	return FC_OK;
}

static enum fc_status update_body(const struct fc_profile_update_request *request,
				  const struct fc_azure_person *person, cJSON **out,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer name = { 0 };
	FC_CLEANUP(fc_json_release) cJSON *body = cJSON_CreateObject();
	fc_azure_write_name(&name, person->has_number ? &person->number : NULL, request->name);
	const char *text = fc_buffer_text(&name);
	if (!text || !body || (request->has_name && !cJSON_AddStringToObject(body, "name", text)) ||
	    (request->has_user_data &&
	     !cJSON_AddStringToObject(body, "userData",
				      request->user_data ? request->user_data : ""))) {
		return fc_fail_memory(err);
	}
	*out = FC_STEAL(body);
	return FC_OK;
}

static enum fc_status update(struct fc_service *service,
			     const struct fc_profile_update_request *request,
			     struct fc_profile *out, struct fc_error *err)
{
	FC_CLEANUP(fc_azure_call_release) struct fc_azure_call call = { 0 };
	struct fc_azure *azure = fc_azure_of(service);
	struct fc_azure_person *person;
	cJSON *body = NULL;
	FC_TRY(need_id(azure, &request->pid, &person, err));
	if (request->has_name && !request->name && !person->has_number) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "on service '%s' a person without a number needs a name",
			       azure->options.name);
	}
	FC_TRY(update_body(request, person, &body, err));
	fc_azure_begin_group(azure, &call, FC_HTTP_PATCH, FC_AZURE_EMPTY);
	fc_azure_add_path(&call, "persons");
	fc_azure_add_path_uuid(&call, &person->id);
	FC_TRY(fc_azure_json_body(&call, body, err));
	FC_TRY(fc_azure_perform(azure, &call, NULL, NULL, err));
	/* read it again: the service may have normalised the texts */
	struct fc_uuid pid = person->id;
	fc_azure_persons_release(&azure->group.persons);
	FC_TRY(need_id(azure, &pid, &person, err));
	return profile_of(azure, person, out, err);
}

static enum fc_status delete_profiles(struct fc_service *service,
				      const struct fc_profile_delete_request *request,
				      struct fc_error *err)
{
	struct fc_azure *azure = fc_azure_of(service);
	struct fc_error failure = { 0 };
	size_t done = 0;
	FC_TRY(fc_azure_refuse(azure, request->erase, "entries", err));
	for (size_t i = 0; i < request->count; i++) {
		struct fc_profile_delete_item *item = &request->items[i];
		struct fc_azure_person *person;
		struct fc_error why = { 0 };
		item->status = need_id(azure, &item->person.pid, &person, &why);
		if (item->status == FC_OK) {
			item->faces = person->face_count;
			item->status = request->dry_run
					       ? FC_OK
					       : fc_azure_delete_person(azure, person, &why);
		}
		done += item->status == FC_OK;
		if (item->status != FC_OK && item->status != FC_NOT_FOUND &&
		    failure.status == FC_OK) {
			failure = why;
		}
	}
	if (failure.status == FC_OK) {
		return FC_OK;
	}
	return fc_fail(err, done > 0 ? FC_PARTIAL : failure.status, "%s", failure.text);
}

const struct fc_profile_verbs fc_azure_profile_verbs = {
	.list = list,
	.find = find,
	.show = show,
	.update = update,
	.delete = delete_profiles,
};
