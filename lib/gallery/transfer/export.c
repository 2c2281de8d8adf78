/* All that a gallery holds, a page at a time. */
/* SPDX-License-Identifier: MIT */
#include "gallery/transfer/export.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gallery/rows/crop.h"
#include "gallery/rows/entry_query.h"
#include "gallery/rows/parts.h"

enum { PAGE_RECORDS = 256 };

/* Copied out of one moment of the gallery. */
struct page {
	struct fc_transfer records[PAGE_RECORDS];
	size_t count;
	bool more; /* a visit was stopped because the page is full */
	enum fc_status status;
	struct fc_error error;
};

struct export
{
	struct fc_gallery *gallery;
	const struct fc_export_options *options;
	fc_export_visit *visit;
	void *context;
	bool has_pin;
	struct fc_embedder_pin pin;
	struct fc_space *spaces; /* those to be exported */
	size_t space_count;
	uint64_t counts[FC_TRANSFER_KINDS];
	struct page *page;
};

static void drop_page(struct page *page)
{
	for (size_t i = 0; i < page->count; i++) {
		fc_transfer_release(&page->records[i]);
	}
	page->count = 0;
	page->more = false;
}

static void export_release(struct export *export)
{
	if (export->page) {
		drop_page(export->page);
	}
	free(export->page);
	free(export->spaces);
}

static bool is_full(const struct page *page)
{
	return page->count == PAGE_RECORDS;
}

static struct fc_transfer *add_record(struct export *export, enum fc_transfer_kind kind,
				      const struct fc_space *space)
{
	struct fc_transfer *record = &export->page->records[export->page->count++];
	*record = (struct fc_transfer){ .kind = kind };
	if (space) {
		memcpy(record->space, space->name, sizeof(record->space));
	}
	return record;
}

static enum fc_status hand_out(struct export *export, const struct fc_transfer *record,
			       struct fc_error *err)
{
	export->counts[record->kind]++;
	return export->visit(export->context, record, err);
}

static enum fc_status hand_out_page(struct export *export, struct fc_error *err)
{
	struct page *page = export->page;
	enum fc_status status = FC_OK;
	for (size_t i = 0; i < page->count && status == FC_OK; i++) {
		status = hand_out(export, &page->records[i], err);
	}
	drop_page(page);
	return status;
}

static struct fc_transfer_model model_of(const struct export *export)
{
	const struct fc_embedder_pin *pin = &export->pin;
	struct fc_transfer_model model = { 0 };
	if (export->has_pin) {
		model = (struct fc_transfer_model){
			.has_sha256 = true,
			.has_preprocessing = true,
			.has_mirror = true,
			.sha256 = pin->sha256,
			.preprocessing = pin->preprocessing,
			.dimension = pin->dimension,
			.mirror = pin->mirror,
		};
		memcpy(model.name, pin->name, sizeof(model.name));
	}
	return model;
}

/* ---- one moment ---- */

static enum fc_status read_pin(struct fc_gallery_txn *txn, struct fc_embedder_pin *pin,
			       bool *has_pin, struct fc_error *err)
{
	enum fc_status status = fc_gallery_pin(txn, pin, err);
	*has_pin = status == FC_OK;
	return status == FC_NOT_FOUND ? FC_OK : status;
}

/* Templates of two models in one export would be nobody's use. */
static enum fc_status check_pin(struct export *export, struct fc_gallery_txn *txn,
				struct fc_error *err)
{
	struct fc_embedder_pin pin = { 0 };
	bool has_pin;
	FC_TRY(read_pin(txn, &pin, &has_pin, err));
	if (export->has_pin && (!has_pin || !fc_embedder_pin_equal(&pin, &export->pin))) {
		return fc_fail(err, FC_BUSY,
			       "gallery '%s' got another embedder meanwhile: export it again",
			       fc_store_path_of(txn));
	}
	/* The first face may come while others are exported. */
	export->has_pin = has_pin;
	export->pin = pin;
	return FC_OK;
}

typedef enum fc_status page_reader(struct export *export, struct fc_gallery_txn *txn, void *place,
				   struct fc_error *err);

static enum fc_status read_page(struct export *export, page_reader *reader, void *place,
				struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_TRY(fc_gallery_begin_read(export->gallery, &txn, err));
	FC_TRY(check_pin(export, txn, err));
	return reader(export, txn, place, err);
}

/* ---- persons and faces ---- */

/* How far the persons of a space have been read. */
struct person_place {
	const struct fc_space *space;
	bool started;       /* pid has been read */
	struct fc_uuid pid; /* the last one */
	bool inside;        /* of its faces those up to `face` */
	uint64_t face;
	struct fc_gallery_txn *txn; /* of the page */
	struct export *export;
};

