/* The gallery's own records: its format and the ids that come next. */
/* SPDX-License-Identifier: MIT */
#include "gallery/store/meta.h"

#include "base/fields.h"
#include "gallery/store/store.h"

static const struct fc_field format_fields[] = {
	FC_FIELD(struct fc_format, read),
	FC_FIELD(struct fc_format, write),
	FC_FIELD(struct fc_format, gallery),
	FC_FIELD(struct fc_format, created),
	{ 0 },
};

void fc_record_put_format(struct fc_buffer *out, const struct fc_format *format)
{
	fc_fields_put(out, format_fields, format);
}

enum fc_status fc_record_get_format(struct fc_reader *in, struct fc_format *out)
{
	return fc_fields_get(in, format_fields, out);
}

static const struct fc_field sequence_fields[] = {
	FC_FIELD(struct fc_sequence, space),
	FC_FIELD(struct fc_sequence, face),
	FC_FIELD(struct fc_sequence, entry),
	FC_FIELD(struct fc_sequence, origin),
	{ 0 },
};

void fc_record_put_sequence(struct fc_buffer *out, const struct fc_sequence *sequence)
{
	fc_fields_put(out, sequence_fields, sequence);
}

enum fc_status fc_record_get_sequence(struct fc_reader *in, struct fc_sequence *out)
{
	return fc_fields_get(in, sequence_fields, out);
}

enum fc_status fc_store_format(struct fc_gallery_txn *txn, struct fc_format *out,
			       struct fc_error *err)
{
	struct fc_key key = fc_key_text("format");
	struct fc_reader payload;
	FC_TRY(fc_store_get(txn, FC_DB_META, &key, &payload, err));
	return fc_store_decoded(txn, FC_DB_META, &key, fc_record_get_format(&payload, out), err);
}

enum fc_status fc_store_sequence(struct fc_gallery_txn *txn, struct fc_sequence *out,
				 struct fc_error *err)
{
	struct fc_key key = fc_key_text("sequence");
	struct fc_reader payload;
	enum fc_status status = fc_store_get(txn, FC_DB_META, &key, &payload, err);
	FC_TRY(fc_store_followed(txn, FC_DB_META, &key, status, "it is missing", err));
	return fc_store_decoded(txn, FC_DB_META, &key, fc_record_get_sequence(&payload, out), err);
}

enum fc_status fc_store_set_sequence(struct fc_gallery_txn *txn, const struct fc_sequence *sequence,
				     struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	struct fc_key key = fc_key_text("sequence");
	fc_record_put_sequence(&payload, sequence);
	return fc_store_put(txn, FC_DB_META, &key, &payload, FC_STORE_REPLACE, err);
}
