/* Where a photo belongs: the space and the origin of a request, and what similarity means there. Private to lib/service/local*.c. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_SCOPE_H
#define FC_SERVICE_LOCAL_SCOPE_H

#include "gallery/rows/origin.h"
#include "service/local/engine.h"
#include "service/match/confidence.h"

struct fc_local_scope {
	bool found; /* the space is there */
	struct fc_space space;
	char origin[FC_LABEL_MAXIMUM + 1];
	struct fc_origin_settings settings;
};

/*
 * Settle space and origin, either of which may be NULL. An origin decides the space; a space alone, or with origin "cli", is used
 * with default settings, and made if `make` says so.
 * Errors: FC_INVALID_ARGUMENT (nothing is named, there is no such origin, or it is in another space).
 */
FC_MUST_USE enum fc_status fc_local_scope_find(struct fc_gallery_txn *txn, const char *space,
					       const char *origin, bool make,
					       struct fc_local_scope *out, struct fc_error *err);

/* The origin wants an entry of such a face. */
bool fc_local_saves(const struct fc_local_scope *scope, enum fc_result result);

/* The engine's embedder's map. Errors: FC_INVALID_ARGUMENT (no calibration), FC_MODEL_MISSING. */
FC_MUST_USE enum fc_status fc_local_confidence(struct fc_local *local,
					       struct fc_confidence_map *out, struct fc_error *err);

/*
 * The band of a face that was taken for somebody: junk too when a looser threshold than junk's accepted it; ha when the embedder has
 * no calibration.
 */
enum fc_result fc_local_band(struct fc_local *local, const struct fc_bands *bands,
			     float similarity);

/* Keep the aligned crop of a face that was just stored. */
FC_MUST_USE enum fc_status fc_local_keep_crop(struct fc_gallery_txn *txn, uint32_t space,
					      uint64_t face_id, const struct fc_face *face,
					      struct fc_error *err);

/* Set an entry's similarity, and its match where the embedder's calibration tells it. */
void fc_local_note_match(struct fc_local *local, struct fc_entry *entry, float similarity);

#endif
