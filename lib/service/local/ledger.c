/* The local engine's memory of the photos that it dealt with. */
/* SPDX-License-Identifier: MIT */
#include "service/local/ledger.h"

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
#include "service/local/space_view.h"

/* ---- what judges ---- */

static void put_quality(struct fc_buffer *out, const struct fc_quality_limits *limits)
{
	const float values[] = { limits->awesomeness,  limits->sharpness, limits->exposure,
				 limits->eye_distance, limits->pan,       limits->tilt };
	fc_buffer_put_f32s(out, values, FC_ARRAY_LENGTH(values));
}

static enum fc_status digest_rules(struct fc_local_memory *memory,
				   const struct fc_buffer *more_rules, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	const struct fc_image_limits *limits = &memory->local->options.workers.limits;
	struct fc_sha256 digest;
	put_quality(&bytes, &memory->rules.quality);
	fc_buffer_put_u8(&bytes, (uint8_t)memory->rules.on_duplicate);
	fc_buffer_put_u64(&bytes, limits->bytes);
	fc_buffer_put_u64(&bytes, limits->pixels);
	fc_buffer_put_u32(&bytes, limits->side);
	if (more_rules) {
		fc_buffer_append(&bytes, more_rules->data, more_rules->length);
	}
	if (!fc_buffer_ok(&bytes)) {
		return fc_fail_memory(err);
	}
	if (!fc_sha256_of(bytes.data, bytes.length, &digest)) {
		return fc_fail(err, FC_INTERNAL, "SHA-256 failed");
	}
	struct fc_reader reader = fc_reader_of(digest.bytes, sizeof(digest.bytes));
	memory->rules_digest = fc_reader_u64(&reader) | 1; /* 0 stands for none */
	return FC_OK;
}

enum fc_status fc_local_models_digest(const struct fc_local *local,
				      const struct fc_embedder_pin *embedder, struct fc_sha256 *out,
				      struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	const struct fc_model *liveness = local->liveness;
	static const struct fc_sha256 none;
	const struct {
		const struct fc_sha256 *file;
		uint32_t preprocessing;
	} models[] = {
		{ &local->detector->files[0].sha256, local->detector->preprocessing },
		{ &embedder->sha256, embedder->preprocessing },
		{ liveness ? &liveness->files[0].sha256 : &none,
		  liveness ? liveness->preprocessing : 0 },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(models); i++) {
		fc_buffer_append(&bytes, models[i].file->bytes, sizeof(models[i].file->bytes));
		fc_buffer_put_u32(&bytes, models[i].preprocessing);
	}
	if (!fc_buffer_ok(&bytes)) {
		return fc_fail_memory(err);
	}
	return fc_sha256_of(bytes.data, bytes.length, out)
		       ? FC_OK
		       : fc_fail(err, FC_INTERNAL, "SHA-256 failed");
}

enum fc_status fc_local_memory_init(struct fc_local_memory *memory,
				    const struct fc_buffer *more_rules, struct fc_error *err)
{
	if (!memory->rules.remember) {
		return FC_OK;
	}
	FC_TRY(digest_rules(memory, more_rules, err));
	const struct fc_embedder_pin embedder = fc_local_pin(memory->local);
	FC_TRY(fc_local_models_digest(memory->local, &embedder, &memory->models, err));
	memory->hashed = calloc(FC_LOCAL_HASHED, sizeof(*memory->hashed));
	if (!memory->hashed) {
		return fc_fail_memory(err);
	}
	memory->folder = getcwd(NULL, 0);
	return memory->folder ? FC_OK
			      : fc_fail_errno(err, FC_IO, errno, "cannot tell the current folder");
}

void fc_local_memory_release(struct fc_local_memory *memory)
{
	fc_person_release(&memory->person);
	free(memory->folder);
	free(memory->hashed);
	memory->folder = NULL;
	memory->hashed = NULL;
}

/* ---- whose photo it is ---- */

static struct fc_ledger_task task_of(const struct fc_local_memory *memory)
{
	return (struct fc_ledger_task){
		.verb = memory->verb,
		.service = "local",
		.space = memory->space_of_task,
		.models = memory->models,
	};
}

static bool is_task_of(const struct fc_local_memory *memory, const char *origin)
{
	return memory->has_task && strcmp(memory->origin_of_task, origin) == 0;
}

