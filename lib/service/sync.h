/*
 * The verb "set --sync": set with a folder that is the truth. A face whose photo is now in the folder of another person moves to that
 * person; a person whose folder has a new name is renamed; a face whose photo is gone is removed. The ledger tells which faces come from
 * the folder: other faces are never changed.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_SYNC_H
#define FC_SERVICE_SYNC_H

#include "service/photos.h"

/* The maximum number of faces to remove: a number, or a share of the faces that the ledger has from the folder. */
struct fc_sync_limit {
	bool is_share;
	uint64_t faces;
	double share;     /* [0, 1] */
	uint64_t minimum; /* faces that may be removed whatever the share is */
};

struct fc_sync_request {
	/* photos: all photos of the folder. Its sink also gets the photos that were moved, renamed or removed. */
	struct fc_set_request set;
	struct fc_photo_source survey; /* the same photos; read before those of set */
	const char *root;              /* the folder */
	struct fc_sync_limit limit;
};

struct fc_sync_result {
	uint64_t gone; /* faces whose photos are gone; removed unless one of the next two is set */
	uint64_t maximum; /* number of faces that the limit allows */
	bool over_limit;  /* none was removed, because there are more than the limit allows */
	bool incomplete; /* none was removed, because the run ended early or a folder could not be read */
	uint64_t merged_persons;  /* removed, because all their faces moved to another person */
	uint64_t removed_persons; /* removed with their last face */
};

/*
 * Errors, besides those of set: FC_CONFLICT (the folder has no photo, or is on another device than in earlier runs; nothing was changed).
 */
static inline enum fc_status fc_service_sync(struct fc_service *service,
					     const struct fc_sync_request *request,
					     struct fc_tally *tally, struct fc_sync_result *out,
					     struct fc_error *err)
{
	*tally = (struct fc_tally){ 0 };
	*out = (struct fc_sync_result){ 0 };
	FC_TRY(fc_service_need(service, FC_VERB_SET_SYNC, err));
	return service->operations->photos->sync(service, request, tally, out, err);
}

#endif
