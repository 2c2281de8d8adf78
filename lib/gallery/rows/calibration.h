/*
 * A space's own calibration: the thresholds for given false match rates, measured with the gallery's embedder on photos similar to those of
 * the space. It is removed when the gallery's embedder is changed.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_CALIBRATION_H
#define FC_GALLERY_CALIBRATION_H

#include "base/buffer.h"
#include "gallery/gallery.h"

enum { FC_SPACE_POINTS_MAXIMUM = 64, FC_SPACE_POINTS_MINIMUM = 2 };

struct fc_space_point {
	float fmr, threshold;
};

struct fc_space_calibration {
	int64_t created;
	uint64_t impostor_pairs, genuine_pairs;
	char *source; /* the data and command that produced it, for display */
	/* descending rates, ascending thresholds */
	struct fc_space_point points[FC_SPACE_POINTS_MAXIMUM];
	size_t count;
};

void fc_space_calibration_release(struct fc_space_calibration *calibration);

/* FC_NOT_FOUND if the space has no calibration of its own. */
enum fc_status fc_space_calibration(struct fc_gallery_txn *txn, uint32_t space,
				    struct fc_space_calibration *out, struct fc_error *err);

/*
 * Set or replace the calibration; NULL removes it. created is set to the current time.
 * Errors: FC_NOT_FOUND (space), FC_INVALID_ARGUMENT (invalid points).
 */
enum fc_status fc_space_set_calibration(struct fc_gallery_txn *txn, uint32_t space,
					const struct fc_space_calibration *calibration,
					struct fc_error *err);

/* Remove the calibrations of all spaces. */
enum fc_status fc_calibrations_drop(struct fc_gallery_txn *txn, struct fc_error *err);

#endif
