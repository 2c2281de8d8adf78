/* Reads a snapshot's file, checks it as a whole, and stores it. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "gallery/rows/parts.h"
#include "gallery/transfer/pid_map.h"
#include "gallery/transfer/snapshot.h"

/* A change of the gallery stores up to so many records, or records with so many bytes of text. */
enum { GROUP_RECORDS = 500, GROUP_BYTES = 8 << 20 };

struct item {
	struct fc_transfer record;
	uint64_t number; /* of a face: its position among all faces */
};

struct fc_snapshot_import {
	struct fc_snapshot_import_options options;
	uint64_t lines;
	bool ended;
	struct fc_sha256_stream digest; /* of the lines so far */
	bool has_pin;
	struct fc_embedder_pin pin;  /* of the header */
	struct fc_transfer snapshot; /* the second line */
	struct fc_uuid last;         /* the last person */
	uint64_t faces_of_last;
	uint64_t counts[FC_TRANSFER_KINDS];
	struct fc_pid_map numbers, uuids; /* of persons and of faces: each exists once */
	bool begun;                       /* the gallery has its record, which is not complete */
	bool completed;                   /* it is complete */
	struct item *items;               /* not stored yet */
	size_t count, bytes;
};

static void drop_items(struct fc_snapshot_import *import)
{
	for (size_t i = 0; i < import->count; i++) {
		fc_transfer_release(&import->items[i].record);
	}
	import->count = import->bytes = 0;
}

enum fc_status fc_snapshot_import_open(const struct fc_snapshot_import_options *options,
				       struct fc_snapshot_import **out, struct fc_error *err)
{
	FC_CLEANUP(fc_snapshot_import_closep)
	struct fc_snapshot_import *import = calloc(1, sizeof(*import));
	if (!import) {
		return fc_fail_memory(err);
	}
	import->options = *options;
	import->items = calloc(GROUP_RECORDS, sizeof(*import->items));
	if (!import->items) {
		return fc_fail_memory(err);
	}
	fc_sha256_begin(&import->digest);
	*out = FC_STEAL(import);
	return FC_OK;
}

const struct fc_container_snapshot *
fc_snapshot_import_snapshot(const struct fc_snapshot_import *import)
{
	return &import->snapshot.snapshot;
}

/* ---- storing ---- */

/* Make the record of a snapshot that is not complete. What an import that was killed left is removed. */
static enum fc_status begin(struct fc_gallery_txn *txn, struct fc_snapshot_import *import,
			    struct fc_error *err)
{
	FC_CLEANUP(fc_container_snapshot_release) struct fc_container_snapshot present = { 0 };
	struct fc_container_snapshot snapshot = import->snapshot.snapshot;
	struct fc_key key = fc_key_snapshot_container(&snapshot.id);
	struct fc_uuid own;
	FC_TRY(fc_snapshot_sweep(txn, fc_clock_now(), err));
	enum fc_status status = fc_snapshot_get(txn, &snapshot.id, 0, &present, err);
	if (status == FC_OK && present.complete) {
		return fc_fail(err, FC_CONFLICT, "the gallery has this snapshot already");
	}
	if (status == FC_OK) {
		FC_TRY(fc_snapshot_delete(txn, &snapshot.id, err));
	} else {
		FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	}
	if (import->has_pin) {
		FC_TRY(fc_gallery_set_pin(txn, &import->pin, err));
	}
	FC_TRY(fc_gallery_uuid(txn, &own, err));
	snapshot.account = own;
	snapshot.scope = import->options.scope ? import->options.scope : &own;
	snapshot.scope_count = import->options.scope ? import->options.scope_count : 1;
	snapshot.updated = fc_clock_now();
	snapshot.expires = import->options.expires;
	FC_TRY(fc_snapshot_put(txn, &snapshot, true, err));
	return fc_store_write(txn, FC_DB_SNAPSHOT_PART, &key, fc_container_fields,
			      &import->snapshot.container, FC_STORE_REPLACE, err);
}

static enum fc_status store_item(struct fc_gallery_txn *txn, const struct fc_uuid *snapshot,
				 const struct item *item, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	const struct fc_transfer *record = &item->record;
	if (record->kind == FC_TRANSFER_PERSON) {
		struct fc_key key = fc_key_snapshot_part(snapshot, &record->person.pid);
		return fc_store_write(txn, FC_DB_SNAPSHOT_PART, &key, fc_person_fields,
				      &record->person, FC_STORE_REPLACE, err);
	}
	struct fc_key key = fc_key_snapshot_face(snapshot, &record->person.pid, item->number);
	FC_TRY(fc_face_check(txn, &record->face, err));
	fc_record_put_face(&payload, &record->face);
	return fc_store_put(txn, FC_DB_SNAPSHOT_PART, &key, &payload, FC_STORE_REPLACE, err);
}

