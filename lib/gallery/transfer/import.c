/* Imports records: lines are collected into groups, and each group is stored as one change. */
/* SPDX-License-Identifier: MIT */
#include "gallery/transfer/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gallery/rows/parts.h"
#include "gallery/transfer/import_record.h"

/* Limits of a group: large enough that few syncs are needed, small enough to fit in memory and to let other writers write in between. */
enum { GROUP_RECORDS = 4096, GROUP_BYTES = 8 << 20 };

struct fc_import {
	struct fc_import_options options;
	bool has_pin;
	struct fc_embedder_pin pin;
	struct fc_import_item *items; /* room for GROUP_RECORDS items */
	size_t count, bytes;
	struct fc_pid_map stored_pids, new_pids; /* see struct fc_import_scope */
	struct fc_pid_map
		dry_run_added; /* spaces and persons that earlier groups of a dry run would have added */
	struct fc_import_tally tally;
	uint64_t line;  /* number of the last line */
	bool in_export; /* between a header and its end */
	uint64_t seen[FC_TRANSFER_KINDS],
		unread; /* numbers of records of each kind and of invalid lines since the export's header */
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
		fc_pid_map_release(&import->stored_pids);
		fc_pid_map_release(&import->new_pids);
		fc_pid_map_release(&import->dry_run_added);
		free(import->items);
		free(import);
	}
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
	if (options->gallery) {
		FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
		FC_TRY(fc_gallery_begin_read(options->gallery, &txn, err));
		enum fc_status status = fc_gallery_pin(txn, &import->pin, err);
		FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
		import->has_pin = status == FC_OK;
	}
	*out = FC_STEAL(import);
	return FC_OK;
}

const struct fc_import_tally *fc_import_tally(const struct fc_import *import)
{
	return &import->tally;
}

static void name_line(const struct fc_import *import, uint64_t line, struct fc_error *err)
{
	fc_error_prefix(err, "%s:%llu", import->options.source, (unsigned long long)line);
}

/* Count and report the record at `line` as failed. */
static void fail(struct fc_import *import, uint64_t line, struct fc_error *err)
{
	import->tally.failed++;
	name_line(import, line, err);
	import->options.problem(import->options.context, err->text);
}

void fc_import_fail(struct fc_import *import, uint64_t line, const char *text)
{
	struct fc_error err = { 0 };
	import->line = line;
	import->tally.records++;
	import->unread++;
	FC_IGNORE(fc_fail(&err, FC_INVALID_ARGUMENT, "%s", text));
	fail(import, line, &err);
}

/* ---- the model ---- */

/* Check that a record's model fits the gallery. If the gallery has no face yet, the first record with a model sets its pin. */
static enum fc_status check_model(struct fc_import *import, uint64_t line,
				  const struct fc_transfer *record, struct fc_error *err)
{
	const struct fc_transfer_model *model = &record->model;
	bool has_model = record->kind == FC_TRANSFER_FACE ||
			 (record->kind == FC_TRANSFER_GALLERY && model->name[0] != '\0');
	if (!has_model) {
		return FC_OK;
	}
	enum fc_status status = FC_OK;
	if (!import->has_pin && !fc_transfer_pin_of(model, &import->pin)) {
		status = import->options.describe(import->options.context, model->name,
						  &import->pin, err);
	}
	if (status == FC_OK) {
		import->has_pin = true;
		status = fc_transfer_check_model(model, &import->pin, err);
	}
	if (status != FC_OK) {
		name_line(import, line, err);
	}
	return status;
}

/* ---- headers and ends ---- */

static void fail_truncated(struct fc_import *import, const char *text)
{
	struct fc_error err = { 0 };
	if (import->in_export) {
		FC_IGNORE(fc_fail(&err, FC_INVALID_ARGUMENT, "%s", text));
		fail(import, import->line, &err);
		import->in_export = false;
	}
}