static enum fc_status add_face(struct export *export, struct fc_gallery_txn *txn,
			       const struct fc_space *space, uint64_t id, struct fc_error *err)
{
	struct fc_transfer *record = add_record(export, FC_TRANSFER_FACE, space);
	FC_TRY(fc_face_get(txn, space->id, id, &record->face, err));
	if (record->face.dimension == 0) {
		/* Set aside when the gallery got another embedder: there is nothing to carry. */
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

/* Faces of the place's person behind the last one that was read. */
static enum fc_status add_faces(struct export *export, struct fc_gallery_txn *txn,
				struct person_place *place, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key prefix = fc_key_pid(&place->pid), key;
	struct fc_key start = fc_key_pid_face(&place->pid, place->face + 1);
	struct fc_reader payload;
	FC_TRY(fc_store_walk(txn, FC_DB_FACE_PERSON, &prefix, &start, &cursor, err));
	for (;;) {
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			place->inside = false;
			return FC_OK;
		}
		FC_TRY(status);
		if (is_full(export->page)) {
			export->page->more = true;
			return FC_OK;
		}
		place->face = fc_key_get_u64(&key, prefix.length);
		FC_TRY(add_face(export, txn, place->space, place->face, err));
	}
}

static enum fc_status add_person(struct export *export, struct fc_gallery_txn *txn,
				 struct person_place *place, const struct fc_uuid *pid,
				 struct fc_error *err)
{
	struct fc_transfer *record = add_record(export, FC_TRANSFER_PERSON, place->space);
	record->has_pid = true;
	FC_TRY(fc_person_get(txn, pid, &record->person, err));
	place->started = place->inside = true;
	place->pid = *pid;
	place->face = 0;
	return add_faces(export, txn, place, err);
}

static bool visit_person(const struct fc_person *person, void *context)
{
	struct person_place *place = context;
	struct page *page = place->export->page;
	if (is_full(page)) {
		page->more = true;
		return false;
	}
	page->status = add_person(place->export, place->txn, place, &person->pid, &page->error);
	return page->status == FC_OK && !page->more;
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
		place->inside = false; /* removed or taken away meanwhile */
		return FC_OK;
	}
	FC_TRY(status);
	return add_faces(export, txn, place, err);
}

static enum fc_status read_persons(struct export *export, struct fc_gallery_txn *txn, void *context,
				   struct fc_error *err)
{
	struct person_place *place = context;
	struct page *page = export->page;
	FC_TRY(continue_person(export, txn, place, err));
	if (page->more) {
		return FC_OK;
	}
	place->txn = txn;
	page->status = FC_OK;
	const struct fc_uuid after = place->pid;
	FC_TRY(fc_person_each(txn, place->space->id, place->started ? &after : NULL, visit_person,
			      place, err));
	return page->status == FC_OK ? FC_OK : fc_fail(err, page->status, "%s", page->error.text);
}

static enum fc_status export_persons(struct export *export, const struct fc_space *space,
				     struct fc_error *err)
{
	struct person_place place = { .space = space, .export = export };
	for (bool more = true; more;) {
		FC_TRY(read_page(export, read_persons, &place, err));
		more = export->page->more;
		FC_TRY(hand_out_page(export, err));
	}
	return FC_OK;
}

/* ---- one person ---- */

static enum fc_status read_one(struct export *export, struct fc_gallery_txn *txn, void *context,
			       struct fc_error *err)
{
	struct person_place *place = context;
	return place->started ? continue_person(export, txn, place, err)
			      : add_person(export, txn, place, &place->pid, err);
}

static enum fc_status find_space_of(struct export *export, const struct fc_uuid *pid,
				    struct fc_space *out, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	char text[FC_UUID_TEXT_SIZE];
	FC_TRY(fc_gallery_begin_read(export->gallery, &txn, err));
	FC_TRY(fc_person_get(txn, pid, &person, err));
	FC_TRY(fc_space_read(txn, person.space, out, err));
	fc_uuid_format(pid, text);
	return !export->options->space || strcmp(export->options->space, out->name) == 0
		       ? FC_OK
		       : fc_fail(err, FC_NOT_FOUND, "there is no person %s in space '%s'", text,
				 export->options->space);
}

static enum fc_status export_person(struct export *export, const struct fc_uuid *pid,
				    struct fc_error *err)
{
	struct fc_space space;
	FC_TRY(find_space_of(export, pid, &space, err));
	struct person_place place = { .space = &space, .pid = *pid, .export = export };
	for (bool more = true; more;) {
		FC_TRY(read_page(export, read_one, &place, err));
		more = export->page->more;
		FC_TRY(hand_out_page(export, err));
	}
	return FC_OK;
}

/* ---- spaces and origins ---- */

