/* Convert a filter of entries to that of a platform's document. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_ENTRY_FILTER_H
#define FC_SERVICE_ENTRY_FILTER_H

#include "protocol/platform_filter.h"
#include "service/entries.h"

/* Everything but the origins and spaces, which the document identifies by numbers. */
static inline struct fc_platform_filter fc_platform_filter_of(const struct fc_entry_filter *filter)
{
	return (struct fc_platform_filter){
		.pids = filter->pids,
		.pid_count = filter->pid_count,
		.other_ids = filter->other_ids,
		.results = filter->results,
		.sexes = filter->sexes,
		.moods = filter->moods,
		.livenesses = filter->livenesses,
		.has_age_from = filter->has_age_from,
		.has_age_to = filter->has_age_to,
		.age_from = filter->age_from,
		.age_to = filter->age_to,
		.has_since = filter->has_since,
		.has_until = filter->has_until,
		.since = filter->since,
		.until = filter->until,
	};
}

#endif
