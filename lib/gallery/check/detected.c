/* Checks of detected faces. */
/* SPDX-License-Identifier: MIT */
#include "gallery/rows/detected.h"
#include "gallery/check/checker.h"
#include "gallery/rows/record_check.h"

void fc_check_detected(struct fc_checker *checker, const struct fc_key *key,
		       struct fc_reader *payload)
{
	FC_CLEANUP(fc_detected_release) struct fc_detected detected = { 0 };
	if (!fc_checker_decoded(checker, fc_record_get_detected(payload, &detected))) {
		return;
	}
	detected.id = fc_key_get_pid(key, 0);
	struct fc_key time = fc_key_time_uuid(detected.expires, &detected.id);
	fc_checker_expect_row(checker, FC_DB_DETECTED_TIME, &time);
	if (!checker->has_pin || detected.dimension != checker->pin.dimension) {
		fc_checker_report(checker, "its template has another dimension than the gallery's");
	} else if (!fc_is_normalised(detected.embedding, detected.dimension)) {
		fc_checker_report(checker, "its template does not have length 1");
	}
}

void fc_check_detected_time(struct fc_checker *checker, const struct fc_key *key,
			    struct fc_reader *payload)
{
	(void)payload;
	const struct fc_uuid id = fc_key_get_pid(key, sizeof(uint64_t));
	struct fc_key record = fc_key_pid(&id);
	fc_checker_expect_row(checker, FC_DB_DETECTED, &record);
	struct fc_key own = fc_key_time_uuid(fc_key_get_time(key, 0), &id);
	fc_checker_expect_own_key(checker, &own);
}
