/* Persons of a space whose names differ only by case. Private to the local engine. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_TWINS_H
#define FC_SERVICE_LOCAL_TWINS_H

#include "gallery/gallery.h"

/* The names of one space. All zero: none was read yet. */
struct fc_local_twins {
	uint32_t space;
	struct fc_local_name {
		uint64_t folded, exact; /* hashes; folded 0: a free slot */
	} * slots;
	size_t count, capacity;
};

void fc_local_twins_release(struct fc_local_twins *twins);

/*
 * Add the name of a new person. *other: the name of a person that differs only by case, which the caller frees; NULL if there is none. The
 * first call for a space reads the names of all its persons.
 */
enum fc_status fc_local_twins_add(struct fc_gallery_txn *txn, struct fc_local_twins *twins,
				  uint32_t space, const char *name, char **other,
				  struct fc_error *err);

#endif
