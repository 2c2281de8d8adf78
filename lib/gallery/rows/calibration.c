/* Calibrations of spaces. */
/* SPDX-License-Identifier: MIT */
#include "gallery/rows/calibration.h"

#include <stdlib.h>

#include "base/clock.h"
#include "gallery/rows/parts.h"

enum { SOURCE_MAXIMUM = 1024 };

void fc_space_calibration_release(struct fc_space_calibration *calibration)
{
	free(calibration->source);
	*calibration = (struct fc_space_calibration){ 0 };
}

/* Whether the points are valid. False if a value is NaN. */
static bool are_points(const struct fc_space_point *points, size_t count)
{
	struct fc_space_point before = { 1, -2 };
	for (size_t i = 0; i < count; i++) {
		const struct fc_space_point *point = &points[i];
		if (!(point->fmr > 0 && point->fmr < before.fmr) ||
		    !(point->threshold > before.threshold && point->threshold >= -1 &&
		      point->threshold <= 1)) {
			return false;
		}
		before = *point;
	}
	return count >= FC_SPACE_POINTS_MINIMUM && count <= FC_SPACE_POINTS_MAXIMUM;
}

void fc_record_put_calibration(struct fc_buffer *out,
			       const struct fc_space_calibration *calibration)
{
	fc_buffer_put_u64(out, (uint64_t)calibration->created);
	fc_buffer_put_u64(out, calibration->impostor_pairs);
	fc_buffer_put_u64(out, calibration->genuine_pairs);
	fc_buffer_put_text(out, calibration->source);
	fc_buffer_put_u32(out, (uint32_t)calibration->count);
	for (size_t i = 0; i < calibration->count; i++) {
		fc_buffer_put_f32(out, calibration->points[i].fmr);
		fc_buffer_put_f32(out, calibration->points[i].threshold);
	}
}

enum fc_status fc_record_get_calibration(struct fc_reader *in, struct fc_space_calibration *out)
{
	struct fc_space_calibration found = { .created = (int64_t)fc_reader_u64(in) };
	found.impostor_pairs = fc_reader_u64(in);
	found.genuine_pairs = fc_reader_u64(in);
	found.source = fc_reader_text(in, SOURCE_MAXIMUM);
	uint32_t count = fc_reader_u32(in);
	if (in->failed || count > FC_SPACE_POINTS_MAXIMUM) {
		fc_space_calibration_release(&found);
		return FC_DAMAGED;
	}
	for (; found.count < count; found.count++) {
		found.points[found.count].fmr = fc_reader_f32(in);
		found.points[found.count].threshold = fc_reader_f32(in);
	}
	if (in->failed || !are_points(found.points, found.count)) {
		fc_space_calibration_release(&found);
		return FC_DAMAGED;
	}
	*out = found;
	return FC_OK;
}

enum fc_status fc_space_calibration(struct fc_gallery_txn *txn, uint32_t space,
				    struct fc_space_calibration *out, struct fc_error *err)
{
	struct fc_key key = fc_key_space(space);
	struct fc_reader payload;
	FC_TRY(fc_store_get(txn, FC_DB_CALIBRATION, &key, &payload, err));
	return fc_store_decoded(txn, FC_DB_CALIBRATION, &key,
				fc_record_get_calibration(&payload, out), err);
}

enum fc_status fc_space_set_calibration(struct fc_gallery_txn *txn, uint32_t space,
					const struct fc_space_calibration *calibration,
					struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	struct fc_key key = fc_key_space(space);
	struct fc_space record;
	FC_TRY(fc_space_read(txn, space, &record, err));
	if (!calibration) {
		bool has = false;
		FC_TRY(fc_store_has(txn, FC_DB_CALIBRATION, &key, &has, err));
		return has ? fc_store_delete(txn, FC_DB_CALIBRATION, &key, err) : FC_OK;
	}
	if (!are_points(calibration->points, calibration->count)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "a calibration must have 2 to %d points with descending rates and "
			       "ascending thresholds",
			       FC_SPACE_POINTS_MAXIMUM);
	}
	struct fc_space_calibration stored = *calibration;
	stored.created = fc_clock_now();
	fc_record_put_calibration(&payload, &stored);
	return fc_store_put(txn, FC_DB_CALIBRATION, &key, &payload, FC_STORE_REPLACE, err);
}

enum fc_status fc_calibrations_drop(struct fc_gallery_txn *txn, struct fc_error *err)
{
	const struct fc_key everything = { 0 };
	return fc_store_delete_all(txn, FC_DB_CALIBRATION, &everything, err);
}
