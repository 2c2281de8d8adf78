/* Photos of a verb on a service with a ledger. */
/* SPDX-License-Identifier: MIT */
#include "service/wrap/resume_photos.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "service/input/photo_copy.h"
#include "service/wrap/resume_pending.h"

/* Results are written in groups, because each commit waits for the disk. */
enum { GROUP = 32, IN_TURN_MAXIMUM = 256 };

/* ---- lists ---- */

static void append(struct fc_resume_list *list, struct fc_resume_photo *photo)
{
	photo->next = NULL;
	*(list->first ? list->end : &list->first) = photo;
	list->end = &photo->next;
	list->count++;
}

static struct fc_resume_photo *remove_first(struct fc_resume_list *list)
{
	struct fc_resume_photo *photo = list->first;
	list->first = photo->next;
	list->count--;
	return photo;
}

static void photo_free(struct fc_resume_photo *photo)
{
	fc_buffer_release(&photo->texts);
	fc_ledger_photo_release(&photo->ledger);
	free(photo->reference);
	free(photo->stored_path);
	free(photo);
}

static void list_release(struct fc_resume_list *list)
{
	while (list->first) {
		photo_free(remove_first(list));
	}
}

/* ---- the mark of an unfinished run ---- */

/* No photo has this path. */
static const char mark_path[] = "/";

static enum fc_status mark_of(const struct fc_resume_run *run, struct fc_ledger_task *task,
			      struct fc_ledger_item *item, struct fc_error *err)
{
	*task = (struct fc_ledger_task){
		.verb = "last step",
		.service = run->ledger.service,
		.space = run->ledger.space,
		.models = run->ledger.models,
	};
	*item = (struct fc_ledger_item){ .state = FC_LEDGER_DONE };
	return fc_ledger_target_of(task, &item->target, err);
}

static enum fc_status write_mark(struct fc_gallery_txn *txn, struct fc_resume_run *run,
				 struct fc_error *err)
{
	static const struct fc_file_identity none;
	struct fc_ledger_task task;
	struct fc_ledger_item item;
	FC_TRY(mark_of(run, &task, &item, err));
	FC_TRY(fc_ledger_put(txn, &task, &item, err));
	return fc_ledger_put_path(txn, &item, mark_path, &none, err);
}

static enum fc_status remove_mark(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct fc_ledger_task task;
	struct fc_ledger_item item;
	FC_TRY(mark_of(context, &task, &item, err));
	return fc_ledger_forget_path(txn, &item.target, mark_path, err);
}

static enum fc_status find_mark(struct fc_resume_run *run, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item found = { 0 };
	struct fc_gallery *gallery;
	struct fc_ledger_task task;
	struct fc_ledger_item item;
	enum fc_status status =
		fc_gallery_handle_open(run->ledger.gallery, FC_GALLERY_READ, &gallery, err);
	if (status == FC_GALLERY_MISSING) {
		return FC_OK;
	}
	FC_TRY(status);
	FC_TRY(mark_of(run, &task, &item, err));
	FC_TRY(fc_gallery_begin_read(gallery, &txn, err));
	status = fc_ledger_find(txn, &item, &found, err);
	run->unfinished = status == FC_OK;
	return status == FC_NOT_FOUND ? FC_OK : status;
}

/* ---- writing ---- */

static enum fc_status write_group(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct fc_resume_run *run = context;
	/* in each group, because another run may remove the mark */
	if (run->has_last_step && !run->finished) {
		FC_TRY(write_mark(txn, run, err));
	}
	for (struct fc_resume_photo *photo = run->to_write.first; photo; photo = photo->next) {
		struct fc_ledger_photo *ledger = &photo->ledger;
		FC_TRY(run->tracks_faces && ledger->path_is_known
			       ? fc_pending_put_replaced(txn, &run->ledger, ledger, err)
			       : FC_OK);
		FC_TRY(run->tracks_faces ? fc_pending_take_back(txn, &run->ledger, ledger, err)
					 : FC_OK);
		FC_TRY(fc_batch_ledger_write(txn, &run->ledger, ledger, err));
		FC_TRY(run->tracks_faces ? fc_pending_drop(txn, &run->ledger, &ledger->item, err)
					 : FC_OK);
	}
	return FC_OK;
}

