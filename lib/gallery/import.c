/* Records out of other galleries, gathered and stored in groups. */
/* SPDX-License-Identifier: MIT */
#include "gallery/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gallery/import_record.h"
#include "gallery/parts.h"

/* A group: large enough that syncing it costs little, small enough to be held and to let others write. */
enum { GROUP_RECORDS = 4096, GROUP_BYTES = 8 << 20 };

struct fc_import {
	struct fc_import_options options;
	bool has_pin;
	struct fc_embedder_pin pin;
	struct fc_import_item *items; /* GROUP_RECORDS */
	size_t count, bytes;
	struct fc_pid_map settled, fresh;
	struct fc_pid_map rehearsed; /* dry run: persons that earlier groups would have added */
	struct fc_import_tally tally;
	bool in_export; /* between a head and its end */
	uint64_t seen[FC_TRANSFER_KINDS];
};

static void drop_items(struct fc_import *import)
{
	for (size_t i = 0; i < import->count; i++) {
		fc_transfer_release(&import->items[i].record);
	}
	import->count = 0;
	import->bytes = 0;
}

void fc_import_close(struct fc_import *import)
{
	if (import) {
		drop_items(import);
		fc_pid_map_release(&import->settled);
		fc_pid_map_release(&import->fresh);
		fc_pid_map_release(&import->rehearsed);
		free(import->items);
		free(import);
	}
}

void fc_import_closep(struct fc_import **import)
{
	fc_import_close(*import);
	*import = NULL;
}

static enum fc_status read_pin(struct fc_import *import, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	if (!import->options.gallery) {
		return FC_OK;
	}
	FC_TRY(fc_gallery_begin_read(import->options.gallery, &txn, err));
	enum fc_status status = fc_gallery_pin(txn, &import->pin, err);
	import->has_pin = status == FC_OK;
	return status == FC_NOT_FOUND ? FC_OK : status;
}

enum fc_status fc_import_open(const struct fc_import_options *options, struct fc_import **out,
			      struct fc_error *err)
{
	FC_CLEANUP(fc_import_closep) struct fc_import *import = calloc(1, sizeof(*import));
	if (!import) {
		return fc_fail_memory(err);
	}
	import->options = *options;
	import->items = calloc(GROUP_RECORDS, sizeof(*import->items));
	if (!import->items) {
		return fc_fail_memory(err);
	}
	FC_TRY(read_pin(import, err));
	*out = FC_STEAL(import);
	return FC_OK;
}

const struct fc_import_tally *fc_import_tally(const struct fc_import *import)
{
	return &import->tally;
}

void fc_import_fail(struct fc_import *import, uint64_t line, const char *text)
{
	import->tally.failed++;
	import->options.problem(import->options.context, line, text);
}

/* ---- the model ---- */

static enum fc_status make_pin(struct fc_import *import, const struct fc_transfer_model *model,
			       struct fc_error *err)
{
	if (model->has_sha256 && model->has_preprocessing && model->dimension > 0) {
		import->pin = (struct fc_embedder_pin){ .sha256 = model->sha256,
							.preprocessing = model->preprocessing,
							.dimension = model->dimension,
							.mirror = model->mirror };
		memcpy(import->pin.name, model->name, sizeof(import->pin.name));
		return FC_OK;
	}
	return import->options.describe(import->options.context, model->name, &import->pin, err);
}

/* The first record that tells of a model settles it for a gallery that has no face yet. */
static enum fc_status check_model(struct fc_import *import, uint64_t line,
				  const struct fc_transfer *record, struct fc_error *err)
{
	bool tells = record->kind == FC_TRANSFER_FACE ||
		     (record->kind == FC_TRANSFER_GALLERY && record->model.name[0] != '\0');
	if (!tells) {
		return FC_OK;
	}
	enum fc_status status = import->has_pin ? FC_OK : make_pin(import, &record->model, err);
	if (status == FC_OK) {
		import->has_pin = true;
		status = fc_transfer_check_model(&record->model, &import->pin, err);
	}
	if (status != FC_OK) {
		fc_error_prefix(err, "line %llu", (unsigned long long)line);
	}
	return status;
}

