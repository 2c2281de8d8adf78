/* How verbs that enrol photos use the ledger. */
/* SPDX-License-Identifier: MIT */
#include "service/batch/ledger.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "service/input/photo_file.h"
#include "service/input/photo_identity.h"
#include "vision/faces/choice.h"

void fc_ledger_photo_release(struct fc_ledger_photo *photo)
{
	fc_ledger_item_release(&photo->item);
	fc_person_release(&photo->person);
	free(photo->path);
	*photo = (struct fc_ledger_photo){ 0 };
}

/* ---- lookup ---- */

/* Whether a photo that was refused for this reason may pass under other rules. */
static bool depends_on_rules(const struct fc_batch_ledger *ledger, unsigned reason)
{
	return reason >= FC_REASON_COUNT || (ledger->rule_reasons & FC_REASON_BIT(reason)) != 0;
}

/* The rule that chooses the face, as part of an item's rules. A face that is chosen explicitly has its own task instead. */
static uint64_t face_rule_of(const struct fc_ledger_photo *photo)
{
	return fc_face_choice_is_explicit(&photo->face) ? 0 : (uint64_t)photo->face.rule;
}

/* Whether a done photo only belongs to a person. Then the item's reason is the result. */
static bool is_without_face(const struct fc_ledger_item *item)
{
	return item->state == FC_LEDGER_DONE && item->face == 0 && item->reason != 0;
}

/* What a result depends on. Call fc_batch_ledger_find_target first. */
static uint64_t rules_of(const struct fc_batch_ledger *ledger, const struct fc_ledger_photo *photo,
			 const struct fc_ledger_item *item)
{
	uint64_t face = face_rule_of(photo);
	if (is_without_face(item) ||
	    (item->state != FC_LEDGER_DONE && depends_on_rules(ledger, item->reason))) {
		return ledger->target_rules ^ face << 1;
	}
	if (item->state == FC_LEDGER_DONE) {
		return item->rules;
	}
	return item->reason == FC_REASON_SEVERAL_FACES ? face : 0;
}

/* Whether a stored result is still valid, so that the photo need not be processed. With `only`, a stored face stays valid. */
static bool is_valid(const struct fc_batch_ledger *ledger, const struct fc_ledger_photo *photo,
		     const struct fc_ledger_item *item)
{
	switch (item->state) {
	case FC_LEDGER_DONE:
		if (is_without_face(item)) {
			return item->rules == rules_of(ledger, photo, item);
		}
		return item->rules == 0 || face_rule_of(photo) == 0 ||
		       item->rules == face_rule_of(photo);
	case FC_LEDGER_REFUSED:
		return !ledger->retry_failed && item->rules == rules_of(ledger, photo, item);
	case FC_LEDGER_FAILED:
		return !ledger->retry_failed;
	}
	return false;
}

/* Begin a read transaction; *txn is NULL if there is no gallery yet. */
static enum fc_status begin_read(const struct fc_batch_ledger *ledger, struct fc_gallery_txn **txn,
				 struct fc_error *err)
{
	struct fc_gallery *gallery;
	enum fc_status status =
		fc_gallery_handle_open(ledger->gallery, FC_GALLERY_READ, &gallery, err);
	if (status == FC_GALLERY_MISSING) {
		return FC_OK;
	}
	FC_TRY(status);
	return fc_gallery_begin_read(gallery, txn, err);
}

static enum fc_status set_known(struct fc_gallery_txn *txn, struct fc_ledger_photo *photo,
				struct fc_ledger_item *item, enum fc_photo_match match,
				struct fc_error *err)
{
	fc_ledger_item_release(&photo->item);
	photo->item = FC_STEAL_STRUCT(*item);
	photo->match = match;
	photo->hashed = true;
	if (photo->item.space == 0) {
		return FC_OK;
	}
	bool found;
	return fc_person_get_if_any(txn, photo->item.space, &photo->item.pid, &found,
				    &photo->person, err);
}