static enum fc_status flush(struct fc_resume_run *run, struct fc_error *err)
{
	struct fc_gallery *gallery;
	if (run->to_write.count == 0) {
		return FC_OK;
	}
	FC_TRY(fc_gallery_handle_open(run->ledger.gallery, FC_GALLERY_CREATE, &gallery, err));
	FC_TRY(fc_gallery_write(gallery, write_group, run, err));
	run->unfinished = run->unfinished || (run->has_last_step && !run->finished);
	list_release(&run->to_write);
	return FC_OK;
}

/* Take the result of the first photo of in_turn, which was reported. */
static enum fc_status take_result(struct fc_resume_run *run, const struct fc_analysis *analysis,
				  const struct fc_ledger_result *result, struct fc_error *err)
{
	struct fc_resume_photo *photo = remove_first(&run->in_turn);
	/* the file may have changed between the lookup and the upload */
	bool same = analysis->bytes == photo->ledger.item.size;
	if (run->dry_run || !same ||
	    !fc_batch_ledger_take(&run->ledger, &photo->ledger, analysis, result)) {
		photo_free(photo);
		return FC_OK;
	}
	append(&run->to_write, photo);
	return run->to_write.count < GROUP ? FC_OK : flush(run, err);
}

/* Return the first of two errors. */
static enum fc_status first_error(enum fc_status first, enum fc_status second,
				  const struct fc_error *why, struct fc_error *err)
{
	return first == FC_OK && second != FC_OK ? fc_fail(err, second, "%s", why->text) : first;
}

/* ---- reports ---- */

static enum fc_status report_known(struct fc_resume_run *run, struct fc_error *err)
{
	static const struct fc_ledger_result none;
	while (run->in_turn.first && run->in_turn.first->ledger.match != FC_PHOTO_NEW) {
		const struct fc_resume_photo *photo = run->in_turn.first;
		const struct fc_analysis analysis = {
			.sha256 = photo->ledger.item.content,
			.bytes = photo->ledger.item.size,
		};
		struct fc_error why = { 0 };
		enum fc_status reported = run->report_known(run->context, photo, &analysis, err);
		enum fc_status taken = take_result(run, &analysis, &none, &why);
		FC_TRY(first_error(reported, taken, &why, err));
	}
	return FC_OK;
}

enum fc_status fc_resume_finish(struct fc_resume_run *run, const char *path,
				const struct fc_analysis *analysis,
				const struct fc_ledger_result *result, enum fc_status reported,
				struct fc_error *err)
{
	struct fc_error why = { 0 };
	if (!run->in_turn.first || strcmp(run->in_turn.first->given.path, path) != 0) {
		return fc_fail(err, FC_INTERNAL,
			       "the service returned the photos in a different order");
	}
	enum fc_status taken = take_result(run, analysis, result, &why);
	FC_TRY(first_error(reported, taken, &why, err));
	return report_known(run, err);
}

/* ---- faces of other persons, and photos that are sent ---- */

static enum fc_status take_stored(const struct fc_ledger_item *item, void *context,
				  struct fc_error *err)
{
	struct fc_resume_photo *photo = context;
	if (photo->given.stored_at || item->state != FC_LEDGER_DONE ||
	    memcmp(&item->person_key, &photo->ledger.item.person_key, sizeof(item->person_key)) ==
		    0) {
		return FC_OK;
	}
	photo->reference = item->text ? strdup(item->text) : NULL;
	if (item->text && !photo->reference) {
		return fc_fail_memory(err);
	}
	photo->stored_at = (struct fc_stored_at){ .pid = item->pid, .reference = photo->reference };
	photo->given.stored_at = &photo->stored_at;
	return FC_OK;
}

/* Find out whether the ledger has the photo for another person. */
static enum fc_status find_stored(struct fc_resume_run *run, struct fc_resume_photo *photo,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	struct fc_gallery *gallery;
	if (photo->given.stored_at || !photo->ledger.hashed) {
		return FC_OK;
	}
	FC_TRY(fc_gallery_handle_open(run->ledger.gallery, FC_GALLERY_READ, &gallery, err));
	FC_TRY(fc_gallery_begin_read(gallery, &txn, err));
	return fc_ledger_each_of_content(txn, &photo->ledger.item, take_stored, photo, err);
}

struct sending {
	const struct fc_resume_run *run;
	const struct fc_resume_photo *photo;
};

static enum fc_status write_sent(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct sending *sending = context;
	return fc_pending_put_sent(txn, &sending->run->ledger, &sending->photo->ledger,
				   &sending->photo->given, err);
}

