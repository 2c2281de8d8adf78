/* Which large records were verified since the gallery was opened. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/memory.h"
#include "gallery/store/env.h"
#include "gallery/store/store.h"

static int by_place(const void *a, const void *b)
{
	const struct fc_verified *x = a, *y = b;
	return x->first != y->first ? (x->first > y->first) - (x->first < y->first)
				    : (x->last > y->last) - (x->last < y->last);
}

bool fc_store_is_verified(const struct fc_gallery_txn *txn, uint64_t first, uint64_t last)
{
	const struct fc_gallery *gallery = txn->gallery;
	const struct fc_verified wanted = { first, last };
	return gallery->verified_count > 0 &&
	       bsearch(&wanted, gallery->verified, gallery->verified_count, sizeof(wanted),
		       by_place);
}

void fc_store_set_verified(struct fc_gallery_txn *txn, uint64_t first, uint64_t last)
{
	struct fc_gallery *gallery = txn->gallery;
	if (!fc_store_is_verified(txn, first, last) &&
	    fc_array_grow(&gallery->verified, sizeof(*gallery->verified), gallery->verified_count,
			  &gallery->verified_capacity, NULL) == FC_OK) {
		const struct fc_verified added = { first, last };
		size_t i = gallery->verified_count++;
		for (; i > 0 && by_place(&gallery->verified[i - 1], &added) > 0; i--) {
			gallery->verified[i] = gallery->verified[i - 1];
		}
		gallery->verified[i] = added;
	}
}