/* *may_know: the content may be known; the file must be hashed to find out. */
static enum fc_status look_up_path(struct fc_batch_ledger *ledger, struct fc_ledger_photo *photo,
				   bool *may_know, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
	bool found, same = false;
	*may_know = false;
	FC_TRY(begin_read(ledger, &txn, err));
	if (!txn) {
		return FC_OK;
	}
	FC_TRY(fc_batch_ledger_set_target(txn, ledger, photo, &found, err));
	if (!found) {
		return FC_OK;
	}
	enum fc_status status = fc_ledger_find_path(txn, &photo->item.target, photo->path,
						    &photo->identity, &item, &same, err);
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	photo->path_is_known = status == FC_OK;
	if (photo->path_is_known) {
		photo->path_content = item.content;
		if (same && is_valid(ledger, photo, &item) &&
		    memcmp(&item.person_key, &photo->item.person_key, sizeof(item.person_key)) ==
			    0) {
			return set_known(txn, photo, &item, FC_PHOTO_SAME_FILE, err);
		}
	}
	return fc_ledger_knows_size(txn, &photo->item.target, photo->identity.size, may_know, err);
}

/* Errors are ignored here: they occur again and are reported when the photo is opened for processing. */
bool fc_batch_ledger_hash(const struct fc_batch_ledger *ledger, struct fc_ledger_photo *photo,
			  int *fd)
{
	const struct fc_photo_limit limit = { .bytes = ledger->photo_bytes, .advice = "" };
	struct stat info;
	if ((*fd < 0 && fc_photo_open(photo->path, &limit, fd, NULL, NULL) != FC_OK) ||
	    fstat(*fd, &info) != 0) {
		return false;
	}
	photo->identity = fc_photo_identity(&info);
	photo->item.size = photo->identity.size;
	struct fc_ledger_hash *hash = &ledger->hashes[photo->identity.inode % FC_LEDGER_HASHES];
	if (photo->identity.changed == 0 ||
	    !fc_file_identity_equal(&hash->identity, &photo->identity)) {
		struct fc_sha256 content;
		if (fc_sha256_of_file(*fd, photo->path, &content, NULL) != FC_OK) {
			return false;
		}
		*hash = (struct fc_ledger_hash){ photo->identity, content };
	}
	photo->item.content = hash->content;
	photo->hashed = true;
	return true;
}

static enum fc_status look_up_content(struct fc_batch_ledger *ledger, struct fc_ledger_photo *photo,
				      struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
	FC_TRY(begin_read(ledger, &txn, err));
	if (!txn) {
		return FC_OK;
	}
	enum fc_status status = fc_ledger_find(txn, &photo->item, &item, err);
	bool counts = !ledger->answers_below ||
		      (photo->path_is_known &&
		       fc_sha256_equal(&photo->path_content, &photo->item.content));
	if (status == FC_OK && counts && is_valid(ledger, photo, &item)) {
		return set_known(txn, photo, &item, FC_PHOTO_SAME_CONTENT, err);
	}
	return status == FC_NOT_FOUND ? FC_OK : status;
}

enum fc_status fc_batch_ledger_look_up(struct fc_batch_ledger *ledger, const struct fc_photo *given,
				       struct fc_ledger_photo *photo, int *fd, struct fc_error *err)
{
	struct stat info;
	bool may_know;
	if (!ledger->enabled || given->status != FC_OK || strcmp(given->path, "-") == 0 ||
	    stat(given->path, &info) != 0 || !S_ISREG(info.st_mode)) {
		return FC_OK;
	}
	photo->path = fc_photo_absolute(ledger->folder, given->path);
	if (!photo->path) {
		return fc_fail_memory(err);
	}
	photo->origin = given->origin ? given->origin : ledger->origin;
	photo->face = given->face;
	photo->identity = fc_photo_identity(&info);
	photo->item.size = photo->identity.size;
	FC_TRY(fc_ledger_person_key_of(given->has_number ? &given->number : NULL,
				       given->has_pid ? &given->pid : NULL, given->person,
				       &photo->item.person_key, err));
	FC_TRY(look_up_path(ledger, photo, &may_know, err));
	ledger->known_paths += photo->path_is_known;
	/* Hash without an open transaction: it is slow, and a transaction prevents other processes from reusing pages of the gallery. */
	return may_know && fc_batch_ledger_hash(ledger, photo, fd)
		       ? look_up_content(ledger, photo, err)
		       : FC_OK;
}

/* ---- results ---- */

enum fc_result fc_ledger_known_result(const struct fc_ledger_item *item)
{
	return item->face == 0 && (item->reason == FC_RESULT_HA || item->reason == FC_RESULT_JUNK)
		       ? (enum fc_result)item->reason
		       : FC_RESULT_EXACT;
}

