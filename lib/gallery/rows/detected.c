/* Detected faces, and their index by expiry. */
/* SPDX-License-Identifier: MIT */
#include "gallery/rows/detected.h"

#include <stdlib.h>

#include "gallery/rows/entry_day.h"
#include "gallery/rows/parts.h"
#include "gallery/rows/record_check.h"

/* A record is: the dimension (u32), the template, and these fields. */
static const struct fc_field detected_fields[] = {
	FC_FIELD(struct fc_detected, created),
	FC_FIELD(struct fc_detected, expires),
	FC_FIELD(struct fc_detected, photo),
	FC_FIELD(struct fc_detected, box),
	FC_FIELD(struct fc_detected, recognition),
	FC_FIELD(struct fc_detected, detection),
	{ 0 },
};

enum { RECOGNITION_MAXIMUM = 4, DETECTION_MAXIMUM = 3 };

void fc_detected_release(struct fc_detected *detected)
{
	free(detected->embedding);
	*detected = (struct fc_detected){ 0 };
}

void fc_record_put_detected(struct fc_buffer *out, const struct fc_detected *detected)
{
	fc_buffer_put_u32(out, detected->dimension);
	fc_buffer_put_f32s(out, detected->embedding, detected->dimension);
	fc_fields_put(out, detected_fields, detected);
}

enum fc_status fc_record_get_detected(struct fc_reader *in, struct fc_detected *out)
{
	struct fc_detected found = { .dimension = fc_reader_u32(in) };
	if (in->failed || found.dimension == 0 || found.dimension > FC_DIMENSION_MAXIMUM) {
		return FC_DAMAGED;
	}
	const uint8_t *floats = fc_reader_borrow(in, found.dimension * sizeof(float));
	if (!floats) {
		return FC_DAMAGED;
	}
	FC_TRY(fc_fields_get(in, detected_fields, &found));
	if (found.recognition < 1 || found.recognition > RECOGNITION_MAXIMUM ||
	    found.detection < 1 || found.detection > DETECTION_MAXIMUM) {
		return FC_DAMAGED;
	}
	found.embedding = calloc(found.dimension, sizeof(*found.embedding));
	if (!found.embedding) {
		return FC_NO_MEMORY;
	}
	fc_record_copy_floats(found.embedding, floats, found.dimension);
	found.id = out->id;
	*out = found;
	return FC_OK;
}

enum fc_status fc_detected_add(struct fc_gallery_txn *txn, const struct fc_detected *detected,
			       struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	struct fc_key key = fc_key_pid(&detected->id);
	struct fc_key time = fc_key_time_uuid(detected->expires, &detected->id);
	const struct fc_face_record face = {
		.embedding = detected->embedding,
		.dimension = detected->dimension,
		.box = { detected->box[0], detected->box[1], detected->box[2], detected->box[3] },
	};
	FC_TRY(fc_face_check(txn, &face, err));
	fc_record_put_detected(&payload, detected);
	FC_TRY(fc_store_put(txn, FC_DB_DETECTED, &key, &payload, FC_STORE_ADD, err));
	return fc_store_put(txn, FC_DB_DETECTED_TIME, &time, NULL, FC_STORE_ADD, err);
}

/* A faceId lives for a day at most. One that would live much longer was stored while the clock was ahead. */
static bool has_expired(int64_t expires, int64_t now)
{
	const int64_t limit = 2 * FC_DAY_LENGTH;
	return expires <= now || (now <= INT64_MAX - limit && expires > now + limit);
}

enum fc_status fc_detected_get(struct fc_gallery_txn *txn, const struct fc_uuid *id, int64_t now,
			       struct fc_detected *out, struct fc_error *err)
{
	struct fc_key key = fc_key_pid(id);
	struct fc_reader payload;
	FC_TRY(fc_store_found(fc_store_get(txn, FC_DB_DETECTED, &key, &payload, err), err,
			      "there is no such faceId"));
	out->id = *id;
	FC_TRY(fc_store_decoded(txn, FC_DB_DETECTED, &key, fc_record_get_detected(&payload, out),
				err));
	if (has_expired(out->expires, now)) {
		fc_detected_release(out);
		return fc_fail(err, FC_NOT_FOUND, "the faceId has expired");
	}
	return FC_OK;
}

enum fc_status fc_detected_count(struct fc_gallery_txn *txn, int64_t now,
				 struct fc_detected_counts *out, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	const struct fc_key everything = { 0 };
	struct fc_reader payload;
	struct fc_key time;
	enum fc_status status;
	*out = (struct fc_detected_counts){ 0 };
	FC_TRY(fc_store_walk(txn, FC_DB_DETECTED_TIME, &everything, NULL, &cursor, err));
	while ((status = fc_store_next(&cursor, &time, &payload, err)) == FC_OK) {
		out->stored++;
		out->expired += has_expired(fc_key_get_time(&time, 0), now);
	}
	return status == FC_NOT_FOUND ? FC_OK : status;
}

/* An expired face, which is the first or the last by its time. FC_NOT_FOUND if there is none. */
static enum fc_status find_expired(struct fc_gallery_txn *txn, int64_t now, struct fc_key *time,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	const struct fc_key everything = { 0 };
	struct fc_reader payload;
	FC_TRY(fc_store_first(txn, FC_DB_DETECTED_TIME, &everything, time, &payload, err));
	if (has_expired(fc_key_get_time(time, 0), now)) {
		return FC_OK;
	}
	FC_TRY(fc_store_walk_back(txn, FC_DB_DETECTED_TIME, &everything, NULL, &cursor, err));
	FC_TRY(fc_store_next(&cursor, time, &payload, err));
	return has_expired(fc_key_get_time(time, 0), now) ? FC_OK : FC_NOT_FOUND;
}

enum fc_status fc_detected_sweep(struct fc_gallery_txn *txn, int64_t now, uint64_t *removed,
				 struct fc_error *err)
{
	struct fc_key time;
	enum fc_status status;
	for (*removed = 0; (status = find_expired(txn, now, &time, err)) == FC_OK; ++*removed) {
		const struct fc_uuid id = fc_key_get_pid(&time, sizeof(uint64_t));
		struct fc_key key = fc_key_pid(&id);
		FC_TRY(fc_store_delete(txn, FC_DB_DETECTED_TIME, &time, err));
		FC_TRY(fc_store_delete(txn, FC_DB_DETECTED, &key, err));
	}
	return status == FC_NOT_FOUND ? FC_OK : status;
}

enum fc_status fc_detected_drop_all(struct fc_gallery_txn *txn, struct fc_error *err)
{
	const struct fc_key everything = { 0 };
	FC_TRY(fc_store_delete_all(txn, FC_DB_DETECTED_TIME, &everything, err));
	return fc_store_delete_all(txn, FC_DB_DETECTED, &everything, err);
}
