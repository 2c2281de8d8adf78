/* Keys and records of the ledger. Private to lib/gallery. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_LEDGER_RECORD_H
#define FC_GALLERY_LEDGER_RECORD_H

#include "gallery/rows/ledger.h"
#include "gallery/store/store.h"

/* The hash of a path, which stands for it in keys. */
struct fc_ledger_path_id {
	uint8_t bytes[16];
};

FC_MUST_USE enum fc_status fc_ledger_path_id_of(const char *path, struct fc_ledger_path_id *out,
						struct fc_error *err);

/* target; target, size, content, whom; what of it is in a key that something else begins with */
struct fc_key fc_ledger_key_target(const struct fc_ledger_target *target);
struct fc_key fc_ledger_key_size(const struct fc_ledger_target *target, uint64_t size);
struct fc_key fc_ledger_key_item(const struct fc_ledger_item *item);
struct fc_key fc_ledger_key_path(const struct fc_ledger_target *target,
				 const struct fc_ledger_path_id *path);
struct fc_key fc_ledger_key_item_path(const struct fc_ledger_item *item,
				      const struct fc_ledger_path_id *path);

/* pid, face, item: what the ledger says about a person. Prefixes: pid alone, and pid with face. */
struct fc_key fc_ledger_key_subject(const struct fc_ledger_item *item);

enum { FC_LEDGER_ITEM_KEY_SIZE = 8 + 8 + 32 + 16 };

/* Take target, size, content and whom from a key, from `offset` on; false when it is not long enough for that alone. */
FC_MUST_USE bool fc_ledger_key_get_item(const struct fc_key *key, size_t offset, size_t behind,
					struct fc_ledger_item *out);

/* A task as it is stored. */
struct fc_ledger_task_record {
	char verb[33];
	char service[FC_LABEL_MAXIMUM + 1], space[FC_LABEL_MAXIMUM + 1];
	struct fc_sha256 models;
};

/* A path as it is stored; the target of its item is the key's. */
struct fc_ledger_path_record {
	struct fc_file_identity identity;
	struct fc_ledger_item item; /* key fields alone */
	char *path;
};

void fc_ledger_path_record_release(struct fc_ledger_path_record *record);

void fc_record_put_task(struct fc_buffer *out, const struct fc_ledger_task_record *task);
void fc_record_put_item(struct fc_buffer *out, const struct fc_ledger_item *item);
void fc_record_put_path(struct fc_buffer *out, const struct fc_ledger_path_record *path);

FC_MUST_USE enum fc_status fc_record_get_task(struct fc_reader *in,
					      struct fc_ledger_task_record *out);
FC_MUST_USE enum fc_status fc_record_get_item(struct fc_reader *in, struct fc_ledger_item *out);
FC_MUST_USE enum fc_status fc_record_get_path(struct fc_reader *in,
					      struct fc_ledger_path_record *out);

/* As fc_record_get_path, with the path's text borrowed: it is *length bytes at *text. */
FC_MUST_USE enum fc_status fc_record_peek_path(struct fc_reader *in,
					       struct fc_ledger_path_record *out, const char **text,
					       size_t *length);

/* ---- forgetting, for those who delete ---- */

/* What the ledger says about one face of a person; or, with face NULL, about the person. */
FC_MUST_USE enum fc_status fc_ledger_forget_subject(struct fc_gallery_txn *txn,
						    const struct fc_uuid *pid, const uint64_t *face,
						    struct fc_error *err);

#define FC_LEDGER_LOCAL "local" /* the service that this gallery is of */

#endif
