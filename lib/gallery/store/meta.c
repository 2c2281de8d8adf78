/* The gallery's own records: its format and the ids that come next. */
/* SPDX-License-Identifier: MIT */
#include "gallery/store/meta.h"

#include "gallery/store/engine.h"
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

static enum fc_status read_ids(struct fc_gallery_txn *txn, struct fc_sequence *out,
			       struct fc_error *err)
{
	uint64_t ids[FC_ID_KINDS];
	for (unsigned kind = 0; kind < FC_ID_KINDS; kind++) {
		FC_TRY(fc_engine_in(txn)->peek_id(txn, (enum fc_id_kind)kind, &ids[kind], err));
	}
	*out = (struct fc_sequence){
		.space = (uint32_t)ids[FC_ID_SPACE],
		.face = ids[FC_ID_FACE],
		.entry = ids[FC_ID_ENTRY],
		.origin = (uint32_t)ids[FC_ID_ORIGIN],
		.mean = ids[FC_ID_MEAN],
	};
	return FC_OK;
}

enum fc_status fc_store_sequence(struct fc_gallery_txn *txn, struct fc_sequence *out,
				 struct fc_error *err)
{
	struct fc_key key = fc_key_text("sequence");
	if (fc_engine_in(txn)) {
		return read_ids(txn, out, err);
	}
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

/* The number of a kind in a sequence, as a 64-bit number. */
static uint64_t number_of(const struct fc_sequence *sequence, enum fc_id_kind kind)
{
	const uint64_t numbers[FC_ID_KINDS] = {
		[FC_ID_SPACE] = sequence->space, [FC_ID_FACE] = sequence->face,
		[FC_ID_ENTRY] = sequence->entry, [FC_ID_ORIGIN] = sequence->origin,
		[FC_ID_MEAN] = sequence->mean,
	};
	return numbers[kind];
}

enum fc_status fc_store_peek_id(struct fc_gallery_txn *txn, enum fc_id_kind kind, uint64_t *out,
				struct fc_error *err)
{
	struct fc_sequence sequence;
	if (fc_engine_in(txn)) {
		return fc_engine_in(txn)->peek_id(txn, kind, out, err);
	}
	FC_TRY(fc_store_sequence(txn, &sequence, err));
	*out = number_of(&sequence, kind);
	return FC_OK;
}

enum fc_status fc_store_next_id(struct fc_gallery_txn *txn, enum fc_id_kind kind, uint64_t *out,
				struct fc_error *err)
{
	struct fc_sequence sequence;
	if (fc_engine_in(txn)) {
		return fc_engine_in(txn)->next_id(txn, kind, out, err);
	}
	FC_TRY(fc_store_sequence(txn, &sequence, err));
	uint64_t id = number_of(&sequence, kind);
	sequence.space += kind == FC_ID_SPACE;
	sequence.face += kind == FC_ID_FACE;
	sequence.entry += kind == FC_ID_ENTRY;
	sequence.origin += kind == FC_ID_ORIGIN;
	sequence.mean += kind == FC_ID_MEAN;
	FC_TRY(fc_store_set_sequence(txn, &sequence, err));
	*out = id;
	return FC_OK;
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
