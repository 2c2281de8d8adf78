/* Exports a gallery, one page of records at a time. */
/* SPDX-License-Identifier: MIT */
#include "gallery/transfer/export.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gallery/rows/counts.h"
#include "gallery/rows/crop.h"
#include "gallery/rows/entry_query.h"
#include "gallery/rows/parts.h"

enum { PAGE_RECORDS = 256 };

/* Records that were copied from one snapshot of the gallery. */
struct page {
	struct fc_transfer records[PAGE_RECORDS];
	size_t count;
};

struct export
{
	struct fc_gallery *gallery;
	const struct fc_export_options *options;
	fc_export_visit *visit;
	void *context;
	bool has_pin;
	struct fc_embedder_pin pin;
	struct fc_relocations relocations; /* when the export began */
	struct fc_space *spaces;           /* those to be exported */
	size_t space_count;
	uint64_t counts[FC_TRANSFER_KINDS];
	struct page *page;
};

static void clear_page(struct page *page)
{
	for (size_t i = 0; i < page->count; i++) {
		fc_transfer_release(&page->records[i]);
	}
	page->count = 0;
}

static void export_release(struct export *export)
{
	if (export->page) {
		clear_page(export->page);
	}
	free(export->page);
	free(export->spaces);
}

static struct fc_transfer *add_record(struct export *export, enum fc_transfer_kind kind,
				      const struct fc_space *space)
{
	struct fc_transfer *record = &export->page->records[export->page->count++];
	*record = (struct fc_transfer){ .kind = kind };
	memcpy(record->space, space->name, sizeof(record->space));
	return record;
}

static enum fc_status pass_on(struct export *export, const struct fc_transfer *record,
			      struct fc_error *err)
{
	export->counts[record->kind]++;
	return export->visit(export->context, record, err);
}

static struct fc_transfer_model model_of(const struct export *export)
{
	return export->has_pin ? fc_transfer_model_of(&export->pin)
			       : (struct fc_transfer_model){ 0 };
}

/* ---- pages ---- */

/*
 * Check that the embedder has not changed: an export must not mix templates of two models. A gallery without a face may get its first face,
 * and so its pin, during the export.
 */
static enum fc_status update_pin(struct export *export, struct fc_gallery_txn *txn,
				 struct fc_error *err)
{
	struct fc_embedder_pin pin = { 0 };
	enum fc_status status = fc_gallery_pin(txn, &pin, err);
	if (status != FC_NOT_FOUND) {
		FC_TRY(status);
	}
	if (export->has_pin && (status != FC_OK || !fc_embedder_pin_equal(&pin, &export->pin))) {
		return fc_fail(
			err, FC_BUSY,
			"the embedder of gallery '%s' was changed during the export: export it "
			"again",
			fc_store_path_of(txn));
	}
	export->has_pin = status == FC_OK;
	export->pin = pin;
	return FC_OK;
}

/* A person that was merged or moved may have passed from a part that is not yet exported to one that is. */
static enum fc_status check_relocations(const struct export *export, struct fc_gallery_txn *txn,
					struct fc_error *err)
{
	struct fc_relocations now;
	FC_TRY(fc_store_relocations(txn, &now, err));
	return now.count == export->relocations.count
		       ? FC_OK
		       : fc_fail(err, FC_BUSY,
				 "persons of gallery '%s' were merged or moved during the export: "
				 "export it again",
				 fc_store_path_of(txn));
}

/* Fill the page, starting after the previous page. A page that is not full is the last one. */
typedef enum fc_status page_reader(struct export *export, struct fc_gallery_txn *txn, void *place,
				   struct fc_error *err);