enum fc_status fc_local_memory_settle(struct fc_gallery_txn *txn, struct fc_local_memory *memory,
				      const char *origin, bool *found, struct fc_error *err)
{
	const char *name = memory->space;
	struct fc_local_scope scope = { 0 };
	*found = true;
	if (is_task_of(memory, origin ? origin : "")) {
		return FC_OK;
	}
	if (!name) {
		enum fc_status status = fc_local_scope_find(txn, NULL, origin, false, &scope, err);
		*found = status == FC_OK && scope.found;
		name = scope.space.name;
	}
	memory->has_task = *found;
	if (!*found) {
		return FC_OK;
	}
	snprintf(memory->space_of_task, sizeof(memory->space_of_task), "%s", name);
	snprintf(memory->origin_of_task, sizeof(memory->origin_of_task), "%s",
		 origin ? origin : "");
	const struct fc_ledger_task task = task_of(memory);
	return fc_ledger_target_of(&task, &memory->target, err);
}

static enum fc_status begin_item(struct fc_local_memory *memory, struct fc_local_photo *photo,
				 struct fc_error *err)
{
	const struct fc_photo *asked = &photo->asked;
	photo->recall.item.target = memory->target;
	return fc_ledger_person_key_of(asked->has_number ? &asked->number : NULL,
				       asked->has_pid ? &asked->pid : NULL, asked->person,
				       &photo->recall.item.person_key, err);
}

char *fc_local_memory_path(const struct fc_local_memory *memory, const char *path)
{
	return fc_photo_absolute(memory->folder, path);
}

/* ---- recalling ---- */

static bool stands(const struct fc_local_memory *memory, const struct fc_ledger_item *item)
{
	switch (item->state) {
	case FC_LEDGER_DONE:
		return true;
	case FC_LEDGER_REFUSED:
		return !memory->rules.retry_failed &&
		       (item->rules == 0 || item->rules == memory->rules_digest);
	case FC_LEDGER_FAILED:
		return !memory->rules.retry_failed;
	}
	return false;
}

static void keep_item(struct fc_local_photo *photo, struct fc_ledger_item *item)
{
	fc_ledger_item_release(&photo->recall.item);
	photo->recall.item = *item;
	*item = (struct fc_ledger_item){ 0 };
	photo->recall.known = true;
	photo->recall.hashed = true;
}

/* What the person of a known photo is called. Photos of one person mostly follow each other. */
static enum fc_status recall_person(struct fc_gallery_txn *txn, struct fc_local_memory *memory,
				    struct fc_local_photo *photo, struct fc_error *err)
{
	struct fc_local_recall *recall = &photo->recall;
	const struct fc_person *person = &memory->person;
	if (!recall->known || recall->item.space == 0) {
		return FC_OK;
	}
	if (!fc_uuid_equal(&person->pid, &recall->item.pid)) {
		fc_person_release(&memory->person);
		memory->person = (struct fc_person){ 0 };
		enum fc_status status = fc_person_get(txn, &recall->item.pid, &memory->person, err);
		if (status != FC_OK) {
			return status == FC_NOT_FOUND ? FC_OK : status;
		}
	}
	recall->has_number = person->has_number;
	recall->number = person->number;
	recall->name = person->name ? strdup(person->name) : NULL;
	return person->name && !recall->name ? fc_fail_memory(err) : FC_OK;
}

static enum fc_status recall_path(struct fc_gallery_txn *txn, struct fc_local_memory *memory,
				  struct fc_local_photo *photo, struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
	struct fc_local_recall *recall = &photo->recall;
	bool same = false;
	enum fc_status status = fc_ledger_find_path(txn, &memory->target, recall->absolute,
						    &recall->identity, &item, &same, err);
	if (status == FC_NOT_FOUND) {
		return FC_OK;
	}
	FC_TRY(status);
	recall->path_is_known = true;
	recall->path_held = item.content;
	if (same && stands(memory, &item) &&
	    memcmp(&item.person_key, &recall->item.person_key, sizeof(item.person_key)) == 0) {
		keep_item(photo, &item);
	}
	return FC_OK;
}

