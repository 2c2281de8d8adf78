/* set on a service with a ledger: what was sent before is known, and told in its turn without being sent. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "service/photo_file.h"
#include "service/photo_identity.h"
#include "service/remembered_engine.h"

/* Results are written in groups: each write waits for the disk. */
enum { GROUP = 32 };

/* A photo on its way, from the source to the sink. */
struct photo {
	struct photo *next;
	bool asked; /* item's key and the path are there */
	bool known; /* item tells what came of it before */
	bool path_is_new;
	char *path, *absolute;
	struct fc_file_identity identity;
	struct fc_ledger_item item;
};

struct list {
	struct photo *first, **end;
	size_t count;
};

struct run {
	struct fc_remembered *remembered;
	const struct fc_set_request *request;
	struct fc_ledger_task task;
	struct fc_ledger_target target;
	struct list under_way; /* in the source's order, which is the sink's */
	struct list to_note;
	struct fc_tally *tally;
};

static void append(struct list *list, struct photo *photo)
{
	photo->next = NULL;
	*(list->first ? list->end : &list->first) = photo;
	list->end = &photo->next;
	list->count++;
}

static struct photo *take(struct list *list)
{
	struct photo *photo = list->first;
	list->first = photo->next;
	list->count--;
	return photo;
}

static void photo_free(struct photo *photo)
{
	free(photo->path);
	free(photo->absolute);
	fc_ledger_item_release(&photo->item);
	free(photo);
}

static void list_release(struct list *list)
{
	while (list->first) {
		photo_free(take(list));
	}
}

static void run_release(struct run *run)
{
	list_release(&run->under_way);
	list_release(&run->to_note);
}

/* ---- recalling ---- */

static bool stands(const struct run *run, const struct fc_ledger_item *item)
{
	return item->state == FC_LEDGER_DONE || !run->request->rules.retry_failed;
}

static void keep(struct photo *photo, struct fc_ledger_item *item)
{
	fc_ledger_item_release(&photo->item);
	photo->item = *item;
	*item = (struct fc_ledger_item){ 0 };
	photo->known = true;
}

static enum fc_status recall_path(const struct run *run, struct fc_gallery_txn *txn,
				  struct photo *photo, bool *may_know, struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
	bool same = false;
	enum fc_status status = fc_ledger_find_path(txn, &run->target, photo->absolute,
						    &photo->identity, &item, &same, err);
	if (status != FC_OK && status != FC_NOT_FOUND) {
		return status;
	}
	if (status == FC_OK && same && stands(run, &item) &&
	    memcmp(&item.whom, &photo->item.whom, sizeof(item.whom)) == 0) {
		keep(photo, &item);
		return FC_OK;
	}
	return fc_ledger_knows_size(txn, &run->target, photo->identity.size, may_know, err);
}

/* The same bytes were sent from another place, or under times that have changed. */
static enum fc_status recall_content(const struct run *run, struct fc_gallery_txn *txn,
				     struct photo *photo, struct fc_error *err)
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

