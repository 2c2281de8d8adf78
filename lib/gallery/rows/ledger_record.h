/* Keys and records of the ledger, and functions that several of its files use. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_ROWS_LEDGER_RECORD_H
#define FC_GALLERY_ROWS_LEDGER_RECORD_H

#include "gallery/rows/ledger.h"
#include "gallery/store/store.h"

/* The hash of a path, for keys. */
struct fc_ledger_path_id {
	uint8_t bytes[16];
};

struct fc_ledger_path_id fc_ledger_path_id_of(const char *path);

/* Keys that consist of: target; target and size; target, size, content and person. The other two end with the hash of a path. */
struct fc_key fc_ledger_key_target(const struct fc_ledger_target *target);
struct fc_key fc_ledger_key_size(const struct fc_ledger_target *target, uint64_t size);
struct fc_key fc_ledger_key_item(const struct fc_ledger_item *item);
struct fc_key fc_ledger_key_path(const struct fc_ledger_target *target,
				 const struct fc_ledger_path_id *path);
struct fc_key fc_ledger_key_item_path(const struct fc_ledger_item *item,
				      const struct fc_ledger_path_id *path);

/* Key that consists of pid, face and item. It finds the items of a person or a face. */
struct fc_key fc_ledger_key_subject(const struct fc_ledger_item *item);
enum { FC_LEDGER_SUBJECT_ITEM_AT = sizeof(struct fc_uuid) + 8 };

enum { FC_LEDGER_ITEM_KEY_SIZE = 8 + 8 + 32 + 16 };

/* Read target, size, content and person from the key at `offset`; false unless exactly `trailing` bytes follow them. */
FC_MUST_USE bool fc_ledger_key_get_item(const struct fc_key *key, size_t offset, size_t trailing,
					struct fc_ledger_item *out);

/* A stored task. */
struct fc_ledger_task_record {
	char verb[33];
	char service[FC_LABEL_MAXIMUM + 1], space[FC_LABEL_MAXIMUM + 1];
	struct fc_sha256 models;
};

/* A stored path. The target of its item is in the key. */
struct fc_ledger_path_record {
	struct fc_file_identity identity;
	struct fc_ledger_item item; /* only its key fields */
	char *path;
};

void fc_ledger_path_record_release(struct fc_ledger_path_record *record);

extern const struct fc_field fc_task_fields[];
void fc_record_put_item(struct fc_buffer *out, const struct fc_ledger_item *item);
/* path is written instead of record->path, so that the caller need not copy it into the record. */
void fc_record_put_path(struct fc_buffer *out, const struct fc_ledger_path_record *record,
			const char *path);

enum fc_status fc_record_get_item(struct fc_reader *in, struct fc_ledger_item *out);
enum fc_status fc_record_get_path(struct fc_reader *in, struct fc_ledger_path_record *out);

/* Like fc_record_get_path, but the path is not copied: *text points to its *length bytes inside the record. */
enum fc_status fc_record_peek_path(struct fc_reader *in, struct fc_ledger_path_record *out,
				   const char **text, size_t *length);

/* ---- shared by ledger_lookup.c, ledger_forget.c and ledger_write.c ---- */

/* Errors: FC_INVALID_ARGUMENT (a name is too long). */
enum fc_status fc_ledger_task_record_of(const struct fc_ledger_task *task,
					struct fc_ledger_task_record *out, struct fc_error *err);

/* Find the next task of a service and space (NULL: any) after *target, and set *target to it. FC_NOT_FOUND at the end. */
enum fc_status fc_ledger_next_task(struct fc_gallery_txn *txn, const char *service,
				   const char *space, struct fc_key *target,
				   struct fc_ledger_task_record *task, struct fc_error *err);

/* Find a path's record, without the text of the path. */
enum fc_status fc_ledger_find_path_record(struct fc_gallery_txn *txn,
					  const struct fc_ledger_target *target,
					  const struct fc_ledger_path_id *id,
					  struct fc_ledger_path_record *out, struct fc_error *err);

/*
 * Find the first key with this prefix and read the key fields of an item that it contains at `offset`. FC_NOT_FOUND if there is no such
 * key.
 */
enum fc_status fc_ledger_first_item(struct fc_gallery_txn *txn, enum fc_database database,
				    const struct fc_key *prefix, size_t offset,
				    struct fc_ledger_item *out, struct fc_error *err);

/* Find the first path that refers to an item. FC_NOT_FOUND if there is none. */
enum fc_status fc_ledger_first_path_id(struct fc_gallery_txn *txn,
				       const struct fc_ledger_item *item,
				       struct fc_ledger_path_id *out, struct fc_error *err);

/*
 * Remove every item for which `matches` returns true. space: the id of its space in this gallery; 0 if its task belongs to another service,
 * or if the space does not exist.
 */
typedef bool fc_ledger_match(const struct fc_ledger_item *item, uint32_t space, void *context);
enum fc_status fc_ledger_forget_matching(struct fc_gallery_txn *txn, fc_ledger_match *matches,
					 void *context, struct fc_error *err);

/* ---- when a person is merged or moved ---- */

/* Items without their person. */
struct fc_ledger_detached {
	struct fc_ledger_item *items;
	size_t count, capacity;
};

void fc_ledger_detached_release(struct fc_ledger_detached *detached);

/*
 * Detach the done items of a person, or of one of its faces if face is not 0, so that they are not removed with it. Their `face` stays in
 * *out.
 */
enum fc_status fc_ledger_detach(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				uint64_t face, struct fc_ledger_detached *out,
				struct fc_error *err);

/* Store a changed item under the same key. Its time does not change. */
enum fc_status fc_ledger_change_item(struct fc_gallery_txn *txn, const struct fc_ledger_item *item,
				     struct fc_error *err);

/* ---- when something is removed from the gallery ---- */

/* Remove the items that refer to a person, to one of its faces, or (face 0) to the person but to none of its faces. */
enum fc_status fc_ledger_forget_person(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				       struct fc_error *err);
enum fc_status fc_ledger_forget_face(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				     uint64_t face, struct fc_error *err);

/* Remove the items of photos that were refused because of a person: their text names it. */
enum fc_status fc_ledger_forget_refusals(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
					 struct fc_error *err);

#define FC_LEDGER_LOCAL "local" /* the service name of the gallery itself */

#endif