static enum fc_status list_spaces(struct export *export, struct fc_gallery_txn *txn,
				  struct fc_error *err)
{
	const char *name = export->options->space;
	if (!name) {
		return fc_space_list(txn, &export->spaces, &export->space_count, err);
	}
	export->spaces = calloc(1, sizeof(*export->spaces));
	if (!export->spaces) {
		return fc_fail_memory(err);
	}
	export->space_count = 1;
	return fc_space_find(txn, name, export->spaces, err);
}

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

/* Few, so that they are read at once: the head, the spaces and the origins are of one moment. */
static enum fc_status read_frame(struct export *export, struct fc_origin **origins, size_t *count,
				 struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_TRY(fc_gallery_begin_read(export->gallery, &txn, err));
	FC_TRY(read_pin(txn, &export->pin, &export->has_pin, err));
	FC_TRY(list_spaces(export, txn, err));
	FC_TRY(fc_origin_list(txn, origins, count, err));
	if (*count > 0) {
		qsort(*origins, *count, sizeof(**origins), compare_names);
	}
	return FC_OK;
}

static enum fc_status export_frame(struct export *export, struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_origin *origins = NULL;
	size_t count = 0;
	bool whole = export->options->pid_count == 0;
	FC_TRY(read_frame(export, &origins, &count, err));
	struct fc_transfer head = { .kind = FC_TRANSFER_GALLERY, .model = model_of(export) };
	FC_TRY(hand_out(export, &head, err));
	for (size_t i = 0; whole && i < export->space_count; i++) {
		struct fc_transfer record = { .kind = FC_TRANSFER_SPACE,
					      .settings = export->spaces[i] };
		memcpy(record.space, export->spaces[i].name, sizeof(record.space));
		FC_TRY(hand_out(export, &record, err));
	}
	for (size_t i = 0; whole && i < count; i++) {
		const struct fc_space *space = space_of(export, origins[i].space);
		struct fc_transfer record = { .kind = FC_TRANSFER_ORIGIN, .origin = origins[i] };
		if (space) {
			memcpy(record.space, space->name, sizeof(record.space));
			FC_TRY(hand_out(export, &record, err));
		}
	}
	return FC_OK;
}

/* ---- entries ---- */

struct entry_place {
	struct fc_entry_query query;
	uint64_t after;
	struct fc_gallery_txn *txn;
	struct export *export;
};

static bool visit_entry(const struct fc_entry *entry, void *context)
{
	struct entry_place *place = context;
	struct export *export = place->export;
	struct page *page = export->page;
	const struct fc_space *space = space_of(export, entry->space);
	if (is_full(page)) {
		page->more = true;
		return false;
	}
	place->after = entry->id;
	if (!space) {
		return true; /* of a space that came later */
	}
	struct fc_transfer *record = add_record(export, FC_TRANSFER_ENTRY, space);
	page->status = fc_entry_get(place->txn, entry->id, &record->entry, &page->error);
	return page->status == FC_OK;
}

static enum fc_status read_entries(struct export *export, struct fc_gallery_txn *txn, void *context,
				   struct fc_error *err)
{
	struct entry_place *place = context;
	struct page *page = export->page;
	place->txn = txn;
	page->status = FC_OK;
	FC_TRY(fc_entry_each_after(txn, &place->query, place->after, visit_entry, place, err));
	return page->status == FC_OK ? FC_OK : fc_fail(err, page->status, "%s", page->error.text);
}

static enum fc_status export_entries(struct export *export, struct fc_error *err)
{
	struct entry_place place = { .export = export };
	if (export->options->space) {
		place.query.spaces = &export->spaces[0].id;
		place.query.space_count = 1;
	}
	for (bool more = true; more;) {
		FC_TRY(read_page(export, read_entries, &place, err));
		more = export->page->more;
		FC_TRY(hand_out_page(export, err));
	}
	return FC_OK;
}

/* ---- all of it ---- */

static enum fc_status export_all(struct export *export, struct fc_error *err)
{
	const struct fc_export_options *options = export->options;
	FC_TRY(export_frame(export, err));
	for (size_t i = 0; i < options->pid_count; i++) {
		FC_TRY(export_person(export, &options->pids[i], err));
	}
	for (size_t i = 0; options->pid_count == 0 && i < export->space_count; i++) {
		FC_TRY(export_persons(export, &export->spaces[i], err));
	}
	if (options->pid_count == 0 && options->entries) {
		FC_TRY(export_entries(export, err));
	}
	struct fc_transfer end = { .kind = FC_TRANSFER_END };
	memcpy(end.counts, export->counts, sizeof(end.counts));
	end.counts[FC_TRANSFER_GALLERY] = 0;
	return hand_out(export, &end, err);
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
