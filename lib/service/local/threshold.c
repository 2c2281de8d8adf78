/* Thresholds of a space, from its own calibration if it has one, else from the embedder's. */
/* SPDX-License-Identifier: MIT */
#include "service/local/threshold.h"

#include "gallery/rows/calibration.h"
#include "service/match/threshold.h"

enum fc_status fc_local_threshold(struct fc_gallery_txn *txn, const struct fc_local *local,
				  const struct fc_space *space,
				  const struct fc_threshold_choice *choice,
				  const struct fc_threshold_choice *fallback,
				  struct fc_threshold *out, struct fc_error *err)
{
	FC_CLEANUP(fc_calibration_release) struct fc_calibration own = { 0 };
	enum fc_status status =
		txn ? fc_space_calibration(txn, space->id, &own, err) : FC_NOT_FOUND;
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	return fc_threshold_choose(choice, fallback, local->embedder, status == FC_OK ? &own : NULL,
				   space->person_count, out, err);
}

struct calibrating {
	struct fc_local *local;
	const char *space;
	const struct fc_calibration *calibration; /* NULL: none */
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
	struct calibrating calibrating = { fc_local_of(service), space, calibration };
	return fc_local_change(calibrating.local, FC_GALLERY_WRITE, false, calibrate, &calibrating,
			       err);
}
