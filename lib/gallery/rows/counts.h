/*
 * Compare counters with the rows that they count, to find records that damage has hidden: the counters are in other pages. FC_DAMAGED if they
 * differ.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_ROWS_COUNTS_H
#define FC_GALLERY_ROWS_COUNTS_H

#include "gallery/gallery.h"

/* The faces of a person; `person` was read in this transaction. */
enum fc_status fc_check_face_count(struct fc_gallery_txn *txn, const struct fc_person *person,
				   struct fc_error *err);
/* The persons of a space. FC_OK if the space does not exist. */
enum fc_status fc_check_person_count(struct fc_gallery_txn *txn, uint32_t space,
				     struct fc_error *err);
/* The entries of all spaces. */
enum fc_status fc_check_entry_count(struct fc_gallery_txn *txn, struct fc_error *err);

#endif