static enum fc_status recall_content(struct fc_gallery_txn *txn, struct fc_local_memory *memory,
				     struct fc_local_photo *photo, struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
	enum fc_status status = fc_ledger_find(txn, &photo->recall.item, &item, err);
	if (status == FC_NOT_FOUND) {
		return FC_OK;
	}
	FC_TRY(status);
	if (stands(memory, &item)) {
		keep_item(photo, &item);
		photo->recall.path_is_new = true;
	}
	return FC_OK;
}

/* By the file itself, whatever it is called: snapshots of a folder are many names of few files. */
static bool hash_file(const struct fc_local_memory *memory, struct fc_local_photo *photo, int fd)
{
	struct fc_local_recall *recall = &photo->recall;
	struct fc_local_hashed *place = &memory->hashed[recall->identity.inode % FC_LOCAL_HASHED];
	if (recall->identity.changed != 0 &&
	    fc_file_identity_equal(&place->identity, &recall->identity)) {
		recall->item.content = place->content;
		return true;
	}
	if (fc_sha256_of_file(fd, photo->path, &recall->item.content, NULL) != FC_OK) {
		return false;
	}
	*place = (struct fc_local_hashed){ recall->identity, recall->item.content };
	return true;
}

/* Open the photo and hash it. What is wrong with it is found again, and told, by whoever opens it next. */
static bool hash_photo(const struct fc_local_memory *memory, struct fc_local_photo *photo, int *fd)
{
	const struct fc_photo_limit limit = {
		.bytes = memory->local->options.workers.limits.bytes,
		.advice = "",
	};
	struct stat info;
	struct fc_local_recall *recall = &photo->recall;
	if (*fd < 0 && fc_photo_open(photo->path, &limit, fd, NULL, NULL) != FC_OK) {
		return false;
	}
	if (fstat(*fd, &info) != 0) {
		return false;
	}
	recall->identity = fc_photo_identity(&info);
	recall->item.size = recall->identity.size;
	recall->hashed = hash_file(memory, photo, *fd);
	return recall->hashed;
}

static enum fc_status begin_read(struct fc_local_memory *memory, struct fc_gallery_txn **txn,
				 bool *missing, struct fc_error *err)
{
	struct fc_gallery *gallery;
	enum fc_status status = fc_local_gallery(memory->local, FC_GALLERY_READ, &gallery, err);
	*missing = status == FC_GALLERY_MISSING;
	if (*missing) {
		return FC_OK;
	}
	FC_TRY(status);
	return fc_gallery_begin_read(gallery, txn, err);
}

/* By path, and whether a look into the file may tell more. */
static enum fc_status recall_by_path(struct fc_local_memory *memory, struct fc_local_photo *photo,
				     bool *may_know, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	bool missing, found;
	*may_know = false;
	FC_TRY(begin_read(memory, &txn, &missing, err));
	if (missing) {
		return FC_OK;
	}
	const char *origin = photo->asked.origin ? photo->asked.origin : memory->origin;
	FC_TRY(fc_local_memory_settle(txn, memory, origin, &found, err));
	if (!found) {
		return FC_OK;
	}
	FC_TRY(begin_item(memory, photo, err));
	FC_TRY(recall_path(txn, memory, photo, err));
	FC_TRY(recall_person(txn, memory, photo, err));
	return photo->recall.known
		       ? FC_OK
		       : fc_ledger_knows_size(txn, &memory->target, photo->recall.identity.size,
					      may_know, err);
}

static enum fc_status recall_by_content(struct fc_local_memory *memory,
					struct fc_local_photo *photo, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	bool missing;
	FC_TRY(begin_read(memory, &txn, &missing, err));
	if (missing) {
		return FC_OK;
	}
	FC_TRY(recall_content(txn, memory, photo, err));
	return recall_person(txn, memory, photo, err);
}