bool fc_ledger_photo_is_open(const struct fc_ledger_photo *photo)
{
	return photo->path && photo->match != FC_PHOTO_SAME_FILE;
}

/* The state that a result is stored as. Returns false if it is not stored. */
static bool state_of(const struct fc_ledger_result *result, enum fc_ledger_state *state)
{
	switch (result->action) {
	case FC_ACTION_NONE: /* it was answered */
	case FC_ACTION_ENROLLED:
	case FC_ACTION_UNCHANGED:
	case FC_ACTION_REPLACED:
	case FC_ACTION_ATTACHED:
		*state = FC_LEDGER_DONE;
		return true;
	case FC_ACTION_SKIPPED:
	case FC_ACTION_REJECTED:
		*state = FC_LEDGER_REFUSED;
		return true;
	default:
		*state = FC_LEDGER_FAILED;
		/* A conflict is stored only with the person that causes it, because it is removed together with that person. */
		return result->reason == FC_REASON_DECODER_CRASHED ||
		       result->reason == FC_REASON_TIMED_OUT ||
		       (result->reason == FC_REASON_CONFLICT && result->space != 0);
	}
}

/* Set the content to what was analysed; the file may have changed since. */
static bool take_content(const struct fc_batch_ledger *ledger, struct fc_ledger_photo *photo,
			 const struct fc_analysis *analysis)
{
	static const struct fc_sha256 unknown;
	if (fc_sha256_equal(&analysis->sha256, &unknown)) {
		/* The worker crashed on this photo and reported no hash. Hash the file, provided it has not changed. */
		FC_CLEANUP(fc_fd_close) int fd = -1;
		const struct fc_file_identity before = photo->identity;
		return photo->hashed || (fc_batch_ledger_hash(ledger, photo, &fd) &&
					 fc_file_identity_equal(&before, &photo->identity));
	}
	if (photo->identity.size != analysis->bytes ||
	    (photo->hashed && !fc_sha256_equal(&photo->item.content, &analysis->sha256))) {
		photo->identity.changed = 0; /* so that it matches no file */
	}
	photo->item.size = analysis->bytes;
	photo->item.content = analysis->sha256;
	photo->hashed = true;
	return true;
}

bool fc_batch_ledger_take(struct fc_batch_ledger *ledger, struct fc_ledger_photo *photo,
			  const struct fc_analysis *analysis, const struct fc_ledger_result *result)
{
	struct fc_ledger_item *item = &photo->item;
	if (!fc_ledger_photo_is_open(photo) || photo->match != FC_PHOTO_NEW) {
		return fc_ledger_photo_is_open(photo);
	}
	if (!state_of(result, &item->state) || !take_content(ledger, photo, analysis)) {
		return false;
	}
	/* A photo that only belongs to a person, without a stored face, may belong to another one under other rules. */
	bool stored = ledger->answers_below || result->face != 0 ||
		      (result->result != FC_RESULT_EXACT && result->result != FC_RESULT_HA &&
		       result->result != FC_RESULT_JUNK);
	item->reason = (uint8_t)result->reason;
	if (item->state == FC_LEDGER_DONE) {
		item->reason = stored ? 0 : (uint8_t)result->result;
		item->rules = analysis->face_count == 1 ? 0 : face_rule_of(photo);
	}
	/* an answer that was given does not depend on the person */
	item->space = ledger->answers_below ? 0 : result->space;
	item->pid = ledger->answers_below ? (struct fc_uuid){ 0 } : result->pid;
	item->face = ledger->answers_below ? 0 : result->face;
	fc_free(&item->text);
	if (result->error && result->error[0]) {
		item->text = strndup(result->error, FC_LEDGER_TEXT_MAXIMUM);
	}
	return true;
}

/* A refused photo does not replace the ledger's record of a path that has a face; only a photo with a new face does. */
static enum fc_status path_has_face(struct fc_gallery_txn *txn, const struct fc_ledger_photo *photo,
				    bool *has_face, struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item before = { 0 };
	bool same;
	enum fc_status status = fc_ledger_find_path(txn, &photo->item.target, photo->path,
						    &photo->identity, &before, &same, err);
	*has_face = status == FC_OK && before.state == FC_LEDGER_DONE && before.face != 0 &&
		    !fc_sha256_equal(&before.content, &photo->item.content);
	return status == FC_NOT_FOUND ? FC_OK : status;
}

