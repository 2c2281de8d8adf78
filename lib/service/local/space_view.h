/* The space and the origin of a photo, and how similarity maps to confidence and bands there. Private to lib/service/local. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_SPACE_VIEW_H
#define FC_SERVICE_LOCAL_SPACE_VIEW_H

#include "gallery/rows/origin.h"
#include "service/local/engine.h"
#include "service/match/confidence.h"

struct fc_local_space_view {
	bool found; /* the space exists */
	struct fc_space space;
	char origin[FC_LABEL_MAXIMUM + 1];
	struct fc_origin_settings settings;
};

/*
 * Find space and origin, one of which may be NULL. An origin implies its space. A space without an origin, or with origin "cli", has
 * default settings; it is created if it is missing and `add` is set. Without it, `found` is false, also for an unknown origin unless
 * need_origin is set. Errors: FC_INVALID_ARGUMENT (both are NULL, or the origin is in another space), FC_NOT_FOUND (need_origin).
 */
enum fc_status fc_local_space_view_find(struct fc_gallery_txn *txn, const char *space,
					const char *origin, bool add, bool need_origin,
					struct fc_local_space_view *out, struct fc_error *err);

/* Whether the origin keeps entries of faces with this result. */
bool fc_local_saves(const struct fc_local_space_view *view, enum fc_result result);

/* The confidence map of the engine's embedder. Errors: FC_INVALID_ARGUMENT (no calibration), FC_MODEL_MISSING. */
enum fc_status fc_local_confidence(struct fc_local *local, struct fc_confidence_map *out,
				   struct fc_error *err);

/*
 * The band of a face recognised as a person with this many templates, which is at or above the threshold of the request: junk also if it is below the junk band, and ha if the
 * embedder has no calibration.
 */
enum fc_result fc_local_band(struct fc_local *local, const struct fc_bands *bands, float similarity,
			     uint32_t templates);

/* Store the aligned crop of a face that is in the gallery. */
enum fc_status fc_local_keep_crop(struct fc_gallery_txn *txn, uint32_t space, uint64_t face_id,
				  const struct fc_face *face, struct fc_error *err);

/* Set an entry's similarity to a person with this many templates and, if the embedder has a calibration, its match. */
void fc_local_set_match(struct fc_local *local, struct fc_entry *entry, float similarity,
			uint32_t templates);

#endif
