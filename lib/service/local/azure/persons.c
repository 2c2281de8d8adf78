/* The operations on persons of a group: create, get, update, delete, list. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/name.h"
#include "base/text.h"
#include "protocol/azure/containers.h"
#include "service/local/azure/container.h"

/*
 * Set the name of a person as the API gave it: as its name if that keeps each character, else as its title. Borrows text. "": no name. *normalised
 * is the caller's to free.
 */
static enum fc_status set_name(struct fc_person *person, const char *text, char **normalised,
			       struct fc_error *err)
{
	person->name = person->title = NULL;
	if (text[0] == '\0') {
		return FC_OK;
	}
	bool fits = fc_text_is_label(text, FC_LABEL_MAXIMUM);
	if (fits) {
		FC_TRY(fc_name_normalise(text, normalised, err));
		fits = strcmp(text, *normalised) == 0;
	}
	*(fits ? &person->name : &person->title) = fc_lend(text);
	return FC_OK;
}

/* ---- create ---- */

static enum fc_status create(struct fc_gallery_txn *txn, struct fc_container *container,
			     struct fc_azure_edit *edit, struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *normalised = NULL;
	const struct fc_azure_request *request = edit->request;
	const struct fc_uuid *pid = edit->context;
	struct fc_person person = {
		.pid = *pid,
		.space = container->space,
		.user_data = fc_lend(request->user_data),
	};
	FC_TRY(set_name(&person, request->name ? request->name : "", &normalised, err));
	FC_TRY(fc_azure_check_member_quota(edit->call, txn, container, &edit->fault, err));
	return edit->fault == FC_AZURE_NO_FAULT ? fc_person_add(txn, &person, err) : FC_OK;
}

enum fc_status fc_azure_person_create(struct fc_azure_call *call, struct fc_error *err)
{
	struct fc_uuid pid = fc_uuid_new();
	FC_TRY(fc_azure_edit_container(call, create, &pid, err));
	if (!fc_azure_refused(call)) {
		fc_azure_write_person_id(&call->json, &pid);
	}
	return FC_OK;
}

/* ---- get, list ---- */

struct face_ids {
	struct fc_uuid *items;
	size_t count, room;
};

static bool add_face_id(const struct fc_face_record *face, void *context)
{
	struct face_ids *ids = context;
	ids->items[ids->count++] = face->uuid;
	return ids->count < ids->room;
}

static enum fc_status write_person(struct fc_azure_call *call, struct fc_gallery_txn *txn,
				   const struct fc_person *person, struct fc_error *err)
{
	FC_CLEANUP(fc_free)
	struct fc_uuid *faces = calloc((size_t)person->face_count + 1, sizeof(*faces));
	struct face_ids ids = { .items = faces, .room = (size_t)person->face_count + 1 };
	char number[32];
	if (!faces) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_face_each_of_person(txn, &person->pid, add_face_id, &ids, err));
	snprintf(number, sizeof(number), "person%llu", (unsigned long long)person->number);
	const char *name = person->title ? person->title : person->name;
	fc_azure_write_person_faces(&call->json, &person->pid,
				    name                 ? name
				    : person->has_number ? number
							 : NULL,
				    person->user_data, faces, ids.count);
	return FC_OK;
}

enum fc_status fc_azure_person_get(struct fc_azure_call *call, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_container_release) struct fc_container container = { 0 };
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_TRY(fc_azure_read_container(call, &txn, &container, err));
	if (fc_azure_refused(call)) {
		return FC_OK;
	}
	enum fc_status status =
		fc_azure_find_person(txn, &container, &call->request->person, &person, err);
	if (status == FC_NOT_FOUND) {
		return fc_azure_refuse(call, FC_AZURE_FAULT_PERSON_NOT_FOUND);
	}
	FC_TRY(status);
	return write_person(call, txn, &person, err);
}

enum fc_status fc_azure_person_list(struct fc_azure_call *call, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_container_release) struct fc_container container = { 0 };
	FC_CLEANUP(fc_azure_pids_release) struct fc_azure_pids pids = { 0 };
	FC_TRY(fc_azure_read_container(call, &txn, &container, err));
	if (fc_azure_refused(call)) {
		return FC_OK;
	}
	pids.limit = call->request->top;
	FC_TRY(fc_azure_collect_pids(txn, &container, call->request->start, &pids, err));
	fc_json_begin_array(&call->json);
	for (size_t i = 0; i < pids.count; i++) {
		FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
		FC_TRY(fc_gallery_referred(txn, fc_person_get(txn, &pids.items[i], &person, err),
					   err));
		FC_TRY(write_person(call, txn, &person, err));
	}
	fc_json_end_array(&call->json);
	return FC_OK;
}

/* ---- update, delete ---- */

static enum fc_status update(struct fc_gallery_txn *txn, struct fc_container *container,
			     struct fc_azure_edit *edit, struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *normalised = NULL;
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	const struct fc_azure_request *request = edit->request;
	enum fc_status status =
		fc_azure_find_person(txn, container, &request->person, &person, err);
	if (status == FC_NOT_FOUND) {
		edit->fault = FC_AZURE_FAULT_PERSON_NOT_FOUND;
		return FC_OK;
	}
	FC_TRY(status);
	struct fc_person changed = person;
	if (request->name) {
		FC_TRY(set_name(&changed, request->name, &normalised, err));
	}
	if (request->user_data) {
		changed.user_data = fc_lend(request->user_data);
	}
	return fc_person_update(txn, &changed, err);
}

enum fc_status fc_azure_person_update(struct fc_azure_call *call, struct fc_error *err)
{
	return fc_azure_edit_container(call, update, NULL, err);
}

static enum fc_status delete (struct fc_gallery_txn *txn, struct fc_container *container,
			      struct fc_azure_edit *edit, struct fc_error *err) {
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	enum fc_status status = fc_azure_find_person(txn, container, &edit->request->person,
						     &person, err);
	if (status == FC_NOT_FOUND){ edit->fault = FC_AZURE_FAULT_PERSON_NOT_FOUND; return FC_OK; }
FC_TRY(status);
return fc_person_delete(txn, &person.pid, err);
}

enum fc_status fc_azure_person_delete(struct fc_azure_call *call, struct fc_error *err)
{
	return fc_azure_edit_container(call, delete, NULL, err);
}