/* Whether the export has all records that its end states. Missing records may be among the invalid lines, which were already reported. */
static bool is_complete(const struct fc_import *import, const uint64_t *stated)
{
	uint64_t expected = 0, seen = import->unread;
	for (int i = 0; i < FC_TRANSFER_KINDS; i++) {
		if (import->seen[i] > stated[i]) {
			return false;
		}
		expected += stated[i];
		seen += import->seen[i];
	}
	return seen == expected;
}

static void report_counts(struct fc_import *import, const uint64_t *stated)
{
	for (int i = 0; i < FC_TRANSFER_KINDS; i++) {
		struct fc_error err = { 0 };
		if (import->seen[i] != stated[i]) {
			FC_IGNORE(fc_fail(
				&err, FC_INVALID_ARGUMENT,
				"the export should have %llu records of type '%s', but has %llu",
				(unsigned long long)stated[i],
				fc_transfer_kind_name((enum fc_transfer_kind)i),
				(unsigned long long)import->seen[i]));
			fail(import, import->line, &err);
		}
	}
}

/* Handle the header or end of an export; false for any other record. */
static bool handle_frame(struct fc_import *import, const struct fc_transfer *record)
{
	switch (record->kind) {
	case FC_TRANSFER_GALLERY:
		fail_truncated(import, "the previous export has no end record: it was truncated");
		memset(import->seen, 0, sizeof(import->seen));
		import->unread = 0;
		import->in_export = true;
		return true;
	case FC_TRANSFER_END:
		if (import->in_export && !is_complete(import, record->counts)) {
			report_counts(import, record->counts);
		}
		import->in_export = false;
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

/* Check that the record has a space and a person. A record written by detect has neither. */
static enum fc_status check_place(const struct fc_import *import, const struct fc_transfer *record,
				  struct fc_error *err)
{
	bool has_no_person = !record->has_pid && !record->person.has_number && !record->person.name;
	if (!import->options.space && record->space[0] == '\0') {
		return fc_fail(err, FC_INVALID_ARGUMENT, "space missing: use --space");
	}
	if (record->kind == FC_TRANSFER_FACE && has_no_person) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "person missing: a pid, person_id or name is required");
	}
	return FC_OK;
}

enum fc_status fc_import_line(struct fc_import *import, uint64_t line, const char *text,
			      size_t length, struct fc_error *err)
{
	FC_CLEANUP(fc_transfer_release) struct fc_transfer record = { 0 };
	struct fc_error problem = { 0 };
	if (is_blank(text, length)) {
		return FC_OK;
	}
	enum fc_status status = fc_transfer_parse(text, length, &record, &problem);
	if (status == FC_NO_MEMORY) {
		return fc_fail_memory(err);
	}
	if (status != FC_OK) {
		fc_import_fail(import, line, problem.text);
		return FC_OK;
	}
	import->line = line;
	import->tally.records++;
	FC_TRY(check_model(import, line, &record, err));
	if (record.kind == FC_TRANSFER_SNAPSHOT) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s' is the file of a snapshot; use 'snapshots import'",
			       import->options.source);
	}
	if (handle_frame(import, &record)) {
		return FC_OK;
	}
	if (check_place(import, &record, &problem) != FC_OK) {
		fail(import, line, &problem);
		return FC_OK;
	}
	import->items[import->count++] =
		(struct fc_import_item){ .line = line, .record = FC_STEAL_STRUCT(record) };
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
		.stored_pids = &import->stored_pids,
		.new_pids = &import->new_pids,
	};
	fc_pid_map_release(&import->new_pids);
	if (import->has_pin) {
		FC_TRY(fc_gallery_set_pin(txn, &import->pin, err));
	}
	for (size_t i = 0; i < import->count; i++) {
		enum fc_status status = fc_import_record(&scope, &import->items[i], err);
		if (status != FC_OK) {
			name_line(import, import->items[i].line, err);
			return status;
		}
	}
	return FC_OK;
}

