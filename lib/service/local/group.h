/*
 * Run a verb on photos: each photo is looked up in the ledger, analysed by a worker, stored in the gallery and reported. Photos are stored
 * in groups, with one commit for each group, and reported after the commit. An error of one photo rolls back only that photo. A group is
 * committed when it is full, when it is one second old, or when no photo is in flight.
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
	 * How the gallery is opened. READ: decide gets read transactions. CREATE: the gallery is created if it is missing; in a dry run
	 * without a gallery, decide gets no transaction.
	 */
	enum fc_gallery_mode mode;
	bool empty_without_gallery; /* if the gallery is missing, decide gets no transaction */
	bool dry_run; /* store nothing; each photo is rolled back on its own, so later photos do not see earlier ones */
	size_t result_size; /* size of the verb's own data for a photo, kept until the report */
	void *context;      /* passed to the functions below */
	/*
	 * Check a photo before the gallery is used, and initialise its result, which is zeroed or has the data of an earlier attempt.
	 * Also called for photos that failed and for known photos.
	 */
	void (*begin)(void *context, struct fc_local_photo *photo, void *result);
	/* Called before decide for the analysed photos of a group, in the same transaction. NULL: not needed. */
	void (*prepare)(struct fc_gallery_txn *txn, void *context,
			const struct fc_local_photo *const *photos, size_t count);
	/*
	 * Process a photo that was analysed, and store its face and entries; sets photo->result if the ledger is used. May be called
	 * again for the same photo, each time after begin. If an error concerns only this photo (see is_of_photo), the photo fails;
	 * any other error ends the run.
	 */
	enum fc_status (*decide)(struct fc_gallery_txn *txn, void *context,
				 struct fc_local_photo *photo, void *result, struct fc_error *err);
	enum fc_status (*report)(void *context, struct fc_local_photo *photo, void *result,
				 struct fc_error *err);
	void (*release)(void *result);
};

enum fc_status fc_local_run_verb(struct fc_local *local, const struct fc_local_verb *verb,
				 struct fc_error *err);

#endif
