/* The container that a request searches. Private to lib/service/local. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_AZURE_TARGET_H
#define FC_SERVICE_LOCAL_AZURE_TARGET_H

#include "service/local/azure/face_ids.h"
#include "service/match/confidence.h"

struct fc_azure_target {
	struct fc_space space;
	bool trained;
};

/* Find the container of the request. If it does not exist, or has another recognition model than the faces, the call is refused. */
enum fc_status fc_azure_find_target(struct fc_azure_call *call, struct fc_gallery_txn *txn,
				    const struct fc_azure_faces *faces, struct fc_azure_target *out,
				    struct fc_error *err);

/*
 * The least confidence of an answer: that of the cut of the call if it has one, else `otherwise`. space: what is searched; only the number of its
 * persons counts if it has no number.
 */
enum fc_status fc_azure_least_confidence(const struct fc_azure_call *call,
					 struct fc_gallery_txn *txn, const struct fc_space *space,
					 const struct fc_confidence_map *map, double otherwise,
					 double *out, struct fc_error *err);

#endif
