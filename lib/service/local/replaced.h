/*
 * Faces of files that have other content than in an earlier run. Such a face is removed at the end of the run, unless another file has the
 * earlier content by then: photos that were only renamed in turn keep their faces. Until then the ledger keeps the earlier content of the
 * path, so that a run that is interrupted repeats this step.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_REPLACED_H
#define FC_SERVICE_LOCAL_REPLACED_H

#include "service/local/engine.h"

struct fc_local_replacement;

struct fc_local_replacements {
	struct fc_local_replacement *items;
	size_t count, capacity;
};

void fc_local_replacements_release(struct fc_local_replacements *replacements);

/*
 * Find the face of this person that the photo's file had in an earlier run. If there is one, set the photo's action, and either remove
 * the face now, if the content is the same and another face of it was chosen, or set photo->ledger.replaces.
 */
enum fc_status fc_local_check_replaced(struct fc_gallery_txn *txn, struct fc_batch_ledger *ledger,
				       struct fc_local_photo *photo, const struct fc_uuid *pid,
				       struct fc_error *err);

/* Take over a photo whose ledger.replaces is set, after it was stored. */
enum fc_status fc_local_replacements_add(struct fc_local_replacements *replacements,
					 struct fc_local_photo *photo, struct fc_error *err);

/* Remove the replaced faces, write the paths of the photos, and empty the list. */
enum fc_status fc_local_replacements_finish(struct fc_local_replacements *replacements,
					    struct fc_local *local, struct fc_batch_ledger *ledger,
					    struct fc_error *err);

#endif
