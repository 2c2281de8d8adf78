/* Find persons by number, name or pid, for the command line. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "service/local/engine.h"
#include "service/profiles.h"

enum { LISTED_MAXIMUM = 20 };

struct listing {
	struct fc_uuid pids[LISTED_MAXIMUM];
	size_t count;
	uint64_t total;
};

static bool note_person(const struct fc_person *person, void *context)
{
	struct listing *listing = context;
	if (listing->count < LISTED_MAXIMUM) {
		listing->pids[listing->count++] = person->pid;
	}
	listing->total++;
	return true;
}

enum fc_status fc_local_person_find(struct fc_service *service, const char *text, const char *space,
				    struct fc_profile_page *out, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_profile_page_release) struct fc_profile_page page = { 0 };
	struct listing listing = { 0 };
	FC_TRY(fc_local_begin_read(fc_local_of(service), &txn, err));
	FC_TRY(fc_person_find(txn, text, space, note_person, &listing, err));
	page.total = listing.total;
	page.items = calloc(listing.count + 1, sizeof(*page.items));
	if (!page.items) {
		return fc_fail_memory(err);
	}
	for (; page.count < listing.count; page.count++) {
		FC_TRY(fc_local_read_profile(txn, &listing.pids[page.count],
					     &page.items[page.count], err));
	}
	*out = FC_STEAL_STRUCT(page);
	return FC_OK;
}
