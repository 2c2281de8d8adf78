/* Exports a snapshot, one page of records at a time. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "gallery/rows/parts.h"
#include "gallery/transfer/snapshot.h"

enum { PAGE_RECORDS = 256 };

struct page {
	struct fc_transfer records[PAGE_RECORDS];
	size_t count;
	struct fc_key last; /* of the last row that was read */
	bool is_last;
};

static void clear_page(struct page *page)
{
	for (size_t i = 0; i < page->count; i++) {
		fc_transfer_release(&page->records[i]);
	}
	page->count = 0;
}

static void page_free(struct page *page)
{
	if (page) {
		clear_page(page);
		free(page);
	}
}
FC_DEFINE_CLEANUP(struct page *, page_free);

/* Read the snapshot, and the model of its templates: a change of the embedder removes all snapshots. */
static enum fc_status read_header(struct fc_gallery_txn *txn, const struct fc_uuid *id,
				  struct fc_transfer_model *model, struct fc_transfer *out,
				  struct fc_error *err)
{
	struct fc_embedder_pin pin;
	struct fc_key key = fc_key_snapshot_container(id);
	FC_TRY(fc_snapshot_get(txn, id, fc_clock_now(), &out->snapshot, err));
	if (!out->snapshot.complete) {
		return fc_fail(err, FC_NOT_FOUND, "the snapshot is not complete");
	}
	enum fc_status status = fc_gallery_pin(txn, &pin, err);
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	*model = status == FC_OK ? fc_transfer_model_of(&pin) : (struct fc_transfer_model){ 0 };
	out->kind = FC_TRANSFER_SNAPSHOT;
	FC_TRY(fc_store_read(txn, FC_DB_SNAPSHOT_PART, &key, fc_container_fields, &out->container,
			     err));
	out->container.is_stored = true;
	return FC_OK;
}

/* Read a person, or a face if its key has the number of one. */
static enum fc_status read_part(struct fc_gallery_txn *txn, const struct fc_key *key,
				struct fc_reader *payload, struct fc_transfer *out,
				struct fc_error *err)
{
	bool is_face = key->length > 2 * sizeof(struct fc_uuid);
	FC_TRY(fc_store_decoded(txn, FC_DB_SNAPSHOT_PART, key,
				is_face ? fc_record_get_face(payload, &out->face)
					: fc_fields_get(payload, fc_person_fields, &out->person),
				err));
	out->kind = is_face ? FC_TRANSFER_FACE : FC_TRANSFER_PERSON;
	out->has_pid = true;
	out->person.pid = fc_key_get_pid(key, sizeof(struct fc_uuid));
	return FC_OK;
}

static enum fc_status read_page(struct fc_gallery *gallery, const struct fc_uuid *id,
				const struct fc_transfer_model *model, struct page *page,
				struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	FC_CLEANUP(fc_container_snapshot_release) struct fc_container_snapshot snapshot = { 0 };
	struct fc_key prefix = fc_key_pid(id), start = page->last, key;
	struct fc_reader payload;
	FC_TRY(fc_gallery_begin_read(gallery, &txn, err));
	FC_TRY(fc_snapshot_get(txn, id, fc_clock_now(), &snapshot, err));
	start.bytes[start.length++] = 0; /* the first key that is greater */
	FC_TRY(fc_store_walk(txn, FC_DB_SNAPSHOT_PART, &prefix, &start, &cursor, err));
	while (page->count < PAGE_RECORDS) {
		struct fc_transfer *record = &page->records[page->count];
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			page->is_last = true;
			return FC_OK;
		}
		FC_TRY(status);
		*record = (struct fc_transfer){ .model = *model };
		FC_TRY(read_part(txn, &key, &payload, record, err));
		page->last = key;
		/* a face that lost its template when the embedder was changed is omitted */
		if (record->kind == FC_TRANSFER_FACE && record->face.dimension == 0) {
			fc_transfer_release(record);
		} else {
			page->count++;
		}
	}
	return FC_OK;
}

enum fc_status fc_snapshot_export(struct fc_gallery *gallery, const struct fc_uuid *id,
				  fc_export_visit *visit, void *context, struct fc_error *err)
{
	FC_CLEANUP(page_freep) struct page *page = calloc(1, sizeof(*page));
	FC_CLEANUP(fc_transfer_release) struct fc_transfer snapshot = { 0 };
	struct fc_transfer header = { .kind = FC_TRANSFER_GALLERY };
	struct fc_transfer end = { .kind = FC_TRANSFER_END };
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	if (!page) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_gallery_begin_read(gallery, &txn, err));
	FC_TRY(read_header(txn, id, &header.model, &snapshot, err));
	fc_gallery_end_readp(&txn);
	FC_TRY(visit(context, &header, err));
	FC_TRY(visit(context, &snapshot, err));
	/* the container's part is the first */
	page->last = fc_key_snapshot_container(id);
	while (!page->is_last) {
		FC_TRY(read_page(gallery, id, &header.model, page, err));
		for (size_t i = 0; i < page->count; i++) {
			FC_TRY(visit(context, &page->records[i], err));
			end.counts[page->records[i].kind]++;
		}
		clear_page(page);
	}
	return visit(context, &end, err);
}
