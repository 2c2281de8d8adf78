/* The gallery's own records: its format and the ids that come next. */
/* SPDX-License-Identifier: MIT */
#include "gallery/store/meta.h"

#include "gallery/store/store.h"

const struct fc_field fc_format_fields[] = {
	FC_FIELD(struct fc_format, read),
	FC_FIELD(struct fc_format, write),
	FC_FIELD(struct fc_format, gallery),
	FC_FIELD(struct fc_format, created),
	{ 0 },
};

const struct fc_field fc_sequence_fields[] = {
	FC_FIELD(struct fc_sequence, space),         FC_FIELD(struct fc_sequence, face),
	FC_FIELD(struct fc_sequence, entry),         FC_FIELD(struct fc_sequence, origin),
	FC_FIELD_APPENDED(struct fc_sequence, mean), { 0 },
};

static const struct fc_field relocations_fields[] = {
	FC_FIELD(struct fc_relocations, count),
	{ 0 },
};

enum fc_status fc_store_format(struct fc_gallery_txn *txn, struct fc_format *out,
			       struct fc_error *err)
{
	struct fc_key key = fc_key_text("format");
	enum fc_status status = fc_store_read(txn, FC_DB_META, &key, fc_format_fields, out, err);
	return fc_store_followed(txn, FC_DB_META, &key, status, "it is missing", err);
}

enum fc_status fc_store_set_format(struct fc_gallery_txn *txn, const struct fc_format *format,
				   struct fc_error *err)
{
	struct fc_key key = fc_key_text("format");
	return fc_store_write(txn, FC_DB_META, &key, fc_format_fields, format, FC_STORE_REPLACE,
			      err);
}

enum fc_status fc_store_sequence(struct fc_gallery_txn *txn, struct fc_sequence *out,
				 struct fc_error *err)
{
	struct fc_key key = fc_key_text("sequence");
	enum fc_status status = fc_store_read(txn, FC_DB_META, &key, fc_sequence_fields, out, err);
	return fc_store_followed(txn, FC_DB_META, &key, status, "it is missing", err);
}

enum fc_status fc_store_set_sequence(struct fc_gallery_txn *txn, const struct fc_sequence *sequence,
				     struct fc_error *err)
{
	struct fc_key key = fc_key_text("sequence");
	return fc_store_write(txn, FC_DB_META, &key, fc_sequence_fields, sequence, FC_STORE_REPLACE,
			      err);
}

enum fc_status fc_store_relocations(struct fc_gallery_txn *txn, struct fc_relocations *out,
				    struct fc_error *err)
{
	struct fc_key key = fc_key_text("relocations");
	struct fc_relocations relocations = { 0 };
	enum fc_status status =
		fc_store_read(txn, FC_DB_META, &key, relocations_fields, &relocations, err);
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	*out = relocations;
	return FC_OK;
}

enum fc_status fc_store_add_relocation(struct fc_gallery_txn *txn, struct fc_error *err)
{
	struct fc_key key = fc_key_text("relocations");
	struct fc_relocations relocations;
	FC_TRY(fc_store_relocations(txn, &relocations, err));
	relocations.count++;
	return fc_store_write(txn, FC_DB_META, &key, relocations_fields, &relocations,
			      FC_STORE_REPLACE, err);
}

enum fc_status fc_gallery_uuid(struct fc_gallery_txn *txn, struct fc_uuid *out,
			       struct fc_error *err)
{
	struct fc_format format;
	FC_TRY(fc_store_format(txn, &format, err));
	*out = format.gallery;
	return FC_OK;
}
