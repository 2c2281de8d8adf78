/* Compares means with the faces of their persons. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "gallery/check/checker.h"
#include "gallery/rows/mean.h"

void fc_check_mean(struct fc_checker *checker, const struct fc_key *key, struct fc_reader *payload)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	struct fc_mean stored = { .id = fc_key_get_u64(key, sizeof(uint32_t)) }, mean;
	uint32_t space = fc_key_get_u32(key, 0);
	struct fc_checker_tally *tally = fc_checker_tally(checker, space);
	if (tally) {
		tally->means++;
	}
	if (!fc_checker_decoded(checker, fc_record_get_mean(payload, &stored))) {
		return;
	}
	if (stored.id >= checker->sequence.mean) {
		fc_checker_report(checker, "its id was never assigned");
	}
	if (!fc_checker_find_person(checker, &stored.pid, &person)) {
		return;
	}
	if (person.space != space || person.mean != stored.id) {
		fc_checker_report(checker, "its person has another mean");
		return;
	}
	/* A damaged face is reported with the faces. */
	enum fc_status status = fc_mean_compute(checker->txn, space, &stored.pid, &mean, NULL);
	if (status == FC_NOT_FOUND ||
	    (status == FC_OK &&
	     (mean.face != stored.face || mean.count != stored.count ||
	      (mean.face == 0 &&
	       (mean.dimension != stored.dimension ||
		memcmp(mean.sum, stored.sum, mean.dimension * sizeof(*mean.sum)) != 0))))) {
		fc_checker_report(checker, "it is not the mean of its person's faces");
	}
}