static enum fc_status write_path(struct fc_gallery_txn *txn, const struct fc_ledger_photo *photo,
				 bool done, struct fc_error *err)
{
	bool has_face = false;
	if (!done) {
		FC_TRY(path_has_face(txn, photo, &has_face, err));
	}
	return has_face ? FC_OK
			: fc_ledger_put_path(txn, &photo->item, photo->path, &photo->identity, err);
}

/* Known content at a new path: add the path, and remove the old one if its file no longer exists. */
static enum fc_status write_known(struct fc_gallery_txn *txn, const struct fc_ledger_photo *photo,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
	FC_CLEANUP(fc_free) char *first = NULL;
	struct stat info;
	enum fc_status status = fc_ledger_find(txn, &photo->item, &item, err);
	if (status == FC_NOT_FOUND) {
		return FC_OK; /* removed since the lookup */
	}
	FC_TRY(status);
	status = fc_ledger_first_path(txn, &photo->item, &first, err);
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	FC_TRY(write_path(txn, photo, item.state == FC_LEDGER_DONE, err));
	bool gone = first && strcmp(first, photo->path) != 0 && lstat(first, &info) != 0 &&
		    errno == ENOENT;
	return gone ? fc_ledger_forget_path(txn, &photo->item.target, first, err) : FC_OK;
}

enum fc_status fc_batch_ledger_write(struct fc_gallery_txn *txn, struct fc_batch_ledger *ledger,
				     struct fc_ledger_photo *photo, struct fc_error *err)
{
	bool found;
	if (photo->match == FC_PHOTO_SAME_CONTENT) {
		return photo->replaces ? FC_OK : write_known(txn, photo, err);
	}
	FC_TRY(fc_batch_ledger_set_target(txn, ledger, photo, &found, err));
	if (!found) {
		return FC_OK;
	}
	photo->item.rules = rules_of(ledger, photo, &photo->item);
	if (photo->item.state != FC_LEDGER_DONE) {
		/* a refusal under another rule does not replace the record of a stored face */
		FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item before = { 0 };
		enum fc_status status = fc_ledger_find(txn, &photo->item, &before, err);
		FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
		if (before.state == FC_LEDGER_DONE && before.face != 0) {
			return FC_OK;
		}
	}
	FC_TRY(fc_batch_ledger_put(txn, ledger, photo, err));
	return photo->replaces ? FC_OK
			       : write_path(txn, photo, photo->item.state == FC_LEDGER_DONE, err);
}

enum fc_status fc_batch_ledger_put_path(struct fc_gallery_txn *txn,
					const struct fc_ledger_photo *photo, struct fc_error *err)
{
	return fc_ledger_put_path(txn, &photo->item, photo->path, &photo->identity, err);
}

enum fc_status fc_batch_ledger_find_replaced(struct fc_gallery_txn *txn,
					     struct fc_batch_ledger *ledger,
					     struct fc_ledger_photo *photo,
					     const struct fc_sha256 *content,
					     const struct fc_uuid *pid,
					     struct fc_ledger_replaced *out, struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item before = { 0 };
	bool found, same, has_other = false;
	*out = (struct fc_ledger_replaced){ 0 };
	if (!photo->path) {
		return FC_OK;
	}
	FC_TRY(fc_batch_ledger_set_target(txn, ledger, photo, &found, err));
	if (!found) {
		return FC_OK;
	}
	enum fc_status status = fc_ledger_find_path(txn, &photo->item.target, photo->path,
						    &photo->identity, &before, &same, err);
	if (status == FC_NOT_FOUND) {
		return FC_OK;
	}
	FC_TRY(status);
	if (before.state != FC_LEDGER_DONE || !fc_uuid_equal(&before.pid, pid)) {
		return FC_OK;
	}
	/* If the content is the same, another rule may have chosen another face. */
	if (!fc_sha256_equal(&before.content, content)) {
		FC_TRY(fc_ledger_has_other_path(txn, &before, photo->path, &has_other, err));
	}
	if (!has_other) {
		*out = (struct fc_ledger_replaced){ before.space, before.face, before.content };
	}
	return FC_OK;
}