static enum fc_status note_sent(struct fc_resume_run *run, struct fc_resume_photo *photo, int *fd,
				struct fc_error *err)
{
	struct sending sending = { run, photo };
	struct fc_gallery *gallery;
	const struct fc_stored_at *at = photo->given.stored_at;
	bool is_conflict = at && !at->may_move;
	if (photo->given.status != FC_OK || !photo->ledger.path || is_conflict ||
	    (!photo->ledger.hashed && !fc_batch_ledger_hash(&run->ledger, &photo->ledger, fd))) {
		return FC_OK;
	}
	FC_TRY(fc_gallery_handle_open(run->ledger.gallery, FC_GALLERY_CREATE, &gallery, err));
	return fc_gallery_write(gallery, write_sent, &sending, err);
}

/* ---- the source of the service ---- */

static enum fc_status take_photo(struct fc_resume_run *run, struct fc_error *err)
{
	FC_CLEANUP(fc_fd_close) int fd = -1;
	struct fc_photo given = { 0 };
	FC_TRY(run->photos.next(run->photos.context, &given, &run->ended, err));
	if (run->ended) {
		return FC_OK;
	}
	struct fc_resume_photo *photo = calloc(1, sizeof(*photo));
	if (!photo) {
		return fc_fail_memory(err);
	}
	append(&run->in_turn, photo);
	FC_TRY(fc_photo_copy(&given, &photo->given, &photo->texts, err));
	FC_TRY(fc_batch_ledger_look_up(&run->ledger, &photo->given, &photo->ledger, &fd, err));
	if (photo->ledger.match == FC_PHOTO_NEW) {
		FC_TRY(run->tracks_faces ? find_stored(run, photo, err) : FC_OK);
		FC_TRY(run->notes_sent ? note_sent(run, photo, &fd, err) : FC_OK);
		run->next = photo;
		return FC_OK;
	}
	return report_known(run, err);
}

/* Take known photos up to the next new one. Called while the service has other photos in flight. */
static bool is_ready(void *context)
{
	struct fc_resume_run *run = context;
	const struct fc_photo_source *photos = &run->photos;
	while (!run->next && !run->ended && run->failed == FC_OK) {
		bool ready = !photos->ready || photos->ready(photos->context);
		if (!ready || run->in_turn.count >= IN_TURN_MAXIMUM) {
			return false;
		}
		run->failed = take_photo(run, &run->failure);
	}
	return true;
}

static enum fc_status next_photo(void *context, struct fc_photo *out, bool *end,
				 struct fc_error *err)
{
	struct fc_resume_run *run = context;
	while (!run->next && !run->ended && run->failed == FC_OK) {
		FC_TRY(take_photo(run, err));
	}
	if (run->failed != FC_OK) {
		return fc_fail(err, run->failed, "%s", run->failure.text);
	}
	*end = !run->next;
	if (run->next) {
		*out = run->next->given;
		run->next = NULL;
	}
	return FC_OK;
}

static enum fc_status carry_out(struct fc_resume_run *run, struct fc_error *err)
{
	const struct fc_photo_source rest = { next_photo, run, is_ready, false };
	FC_TRY(fc_batch_ledger_init(&run->ledger, err));
	FC_TRY(run->has_last_step ? find_mark(run, err) : FC_OK);
	while (!run->next && !run->ended) {
		FC_TRY(take_photo(run, err));
	}
	return run->next || run->unfinished ? run->send(run->context, rest, err) : FC_OK;
}

static enum fc_status unmark(struct fc_resume_run *run, struct fc_error *err)
{
	struct fc_gallery *gallery;
	if (!run->finished || !run->unfinished) {
		return FC_OK;
	}
	FC_TRY(fc_gallery_handle_open(run->ledger.gallery, FC_GALLERY_WRITE, &gallery, err));
	return fc_gallery_write(gallery, remove_mark, run, err);
}

enum fc_status fc_resume_carry_out(struct fc_resume_run *run, struct fc_error *err)
{
	struct fc_error why = { 0 };
	enum fc_status status = carry_out(run, err);
	run->finished = status == FC_OK;
	enum fc_status written = flush(run, &why);
	written = written == FC_OK ? unmark(run, &why) : written;
	list_release(&run->in_turn);
	list_release(&run->to_write);
	fc_batch_ledger_release(&run->ledger);
	return first_error(status, written, &why, err);
}
