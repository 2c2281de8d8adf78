/* delete, truncate and spaces on the local engine. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "service/local/engine.h"

static enum fc_status delete_persons(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	const struct fc_delete_request *request = context;
	struct fc_space space;
	enum fc_status status = fc_space_find(txn, request->space, &space, err);
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	bool recounted = false;
	for (size_t i = 0; i < request->count; i++) {
		FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
		struct fc_delete_item *item = &request->items[i];
		item->faces = 0;
		item->status = status;
		if (status == FC_OK) {
			item->status =
				fc_person_by_number(txn, space.id, item->number, &person, err);
		}
		if (item->status == FC_OK) {
			item->faces = person.face_count;
			FC_TRY(fc_person_delete(txn, &person.pid, err));
		} else if (item->status != FC_NOT_FOUND) {
			return item->status;
		} else if (!recounted) {
			/* a damaged page must not hide a person who is to be removed */
			FC_TRY(fc_person_recount_numbers(txn, err));
			recounted = true;
		}
	}
	return FC_OK;
}

enum fc_status fc_local_delete(struct fc_service *service, const struct fc_delete_request *request,
			       struct fc_error *err)
{
	struct fc_delete_request copy = *request;
	return fc_local_change(fc_local_of(service), FC_GALLERY_WRITE, request->dry_run,
			       delete_persons, &copy, err);
}

struct truncation {
	const char *space;
	struct fc_truncate_result *result;
};

static enum fc_status truncate_space(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	struct truncation *truncation = context;
	struct fc_space space;
	FC_TRY(fc_space_find(txn, truncation->space, &space, err));
	return fc_space_truncate(txn, space.id, &truncation->result->persons,
				 &truncation->result->faces, err);
}

enum fc_status fc_local_truncate(struct fc_service *service,
				 const struct fc_truncate_request *request,
				 struct fc_truncate_result *out, struct fc_error *err)
{
	struct truncation truncation = { .space = request->space, .result = out };
	struct fc_local *local = fc_local_of(service);
	enum fc_status status = fc_local_change(local, FC_GALLERY_WRITE, request->dry_run,
						truncate_space, &truncation, err);
	return status == FC_GALLERY_MISSING && local->options.missing_gallery_is_empty
		       ? FC_NOT_FOUND
		       : status;
}

enum fc_status fc_local_space_list(struct fc_service *service, struct fc_space_summary **out,
				   size_t *count, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_free) struct fc_space *spaces = NULL;
	size_t found = 0;
	FC_TRY(fc_local_begin_read(fc_local_of(service), &txn, err));
	FC_TRY(fc_space_list(txn, &spaces, &found, err));
	struct fc_space_summary *summaries = calloc(found + 1, sizeof(*summaries));
	if (!summaries) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < found; i++) {
		snprintf(summaries[i].name, sizeof(summaries[i].name), "%s", spaces[i].name);
		summaries[i].id = spaces[i].id;
		summaries[i].created = spaces[i].created;
		summaries[i].persons = spaces[i].person_count;
		summaries[i].faces = spaces[i].face_count;
		summaries[i].entries = spaces[i].entry_count;
	}
	*out = summaries;
	*count = found;
	return FC_OK;
}

static enum fc_status delete_space(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const char *const *name = context;
	struct fc_space space;
	FC_TRY(fc_space_find(txn, *name, &space, err));
	return fc_space_delete(txn, space.id, err);
}

enum fc_status fc_local_space_delete(struct fc_service *service, const char *space,
				     struct fc_error *err)
{
	return fc_local_change(fc_local_of(service), FC_GALLERY_WRITE, false, delete_space, &space,
			       err);
}

struct renaming {
	const char *space, *name;
};

static enum fc_status rename_space(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct renaming *renaming = context;
	struct fc_space space;
	FC_TRY(fc_space_find(txn, renaming->space, &space, err));
	if (!fc_text_is_space_name(space.name)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s' is not a space and has no other name", space.name);
	}
	return fc_space_rename(txn, space.id, renaming->name, err);
}

enum fc_status fc_local_space_rename(struct fc_service *service, const char *space,
				     const char *name, bool dry_run, struct fc_error *err)
{
	struct renaming renaming = { space, name };
	return fc_local_change(fc_local_of(service), FC_GALLERY_WRITE, dry_run, rename_space,
			       &renaming, err);
}
