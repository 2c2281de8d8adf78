/* Means: the one template of each person. */
/* SPDX-License-Identifier: MIT */
#include "gallery/rows/mean.h"

#include <math.h>
#include <string.h>

#include "base/vector.h"
#include "gallery/rows/parts.h"
#include "gallery/rows/record.h"
#include "gallery/rows/record_check.h"
#include "gallery/store/meta.h"

/* ---- the record ---- */

void fc_record_put_mean(struct fc_buffer *out, const struct fc_mean *mean)
{
	uint32_t stored = mean->face == 0 ? mean->dimension : 0;
	fc_record_put_pid(out, &mean->pid);
	fc_buffer_put_u64(out, mean->face);
	fc_buffer_put_u32(out, mean->count);
	fc_buffer_put_u32(out, stored);
	for (uint32_t i = 0; i < stored; i++) {
		fc_buffer_put_u64(out, mean->sum[i]);
	}
}

/* The numbers of the templates are added as integers, in units of 2^-32. */
static const double unit = 0x1p-32;
static const double shortest_sum = 0x1p-10;

/* Scale the sum to length 1. False if it is too short. */
static bool normalise(struct fc_mean *mean)
{
	float total[FC_DIMENSION_MAXIMUM];
	for (size_t i = 0; i < mean->dimension; i++) {
		total[i] = (float)((double)(int64_t)mean->sum[i] * unit);
	}
	double length = sqrt((double)fc_dot(total, total, mean->dimension));
	if (length < shortest_sum) {
		return false;
	}
	for (size_t i = 0; i < mean->dimension; i++) {
		mean->vector[i] = (float)((double)total[i] / length);
	}
	return true;
}

enum fc_status fc_record_get_mean(struct fc_reader *in, struct fc_mean *out)
{
	FC_TRY(fc_record_get_pid(in, &out->pid));
	out->face = fc_reader_u64(in);
	out->count = fc_reader_u32(in);
	out->dimension = fc_reader_u32(in);
	bool has_sum = out->face == 0;
	if (in->failed || out->dimension > FC_DIMENSION_MAXIMUM ||
	    has_sum != (out->dimension > 0) || out->count < (has_sum ? 2 : 1)) {
		return FC_DAMAGED;
	}
	for (uint32_t i = 0; i < out->dimension; i++) {
		out->sum[i] = fc_reader_u64(in);
	}
	return in->failed || (has_sum && !normalise(out)) ? FC_DAMAGED : FC_OK;
}

/* ---- computing ---- */

static void add(struct fc_mean *mean, const float *vector)
{
	for (size_t i = 0; i < mean->dimension; i++) {
		mean->sum[i] += (uint64_t)llrint((double)vector[i] / unit);
	}
	mean->count++;
}

bool fc_mean_change(struct fc_mean *mean, const float *vector, bool added)
{
	if (mean->face != 0) {
		/* There is no sum; of a single template it can be made. */
		if (!added || mean->count != 1) {
			return false;
		}
		float only[FC_DIMENSION_MAXIMUM];
		memcpy(only, mean->vector, mean->dimension * sizeof(*only));
		memset(mean->sum, 0, mean->dimension * sizeof(*mean->sum));
		mean->count = 0;
		mean->face = 0;
		add(mean, only);
	}
	if (added) {
		add(mean, vector);
		return normalise(mean);
	}
	for (size_t i = 0; i < mean->dimension; i++) {
		mean->sum[i] -= (uint64_t)llrint((double)vector[i] / unit);
	}
	mean->count--;
	return mean->count > 1 && normalise(mean);
}

/* Add the template of a face, if it has one. The first one becomes the mean for now. */
static enum fc_status add_face(struct fc_gallery_txn *txn, uint32_t space, uint64_t face,
			       struct fc_mean *mean, struct fc_error *err)
{
	struct fc_key key = fc_key_in_space(space, face);
	struct fc_key row = fc_key_pid_face(&mean->pid, face);
	struct fc_reader payload;
	struct fc_face_template stored;
	float vector[FC_DIMENSION_MAXIMUM];
	enum fc_status status = fc_store_get(txn, FC_DB_FACE, &key, &payload, err);
	FC_TRY(fc_store_followed(txn, FC_DB_FACE_PERSON, &row, status, "its face is missing", err));
	status = fc_record_get_template(&payload, &stored);
	FC_TRY(fc_store_decoded(txn, FC_DB_FACE, &key, status, err));
	if (stored.dimension == 0) {
		return FC_OK;
	}
	fc_record_copy_floats(vector, stored.embedding, stored.dimension);
	if (!fc_is_normalised(vector, stored.dimension)) {
		return fc_store_contradiction(txn, FC_DB_FACE, &key,
					      "its template is not of length 1", err);
	}
	if (mean->count == 0) {
		mean->face = face;
		mean->dimension = stored.dimension;
		fc_record_copy_floats(mean->vector, stored.embedding, stored.dimension);
	} else if (stored.dimension != mean->dimension) {
		return fc_store_contradiction(txn, FC_DB_FACE, &key,
					      "its template has another dimension", err);
	}
	add(mean, vector);
	return FC_OK;
}

