/* set --sync: rename persons whose folder has another name. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/memory.h"
#include "service/local/sync/sync.h"

struct renaming {
	struct fc_gallery_txn *txn;
	uint32_t space;
};

static enum fc_status try_rename(const struct fc_uuid *pid, const char *name, bool *renamed,
				 void *context, struct fc_error *err)
{
	const struct renaming *renaming = context;
	FC_CLEANUP(fc_person_release) struct fc_person holder = { 0 };
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	enum fc_status status =
		fc_person_by_name(renaming->txn, renaming->space, name, &holder, err);
	if (status == FC_OK || status == FC_CONFLICT) {
		return FC_OK;
	}
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	FC_TRY(fc_gallery_referred(renaming->txn, fc_person_get(renaming->txn, pid, &person, err),
				   err));
	struct fc_person after = person;
	after.name = fc_lend(name);
	FC_TRY(fc_person_update(renaming->txn, &after, err));
	*renamed = true;
	return FC_OK;
}

enum fc_status fc_sync_rename(struct fc_sync *sync, struct fc_gallery_txn *txn, uint32_t space,
			      struct fc_error *err)
{
	struct renaming renaming = { txn, space };
	FC_CLEANUP(fc_free)
	struct fc_rename *renames = calloc(sync->claim_count + 1, sizeof(*renames));
	size_t count = 0;
	if (!renames) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < sync->claim_count; i++) {
		const struct fc_sync_claim *claim = &sync->claims[i];
		if (claim->source.face != 0 && claim->given.person &&
		    !fc_at_home_has(&sync->at_home, &claim->source.pid)) {
			renames[count++] = (struct fc_rename){ .pid = claim->source.pid,
							       .name = claim->given.person };
		}
	}
	FC_TRY(fc_rename_persons(renames, &count, try_rename, &renaming, err));
	for (size_t i = 0; i < sync->claim_count; i++) {
		struct fc_sync_claim *claim = &sync->claims[i];
		claim->renamed = fc_rename_has(renames, count, &claim->source.pid);
	}
	return FC_OK;
}
