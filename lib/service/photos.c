/* Counting the outcomes of photos. */
/* SPDX-License-Identifier: MIT */
#include "service/photos.h"

void fc_tally_count(struct fc_tally *tally, enum fc_status status)
{
	tally->photos++;
	if (status == FC_OK) {
		tally->done++;
		return;
	}
	if (tally->failed++ == 0) {
		tally->first_failure = status;
	}
}

void fc_tally_note(struct fc_tally *tally, enum fc_action action, enum fc_reason reason)
{
	tally->actions[action]++;
	tally->reasons[reason] += reason != FC_REASON_NONE;
}