enum fc_status fc_local_memory_recall(struct fc_local_memory *memory, struct fc_local_photo *photo,
				      int *fd, struct fc_error *err)
{
	struct stat info;
	bool may_know;
	if (!memory->rules.remember || strcmp(photo->path, "-") == 0 ||
	    stat(photo->path, &info) != 0 || !S_ISREG(info.st_mode)) {
		return FC_OK;
	}
	struct fc_local_recall *recall = &photo->recall;
	recall->absolute = fc_local_memory_path(memory, photo->path);
	if (!recall->absolute) {
		return fc_fail_memory(err);
	}
	recall->asked = true;
	recall->identity = fc_photo_identity(&info);
	recall->item.size = recall->identity.size;
	FC_TRY(recall_by_path(memory, photo, &may_know, err));
	if (may_know && hash_photo(memory, photo, fd)) {
		FC_TRY(recall_by_content(memory, photo, err));
	}
	if (recall->known) {
		photo->analysis.sha256 = recall->item.content;
		photo->analysis.bytes = recall->item.size;
	}
	return FC_OK;
}

/* ---- noting ---- */

bool fc_local_memory_has_to_note(const struct fc_local_photo *photo)
{
	return photo->recall.asked && (!photo->recall.known || photo->recall.path_is_new);
}

/* How a result is remembered; false: it is not, as it may well be another next time. */
static bool classify(const struct fc_local_memory *memory, const struct fc_local_result *result,
		     struct fc_ledger_item *item)
{
	item->reason = (uint8_t)result->reason;
	item->rules = memory->hangs_on_rules(result->reason) ? memory->rules_digest : 0;
	switch (result->action) {
	case FC_ACTION_ENROLLED:
	case FC_ACTION_UNCHANGED:
	case FC_ACTION_REPLACED:
	case FC_ACTION_ATTACHED:
		item->state = FC_LEDGER_DONE;
		item->rules = 0;
		return true;
	case FC_ACTION_SKIPPED:
	case FC_ACTION_REJECTED:
		item->state = FC_LEDGER_REFUSED;
		return true;
	default:
		item->state = FC_LEDGER_FAILED;
		/* A conflict lasts as long as the person whom it is with. */
		return result->reason == FC_REASON_DECODER_CRASHED ||
		       result->reason == FC_REASON_TIMED_OUT ||
		       (result->reason == FC_REASON_CONFLICT && result->space != 0);
	}
}

/* A look of our own, at a file that is what it was when it was named. */
static bool hash_unchanged(const struct fc_local_memory *memory, struct fc_local_photo *photo)
{
	FC_CLEANUP(fc_fd_close) int fd = -1;
	const struct fc_file_identity named = photo->recall.identity;
	return hash_photo(memory, photo, &fd) &&
	       fc_file_identity_equal(&named, &photo->recall.identity);
}

/* The content of a photo: the worker's word for what it looked at, whatever the file was before and is now. */
static bool settle_content(const struct fc_local_memory *memory, struct fc_local_photo *photo)
{
	static const struct fc_sha256 unsaid;
	struct fc_local_recall *recall = &photo->recall;
	const struct fc_analysis *analysis = &photo->analysis;
	if (fc_sha256_equal(&analysis->sha256, &unsaid)) {
		/* It died over the photo. */
		return recall->hashed || hash_unchanged(memory, photo);
	}
	if (recall->identity.size != analysis->bytes ||
	    (recall->hashed && !fc_sha256_equal(&recall->item.content, &analysis->sha256))) {
		recall->identity.changed = 0;
	}
	recall->item.size = analysis->bytes;
	recall->item.content = analysis->sha256;
	recall->hashed = true;
	return true;
}

/* The path led to a face of its own; a photo that is refused does not take that place. */
static enum fc_status keeps_a_face(struct fc_gallery_txn *txn, const struct fc_local_photo *photo,
				   bool *keeps, struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item before = { 0 };
	const struct fc_local_recall *recall = &photo->recall;
	bool same;
	enum fc_status status = fc_ledger_find_path(txn, &recall->item.target, recall->absolute,
						    &recall->identity, &before, &same, err);
	*keeps = status == FC_OK && before.state == FC_LEDGER_DONE && before.face != 0 &&
		 !fc_sha256_equal(&before.content, &recall->item.content);
	return status == FC_NOT_FOUND ? FC_OK : status;
}

static enum fc_status note_path(struct fc_gallery_txn *txn, const struct fc_local_photo *photo,
				bool done, struct fc_error *err)
{
	const struct fc_local_recall *recall = &photo->recall;
	bool keeps = false;
	if (!done) {
		FC_TRY(keeps_a_face(txn, photo, &keeps, err));
	}
	return keeps ? FC_OK
		     : fc_ledger_put_path(txn, &recall->item, recall->absolute, &recall->identity,
					  err);
}

