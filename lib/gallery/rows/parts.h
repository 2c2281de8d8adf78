/* What spaces, persons, faces and entries ask of each other inside a transaction. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_PARTS_H
#define FC_GALLERY_PARTS_H

#include "gallery/store/store.h"

FC_MUST_USE enum fc_status fc_space_write(struct fc_gallery_txn *txn, const struct fc_space *space,
					  struct fc_error *err);

/* Put a person's rows into the indexes of its space, and count it there; or the opposite. Its faces and entries stay. */
FC_MUST_USE enum fc_status fc_person_join_space(struct fc_gallery_txn *txn,
						const struct fc_person *person,
						struct fc_error *err);
FC_MUST_USE enum fc_status fc_person_leave_space(struct fc_gallery_txn *txn,
						 const struct fc_person *person,
						 struct fc_error *err);

/* Store a person's record alone, without its rows in the indexes. */
FC_MUST_USE enum fc_status fc_person_write(struct fc_gallery_txn *txn,
					   const struct fc_person *person,
					   enum fc_store_put_mode mode, struct fc_error *err);

/* Remove all faces of a person and count them; the counters of person and space stay as they are. */
FC_MUST_USE enum fc_status fc_face_remove_all_of(struct fc_gallery_txn *txn,
						 const struct fc_person *person, uint64_t *removed,
						 struct fc_error *err);

/* Entries of a person, by a walk that may change them: visit gets each once, and must take it from the person. */
typedef enum fc_status fc_entry_change(struct fc_gallery_txn *txn, struct fc_entry *entry,
				       const void *context, struct fc_error *err);
FC_MUST_USE enum fc_status fc_entry_change_of_person(struct fc_gallery_txn *txn,
						     const struct fc_uuid *pid,
						     fc_entry_change *change, const void *context,
						     uint64_t *changed, struct fc_error *err);

/* Take an entry out of its indexes, counters and space, and put it in again as `after`, which has the same id. */
FC_MUST_USE enum fc_status fc_entry_replace(struct fc_gallery_txn *txn,
					    const struct fc_entry *before,
					    const struct fc_entry *after, struct fc_error *err);

/* The rows by which an entry is found. */
struct fc_entry_rows {
	struct {
		enum fc_database database;
		struct fc_key key;
	} rows[3];
	size_t count;
};
struct fc_entry_rows fc_entry_rows_of(const struct fc_entry *entry);

/* Make every entry of a person an entry of nobody. */
FC_MUST_USE enum fc_status fc_entry_forget_person(struct fc_gallery_txn *txn,
						  const struct fc_uuid *pid, struct fc_error *err);

/* Remove all entries of a space; its counter stays as it is. */
FC_MUST_USE enum fc_status fc_entry_remove_all_of(struct fc_gallery_txn *txn, uint32_t space,
						  struct fc_error *err);

/* Remove all origins of a space. */
FC_MUST_USE enum fc_status fc_origin_remove_all_of(struct fc_gallery_txn *txn, uint32_t space,
						   struct fc_error *err);

/* Pin a gallery to another embedder than before: its templates are the caller's concern. */
FC_MUST_USE enum fc_status fc_pin_replace(struct fc_gallery_txn *txn,
					  const struct fc_embedder_pin *pin, struct fc_error *err);

/* All of count values are numbers: neither infinite nor NaN. */
bool fc_is_finite(const float *values, size_t count);

/* Texts of faces and entries, NULL allowed. Errors: FC_INVALID_ARGUMENT. */
FC_MUST_USE enum fc_status fc_check_source(const char *origin, const char *path,
					   struct fc_error *err);

/* The embedding has length 1 within FC_NORM_TOLERANCE. */
#define FC_NORM_TOLERANCE 1e-3
bool fc_is_normalised(const float *embedding, size_t dimension);

#endif