enum fc_status fc_mean_compute(struct fc_gallery_txn *txn, uint32_t space,
			       const struct fc_uuid *pid, struct fc_mean *out, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key prefix = fc_key_pid(pid), key;
	struct fc_reader nothing;
	*out = (struct fc_mean){ .pid = *pid };
	FC_TRY(fc_store_walk(txn, FC_DB_FACE_PERSON, &prefix, NULL, &cursor, err));
	for (;;) {
		enum fc_status status = fc_store_next(&cursor, &key, &nothing, err);
		if (status == FC_NOT_FOUND) {
			break;
		}
		FC_TRY(status);
		uint64_t face = fc_key_get_u64(&key, prefix.length);
		FC_TRY(add_face(txn, space, face, out, err));
	}
	if (out->count > 1 && normalise(out)) {
		out->face = 0;
	}
	return out->count > 0 ? FC_OK : FC_NOT_FOUND;
}

/* ---- rows ---- */

/* Add `by` to the space's count of means. */
static enum fc_status count_means(struct fc_gallery_txn *txn, uint32_t space, int by,
				  struct fc_error *err)
{
	struct fc_space record;
	FC_TRY(fc_gallery_referred(txn, fc_space_read(txn, space, &record, err), err));
	record.mean_count += (uint64_t)by;
	return fc_space_write(txn, &record, err);
}

enum fc_status fc_mean_put(struct fc_gallery_txn *txn, uint32_t space, struct fc_mean *mean,
			   struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	if (mean->id == 0) {
		FC_TRY(fc_store_next_id(txn, FC_ID_MEAN, &mean->id, err));
	}
	struct fc_key key = fc_key_in_space(space, mean->id);
	FC_TRY(count_means(txn, space, 1, err));
	fc_record_put_mean(&payload, mean);
	return fc_store_put(txn, FC_DB_MEAN, &key, &payload, FC_STORE_ADD, err);
}

enum fc_status fc_mean_delete(struct fc_gallery_txn *txn, uint32_t space, uint64_t id,
			      struct fc_error *err)
{
	struct fc_key key = fc_key_in_space(space, id);
	FC_TRY(count_means(txn, space, -1, err));
	return fc_store_delete(txn, FC_DB_MEAN, &key, err);
}

static enum fc_status read_mean(struct fc_gallery_txn *txn, const struct fc_key *key,
				struct fc_reader *payload, struct fc_mean *out,
				struct fc_error *err)
{
	struct fc_face_template stored;
	out->id = fc_key_get_u64(key, sizeof(uint32_t));
	FC_TRY(fc_store_decoded(txn, FC_DB_MEAN, key, fc_record_get_mean(payload, out), err));
	if (out->face == 0) {
		return FC_OK;
	}
	struct fc_key face = fc_key_in_space(fc_key_get_u32(key, 0), out->face);
	enum fc_status status = fc_store_get(txn, FC_DB_FACE, &face, payload, err);
	FC_TRY(fc_store_followed(txn, FC_DB_MEAN, key, status, "its face is missing", err));
	status = fc_record_get_template(payload, &stored);
	FC_TRY(fc_store_decoded(txn, FC_DB_FACE, &face, status, err));
	if (stored.dimension == 0) {
		return fc_store_contradiction(txn, FC_DB_MEAN, key, "its face has no template",
					      err);
	}
	out->dimension = stored.dimension;
	fc_record_copy_floats(out->vector, stored.embedding, stored.dimension);
	return FC_OK;
}

enum fc_status fc_mean_get(struct fc_gallery_txn *txn, uint32_t space, uint64_t id,
			   struct fc_mean *out, struct fc_error *err)
{
	struct fc_key key = fc_key_in_space(space, id);
	struct fc_reader payload;
	FC_TRY(fc_store_get(txn, FC_DB_MEAN, &key, &payload, err));
	return read_mean(txn, &key, &payload, out, err);
}

enum fc_status fc_mean_next(struct fc_store_cursor *cursor, struct fc_mean *out,
			    struct fc_error *err)
{
	struct fc_key key;
	struct fc_reader payload;
	FC_TRY(fc_store_next(cursor, &key, &payload, err));
	return read_mean(cursor->txn, &key, &payload, out, err);
}
