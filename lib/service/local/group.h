/*
 * The way of photos through a verb: from the source, by the ledger and the workers, to the gallery and the report, in groups of one
 * commit. What is stored is reported after its commit. An error of one photo undoes that photo alone. A group is committed when it
 * is full, when it is a second old, and when there is nothing else to do.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_GROUP_H
#define FC_SERVICE_LOCAL_GROUP_H

#include "service/local/engine.h"

struct fc_local_verb {
	struct fc_photo_source source;
	enum fc_want want;
	bool keep_descriptor;
	struct fc_batch_ledger *ledger; /* NULL: the verb has none */
	/*
	 * What the gallery is used for. READ: decide is given read transactions. CREATE: the gallery is made when it is missing; in
	 * a dry run without a gallery decide is given no transaction.
	 */
	enum fc_gallery_mode mode;
	bool dry_run; /* store nothing; photos are committed one by one, as later ones do not see earlier ones */
	size_t result_size; /* of what the verb keeps for a photo until the report */
	void *context;      /* of the functions below */
	/*
	 * Check a photo before the gallery is used, and begin its result: zero bytes, or what an earlier attempt has left. Also
	 * called for photos that failed and for those that are known.
	 */
	void (*begin)(void *context, struct fc_local_photo *photo, void *result);
	/*
	 * Decide about a photo that was analysed, and store what is to be stored; sets photo->result where the ledger is used. May
	 * be called again for the same photo, each time after begin. An error that speaks of this photo alone is its failure (see
	 * is_of_photo), any other ends the run.
	 */
	enum fc_status (*decide)(struct fc_gallery_txn *txn, void *context,
				 struct fc_local_photo *photo, void *result, struct fc_error *err);
	enum fc_status (*report)(void *context, struct fc_local_photo *photo, void *result,
				 struct fc_error *err);
	void (*release)(void *result);
};

FC_MUST_USE enum fc_status
fc_local_run_verb(struct fc_local *local, const struct fc_local_verb *verb, struct fc_error *err);

#endif
