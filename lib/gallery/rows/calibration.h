/*
 * A space's own calibration: the thresholds for given false match rates, measured with the gallery's embedder on photos similar to those of
 * the space. It is removed when the gallery's embedder is changed.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_ROWS_CALIBRATION_H
#define FC_GALLERY_ROWS_CALIBRATION_H

#include "base/calibration.h"
#include "gallery/gallery.h"

/* FC_NOT_FOUND if the space has no calibration of its own. The caller releases *out. */
enum fc_status fc_space_calibration(struct fc_gallery_txn *txn, uint32_t space,
				    struct fc_calibration *out, struct fc_error *err);

/*
 * Set or replace the calibration; NULL removes it. Rates and thresholds are stored as floats.
 * Errors: FC_NOT_FOUND (space), FC_INVALID_ARGUMENT (invalid points).
 */
enum fc_status fc_space_set_calibration(struct fc_gallery_txn *txn, uint32_t space,
					const struct fc_calibration *calibration,
					struct fc_error *err);

/* Remove the calibrations of all spaces. */
enum fc_status fc_calibrations_drop(struct fc_gallery_txn *txn, struct fc_error *err);

#endif
