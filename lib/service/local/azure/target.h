/* The container that a request searches. Private to lib/service/local. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_AZURE_TARGET_H
#define FC_SERVICE_LOCAL_AZURE_TARGET_H

#include "service/local/azure/face_ids.h"

struct fc_azure_target {
	struct fc_space space;
	bool trained;
};

/* Find the container of the request. If it does not exist, or has another recognition model than the faces, the call is refused. */
enum fc_status fc_azure_find_target(struct fc_azure_call *call, struct fc_gallery_txn *txn,
				    const struct fc_azure_faces *faces, struct fc_azure_target *out,
				    struct fc_error *err);

#endif
