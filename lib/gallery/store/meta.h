/* The gallery's own records, in FC_DB_META: its format and the ids that come next. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_STORE_META_H
#define FC_GALLERY_STORE_META_H

#include "base/fields.h"
#include "gallery/gallery.h"
#include "gallery/store/databases.h"

/* Format numbers of the galleries that this facectl creates. record_header.h explains when to raise them. */
enum { FC_GALLERY_READ_FORMAT = 5, FC_GALLERY_WRITE_FORMAT = 5 };

/* The lowest format numbers that a facectl must support to read, and to change, the gallery. */
struct fc_format {
	uint32_t read, write;
	struct fc_uuid gallery;
	int64_t created;
};

/* Use the next id of a kind. */
enum fc_status fc_store_next_id(struct fc_gallery_txn *txn, enum fc_id_kind kind, uint64_t *out,
				struct fc_error *err);

/* The id that comes next, without using it. */
enum fc_status fc_store_peek_id(struct fc_gallery_txn *txn, enum fc_id_kind kind, uint64_t *out,
				struct fc_error *err);

/* The next ids, as a directory's gallery stores them. */
struct fc_sequence {
	uint32_t space;
	uint64_t face, entry;
	uint32_t origin;
	uint64_t mean;
};

/* How often persons were merged or moved. A reader in several steps notices by it that it may have missed a face. */
struct fc_relocations {
	uint64_t count;
};

extern const struct fc_field fc_format_fields[], fc_sequence_fields[];

enum fc_status fc_store_format(struct fc_gallery_txn *txn, struct fc_format *out,
			       struct fc_error *err);
enum fc_status fc_store_set_format(struct fc_gallery_txn *txn, const struct fc_format *format,
				   struct fc_error *err);
enum fc_status fc_store_sequence(struct fc_gallery_txn *txn, struct fc_sequence *out,
				 struct fc_error *err);
enum fc_status fc_store_set_sequence(struct fc_gallery_txn *txn, const struct fc_sequence *sequence,
				     struct fc_error *err);

/* The count is 0 in a gallery in which nothing was moved yet. */
enum fc_status fc_store_relocations(struct fc_gallery_txn *txn, struct fc_relocations *out,
				    struct fc_error *err);
enum fc_status fc_store_add_relocation(struct fc_gallery_txn *txn, struct fc_error *err);

#endif
