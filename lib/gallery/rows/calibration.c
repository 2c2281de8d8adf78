/* Calibrations of spaces. */
/* SPDX-License-Identifier: MIT */
#include "gallery/rows/calibration.h"

#include <stdlib.h>

#include "base/clock.h"
#include "gallery/rows/parts.h"

enum { SOURCE_MAXIMUM = 1024, POINTS_MINIMUM = 2, POINTS_MAXIMUM = 64 };

/* Whether the points are valid when they are stored as floats. False if a value is NaN. */
static bool has_valid_points(const struct fc_calibration *calibration)
{
	float fmr = 1, threshold = -2;
	for (size_t i = 0; i < calibration->count; i++) {
		float next_fmr = (float)calibration->points[i].fmr;
		float next_threshold = (float)calibration->points[i].threshold;
		if (!(next_fmr > 0 && next_fmr < fmr) ||
		    !(next_threshold > threshold && next_threshold >= -1 && next_threshold <= 1)) {
			return false;
		}
		fmr = next_fmr;
		threshold = next_threshold;
	}
	return calibration->count >= POINTS_MINIMUM && calibration->count <= POINTS_MAXIMUM;
}

/*
 * A record is: created (u64), these fields, the number of points (u32), each point's rate and threshold (f32), the number of factors for
 * means (u32; absent in older records), and for each factor the number of templates (u32) and the factor (f32).
 */
static const struct fc_field calibration_fields[] = {
	FC_FIELD(struct fc_calibration, impostor_pairs),
	FC_FIELD(struct fc_calibration, genuine_pairs),
	FC_FIELD_OF_TEXT(struct fc_calibration, source, SOURCE_MAXIMUM),
	{ 0 },
};

void fc_record_put_calibration(struct fc_buffer *out, const struct fc_calibration *calibration,
			       int64_t created)
{
	fc_buffer_put_u64(out, (uint64_t)created);
	fc_fields_put(out, calibration_fields, calibration);
	fc_buffer_put_u32(out, (uint32_t)calibration->count);
	for (size_t i = 0; i < calibration->count; i++) {
		fc_buffer_put_f32(out, (float)calibration->points[i].fmr);
		fc_buffer_put_f32(out, (float)calibration->points[i].threshold);
	}
	fc_buffer_put_u32(out, (uint32_t)calibration->factors.count);
	for (size_t i = 0; i < calibration->factors.count; i++) {
		fc_buffer_put_u32(out, calibration->factors.items[i].templates);
		fc_buffer_put_f32(out, (float)calibration->factors.items[i].factor);
	}
}

static enum fc_status get_factors(struct fc_reader *in, struct fc_mean_factors *out)
{
	struct fc_mean_factor before = { .templates = 1, .factor = 1 };
	uint32_t count = in->left > 0 ? fc_reader_u32(in) : 0;
	if (in->failed || count > FC_MEAN_FACTORS_MAXIMUM) {
		return FC_DAMAGED;
	}
	for (; out->count < count; out->count++) {
		struct fc_mean_factor next = { .templates = fc_reader_u32(in) };
		next.factor = (double)fc_reader_f32(in);
		if (in->failed || next.templates <= before.templates ||
		    !(next.factor >= before.factor && next.factor <= 2)) {
			return FC_DAMAGED;
		}
		out->items[out->count] = before = next;
	}
	return FC_OK;
}

enum fc_status fc_record_get_calibration(struct fc_reader *in, struct fc_calibration *out)
{
	FC_CLEANUP(fc_calibration_release) struct fc_calibration found = { 0 };
	FC_IGNORE(fc_reader_u64(in));
	FC_TRY(fc_fields_get(in, calibration_fields, &found));
	uint32_t count = fc_reader_u32(in);
	if (in->failed || count > POINTS_MAXIMUM) {
		return FC_DAMAGED;
	}
	found.points = calloc(count + 1, sizeof(*found.points));
	if (!found.points) {
		return FC_NO_MEMORY;
	}
	for (; found.count < count; found.count++) {
		found.points[found.count].fmr = (double)fc_reader_f32(in);
		found.points[found.count].threshold = (double)fc_reader_f32(in);
	}
	if (in->failed || !has_valid_points(&found)) {
		return FC_DAMAGED;
	}
	FC_TRY(get_factors(in, &found.factors));
	*out = FC_STEAL_STRUCT(found);
	return FC_OK;
}

enum fc_status fc_space_calibration(struct fc_gallery_txn *txn, uint32_t space,
				    struct fc_calibration *out, struct fc_error *err)
{
	struct fc_key key = fc_key_space(space);
	struct fc_reader payload;
	FC_TRY(fc_store_get(txn, FC_DB_CALIBRATION, &key, &payload, err));
	return fc_store_decoded(txn, FC_DB_CALIBRATION, &key,
				fc_record_get_calibration(&payload, out), err);
}

enum fc_status fc_space_set_calibration(struct fc_gallery_txn *txn, uint32_t space,
					const struct fc_calibration *calibration,
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
	if (!has_valid_points(calibration)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "a calibration must have 2 to %d points with descending rates and "
			       "ascending thresholds",
			       POINTS_MAXIMUM);
	}
	fc_record_put_calibration(&payload, calibration, fc_clock_now());
	return fc_store_put(txn, FC_DB_CALIBRATION, &key, &payload, FC_STORE_REPLACE, err);
}

enum fc_status fc_calibrations_drop(struct fc_gallery_txn *txn, struct fc_error *err)
{
	const struct fc_key everything = { 0 };
	return fc_store_delete_all(txn, FC_DB_CALIBRATION, &everything, err);
}
