/* Changing the embedder of a gallery. */
/* SPDX-License-Identifier: MIT */
#include "gallery/maintain/reembed.h"

#include "base/memory.h"
#include "gallery/maintain/rebuild.h"
#include "gallery/rows/calibration.h"
#include "gallery/rows/detected.h"
#include "gallery/rows/ledger_record.h"
#include "gallery/rows/parts.h"
#include "gallery/rows/record_check.h"
#include "gallery/rows/snapshot.h"

/* Faces are listed in groups, because the database must not be changed during a walk. */
enum { LISTED = 512 };

struct change {
	const struct fc_reembedding *reembedding;
	bool replaces; /* the embedder is replaced; otherwise only missing templates are added */
	struct fc_reembedded done;
	struct {
		uint32_t space;
		uint64_t face;
	} listed[LISTED];
	size_t count;
	uint32_t last_space; /* space of the last face that was listed */
	uint64_t last_face;
};

static bool list(const struct fc_face_record *face, void *context)
{
	struct change *change = context;
	change->last_space = face->space;
	change->last_face = face->id;
	if (change->replaces || face->dimension == 0) {
		change->listed[change->count].space = face->space;
		change->listed[change->count++].face = face->id;
	}
	return change->count < LISTED;
}

static enum fc_status replace(struct fc_gallery_txn *txn, struct change *change, uint32_t space,
			      uint64_t id, struct fc_error *err)
{
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	const struct fc_reembedding *reembedding = change->reembedding;
	float embedding[FC_DIMENSION_MAXIMUM];
	bool has = false;
	FC_TRY(fc_face_get(txn, space, id, &face, err));
	FC_TRY(reembedding->template_of(reembedding->context, space, id, embedding, &has, err));
	if (has && !fc_is_normalised(embedding, reembedding->to.dimension)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the new template of face %llu does not have length 1",
			       (unsigned long long)id);
	}
	if (!has) {
		/* so that its photo is processed again */
		FC_TRY(fc_ledger_forget_face(txn, &face.pid, face.id, err));
	}
	change->done.faces += has;
	change->done.without += !has;
	struct fc_face_record after = face;
	after.embedding = embedding;
	after.dimension = has ? reembedding->to.dimension : 0;
	return fc_face_write(txn, &after, FC_STORE_REPLACE, err);
}

static enum fc_status reembed(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_space *spaces = NULL;
	size_t space_count = 0;
	struct fc_embedder_pin present;
	struct change *change = context;
	const struct fc_reembedding *reembedding = change->reembedding;
	*change = (struct change){
		.reembedding = reembedding,
		.replaces = !fc_embedder_pin_equal(&reembedding->from, &reembedding->to),
	};
	enum fc_status status = fc_gallery_pin(txn, &present, err);
	if (status == FC_NOT_FOUND ||
	    (status == FC_OK && !fc_embedder_pin_equal(&present, &reembedding->from))) {
		return fc_fail(err, FC_CONFLICT, "gallery '%s' no longer has embedder '%s'",
			       fc_store_path_of(txn), reembedding->from.name);
	}
	FC_TRY(status);
	do {
		change->count = 0;
		FC_TRY(fc_face_each(txn, change->last_space, change->last_face, list, change, err));
		for (size_t i = 0; i < change->count; i++) {
			FC_TRY(replace(txn, change, change->listed[i].space, change->listed[i].face,
				       err));
		}
	} while (change->count == LISTED);
	FC_TRY(fc_pin_replace(txn, &reembedding->to, err));
	if (change->replaces) {
		FC_TRY(fc_calibrations_drop(txn, err));
		FC_TRY(fc_detected_drop_all(txn, err));
		FC_TRY(fc_snapshot_drop_all(txn, err));
		FC_TRY(fc_ledger_change_models(txn, "local", &reembedding->models_from,
					       &reembedding->models_to, err));
	}
	FC_TRY(fc_space_list(txn, &spaces, &space_count, err));
	for (size_t i = 0; i < space_count; i++) {
		FC_TRY(fc_means_rebuild(txn, spaces[i].id, err));
	}
	return FC_OK;
}

enum fc_status fc_gallery_reembed(struct fc_gallery *gallery,
				  const struct fc_reembedding *reembedding,
				  struct fc_reembedded *out, struct fc_error *err)
{
	struct change change = { .reembedding = reembedding };
	FC_TRY(fc_gallery_write(gallery, reembed, &change, err));
	*out = change.done;
	return FC_OK;
}