/* ---- heads and ends ---- */

static void check_is_ended(struct fc_import *import, uint64_t line)
{
	if (import->in_export) {
		fc_import_fail(import, line, "the export before this has no end: it was cut short");
		import->in_export = false;
	}
}

static void check_end(struct fc_import *import, uint64_t line, const struct fc_transfer *record)
{
	char text[160];
	for (int i = 0; import->in_export && i < FC_TRANSFER_KINDS; i++) {
		if (record->counts[i] != import->seen[i]) {
			FC_IGNORE(snprintf(text, sizeof(text),
					   "the export should have %llu records of type '%s' and "
					   "has %llu",
					   (unsigned long long)record->counts[i],
					   fc_transfer_kind_name((enum fc_transfer_kind)i),
					   (unsigned long long)import->seen[i]));
			fc_import_fail(import, line, text);
		}
	}
	import->in_export = false;
}

/* True for a record that is no more than a bracket around others. */
static bool is_bracket(struct fc_import *import, uint64_t line, const struct fc_transfer *record)
{
	switch (record->kind) {
	case FC_TRANSFER_GALLERY:
		check_is_ended(import, line);
		memset(import->seen, 0, sizeof(import->seen));
		import->in_export = true;
		return true;
	case FC_TRANSFER_END:
		check_end(import, line, record);
		return true;
	default:
		import->seen[record->kind]++;
		return false;
	}
}

/* ---- lines ---- */

static bool is_blank(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r') {
			return false;
		}
	}
	return true;
}

enum fc_status fc_import_line(struct fc_import *import, uint64_t line, const char *text,
			      size_t length, struct fc_error *err)
{
	FC_CLEANUP(fc_transfer_release) struct fc_transfer record = { 0 };
	struct fc_error problem = { 0 };
	if (is_blank(text, length)) {
		return FC_OK;
	}
	import->tally.records++;
	enum fc_status status = fc_transfer_parse(text, length, &record, &problem);
	if (status == FC_NO_MEMORY) {
		return fc_fail_memory(err);
	}
	if (status != FC_OK) {
		fc_import_fail(import, line, problem.text);
		return FC_OK;
	}
	FC_TRY(check_model(import, line, &record, err));
	if (is_bracket(import, line, &record)) {
		return FC_OK;
	}
	import->items[import->count++] = (struct fc_import_item){ .line = line, .record = record };
	record = (struct fc_transfer){ 0 };
	import->bytes += length;
	return import->count == GROUP_RECORDS || import->bytes >= GROUP_BYTES
		       ? fc_import_store(import, err)
		       : FC_OK;
}

/* ---- groups ---- */

static enum fc_status store_all(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct fc_import *import = context;
	struct fc_import_scope scope = {
		.txn = txn,
		.space = import->options.space,
		.conflict = import->options.conflict,
		.settled = &import->settled,
		.fresh = &import->fresh,
	};
	fc_pid_map_release(&import->fresh);
	if (import->has_pin) {
		FC_TRY(fc_gallery_set_pin(txn, &import->pin, err));
	}
	for (size_t i = 0; i < import->count; i++) {
		enum fc_status status = fc_import_record(&scope, &import->items[i], err);
		if (status != FC_OK) {
			fc_error_prefix(err, "line %llu",
					(unsigned long long)import->items[i].line);
			return status;
		}
	}
	return FC_OK;
}

struct rehearsal {
	struct fc_import *import;
	bool succeeded;
};

/* All of the change, and then fail it, so that nothing of it is kept. */
static enum fc_status rehearse(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct rehearsal *rehearsal = context;
	FC_TRY(store_all(txn, rehearsal->import, err));
	rehearsal->succeeded = true;
	return FC_PARTIAL;
}

