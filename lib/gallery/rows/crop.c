/* Aligned crops of stored faces. */
/* SPDX-License-Identifier: MIT */
#include "gallery/rows/crop.h"

#include "gallery/rows/parts.h"

enum fc_status fc_crop_put(struct fc_gallery_txn *txn, uint32_t space, uint64_t face,
			   const struct fc_buffer *png, struct fc_error *err)
{
	FC_CLEANUP(fc_face_record_release) struct fc_face_record record = { 0 };
	struct fc_key key = fc_key_in_space(space, face);
	FC_TRY(fc_face_get(txn, space, face, &record, err));
	if (png->length > FC_RECORD_MAXIMUM - FC_RECORD_HEADER_SIZE) {
		return fc_fail(err, FC_TOO_LARGE, "a crop of %zu bytes is too large for a gallery",
			       png->length);
	}
	return fc_store_put(txn, FC_DB_CROP, &key, png, FC_STORE_REPLACE, err);
}

enum fc_status fc_crop_get(struct fc_gallery_txn *txn, uint32_t space, uint64_t face,
			   struct fc_buffer *png_out, struct fc_error *err)
{
	struct fc_key key = fc_key_in_space(space, face);
	struct fc_reader payload;
	enum fc_status status = fc_store_get(txn, FC_DB_CROP, &key, &payload, err);
	FC_TRY(fc_store_found(status, err, "face %llu has no stored crop",
			      (unsigned long long)face));
	fc_buffer_append(png_out, payload.data, payload.left);
	return fc_buffer_ok(png_out) ? FC_OK : fc_fail_memory(err);
}

enum fc_status fc_crop_is_kept(struct fc_gallery_txn *txn, uint32_t space, uint64_t face, bool *out,
			       struct fc_error *err)
{
	struct fc_key key = fc_key_in_space(space, face);
	return fc_store_has(txn, FC_DB_CROP, &key, out, err);
}

enum fc_status fc_crop_delete(struct fc_gallery_txn *txn, uint32_t space, uint64_t face,
			      struct fc_error *err)
{
	struct fc_key key = fc_key_in_space(space, face);
	bool has;
	FC_TRY(fc_store_has(txn, FC_DB_CROP, &key, &has, err));
	return has ? fc_store_delete(txn, FC_DB_CROP, &key, err) : FC_OK;
}
