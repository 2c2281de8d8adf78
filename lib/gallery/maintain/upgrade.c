/* Upgrading a gallery of an older format. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/memory.h"
#include "gallery/maintain/maintain.h"
#include "gallery/maintain/rebuild.h"
#include "gallery/rows/parts.h"
#include "gallery/store/engine.h"

/*
 * From format 1 to 2 persons get means, which the segments contain instead of faces; ids of means begin at 1. Format 3 stores the sums of
 * the templates. Format 4 counts the means of a space, and stores codes in two planes with checksums. Format 5 has more databases.
 */
static enum fc_status rebuild_means(struct fc_gallery_txn *txn, uint32_t format,
				    struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_space *spaces = NULL;
	struct fc_sequence sequence;
	size_t count = 0;
	FC_TRY(fc_store_sequence(txn, &sequence, err));
	sequence.mean = format == 1 ? 1 : sequence.mean;
	FC_TRY(fc_store_set_sequence(txn, &sequence, err));
	FC_TRY(fc_space_list(txn, &spaces, &count, err));
	for (size_t i = 0; i < count; i++) {
		FC_TRY(fc_means_rebuild(txn, spaces[i].id, err));
	}
	return FC_OK;
}

enum { LISTED = 1000 };

/* Faces of one page; the rows of a walk cannot be changed while it runs. */
struct face_page {
	struct {
		uint32_t space;
		uint64_t face;
	} items[LISTED];
	size_t count;
};

static bool list_face(const struct fc_face_record *face, void *context)
{
	struct face_page *page = context;
	page->items[page->count].space = face->space;
	page->items[page->count++].face = face->id;
	return page->count < LISTED;
}

/* Up to format 4 faces had no UUID, and the index by photo had one row for each face of a photo in a space. */
static enum fc_status add_face_uuids(struct fc_gallery_txn *txn, struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct face_page *page = calloc(1, sizeof(*page));
	struct fc_key everything = { 0 };
	uint32_t space = 0;
	uint64_t after = 0;
	if (!page) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_store_delete_all(txn, FC_DB_FACE_PHOTO, &everything, err));
	FC_TRY(fc_store_delete_all(txn, FC_DB_FACE_UUID, &everything, err));
	do {
		page->count = 0;
		FC_TRY(fc_face_each(txn, space, after, list_face, page, err));
		for (size_t i = 0; i < page->count; i++) {
			FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
			space = page->items[i].space;
			after = page->items[i].face;
			FC_TRY(fc_face_get(txn, space, after, &face, err));
			face.uuid = fc_uuid_new();
			FC_TRY(fc_face_write(txn, &face, FC_STORE_REPLACE, err));
			FC_TRY(fc_face_index(txn, &face, err));
		}
	} while (page->count == LISTED);
	return FC_OK;
}

/* In a change of its own, because a change can only use databases that existed before. An older facectl ignores an empty one. */
static enum fc_status add_databases(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	(void)context;
	return fc_store_add_databases(txn, err);
}

static enum fc_status upgrade(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct fc_upgrade_report *report = context;
	struct fc_format format;
	FC_TRY(fc_store_format(txn, &format, err));
	*report = (struct fc_upgrade_report){ .from = format.read, .to = FC_GALLERY_READ_FORMAT };
	if (format.read == FC_GALLERY_READ_FORMAT) {
		return FC_OK;
	}
	FC_TRY(add_face_uuids(txn, err));
	if (format.read < 4) {
		FC_TRY(rebuild_means(txn, format.read, err));
	}
	format.read = FC_GALLERY_READ_FORMAT;
	format.write = FC_GALLERY_WRITE_FORMAT;
	return fc_store_set_format(txn, &format, err);
}

enum fc_status fc_gallery_upgrade(struct fc_gallery *gallery, struct fc_upgrade_report *out,
				  struct fc_error *err)
{
	struct fc_upgrade_report report;
	if (fc_engine_of(gallery)) {
		/* It was checked when it was opened. */
		*out = (struct fc_upgrade_report){ FC_GALLERY_READ_FORMAT, FC_GALLERY_READ_FORMAT };
		return FC_OK;
	}
	/* An older facectl that has the gallery open would write records of the older format. */
	FC_TRY(fc_store_lock_exclusive(gallery, err));
	FC_TRY(fc_gallery_write(gallery, add_databases, NULL, err));
	FC_TRY(fc_gallery_write(gallery, upgrade, &report, err));
	*out = report;
	return FC_OK;
}
