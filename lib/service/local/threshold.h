/* Thresholds of a space, from its own calibration if it has one, else from the embedder's. Private to lib/service/local. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_THRESHOLD_H
#define FC_SERVICE_LOCAL_THRESHOLD_H

#include "service/local/engine.h"

/* fc_threshold_choose for a search among a space's faces; the space may be one that does not exist yet (id 0). */
enum fc_status fc_local_threshold(struct fc_gallery_txn *txn, const struct fc_local *local,
				  const struct fc_space *space,
				  const struct fc_threshold_choice *choice,
				  const struct fc_threshold_choice *fallback,
				  struct fc_threshold *out, struct fc_error *err);

#endif
