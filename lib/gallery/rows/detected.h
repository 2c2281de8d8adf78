/*
 * Detected faces: what the Azure Face API keeps of a face between its detection and its use. A faceId identifies one until it expires, at
 * most a day later. They belong to no space, and exports do not contain them.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_ROWS_DETECTED_H
#define FC_GALLERY_ROWS_DETECTED_H

#include "gallery/gallery.h"

struct fc_detected {
	struct fc_uuid id;      /* the faceId */
	int64_t created;        /* microseconds since the epoch */
	int64_t expires;        /* it does not exist any more at this time */
	struct fc_sha256 photo; /* digest of the photo's bytes */
	float box[4];           /* left, top, right, bottom */
	uint8_t recognition;    /* number of the API's recognition model, 1 to 4 */
	uint8_t detection;      /* number of the API's detection model, 1 to 3 */
	float *embedding;       /* the template, L2-normalised */
	uint32_t dimension;
};

void fc_detected_release(struct fc_detected *detected);

/* Store a detected face. Borrows the template. Errors: as fc_face_add. */
enum fc_status fc_detected_add(struct fc_gallery_txn *txn, const struct fc_detected *detected,
			       struct fc_error *err);

/* FC_NOT_FOUND if there is no such face at the time `now`. The caller releases *out, which must be empty. */
enum fc_status fc_detected_get(struct fc_gallery_txn *txn, const struct fc_uuid *id, int64_t now,
			       struct fc_detected *out, struct fc_error *err);

struct fc_detected_counts {
	uint64_t stored, expired; /* the expired ones are among those stored */
};

enum fc_status fc_detected_count(struct fc_gallery_txn *txn, int64_t now,
				 struct fc_detected_counts *out, struct fc_error *err);

/*
 * Remove the faces that expired at the time `now` or before, and those that were stored while the clock was ahead. *removed is their number.
 */
enum fc_status fc_detected_sweep(struct fc_gallery_txn *txn, int64_t now, uint64_t *removed,
				 struct fc_error *err);

/* Remove all detected faces. */
enum fc_status fc_detected_drop_all(struct fc_gallery_txn *txn, struct fc_error *err);

#endif