/* The snapshot still exists and is not complete: another process may have removed it, or imported the same file. */
static enum fc_status find_own(struct fc_gallery_txn *txn, const struct fc_uuid *id,
			       struct fc_container_snapshot *out, struct fc_error *err)
{
	enum fc_status status = fc_snapshot_get(txn, id, 0, out, err);
	if (status == FC_NOT_FOUND || (status == FC_OK && out->complete)) {
		return fc_fail(err, FC_BUSY, "another process changed the snapshot meanwhile");
	}
	return status;
}

/* Remove what was stored of an import that did not end. If this fails, it is swept later. */
static enum fc_status remove_incomplete(struct fc_gallery_txn *txn, void *context,
					struct fc_error *err)
{
	FC_CLEANUP(fc_container_snapshot_release) struct fc_container_snapshot present = { 0 };
	const struct fc_snapshot_import *import = context;
	const struct fc_uuid *id = &import->snapshot.snapshot.id;
	FC_TRY(find_own(txn, id, &present, err));
	return fc_snapshot_delete(txn, id, err);
}

void fc_snapshot_import_close(struct fc_snapshot_import *import)
{
	if (import) {
		if (import->begun && !import->completed) {
			FC_IGNORE(fc_gallery_write(import->options.gallery, remove_incomplete,
						   import, NULL));
		}
		drop_items(import);
		fc_transfer_release(&import->snapshot);
		fc_pid_map_release(&import->numbers);
		fc_pid_map_release(&import->uuids);
		free(import->items);
		free(import);
	}
}

static enum fc_status store_group(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	FC_CLEANUP(fc_container_snapshot_release) struct fc_container_snapshot present = { 0 };
	struct fc_snapshot_import *import = context;
	const struct fc_uuid *id = &import->snapshot.snapshot.id;
	FC_TRY(import->begun ? find_own(txn, id, &present, err) : begin(txn, import, err));
	for (size_t i = 0; i < import->count; i++) {
		FC_TRY(store_item(txn, id, &import->items[i], err));
	}
	return FC_OK;
}

/* Store the records so far. */
static enum fc_status flush(struct fc_snapshot_import *import, struct fc_error *err)
{
	if (import->options.gallery) {
		FC_TRY(fc_gallery_write(import->options.gallery, store_group, import, err));
		import->begun = true;
	}
	drop_items(import);
	return FC_OK;
}

static enum fc_status complete(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	FC_CLEANUP(fc_container_snapshot_release) struct fc_container_snapshot snapshot = { 0 };
	struct fc_snapshot_import *import = context;
	struct fc_key prefix = fc_key_pid(&import->snapshot.snapshot.id);
	uint64_t parts = 0;
	FC_TRY(find_own(txn, &import->snapshot.snapshot.id, &snapshot, err));
	FC_TRY(fc_store_count_prefix(txn, FC_DB_SNAPSHOT_PART, &prefix, &parts, err));
	if (parts != 1 + import->counts[FC_TRANSFER_PERSON] + import->counts[FC_TRANSFER_FACE]) {
		return fc_fail(err, FC_BUSY,
			       "another process removed persons of the snapshot meanwhile");
	}
	snapshot.complete = true;
	return fc_snapshot_put(txn, &snapshot, false, err);
}

enum fc_status fc_snapshot_import_finish(struct fc_snapshot_import *import, struct fc_error *err)
{
	if (!import->ended) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the last line is missing: the file was truncated");
	}
	FC_TRY(flush(import, err));
	if (import->options.gallery) {
		FC_TRY(fc_gallery_write(import->options.gallery, complete, import, err));
		import->completed = true;
	}
	return FC_OK;
}

/* ---- lines ---- */

static enum fc_status read_header(struct fc_snapshot_import *import,
				  const struct fc_transfer *record, struct fc_error *err)
{
	if (record->kind != FC_TRANSFER_GALLERY) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"this is not the file of a snapshot, which 'snapshots export' writes");
	}
	import->has_pin = fc_transfer_pin_of(&record->model, &import->pin);
	return FC_OK;
}

static enum fc_status read_snapshot(struct fc_snapshot_import *import, struct fc_transfer *record,
				    struct fc_error *err)
{
	if (record->kind != FC_TRANSFER_SNAPSHOT) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "this is an export of a gallery; use 'gallery import'");
	}
	import->snapshot = FC_STEAL_STRUCT(*record);
	return FC_OK;
}

