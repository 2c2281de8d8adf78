/*
 * Photos that are stored together: one commit for many, and nothing that is stored is reported before its commit. What a photo is refused
 * for rolls back that photo alone. A group is committed when it is full, when a second has gone by, and when there is nothing else to do.
 * Private to the local engine.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_GROUP_H
#define FC_SERVICE_LOCAL_GROUP_H

#include "service/local/ledger.h"

/* What a verb does with the photos of a group. result: result_size bytes that the group keeps for each photo, zeroed at first. */
struct fc_local_verb {
	size_t result_size;
	/* Make a photo's result anew, before it is stored, which may happen more than once. */
	void (*begin)(void *context, struct fc_local_photo *photo, void *result);
	/*
	 * Decide about a photo that was looked at, and store it. A refusal is told by is_the_photos; other errors end the batch. txn is
	 * NULL in a dry run without a gallery.
	 */
	enum fc_status (*store)(struct fc_gallery_txn *txn, void *context,
				struct fc_local_photo *photo, void *result, struct fc_error *err);
	bool (*is_the_photos)(const struct fc_local_photo *photo, enum fc_status status);
	/* What came of it, for the ledger. */
	struct fc_local_result (*result_of)(const struct fc_local_photo *photo, const void *result);
	enum fc_status (*report)(void *context, struct fc_local_photo *photo, void *result,
				 struct fc_error *err);
	void (*release)(void *result);
	void *context;
};

struct fc_local_group;

/* Take photos from a source, through the ledger and the workers, to the gallery, and report them in order. */
FC_MUST_USE enum fc_status fc_local_enrol(struct fc_local *local, struct fc_photo_source source,
					  enum fc_want want, bool dry_run,
					  struct fc_local_memory *memory,
					  const struct fc_local_verb *verb, struct fc_error *err);

#endif