/* Store the group. In a dry run without a gallery, count every record as added. */
static enum fc_status write_group(struct fc_import *import, struct fc_error *err)
{
	struct fc_import_options *options = &import->options;
	if (!options->gallery && options->dry_run) {
		for (size_t i = 0; i < import->count; i++) {
			struct fc_import_item *item = &import->items[i];
			item->outcome = FC_IMPORT_ADDED;
			item->space_added = item->record.kind != FC_TRANSFER_SPACE;
			item->person_added = item->record.kind == FC_TRANSFER_FACE;
		}
		return FC_OK;
	}
	if (!options->gallery) {
		FC_TRY(options->create(options->context, &options->gallery, err));
	}
	return options->dry_run ? fc_gallery_rehearse(options->gallery, store_all, import, err)
				: fc_gallery_write(options->gallery, store_all, import, err);
}

/* Derive a key for the space or the person of a record. All records of the same space or person have the same key. */
static bool key_of(const struct fc_import *import, const struct fc_transfer *record,
		   enum fc_transfer_kind kind, struct fc_uuid *out)
{
	const char *space = import->options.space ? import->options.space : record->space;
	const struct fc_person *person = &record->person;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	*out = person->pid;
	if (kind == FC_TRANSFER_PERSON && record->has_pid) {
		return true;
	}
	fc_buffer_put_text(&text, space);
	if (kind == FC_TRANSFER_PERSON) {
		fc_buffer_put_u64(&text, person->has_number ? person->number : UINT64_MAX);
		fc_buffer_put_text(&text, person->has_number ? NULL : person->name);
	}
	if (!fc_buffer_ok(&text)) {
		return false;
	}
	struct fc_sha256 digest = fc_sha256_of(text.data, text.length);
	memcpy(out->bytes, digest.bytes, sizeof(out->bytes));
	return true;
}

/* Count an added record. In a dry run nothing is stored, so later groups would add the same space or person again: count it once. */
static void count_added(struct fc_import *import, const struct fc_transfer *record,
			enum fc_transfer_kind kind)
{
	bool may_repeat = import->options.dry_run &&
			  (kind == FC_TRANSFER_SPACE || kind == FC_TRANSFER_PERSON);
	struct fc_uuid key;
	if (may_repeat && key_of(import, record, kind, &key)) {
		if (fc_pid_map_get(&import->dry_run_added, &key)) {
			return;
		}
		FC_IGNORE(fc_pid_map_put(&import->dry_run_added, &key, &key, NULL));
	}
	import->tally.added[kind]++;
}

static void count_item(struct fc_import *import, struct fc_import_item *item)
{
	struct fc_import_tally *tally = &import->tally;
	if (item->space_added) {
		count_added(import, &item->record, FC_TRANSFER_SPACE);
	}
	if (item->person_added) {
		count_added(import, &item->record, FC_TRANSFER_PERSON);
	}
	switch (item->outcome) {
	case FC_IMPORT_ADDED:
		count_added(import, &item->record, item->record.kind);
		break;
	case FC_IMPORT_UNCHANGED:
		tally->unchanged++;
		break;
	case FC_IMPORT_SKIPPED:
		tally->skipped++;
		break;
	case FC_IMPORT_FAILED:
		fail(import, item->line, &item->error);
		break;
	}
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
	for (size_t i = 0; i < import->new_pids.room; i++) {
		const struct fc_pid_pair *pair = &import->new_pids.slots[i];
		if (fc_pid_map_get(&import->new_pids, &pair->key)) {
			FC_TRY(fc_pid_map_put(&import->stored_pids, &pair->key, &pair->value, err));
		}
	}
	fc_pid_map_release(&import->new_pids);
	return FC_OK;
}

enum fc_status fc_import_finish(struct fc_import *import, struct fc_error *err)
{
	FC_TRY(fc_import_store(import, err));
	fail_truncated(import, "the export has no end record: it was truncated");
	return FC_OK;
}