/* A path that leads to the item and has no file any more, NULL when the first one has. */
static enum fc_status find_left_path(struct fc_gallery_txn *txn, const struct fc_local_photo *photo,
				     char **out, struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *first = NULL;
	struct stat info;
	enum fc_status status = fc_ledger_first_path(txn, &photo->recall.item, &first, err);
	if (status == FC_NOT_FOUND) {
		return FC_OK;
	}
	FC_TRY(status);
	if (strcmp(first, photo->recall.absolute) != 0 && lstat(first, &info) != 0 &&
	    errno == ENOENT) {
		*out = FC_STEAL(first);
	}
	return FC_OK;
}

/* A photo known by its content: its path leads there too from now on, if it is known still, and a place that it left does not. */
static enum fc_status note_known(struct fc_gallery_txn *txn, struct fc_local_photo *photo,
				 struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
	FC_CLEANUP(fc_free) char *left = NULL;
	enum fc_status status = fc_ledger_find(txn, &photo->recall.item, &item, err);
	if (status == FC_NOT_FOUND) {
		return FC_OK;
	}
	FC_TRY(status);
	FC_TRY(find_left_path(txn, photo, &left, err));
	FC_TRY(note_path(txn, photo, item.state == FC_LEDGER_DONE, err));
	return left ? fc_ledger_forget_path(txn, &photo->recall.item.target, left, err) : FC_OK;
}

enum fc_status fc_local_memory_note(struct fc_gallery_txn *txn, struct fc_local_memory *memory,
				    struct fc_local_photo *photo,
				    const struct fc_local_result *result, struct fc_error *err)
{
	bool found;
	if (!fc_local_memory_has_to_note(photo)) {
		return FC_OK;
	}
	if (photo->recall.known) {
		return note_known(txn, photo, err);
	}
	const char *origin = photo->asked.origin ? photo->asked.origin : memory->origin;
	struct fc_ledger_item noted = { 0 };
	if (!classify(memory, result, &noted) || !settle_content(memory, photo)) {
		return FC_OK;
	}
	FC_TRY(fc_local_memory_settle(txn, memory, origin, &found, err));
	if (!found) {
		return FC_OK;
	}
	FC_TRY(begin_item(memory, photo, err));
	noted.target = photo->recall.item.target;
	noted.person_key = photo->recall.item.person_key;
	noted.size = photo->recall.item.size;
	noted.content = photo->recall.item.content;
	noted.space = result->space;
	noted.pid = result->pid;
	noted.face = result->face;
	/* The gallery copies it; the item only borrows. */
	memcpy(&noted.text, &result->error, sizeof(result->error));
	const struct fc_ledger_task task = task_of(memory);
	FC_TRY(fc_ledger_put(txn, &task, &noted, err));
	return note_path(txn, photo, noted.state == FC_LEDGER_DONE, err);
}

enum fc_status fc_local_memory_replaced(struct fc_gallery_txn *txn, struct fc_local_memory *memory,
					const struct fc_local_photo *photo,
					const struct fc_uuid *pid, uint64_t *face,
					struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item before = { 0 };
	const struct fc_local_recall *recall = &photo->recall;
	const char *origin = photo->asked.origin ? photo->asked.origin : memory->origin;
	bool found, same, has_other;
	*face = 0;
	if (!recall->asked) {
		return FC_OK;
	}
	FC_TRY(fc_local_memory_settle(txn, memory, origin, &found, err));
	if (!found) {
		return FC_OK;
	}
	enum fc_status status = fc_ledger_find_path(txn, &memory->target, recall->absolute,
						    &recall->identity, &before, &same, err);
	if (status == FC_NOT_FOUND) {
		return FC_OK;
	}
	FC_TRY(status);
	if (before.state != FC_LEDGER_DONE || before.face == 0 ||
	    !fc_uuid_equal(&before.pid, pid) ||
	    fc_sha256_equal(&before.content, &photo->analysis.sha256)) {
		return FC_OK;
	}
	FC_TRY(fc_ledger_has_other_path(txn, &before, recall->absolute, &has_other, err));
	*face = has_other ? 0 : before.face;
	return FC_OK;
}