/* Whether the key is new; it is remembered. */
static enum fc_status need_new(struct fc_pid_map *known, const struct fc_uuid *key,
			       const char *what, struct fc_error *err)
{
	if (fc_uuid_is_nil(key)) {
		return FC_OK;
	}
	return fc_pid_map_get(known, key)
		       ? fc_fail(err, FC_INVALID_ARGUMENT, "the snapshot has this %s twice", what)
		       : fc_pid_map_put(known, key, key, err);
}

static enum fc_status check_person(struct fc_snapshot_import *import,
				   const struct fc_transfer *record, struct fc_error *err)
{
	const struct fc_person *person = &record->person;
	struct fc_uuid number = { { 0 } };
	if (!record->has_pid ||
	    memcmp(person->pid.bytes, import->last.bytes, sizeof(person->pid.bytes)) <= 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the persons are not in order of their UUIDs");
	}
	memcpy(number.bytes, &person->number, sizeof(person->number));
	FC_TRY(need_new(&import->numbers, &number, "number of a person", err));
	import->last = person->pid;
	import->faces_of_last = 0;
	return FC_OK;
}

static enum fc_status check_face(struct fc_snapshot_import *import,
				 const struct fc_transfer *record, struct fc_error *err)
{
	uint8_t kind = import->snapshot.snapshot.kind;
	bool is_list = kind == FC_CONTAINER_FACE_LIST || kind == FC_CONTAINER_LARGE_FACE_LIST;
	if (!record->has_pid || fc_uuid_is_nil(&import->last) ||
	    !fc_uuid_equal(&record->person.pid, &import->last)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "a face does not follow its person");
	}
	if (is_list && import->faces_of_last > 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "a face of a list has several templates");
	}
	if (!import->has_pin) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the first line does not describe the model of the templates");
	}
	if (fc_transfer_check_model(&record->model, &import->pin, NULL) != FC_OK) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the template is of another embedder than the first line has");
	}
	import->faces_of_last++;
	return need_new(&import->uuids, &record->face.uuid, "UUID of a face", err);
}

static enum fc_status read_end(struct fc_snapshot_import *import, const struct fc_transfer *record,
			       struct fc_error *err)
{
	struct fc_sha256 digest = fc_sha256_end(&import->digest);
	if (record->counts[FC_TRANSFER_PERSON] != import->counts[FC_TRANSFER_PERSON] ||
	    record->counts[FC_TRANSFER_FACE] != import->counts[FC_TRANSFER_FACE]) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the file should have %llu persons and %llu faces, but has %llu and "
			       "%llu",
			       (unsigned long long)record->counts[FC_TRANSFER_PERSON],
			       (unsigned long long)record->counts[FC_TRANSFER_FACE],
			       (unsigned long long)import->counts[FC_TRANSFER_PERSON],
			       (unsigned long long)import->counts[FC_TRANSFER_FACE]);
	}
	if (!record->has_digest || !fc_sha256_equal(&record->digest, &digest)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the checksum is wrong: the file was changed or damaged");
	}
	import->ended = true;
	return FC_OK;
}

static enum fc_status check_part(struct fc_snapshot_import *import,
				 const struct fc_transfer *record, struct fc_error *err)
{
	switch (record->kind) {
	case FC_TRANSFER_PERSON:
		return check_person(import, record, err);
	case FC_TRANSFER_FACE:
		return check_face(import, record, err);
	default:
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "a snapshot has no record of type '%s' here",
			       fc_transfer_kind_name(record->kind));
	}
}

static enum fc_status read_record(struct fc_snapshot_import *import, struct fc_transfer *record,
				  size_t length, struct fc_error *err)
{
	if (import->lines == 1) {
		return read_header(import, record, err);
	}
	if (import->lines == 2) {
		return read_snapshot(import, record, err);
	}
	if (record->kind == FC_TRANSFER_END) {
		return read_end(import, record, err);
	}
	FC_TRY(check_part(import, record, err));
	import->counts[record->kind]++;
	import->items[import->count++] = (struct item){ .number = import->counts[FC_TRANSFER_FACE],
							.record = FC_STEAL_STRUCT(*record) };
	import->bytes += length;
	return import->count == GROUP_RECORDS || import->bytes >= GROUP_BYTES ? flush(import, err)
									      : FC_OK;
}

enum fc_status fc_snapshot_import_line(struct fc_snapshot_import *import, const char *text,
				       size_t length, struct fc_error *err)
{
	FC_CLEANUP(fc_transfer_release) struct fc_transfer record = { 0 };
	if (import->ended) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "there are lines after the end");
	}
	import->lines++;
	FC_TRY(fc_transfer_parse(text, length, &record, err));
	if (record.kind != FC_TRANSFER_END) {
		fc_sha256_add(&import->digest, text, length);
		fc_sha256_add(&import->digest, "\n", 1);
	}
	return read_record(import, &record, length, err);
}
