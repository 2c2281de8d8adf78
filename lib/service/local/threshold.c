/* Thresholds of a space, from its own calibration if it has one, else from the embedder's. */
/* SPDX-License-Identifier: MIT */
#include "service/local/threshold.h"

#include <string.h>

#include "gallery/rows/calibration.h"
#include "service/match/threshold.h"

enum fc_status fc_local_threshold(struct fc_gallery_txn *txn, const struct fc_local *local,
				  const struct fc_space *space,
				  const struct fc_threshold_choice *choice,
				  const struct fc_threshold_choice *fallback,
				  struct fc_threshold *out, struct fc_error *err)
{
	FC_CLEANUP(fc_space_calibration_release) struct fc_space_calibration own = { 0 };
	struct fc_calibration_point points[FC_SPACE_POINTS_MAXIMUM];
	struct fc_model embedder = *local->embedder;
	struct fc_error none = { 0 };
	enum fc_status status = fc_space_calibration(txn, space->id, &own, &none);
	if (status != FC_OK && status != FC_NOT_FOUND) {
		return fc_fail(err, status, "%s", none.text);
	}
	for (size_t i = 0; i < own.count; i++) {
		points[i] = (struct fc_calibration_point){ (double)own.points[i].fmr,
							   (double)own.points[i].threshold };
	}
	if (status == FC_OK) {
		embedder.calibration.points = points;
		embedder.calibration.count = own.count;
	}
	FC_TRY(fc_threshold_choose(choice, fallback, &embedder, space->face_count, out, err));
	out->of_space = status == FC_OK && out->basis != FC_THRESHOLD_GIVEN;
	return FC_OK;
}

struct calibrating {
	const struct fc_local *local;
	const char *space;
	const struct fc_space_calibration *calibration; /* NULL: none */
};

static enum fc_status calibrate(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct calibrating *calibrating = context;
	struct fc_space space;
	FC_TRY(fc_space_find(txn, calibrating->space, &space, err));
	if (calibrating->calibration) {
		FC_TRY(fc_local_check_pin(calibrating->local, txn, err));
	}
	return fc_space_set_calibration(txn, space.id, calibrating->calibration, err);
}

enum fc_status fc_local_space_calibrate(struct fc_service *service, const char *space,
					const struct fc_calibration *calibration,
					struct fc_error *err)
{
	struct fc_space_calibration stored = { 0 };
	struct calibrating calibrating = { .local = fc_local_of(service), .space = space };
	if (calibration) {
		stored.impostor_pairs = calibration->impostor_pairs;
		stored.genuine_pairs = calibration->genuine_pairs;
		stored.source = calibration->source;
		for (; stored.count < calibration->count && stored.count < FC_SPACE_POINTS_MAXIMUM;
		     stored.count++) {
			const struct fc_calibration_point *point =
				&calibration->points[stored.count];
			stored.points[stored.count] =
				(struct fc_space_point){ (float)point->fmr,
							 (float)point->threshold };
		}
		calibrating.calibration = &stored;
	}
	return fc_local_change(fc_local_of(service), FC_GALLERY_WRITE, false, calibrate,
			       &calibrating, err);
}