static enum fc_status export_pages(struct export *export, page_reader *reader, void *place,
				   struct fc_error *err)
{
	for (bool more = true; more;) {
		FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
		FC_TRY(fc_gallery_begin_read(export->gallery, &txn, err));
		FC_TRY(update_pin(export, txn, err));
		FC_TRY(check_relocations(export, txn, err));
		FC_TRY(reader(export, txn, place, err));
		/* End the transaction before the visits: the visitor may need a long time for a record. */
		fc_gallery_end_readp(&txn);
		more = export->page->count == PAGE_RECORDS;
		for (size_t i = 0; i < export->page->count; i++) {
			FC_TRY(pass_on(export, &export->page->records[i], err));
		}
		clear_page(export->page);
	}
	return FC_OK;
}

/* ---- persons and faces ---- */

/* The position in a walk over the persons of a space. */
struct person_place {
	const struct fc_space *space;
	bool started;       /* pid has been read */
	struct fc_uuid pid; /* the last person that was read */
	bool inside;        /* the person's faces have been read only up to `face` */
	uint64_t face;
};

struct pid_list {
	struct fc_uuid items[PAGE_RECORDS];
	size_t count, room;
};

static bool add_pid(const struct fc_person *person, void *context)
{
	struct pid_list *pids = context;
	pids->items[pids->count++] = person->pid;
	return pids->count < pids->room;
}

static enum fc_status add_face(struct export *export, struct fc_gallery_txn *txn,
			       const struct fc_space *space, uint64_t id, struct fc_error *err)
{
	struct fc_transfer *record = add_record(export, FC_TRANSFER_FACE, space);
	FC_TRY(fc_gallery_referred(txn, fc_face_get(txn, space->id, id, &record->face, err), err));
	if (record->face.dimension == 0) {
		/* Omit the face: it lost its template when the gallery's embedder was changed. */
		fc_transfer_release(record);
		export->page->count--;
		return FC_OK;
	}
	record->model = model_of(export);
	record->has_pid = true;
	record->person.pid = record->face.pid;
	if (!export->options->crops) {
		return FC_OK;
	}
	enum fc_status status = fc_crop_get(txn, space->id, id, &record->crop, err);
	return status == FC_NOT_FOUND ? FC_OK : status;
}

/* Add the faces of the current person, starting after the last one that was read. */
static enum fc_status add_faces(struct export *export, struct fc_gallery_txn *txn,
				struct person_place *place, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key prefix = fc_key_pid(&place->pid), key;
	struct fc_key start = fc_key_pid_face(&place->pid, place->face + 1);
	struct fc_reader payload;
	FC_TRY(fc_store_walk(txn, FC_DB_FACE_PERSON, &prefix, &start, &cursor, err));
	while (export->page->count < PAGE_RECORDS) {
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			place->inside = false;
			return FC_OK;
		}
		FC_TRY(status);
		place->face = fc_key_get_u64(&key, prefix.length);
		FC_TRY(add_face(export, txn, place->space, place->face, err));
	}
	return FC_OK;
}

static enum fc_status add_person(struct export *export, struct fc_gallery_txn *txn,
				 struct person_place *place, const struct fc_uuid *pid,
				 struct fc_error *err)
{
	struct fc_transfer *record = add_record(export, FC_TRANSFER_PERSON, place->space);
	record->has_pid = true;
	FC_TRY(fc_person_get(txn, pid, &record->person, err));
	FC_TRY(fc_check_face_count(txn, &record->person, err));
	place->started = place->inside = true;
	place->pid = *pid;
	place->face = 0;
	return add_faces(export, txn, place, err);
}

static enum fc_status continue_person(struct export *export, struct fc_gallery_txn *txn,
				      struct person_place *place, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	if (!place->inside) {
		return FC_OK;
	}
	enum fc_status status = fc_person_get(txn, &place->pid, &person, err);
	if (status == FC_NOT_FOUND || (status == FC_OK && person.space != place->space->id)) {
		place->inside = false; /* the person was removed or moved since the last page */
		return FC_OK;
	}
	FC_TRY(status);
	FC_TRY(fc_check_face_count(txn, &person, err));
	return add_faces(export, txn, place, err);
}

