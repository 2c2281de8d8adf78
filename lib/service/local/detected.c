/* Storing the faces of a photo for a while, under faceIds. */
/* SPDX-License-Identifier: MIT */
#include "service/local/detected.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "gallery/rows/detected.h"

struct storing {
	const struct fc_local *local;
	const struct fc_analysis *analysis;
	const struct fc_detected_kind *kind;
	const struct fc_uuid *ids;
	int64_t now;
};

static enum fc_status store(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct storing *storing = context;
	const struct fc_analysis *analysis = storing->analysis;
	const struct fc_detected_kind *kind = storing->kind;
	const struct fc_embedder_pin pin = fc_local_pin(storing->local);
	uint64_t removed;
	FC_TRY(fc_gallery_set_pin(txn, &pin, err));
	FC_TRY(fc_detected_sweep(txn, storing->now, &removed, err));
	for (size_t i = 0; i < analysis->face_count; i++) {
		const struct fc_face *face = &analysis->faces[i];
		const struct fc_detected detected = {
			.id = storing->ids[i],
			.created = storing->now,
			.expires = storing->now + (int64_t)kind->seconds * 1000000,
			.photo = analysis->sha256,
			.box = { face->box.left, face->box.top, face->box.right, face->box.bottom },
			.recognition = (uint8_t)kind->recognition_model,
			.detection = (uint8_t)kind->detection_model,
			.embedding = face->embedding,
			.dimension = (uint32_t)analysis->dimension,
		};
		FC_TRY(fc_detected_add(txn, &detected, err));
	}
	return FC_OK;
}

enum fc_status fc_local_store_detected(struct fc_local *local, const struct fc_analysis *analysis,
				       const struct fc_detected_kind *kind, struct fc_uuid **out,
				       struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_uuid *ids = calloc(analysis->face_count + 1, sizeof(*ids));
	struct storing storing = { local, analysis, kind, ids, fc_clock_now() };
	*out = NULL;
	if (!ids) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < analysis->face_count; i++) {
		ids[i] = fc_uuid_new();
	}
	FC_TRY(fc_local_change(local, FC_GALLERY_CREATE, false, store, &storing, err));
	*out = FC_STEAL(ids);
	return FC_OK;
}
