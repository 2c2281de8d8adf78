/* The persons that are most similar to the faces of photos, searched for several photos at once. Private to lib/service/local. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_NEAREST_H
#define FC_SERVICE_LOCAL_NEAREST_H

#include "service/local/engine.h"
#include "service/match/candidates.h"

/* { 0 } is empty. */
struct fc_local_nearest {
	const struct fc_local_photo **photos; /* borrowed */
	size_t photo_count;
	struct fc_candidates candidates; /* of all faces of the photos, in their order */
};

void fc_local_nearest_release(struct fc_local_nearest *nearest);

/*
 * Search the `most` nearest persons of every face. The result holds as long as no face of the space changes. All faces have templates of
 * the same dimension. `needed` of the candidates is not set. Errors: FC_NO_MEMORY, those of fc_search.
 */
enum fc_status fc_local_nearest_search(struct fc_gallery_txn *txn, uint32_t space,
				       const struct fc_local_photo *const *photos, size_t count,
				       size_t most, struct fc_local_nearest *out,
				       struct fc_error *err);

/* Copy the candidates of one photo. FC_NOT_FOUND: the photo was not searched for. */
enum fc_status fc_local_nearest_of(const struct fc_local_nearest *nearest,
				   const struct fc_local_photo *photo, struct fc_candidates *out,
				   struct fc_error *err);

#endif
