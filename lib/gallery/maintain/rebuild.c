/* Rebuilding what search derives from the faces. */
/* SPDX-License-Identifier: MIT */
#include "gallery/maintain/rebuild.h"

#include "gallery/rows/mean.h"
#include "gallery/rows/parts.h"
#include "gallery/search/segments.h"

/* Store the mean of a person that has none yet. */
static enum fc_status rebuild_mean(struct fc_gallery_txn *txn, uint32_t space,
				   const struct fc_uuid *pid, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	struct fc_mean mean;
	bool has = false;
	FC_TRY(fc_person_get(txn, pid, &person, err));
	uint64_t id = person.mean;
	if (id != 0) {
		struct fc_key key = fc_key_in_space(space, id);
		FC_TRY(fc_store_has(txn, FC_DB_MEAN, &key, &has, err));
	}
	if (has) {
		return FC_OK;
	}
	enum fc_status status = fc_mean_compute(txn, space, pid, &mean, err);
	if (status == FC_OK) {
		mean.id = id;
		status = fc_mean_put(txn, space, &mean, err);
	}
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	person.mean = status == FC_OK ? mean.id : 0;
	return person.mean == id ? FC_OK : fc_person_write(txn, &person, FC_STORE_REPLACE, err);
}

enum fc_status fc_means_rebuild(struct fc_gallery_txn *txn, uint32_t space, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key prefix = fc_key_space(space), key;
	struct fc_reader payload;
	struct fc_space record;
	FC_TRY(fc_segments_drop(txn, space, err));
	FC_TRY(fc_store_delete_all(txn, FC_DB_MEAN, &prefix, err));
	FC_TRY(fc_space_read(txn, space, &record, err));
	record.mean_count = 0;
	FC_TRY(fc_space_write(txn, &record, err));
	FC_TRY(fc_store_walk(txn, FC_DB_FACE, &prefix, NULL, &cursor, err));
	for (;;) {
		struct fc_face_template face;
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			break;
		}
		FC_TRY(status);
		status = fc_record_get_template(&payload, &face);
		FC_TRY(fc_store_decoded(txn, FC_DB_FACE, &key, status, err));
		FC_TRY(rebuild_mean(txn, space, &face.pid, err));
	}
	return fc_segments_rebuild(txn, space, err);
}
