/*
 * Any bytes as a gallery's record. The first byte picks the kind. What is accepted must come back the same when it is written
 * and read again, and a record that is opened must be one that was sealed.
 */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "fuzz.h"
#include "gallery/rows/calibration.h"
#include "gallery/rows/container.h"
#include "gallery/rows/detected.h"
#include "gallery/rows/ledger_record.h"
#include "gallery/rows/mean.h"
#include "gallery/rows/origin.h"
#include "gallery/rows/parts.h"
#include "gallery/rows/record.h"
#include "gallery/rows/snapshot.h"
#include "gallery/search/segment.h"

/* Read a payload as one kind; if it is one, write it to out. */
static bool rewrite(uint8_t kind, struct fc_reader *in, struct fc_buffer *out)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	FC_CLEANUP(fc_entry_release) struct fc_entry entry = { 0 };
	struct fc_embedder_pin pin = { 0 };
	struct fc_format format = { 0 };
	struct fc_sequence sequence = { 0 };
	struct fc_space space = { 0 };
	struct fc_origin origin = { 0 };
	struct fc_segment segment = { 0 };
	struct fc_mean mean = { 0 };
	struct fc_ledger_task_record task = { 0 };
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
	FC_CLEANUP(fc_ledger_path_record_release) struct fc_ledger_path_record path = { 0 };
	FC_CLEANUP(fc_calibration_release) struct fc_calibration calibration = { 0 };
	FC_CLEANUP(fc_container_release) struct fc_container container = { 0 };
	FC_CLEANUP(fc_detected_release) struct fc_detected detected = { 0 };
	FC_CLEANUP(fc_container_snapshot_release) struct fc_container_snapshot snapshot = { 0 };
	struct fc_snapshot_job job = { 0 };
	bool accepted = false;
	switch (kind) {
	case 0:
		accepted = fc_fields_get(in, fc_format_fields, &format) == FC_OK;
		fc_fields_put(out, fc_format_fields, &format);
		break;
	case 1:
		accepted = fc_fields_get(in, fc_sequence_fields, &sequence) == FC_OK;
		fc_fields_put(out, fc_sequence_fields, &sequence);
		break;
	case 2:
		accepted = fc_fields_get(in, fc_pin_fields, &pin) == FC_OK;
		fc_fields_put(out, fc_pin_fields, &pin);
		break;
	case 3:
		accepted = fc_fields_get(in, fc_space_fields, &space) == FC_OK;
		fc_fields_put(out, fc_space_fields, &space);
		break;
	case 4:
		accepted = fc_fields_get(in, fc_person_fields, &person) == FC_OK;
		fc_fields_put(out, fc_person_fields, &person);
		break;
	case 5:
		accepted = fc_record_get_face(in, &face) == FC_OK;
		fc_record_put_face(out, &face);
		break;
	case 6:
		accepted = fc_record_get_entry(in, &entry) == FC_OK;
		fc_record_put_entry(out, &entry);
		break;
	case 7:
		accepted = fc_fields_get(in, fc_origin_fields, &origin) == FC_OK;
		fc_fields_put(out, fc_origin_fields, &origin);
		break;
	case 9:
		accepted = fc_fields_get(in, fc_task_fields, &task) == FC_OK;
		fc_fields_put(out, fc_task_fields, &task);
		break;
	case 10:
		accepted = fc_record_get_item(in, &item) == FC_OK;
		fc_record_put_item(out, &item);
		break;
	case 11:
		accepted = fc_record_get_path(in, &path) == FC_OK;
		fc_record_put_path(out, &path, path.path);
		break;
	case 12:
		accepted = fc_record_get_calibration(in, &calibration) == FC_OK;
		fc_record_put_calibration(out, &calibration, 0);
		break;
	case 13:
		accepted = fc_record_get_mean(in, &mean) == FC_OK;
		if (accepted) {
			fc_record_put_mean(out, &mean);
		}
		break;
	case 14:
		accepted = fc_fields_get(in, fc_container_fields, &container) == FC_OK;
		fc_fields_put(out, fc_container_fields, &container);
		break;
	case 15:
		accepted = fc_record_get_detected(in, &detected) == FC_OK;
		fc_record_put_detected(out, &detected);
		break;
	case 16:
		accepted = fc_record_get_snapshot(in, &snapshot) == FC_OK;
		fc_record_put_snapshot(out, &snapshot);
		break;
	case 17:
		accepted = fc_fields_get(in, fc_snapshot_job_fields, &job) == FC_OK;
		fc_fields_put(out, fc_snapshot_job_fields, &job);
		break;
	default:
		accepted = fc_record_get_segment(in, &segment) == FC_OK;
		fc_record_put_segment(out, &segment);
		break;
	}
	return accepted && fc_buffer_ok(out);
}

static void decode(uint8_t kind, const uint8_t *data, size_t size)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer once = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer twice = { 0 };
	struct fc_reader reader = fc_reader_of(data, size);
	if (!rewrite(kind, &reader, &once)) {
		return;
	}
	/* Appended fields that are missing in the input; the longest are those of a face: UUID, flag, length of the user data. */
	FUZZ_CHECK(once.length <= size + sizeof(struct fc_uuid) + 1 + sizeof(uint32_t));
	reader = fc_reader_of(once.data, once.length);
	FUZZ_CHECK(rewrite(kind, &reader, &twice));
	FUZZ_CHECK(fc_reader_done(&reader));
	FUZZ_CHECK(once.length == twice.length);
	FUZZ_CHECK(memcmp(once.data, twice.data, once.length) == 0);
}

/* The bytes as a whole record, header and all. */
static void open_record(enum fc_database database, const uint8_t *data, size_t size)
{
	struct fc_key key = fc_key_u64(size);
	struct fc_reader payload;
	uint8_t header[FC_RECORD_HEADER_SIZE];
	if (fc_record_open(database, &key, data, size, &payload) == FC_OK) {
		fc_record_seal(database, &key, payload.data, payload.left, header);
		FUZZ_CHECK(memcmp(header, data, sizeof(header)) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) {
		return 0;
	}
	decode(data[0] & 31, data + 1, size - 1);
	open_record((enum fc_database)(data[0] >> 4), data + 1, size - 1);
	return 0;
}
