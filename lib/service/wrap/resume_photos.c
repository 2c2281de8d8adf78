/* Photos of a verb on a service with a ledger: recalling, noting, and what lies between source and sink. */
/* SPDX-License-Identifier: MIT */
#include "service/wrap/resume_photos.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "service/input/photo_identity.h"

/* Results are written in groups: each write waits for the disk. */
enum { GROUP = 32 };

/* ---- lists ---- */

static void append(struct fc_remembered_list *list, struct fc_remembered_photo *photo)
{
	photo->next = NULL;
	*(list->first ? list->end : &list->first) = photo;
	list->end = &photo->next;
	list->count++;
}

static struct fc_remembered_photo *take(struct fc_remembered_list *list)
{
	struct fc_remembered_photo *photo = list->first;
	list->first = photo->next;
	list->count--;
	return photo;
}

static void photo_free(struct fc_remembered_photo *photo)
{
	free(photo->path);
	free(photo->absolute);
	fc_ledger_item_release(&photo->item);
	free(photo);
}

static void list_release(struct fc_remembered_list *list)
{
	while (list->first) {
		photo_free(take(list));
	}
}

void fc_remembered_run_release(struct fc_remembered_run *run)
{
	list_release(&run->under_way);
	list_release(&run->to_note);
}

/* ---- recalling ---- */

static bool stands(const struct fc_remembered_run *run, const struct fc_ledger_item *item)
{
	return item->state == FC_LEDGER_DONE || (!run->retry_failed && item->rules == run->rules);
}

static void keep(struct fc_remembered_photo *photo, struct fc_ledger_item *item)
{
	fc_ledger_item_release(&photo->item);
	photo->item = *item;
	*item = (struct fc_ledger_item){ 0 };
	photo->known = true;
}

static enum fc_status recall_path(const struct fc_remembered_run *run, struct fc_gallery_txn *txn,
				  struct fc_remembered_photo *photo, bool *may_know,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
	bool same = false;
	enum fc_status status = fc_ledger_find_path(txn, &run->target, photo->absolute,
						    &photo->identity, &item, &same, err);
	if (status != FC_OK && status != FC_NOT_FOUND) {
		return status;
	}
	if (status == FC_OK && same && stands(run, &item) &&
	    memcmp(&item.person_key, &photo->item.person_key, sizeof(item.person_key)) == 0) {
		keep(photo, &item);
		return FC_OK;
	}
	return fc_ledger_knows_size(txn, &run->target, photo->identity.size, may_know, err);
}

/* The same bytes were sent from another place, or under times that have changed. */
static enum fc_status recall_content(const struct fc_remembered_run *run,
				     struct fc_gallery_txn *txn, struct fc_remembered_photo *photo,
				     struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
	FC_CLEANUP(fc_fd_close) int fd = -1;
	uint64_t size = 0;
	if (fc_file_open(photo->path, &fd, &size, NULL) != FC_OK || size != photo->item.size ||
	    fc_sha256_of_file(fd, photo->path, &photo->item.content, NULL) != FC_OK) {
		return FC_OK; /* told by whoever opens it next */
	}
	enum fc_status status = fc_ledger_find(txn, &photo->item, &item, err);
	if (status == FC_OK && stands(run, &item)) {
		keep(photo, &item);
		photo->path_is_new = true;
	}
	return status == FC_NOT_FOUND ? FC_OK : status;
}

static enum fc_status recall(struct fc_remembered_run *run, const struct fc_photo *asked,
			     struct fc_remembered_photo *photo, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	struct stat info;
	bool may_know = false;
	if (asked->status != FC_OK || strcmp(asked->path, "-") == 0 ||
	    stat(asked->path, &info) != 0 || !S_ISREG(info.st_mode)) {
		return FC_OK;
	}
	photo->absolute = fc_photo_absolute(run->remembered->folder, asked->path);
	if (!photo->absolute) {
		return fc_fail_memory(err);
	}
	photo->asked = true;
	photo->identity = fc_photo_identity(&info);
	photo->item.target = run->target;
	photo->item.size = photo->identity.size;
	FC_TRY(fc_ledger_person_key_of(asked->has_number ? &asked->number : NULL,
				       asked->has_pid ? &asked->pid : NULL, asked->person,
				       &photo->item.person_key, err));
	enum fc_status status = fc_remembered_gallery(run->remembered, FC_GALLERY_READ, err);
	if (status == FC_GALLERY_MISSING) {
		return FC_OK;
	}
	FC_TRY(status);
	FC_TRY(fc_gallery_begin_read(run->remembered->gallery, &txn, err));
	FC_TRY(recall_path(run, txn, photo, &may_know, err));
	return may_know ? recall_content(run, txn, photo, err) : FC_OK;
}

/* ---- noting ---- */

static enum fc_status note_group(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct fc_remembered_run *run = context;
	for (struct fc_remembered_photo *photo = run->to_note.first; photo; photo = photo->next) {
		if (!photo->known) {
			FC_TRY(fc_ledger_put(txn, &run->task, &photo->item, err));
		}
		enum fc_status status = fc_ledger_put_path(txn, &photo->item, photo->absolute,
							   &photo->identity, err);
		if (status != FC_OK && status != FC_NOT_FOUND) {
			return status;
		}
	}
	return FC_OK;
}