static enum fc_status recall(struct run *run, const struct fc_photo *asked, struct photo *photo,
			     struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	struct stat info;
	bool may_know = false;
	if (!run->request->rules.remember || asked->status != FC_OK ||
	    strcmp(asked->path, "-") == 0 || stat(asked->path, &info) != 0 ||
	    !S_ISREG(info.st_mode)) {
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
	FC_TRY(fc_ledger_whom_of(asked->has_number ? &asked->number : NULL,
				 asked->has_pid ? &asked->pid : NULL, asked->person,
				 &photo->item.whom, err));
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
	const struct run *run = context;
	for (struct photo *photo = run->to_note.first; photo; photo = photo->next) {
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

static enum fc_status flush_notes(struct run *run, struct fc_error *err)
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
static bool classify(const struct fc_photo_outcome *outcome, struct fc_ledger_item *item)
{
	item->reason = (uint8_t)outcome->reason;
	item->state = outcome->action == FC_ACTION_REJECTED ? FC_LEDGER_REFUSED : FC_LEDGER_DONE;
	item->content = outcome->analysis->sha256;
	/* what the file was when it was named may not be what was sent */
	bool same = outcome->analysis->bytes == item->size;
	return same && outcome->action != FC_ACTION_FAILED && outcome->action != FC_ACTION_SKIPPED;
}

/* ---- between source and sink ---- */

/* A photo that is known goes the way of one that the source found wrong: nobody opens it, and it comes back in its turn. */
static enum fc_status next_photo(void *context, struct fc_photo *out, bool *end,
				 struct fc_error *err)
{
	struct run *run = context;
	const struct fc_photo_source *source = &run->request->photos;
	FC_TRY(source->next(source->context, out, end, err));
	if (*end) {
		return FC_OK;
	}
	struct photo *photo = calloc(1, sizeof(*photo));
	if (!photo) {
		return fc_fail_memory(err);
	}
	append(&run->under_way, photo);
	photo->path = strdup(out->path);
	if (!photo->path) {
		return fc_fail_memory(err);
	}
	FC_TRY(recall(run, out, photo, err));
	if (photo->known) {
		out->status = FC_CONFLICT;
		out->error = "known";
	}
	return FC_OK;
}

static bool is_ready(void *context)
{
	const struct run *run = context;
	const struct fc_photo_source *source = &run->request->photos;
	return !source->ready || source->ready(source->context);
}

/* What was told of the photo when it was sent. */
static void recount(const struct photo *photo, struct fc_photo_outcome *outcome,
		    struct fc_analysis *analysis)
{
	const struct fc_photo *asked = outcome->asked;
	bool done = photo->item.state == FC_LEDGER_DONE;
	analysis->sha256 = photo->item.content;
	analysis->bytes = photo->item.size;
	outcome->analysis = analysis;
	outcome->status = FC_OK;
	outcome->error = done ? NULL : photo->item.text;
	outcome->service_error = NULL;
	outcome->looked_at = false;
	outcome->action = done ? FC_ACTION_UNCHANGED : FC_ACTION_SKIPPED;
	outcome->reason = (enum fc_reason)photo->item.reason;
	outcome->identity = (struct fc_identity){ .has_number = asked->has_number,
						  .number = asked->number,
						  .name = asked->person };
}

static enum fc_status note(struct run *run, struct photo *photo,
			   const struct fc_photo_outcome *outcome, struct fc_error *err)
{
	bool noted = photo->asked &&
		     (photo->known ? photo->path_is_new : classify(outcome, &photo->item));
	if (noted && !photo->known && outcome->error) {
		photo->item.text = strndup(outcome->error, FC_LEDGER_TEXT_MAXIMUM);
		noted = photo->item.text != NULL;
	}
	if (!noted) {
		photo_free(photo);
		return FC_OK;
	}
	append(&run->to_note, photo);
	return run->to_note.count < GROUP ? FC_OK : flush_notes(run, err);
}

static enum fc_status report(void *context, const struct fc_photo_outcome *outcome,
			     struct fc_error *err)
{
	struct run *run = context;
	struct photo *photo = run->under_way.first;
	if (!photo || strcmp(photo->path, outcome->path) != 0) {
		return fc_fail(err, FC_INTERNAL, "photos come back in another order");
	}
	FC_IGNORE(take(&run->under_way));
	struct fc_photo_outcome told = *outcome;
	struct fc_analysis analysis = { 0 };
	if (photo->known) {
		recount(photo, &told, &analysis);
	}
	fc_tally_count(run->tally, told.status);
	fc_tally_note(run->tally, told.action, told.reason);
	enum fc_status status = run->request->sink.report(run->request->sink.context, &told, err);
	struct fc_error why = { 0 };
	enum fc_status noted = note(run, photo, &told, &why);
	return status == FC_OK && noted != FC_OK ? fc_fail(err, noted, "%s", why.text) : status;
}

/* What the service has done is remembered, whatever ends the run. */
enum fc_status fc_remembered_set(struct fc_service *service, const struct fc_set_request *request,
				 struct fc_tally *tally, struct fc_error *err)
{
	struct fc_remembered *remembered = fc_remembered_of(service);
	FC_CLEANUP(run_release)
	struct run run = {
		.remembered = remembered,
		.request = request,
		.task = { .verb = "set",
			  .service = remembered->options.name,
			  .space = request->space ? request->space : "" },
		.tally = tally,
	};
	struct fc_tally inner = { 0 };
	struct fc_error why = { 0 };
	if (!request->rules.remember) {
		return fc_service_set(remembered->remote, request, tally, err);
	}
	FC_TRY(fc_ledger_target_of(&run.task, &run.target, err));
	struct fc_set_request known = *request;
	known.photos = (struct fc_photo_source){ next_photo, &run, is_ready, false };
	known.sink = (struct fc_photo_sink){ report, &run };
	enum fc_status status = fc_service_set(remembered->remote, &known, &inner, err);
	tally->faces = inner.faces;
	enum fc_status noted = flush_notes(&run, &why);
	return status == FC_OK && noted != FC_OK ? fc_fail(err, noted, "%s", why.text) : status;
}
