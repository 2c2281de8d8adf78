/* Faces of files that have other content than in an earlier run. */
/* SPDX-License-Identifier: MIT */
#include "service/local/replaced.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* A photo that replaces a face of this person. */
struct fc_local_replacement {
	struct fc_uuid pid;
	struct fc_ledger_photo photo;
	struct fc_ledger_replaced replaced;
	bool stored; /* the ledger has the photo */
};

void fc_local_replacements_release(struct fc_local_replacements *replacements)
{
	for (size_t i = 0; i < replacements->count; i++) {
		fc_ledger_photo_release(&replacements->items[i].photo);
	}
	free(replacements->items);
	*replacements = (struct fc_local_replacements){ 0 };
}

enum fc_status fc_local_check_replaced(struct fc_gallery_txn *txn, struct fc_batch_ledger *ledger,
				       struct fc_local_photo *photo, const struct fc_uuid *pid,
				       struct fc_error *err)
{
	struct fc_ledger_replaced replaced;
	FC_TRY(fc_batch_ledger_find_replaced(txn, ledger, &photo->ledger, &photo->analysis.sha256,
					     pid, &replaced, err));
	if (replaced.face == 0 || replaced.face == photo->result.face) {
		return FC_OK;
	}
	photo->result.action = FC_ACTION_REPLACED;
	if (fc_sha256_equal(&replaced.content, &photo->analysis.sha256)) {
		return fc_face_delete(txn, replaced.space, replaced.face, err);
	}
	photo->ledger.replaces = true;
	photo->replaced_pid = *pid;
	return FC_OK;
}

enum fc_status fc_local_replacements_add(struct fc_local_replacements *replacements,
					 struct fc_local_photo *photo, struct fc_error *err)
{
	FC_TRY(fc_array_grow(&replacements->items, sizeof(*replacements->items),
			     replacements->count, &replacements->capacity, err));
	replacements->items[replacements->count++] = (struct fc_local_replacement){
		.pid = photo->replaced_pid,
		.photo = FC_STEAL_STRUCT(photo->ledger),
	};
	return FC_OK;
}

/* ---- the end of a run ---- */

/* Order by person and content. */
static int compare(const void *a, const void *b)
{
	const struct fc_local_replacement *one = a, *two = b;
	int order = memcmp(&one->pid, &two->pid, sizeof(one->pid));
	return order != 0 ? order
			  : memcmp(&one->photo.item.content, &two->photo.item.content,
				   sizeof(one->photo.item.content));
}

/* Whether one of the photos has the content of a replaced face of the same person. */
static bool is_among(const struct fc_local_replacements *list,
		     const struct fc_local_replacement *item)
{
	struct fc_local_replacement wanted = { .pid = item->pid };
	wanted.photo.item.content = item->replaced.content;
	return bsearch(&wanted, list->items, list->count, sizeof(wanted), compare) != NULL;
}

struct finish {
	struct fc_local_replacements *list;
	struct fc_batch_ledger *ledger;
};

/* Find all faces before any path is written, because writing the path of one photo removes the ledger's record of another. */
static enum fc_status find_replaced(struct fc_gallery_txn *txn, const struct finish *finish,
				    struct fc_error *err)
{
	struct fc_local_replacements *list = finish->list;
	for (size_t i = 0; i < list->count; i++) {
		FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
		struct fc_local_replacement *each = &list->items[i];
		struct fc_ledger_photo *photo = &each->photo;
		FC_TRY(fc_batch_ledger_find_replaced(txn, finish->ledger, photo,
						     &photo->item.content, &each->pid,
						     &each->replaced, err));
		enum fc_status status = fc_ledger_find(txn, &photo->item, &item, err);
		FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
		each->stored = status == FC_OK;
	}
	return FC_OK;
}

static enum fc_status replace(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct finish *finish = context;
	struct fc_local_replacements *list = finish->list;
	FC_TRY(find_replaced(txn, finish, err));
	for (size_t i = 0; i < list->count; i++) {
		const struct fc_ledger_replaced *replaced = &list->items[i].replaced;
		if (replaced->face != 0 && !is_among(list, &list->items[i])) {
			enum fc_status status =
				fc_face_delete(txn, replaced->space, replaced->face, err);
			FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
		}
	}
	for (size_t i = 0; i < list->count; i++) {
		struct fc_ledger_photo *photo = &list->items[i].photo;
		if (list->items[i].stored) {
			FC_TRY(fc_batch_ledger_put(txn, finish->ledger, photo, err));
			FC_TRY(fc_batch_ledger_put_path(txn, photo, err));
		}
	}
	return FC_OK;
}

enum fc_status fc_local_replacements_finish(struct fc_local_replacements *list,
					    struct fc_local *local, struct fc_batch_ledger *ledger,
					    struct fc_error *err)
{
	struct finish finish = { list, ledger };
	if (list->count == 0) {
		return FC_OK;
	}
	qsort(list->items, list->count, sizeof(*list->items), compare);
	FC_TRY(fc_local_change(local, FC_GALLERY_WRITE, false, replace, &finish, err));
	fc_local_replacements_release(list);
	return FC_OK;
}
