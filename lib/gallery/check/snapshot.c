/* Checks of snapshots and of the operations on them. */
/* SPDX-License-Identifier: MIT */
#include "gallery/rows/snapshot.h"
#include "gallery/check/checker.h"

void fc_check_snapshot(struct fc_checker *checker, const struct fc_key *key,
		       struct fc_reader *payload)
{
	(void)key;
	FC_CLEANUP(fc_container_snapshot_release) struct fc_container_snapshot snapshot = { 0 };
	fc_checker_decoded(checker, fc_record_get_snapshot(payload, &snapshot));
}

void fc_check_snapshot_part(struct fc_checker *checker, const struct fc_key *key,
			    struct fc_reader *payload)
{
	FC_CLEANUP(fc_container_release) struct fc_container container = { 0 };
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	const struct fc_uuid snapshot = fc_key_get_pid(key, 0);
	const struct fc_uuid pid = fc_key_get_pid(key, sizeof(snapshot.bytes));
	struct fc_key record = fc_key_pid(&snapshot);
	enum fc_status status =
		key->length > 2 * sizeof(snapshot.bytes) ? fc_record_get_face(payload, &face)
		: fc_uuid_is_nil(&pid) ? fc_fields_get(payload, fc_container_fields, &container)
				       : fc_fields_get(payload, fc_person_fields, &person);
	fc_checker_expect_row(checker, FC_DB_SNAPSHOT, &record);
	if (fc_checker_decoded(checker, status) && face.dimension > 0 &&
	    (!checker->has_pin || face.dimension != checker->pin.dimension)) {
		fc_checker_report(checker, "its template has another dimension than the gallery's");
	}
}

void fc_check_snapshot_job(struct fc_checker *checker, const struct fc_key *key,
			   struct fc_reader *payload)
{
	(void)key;
	struct fc_snapshot_job job = { 0 };
	fc_checker_decoded(checker, fc_fields_get(payload, fc_snapshot_job_fields, &job));
}