/* A dry run where there is no gallery yet: what has a space would be added. */
static void rehearse_without(struct fc_import *import)
{
	for (size_t i = 0; i < import->count; i++) {
		struct fc_import_item *item = &import->items[i];
		bool placed = import->options.space || item->record.space[0] != '\0';
		item->outcome = placed ? FC_IMPORT_ADDED : FC_IMPORT_FAILED;
		item->person_added = item->record.kind == FC_TRANSFER_FACE;
		FC_IGNORE(fc_fail(&item->error, FC_INVALID_ARGUMENT, FC_IMPORT_NO_SPACE));
	}
}

static enum fc_status write_group(struct fc_import *import, struct fc_error *err)
{
	struct rehearsal rehearsal = { .import = import };
	struct fc_import_options *options = &import->options;
	if (!options->gallery && options->dry_run) {
		rehearse_without(import);
		return FC_OK;
	}
	if (!options->gallery) {
		FC_TRY(options->create(options->context, &options->gallery, err));
	}
	if (!options->dry_run) {
		return fc_gallery_write(options->gallery, store_all, import, err);
	}
	enum fc_status status = fc_gallery_write(options->gallery, rehearse, &rehearsal, err);
	return status == FC_PARTIAL && rehearsal.succeeded ? FC_OK : status;
}

/* A name for a person of a record that is the same for all of its records. */
static bool name_person(const struct fc_transfer *record, struct fc_uuid *out)
{
	const struct fc_person *person = &record->person;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	struct fc_sha256 digest;
	*out = person->pid;
	if (record->has_pid) {
		return true;
	}
	fc_buffer_put_text(&text, record->space);
	fc_buffer_put_u64(&text, person->has_number ? person->number : UINT64_MAX);
	fc_buffer_put_text(&text, person->has_number ? NULL : person->name);
	if (!fc_buffer_ok(&text) || !fc_sha256_of(text.data, text.length, &digest)) {
		return false;
	}
	memcpy(out->bytes, digest.bytes, sizeof(out->bytes));
	return true;
}

/* Whether a group before has not added the person already, which a dry run forgets. */
static bool counts(struct fc_import *import, const struct fc_transfer *record)
{
	struct fc_uuid name;
	if (!import->options.dry_run || !name_person(record, &name)) {
		return true;
	}
	return !fc_pid_map_get(&import->rehearsed, &name) &&
	       fc_pid_map_put(&import->rehearsed, &name, &name, NULL) == FC_OK;
}

static void count_item(struct fc_import *import, const struct fc_import_item *item)
{
	struct fc_import_tally *tally = &import->tally;
	enum fc_transfer_kind kind = item->record.kind;
	switch (item->outcome) {
	case FC_IMPORT_ADDED:
		tally->added[kind] += kind != FC_TRANSFER_PERSON || counts(import, &item->record);
		if (item->person_added && counts(import, &item->record)) {
			tally->added[FC_TRANSFER_PERSON]++;
		}
		break;
	case FC_IMPORT_UNCHANGED:
		tally->unchanged++;
		break;
	case FC_IMPORT_SKIPPED:
		tally->skipped++;
		break;
	case FC_IMPORT_FAILED:
		fc_import_fail(import, item->line, item->error.text);
		break;
	}
}

static enum fc_status keep_fresh(struct fc_import *import, struct fc_error *err)
{
	for (size_t i = 0; i < import->fresh.room; i++) {
		const struct fc_pid_pair *pair = &import->fresh.slots[i];
		if (fc_pid_map_get(&import->fresh, &pair->key)) {
			FC_TRY(fc_pid_map_put(&import->settled, &pair->key, &pair->value, err));
		}
	}
	fc_pid_map_release(&import->fresh);
	return FC_OK;
}

enum fc_status fc_import_store(struct fc_import *import, struct fc_error *err)
{
	if (import->count == 0) {
		return FC_OK;
	}
	FC_TRY(write_group(import, err));
	for (size_t i = 0; i < import->count; i++) {
		count_item(import, &import->items[i]);
	}
	drop_items(import);
	return keep_fresh(import, err);
}

enum fc_status fc_import_finish(struct fc_import *import, struct fc_error *err)
{
	FC_TRY(fc_import_store(import, err));
	if (import->in_export) {
		fc_import_fail(import, import->tally.records,
			       "the export has no end: it was cut short");
	}
	return FC_OK;
}