static enum fc_status read_persons(struct export *export, struct fc_gallery_txn *txn, void *context,
				   struct fc_error *err)
{
	struct person_place *place = context;
	struct pid_list pids;
	if (!place->started) {
		FC_TRY(fc_check_person_count(txn, place->space->id, err));
	}
	FC_TRY(continue_person(export, txn, place, err));
	pids.count = 0;
	pids.room = PAGE_RECORDS - export->page->count;
	if (pids.room == 0) {
		return FC_OK;
	}
	FC_TRY(fc_person_each(txn, place->space->id, place->started ? &place->pid : NULL, add_pid,
			      &pids, err));
	for (size_t i = 0; i < pids.count && export->page->count < PAGE_RECORDS; i++) {
		FC_TRY(add_person(export, txn, place, &pids.items[i], err));
	}
	return FC_OK;
}

/* ---- one person ---- */

static enum fc_status read_one(struct export *export, struct fc_gallery_txn *txn, void *context,
			       struct fc_error *err)
{
	struct person_place *place = context;
	const struct fc_uuid pid = place->pid;
	return place->started ? continue_person(export, txn, place, err)
			      : add_person(export, txn, place, &pid, err);
}

static enum fc_status find_space_of(struct export *export, const struct fc_uuid *pid,
				    struct fc_space *out, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	char text[FC_UUID_TEXT_SIZE];
	FC_TRY(fc_gallery_begin_read(export->gallery, &txn, err));
	FC_TRY(fc_person_get(txn, pid, &person, err));
	FC_TRY(fc_gallery_referred(txn, fc_space_read(txn, person.space, out, err), err));
	fc_uuid_format(pid, text);
	return !export->options->space || strcmp(export->options->space, out->name) == 0
		       ? FC_OK
		       : fc_fail(err, FC_NOT_FOUND, "there is no person %s in space '%s'", text,
				 export->options->space);
}

/* ---- spaces and origins ---- */

static const struct fc_space *space_of(const struct export *export, uint32_t id)
{
	for (size_t i = 0; i < export->space_count; i++) {
		if (export->spaces[i].id == id) {
			return &export->spaces[i];
		}
	}
	return NULL;
}

static int compare_names(const void *a, const void *b)
{
	const struct fc_origin *x = a, *y = b;
	return strcmp(x->name, y->name);
}

/* The spaces and origins are few, so they are read in one snapshot together with the header. */
static enum fc_status read_header(struct export *export, struct fc_origin **origins, size_t *count,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	const char *name = export->options->space;
	FC_TRY(fc_gallery_begin_read(export->gallery, &txn, err));
	FC_TRY(update_pin(export, txn, err));
	FC_TRY(fc_store_relocations(txn, &export->relocations, err));
	if (name) {
		export->space_count = 1;
		export->spaces = calloc(1, sizeof(*export->spaces));
		FC_TRY(export->spaces ? fc_space_find(txn, name, export->spaces, err)
				      : fc_fail_memory(err));
	} else {
		FC_TRY(fc_space_list(txn, &export->spaces, &export->space_count, err));
	}
	FC_TRY(fc_origin_list(txn, origins, count, err));
	if (*count > 0) {
		qsort(*origins, *count, sizeof(**origins), compare_names);
	}
	return FC_OK;
}

static enum fc_status export_space(struct export *export, const struct fc_space *space,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_transfer_release)
	struct fc_transfer record = { .kind = FC_TRANSFER_SPACE, .settings = *space };
	const char *id;
	memcpy(record.space, space->name, sizeof(record.space));
	FC_TRY(fc_gallery_begin_read(export->gallery, &txn, err));
	enum fc_container_kind kind = fc_container_kind_of(space->name, &id);
	enum fc_status status = fc_container_find(txn, kind, id, &record.container, err);
	/* it may have been deleted since the header was read */
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	fc_gallery_end_readp(&txn);
	return pass_on(export, &record, err);
}

