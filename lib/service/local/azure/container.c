/* The container that a request names, and changes of what it holds. */
/* SPDX-License-Identifier: MIT */
#include "service/local/azure/container.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

_Static_assert((int)FC_AZURE_FACE_LIST == (int)FC_CONTAINER_FACE_LIST &&
		       (int)FC_AZURE_LARGE_FACE_LIST == (int)FC_CONTAINER_LARGE_FACE_LIST &&
		       (int)FC_AZURE_PERSON_GROUP == (int)FC_CONTAINER_PERSON_GROUP &&
		       (int)FC_AZURE_LARGE_PERSON_GROUP == (int)FC_CONTAINER_LARGE_PERSON_GROUP,
	       "both enums have the same order");

enum fc_container_kind fc_azure_container_kind(enum fc_azure_kind kind)
{
	return (enum fc_container_kind)kind;
}

static enum fc_azure_kind kind_of(const struct fc_azure_request *request)
{
	return request->kind != FC_AZURE_NO_KIND ? request->kind : request->operation->kind;
}

static enum fc_status find(struct fc_gallery_txn *txn, const struct fc_azure_request *request,
			   struct fc_container *out, struct fc_error *err)
{
	return fc_container_find(txn, fc_azure_container_kind(kind_of(request)), request->container,
				 out, err);
}

enum fc_status fc_azure_read_container(struct fc_azure_call *call, struct fc_gallery_txn **txn,
				       struct fc_container *out, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *reading = NULL;
	*txn = NULL;
	*out = (struct fc_container){ 0 };
	enum fc_status status = fc_local_begin_read(call->local, &reading, err);
	if (status == FC_OK) {
		status = find(reading, call->request, out, err);
	}
	if (status == FC_NOT_FOUND ||
	    (status == FC_GALLERY_MISSING && call->local->options.missing_gallery_is_empty)) {
		return fc_azure_refuse(call, FC_AZURE_FAULT_CONTAINER_NOT_FOUND);
	}
	FC_TRY(status);
	*txn = FC_STEAL(reading);
	return FC_OK;
}

/* ---- changes ---- */

struct change {
	fc_azure_edit_function *run;
	struct fc_azure_edit edit;
};

static enum fc_status run_change(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	FC_CLEANUP(fc_container_release) struct fc_container container = { 0 };
	struct change *change = context;
	change->edit.fault = FC_AZURE_NO_FAULT;
	change->edit.detail = NULL;
	enum fc_status status = find(txn, change->edit.request, &container, err);
	if (status == FC_NOT_FOUND) {
		change->edit.fault = FC_AZURE_FAULT_CONTAINER_NOT_FOUND;
		return FC_OK;
	}
	FC_TRY(status);
	return change->run(txn, &container, &change->edit, err);
}

enum fc_status fc_azure_edit_container(struct fc_azure_call *call, fc_azure_edit_function *run,
				       void *context, struct fc_error *err)
{
	struct change change = { run, { call, call->request, context, FC_AZURE_NO_FAULT, NULL } };
	enum fc_status status =
		fc_local_change(call->local, FC_GALLERY_WRITE, false, run_change, &change, err);
	if (status == FC_GALLERY_MISSING && call->local->options.missing_gallery_is_empty) {
		return fc_azure_refuse(call, FC_AZURE_FAULT_CONTAINER_NOT_FOUND);
	}
	FC_TRY(status);
	return change.edit.fault == FC_AZURE_NO_FAULT
		       ? FC_OK
		       : fc_azure_refuse_detail(call, change.edit.fault, change.edit.detail);
}

/* ---- persons of a container ---- */

enum fc_status fc_azure_find_person(struct fc_gallery_txn *txn,
				    const struct fc_container *container, const struct fc_uuid *pid,
				    struct fc_person *out, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_TRY(fc_person_get(txn, pid, &person, err));
	if (person.space != container->space) {
		return fc_fail(err, FC_NOT_FOUND, "the person is in another container");
	}
	*out = FC_STEAL_STRUCT(person);
	return FC_OK;
}

/* Replace the text from position i on by `digit` in all places of hexadecimal digits, as a UUID. */
static void fill(char text[FC_UUID_TEXT_SIZE], size_t i, char digit)
{
	for (; i < FC_UUID_TEXT_SIZE - 1; i++) {
		text[i] = i == 8 || i == 13 || i == 18 || i == 23 ? '-' : digit;
	}
	text[i] = '\0';
}

/* The UUID before a UUID, as numbers. False: it is the first one. */
static bool step_back(struct fc_uuid *uuid)
{
	for (size_t i = sizeof(uuid->bytes); i-- > 0;) {
		if (uuid->bytes[i]-- != 0) {
			return true;
		}
	}
	return false;
}

bool fc_azure_start_uuid(const char *start, struct fc_uuid *out)
{
	static const char digits[] = "0123456789abcdef";
	char text[FC_UUID_TEXT_SIZE];
	if (fc_uuid_parse(start, out)) {
		return true;
	}
	fill(text, 0, '0');
	for (size_t i = 0; i < FC_UUID_TEXT_SIZE - 1; i++) {
		bool dash = text[i] == '-';
		bool fits = start[i] != '\0' &&
			    (dash ? start[i] == '-' : strchr(digits, start[i]) != NULL);
		if (fits) {
			text[i] = start[i];
			continue;
		}
		/* The first digit that is greater decides. If there is none, all UUIDs that begin like this come before start. */
		const char *next = dash ? (start[i] < '-' ? "-" : NULL) : digits;
		while (next && *next != '\0' && *next < start[i]) {
			next++;
		}
		bool before = !next || *next == '\0';
		fill(text, i, before ? 'f' : '0');
		if (!before) {
			text[i] = *next;
		}
		FC_IGNORE(fc_uuid_parse(text, out));
		return before || step_back(out);
	}
	return fc_uuid_parse(text, out);
}

void fc_azure_pids_release(struct fc_azure_pids *pids)
{
	free(pids->items);
	*pids = (struct fc_azure_pids){ 0 };
}

static bool collect(const struct fc_person *person, void *context)
{
	struct fc_azure_pids *pids = context;
	pids->failed = fc_array_grow(&pids->items, sizeof(*pids->items), pids->count,
				     &pids->capacity, NULL) != FC_OK;
	if (pids->failed) {
		return false;
	}
	pids->items[pids->count++] = person->pid;
	return pids->count < pids->limit;
}

enum fc_status fc_azure_collect_pids(struct fc_gallery_txn *txn,
				     const struct fc_container *container, const char *start,
				     struct fc_azure_pids *pids, struct fc_error *err)
{
	struct fc_uuid after;
	bool has_after = start[0] != '\0' && fc_azure_start_uuid(start, &after);
	FC_TRY(fc_person_each(txn, container->space, has_after ? &after : NULL, collect, pids,
			      err));
	return pids->failed ? fc_fail_memory(err) : FC_OK;
}