static enum fc_status flush_notes(struct fc_remembered_run *run, struct fc_error *err)
{
	if (run->to_note.count == 0) {
		return FC_OK;
	}
	FC_TRY(fc_remembered_gallery(run->remembered, FC_GALLERY_CREATE, err));
	FC_TRY(fc_gallery_write(run->remembered->gallery, note_group, run, err));
	list_release(&run->to_note);
	return FC_OK;
}

/* Whether the outcome will be the same next time, and then how it is remembered. */
static bool classify(const struct fc_remembered_run *run, const struct fc_remembered_told *told,
		     struct fc_ledger_item *item)
{
	bool refused = told->action == FC_ACTION_REJECTED;
	item->reason = (uint8_t)told->reason;
	item->state = refused ? FC_LEDGER_REFUSED : FC_LEDGER_DONE;
	item->rules = refused ? run->rules : 0;
	item->content = told->analysis->sha256;
	if (told->pid) {
		item->pid = *told->pid;
	}
	/* what the file was when it was named may not be what was sent */
	bool same = told->analysis->bytes == item->size;
	return same && told->action != FC_ACTION_FAILED && told->action != FC_ACTION_SKIPPED;
}

static enum fc_status note(struct fc_remembered_run *run, struct fc_remembered_photo *photo,
			   const struct fc_remembered_told *told, struct fc_error *err)
{
	bool noted = photo->asked &&
		     (photo->known ? photo->path_is_new : classify(run, told, &photo->item));
	if (noted && !photo->known && told->error) {
		photo->item.text = strndup(told->error, FC_LEDGER_TEXT_MAXIMUM);
		noted = photo->item.text != NULL;
	}
	if (!noted) {
		photo_free(photo);
		return FC_OK;
	}
	append(&run->to_note, photo);
	return run->to_note.count < GROUP ? FC_OK : flush_notes(run, err);
}

enum fc_status fc_remembered_note(struct fc_remembered_run *run, struct fc_remembered_photo *photo,
				  const struct fc_remembered_told *told, enum fc_status reported,
				  struct fc_error *err)
{
	struct fc_error why = { 0 };
	enum fc_status status = note(run, photo, told, &why);
	return reported == FC_OK && status != FC_OK ? fc_fail(err, status, "%s", why.text)
						    : reported;
}

/* ---- between source and sink ---- */

static enum fc_status take_in(struct fc_remembered_run *run, struct fc_photo *out, bool *end,
			      bool *known, struct fc_error *err)
{
	FC_TRY(run->photos.next(run->photos.context, out, end, err));
	if (*end) {
		return FC_OK;
	}
	struct fc_remembered_photo *photo = calloc(1, sizeof(*photo));
	if (!photo) {
		return fc_fail_memory(err);
	}
	append(&run->under_way, photo);
	photo->path = strdup(out->path);
	if (!photo->path) {
		return fc_fail_memory(err);
	}
	FC_TRY(recall(run, out, photo, err));
	*known = photo->known;
	return FC_OK;
}

static enum fc_status next_photo(void *context, struct fc_photo *out, bool *end,
				 struct fc_error *err)
{
	struct fc_remembered_run *run = context;
	bool known = false;
	if (run->has_first) {
		run->has_first = false;
		*out = run->first;
		*end = false;
		return FC_OK;
	}
	FC_TRY(take_in(run, out, end, &known, err));
	if (known) {
		out->status = FC_CONFLICT;
		out->error = "known";
	}
	return FC_OK;
}

static bool is_ready(void *context)
{
	const struct fc_remembered_run *run = context;
	return run->has_first || !run->photos.ready || run->photos.ready(run->photos.context);
}

/* The known photos before the first one that is not. */
static enum fc_status tell_known(struct fc_remembered_run *run, struct fc_error *err)
{
	bool end = false, known = true;
	for (;;) {
		FC_TRY(take_in(run, &run->first, &end, &known, err));
		run->has_first = !end && !known;
		if (end || run->has_first) {
			return FC_OK;
		}
		FC_TRY(run->tell(run->context, &run->first, err));
	}
}

enum fc_status fc_remembered_take(struct fc_remembered_run *run, const char *path,
				  struct fc_remembered_photo **out, struct fc_error *err)
{
	if (!run->under_way.first || strcmp(run->under_way.first->path, path) != 0) {
		return fc_fail(err, FC_INTERNAL, "photos come back in another order");
	}
	*out = take(&run->under_way);
	return FC_OK;
}

enum fc_action fc_remembered_action(const struct fc_remembered_photo *photo,
				    struct fc_analysis *analysis)
{
	analysis->sha256 = photo->item.content;
	analysis->bytes = photo->item.size;
	return photo->item.state == FC_LEDGER_DONE ? FC_ACTION_UNCHANGED : FC_ACTION_SKIPPED;
}

static enum fc_status carry_out(struct fc_remembered_run *run, struct fc_error *err)
{
	FC_TRY(fc_ledger_target_of(&run->task, &run->target, err));
	FC_TRY(tell_known(run, err));
	return run->has_first
		       ? run->send(run->context,
				   (struct fc_photo_source){ next_photo, run, is_ready, false },
				   err)
		       : FC_OK;
}

enum fc_status fc_remembered_carry_out(struct fc_remembered_run *run, struct fc_error *err)
{
	struct fc_error why = { 0 };
	enum fc_status status = carry_out(run, err);
	enum fc_status noted = flush_notes(run, &why);
	return status == FC_OK && noted != FC_OK ? fc_fail(err, noted, "%s", why.text) : status;
}