static enum fc_status export_header(struct export *export, struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_origin *origins = NULL;
	size_t count = 0;
	bool whole = export->options->pid_count == 0;
	FC_TRY(read_header(export, &origins, &count, err));
	struct fc_transfer header = { .kind = FC_TRANSFER_GALLERY, .model = model_of(export) };
	FC_TRY(pass_on(export, &header, err));
	for (size_t i = 0; whole && i < export->space_count; i++) {
		FC_TRY(export_space(export, &export->spaces[i], err));
	}
	for (size_t i = 0; whole && i < count; i++) {
		const struct fc_space *space = space_of(export, origins[i].space);
		struct fc_transfer record = { .kind = FC_TRANSFER_ORIGIN, .origin = origins[i] };
		if (space) {
			memcpy(record.space, space->name, sizeof(record.space));
			FC_TRY(pass_on(export, &record, err));
		}
	}
	return FC_OK;
}

/* ---- entries ---- */

struct entry_place {
	const struct export *export;
	struct fc_entry_query query;
	uint64_t after;             /* id of the last entry that was visited */
	uint64_t ids[PAGE_RECORDS]; /* ids of the page's entries */
	size_t count;
};

static bool add_entry_id(const struct fc_entry *entry, void *context)
{
	struct entry_place *place = context;
	place->after = entry->id;
	/* Omit entries of spaces that were added after the export began. */
	if (space_of(place->export, entry->space)) {
		place->ids[place->count++] = entry->id;
	}
	return place->count < PAGE_RECORDS;
}

static enum fc_status read_entries(struct export *export, struct fc_gallery_txn *txn, void *context,
				   struct fc_error *err)
{
	struct entry_place *place = context;
	if (place->after == 0) {
		FC_TRY(fc_check_entry_count(txn, err));
	}
	place->count = 0;
	FC_TRY(fc_entry_each_after(txn, &place->query, place->after, add_entry_id, place, err));
	for (size_t i = 0; i < place->count; i++) {
		FC_CLEANUP(fc_entry_release) struct fc_entry entry = { 0 };
		FC_TRY(fc_gallery_referred(txn, fc_entry_get(txn, place->ids[i], &entry, err),
					   err));
		struct fc_transfer *record =
			add_record(export, FC_TRANSFER_ENTRY, space_of(export, entry.space));
		record->entry = FC_STEAL_STRUCT(entry);
	}
	return FC_OK;
}

/* ---- everything ---- */

static enum fc_status export_all(struct export *export, struct fc_error *err)
{
	const struct fc_export_options *options = export->options;
	FC_TRY(export_header(export, err));
	for (size_t i = 0; i < options->pid_count; i++) {
		struct fc_space space;
		struct person_place place = { .space = &space, .pid = options->pids[i] };
		FC_TRY(find_space_of(export, &options->pids[i], &space, err));
		FC_TRY(export_pages(export, read_one, &place, err));
	}
	for (size_t i = 0; options->pid_count == 0 && i < export->space_count; i++) {
		struct person_place place = { .space = &export->spaces[i] };
		FC_TRY(export_pages(export, read_persons, &place, err));
	}
	if (options->pid_count == 0 && options->entries) {
		struct entry_place place = { .export = export };
		if (options->space) {
			place.query.spaces = &export->spaces[0].id;
			place.query.space_count = 1;
		}
		FC_TRY(export_pages(export, read_entries, &place, err));
	}
	struct fc_transfer end = { .kind = FC_TRANSFER_END };
	memcpy(end.counts, export->counts, sizeof(end.counts));
	end.counts[FC_TRANSFER_GALLERY] = 0;
	return pass_on(export, &end, err);
}

enum fc_status fc_gallery_export(struct fc_gallery *gallery,
				 const struct fc_export_options *options, fc_export_visit *visit,
				 void *context, struct fc_error *err)
{
	FC_CLEANUP(export_release)
	struct export export = {
		.gallery = gallery, .options = options, .visit = visit, .context = context
	};
	export.page = calloc(1, sizeof(*export.page));
	return export.page ? export_all(&export, err) : fc_fail_memory(err);
}
