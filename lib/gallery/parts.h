/* What spaces, persons, faces and entries ask of each other inside a transaction. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_PARTS_H
#define FC_GALLERY_PARTS_H

#include "gallery/store.h"

/* FC_NOT_FOUND when there is none with that id. */
FC_MUST_USE enum fc_status fc_space_read(struct fc_gallery_txn *txn, uint32_t id,
					 struct fc_space *out, struct fc_error *err);
FC_MUST_USE enum fc_status fc_space_write(struct fc_gallery_txn *txn, const struct fc_space *space,
					  struct fc_error *err);

/* Store a person's record alone, without its rows in the indexes. */
FC_MUST_USE enum fc_status fc_person_write(struct fc_gallery_txn *txn,
					   const struct fc_person *person,
					   enum fc_store_put_mode mode, struct fc_error *err);

/* Remove all faces of a person and count them; the counters of person and space stay as they are. */
FC_MUST_USE enum fc_status fc_face_remove_all_of(struct fc_gallery_txn *txn,
						 const struct fc_person *person, uint64_t *removed,
						 struct fc_error *err);

/* Make every entry of a person an entry of nobody. */
FC_MUST_USE enum fc_status fc_entry_forget_person(struct fc_gallery_txn *txn,
						  const struct fc_uuid *pid, struct fc_error *err);

/* Remove all entries of a space; its counter stays as it is. */
FC_MUST_USE enum fc_status fc_entry_remove_all_of(struct fc_gallery_txn *txn, uint32_t space,
						  struct fc_error *err);

/* All of count values are numbers: neither infinite nor NaN. */
bool fc_is_finite(const float *values, size_t count);

/* Texts of faces and entries, NULL allowed. Errors: FC_INVALID_ARGUMENT. */
FC_MUST_USE enum fc_status fc_check_source(const char *origin, const char *path,
					   struct fc_error *err);

/* The embedding has length 1 within FC_NORM_TOLERANCE. */
#define FC_NORM_TOLERANCE 1e-3
bool fc_is_normalised(const float *embedding, size_t dimension);

#endif
