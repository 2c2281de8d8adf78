/* Convert filters of entries to the query parameters of a platform. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_PLATFORM_FILTER_H
#define FC_SERVICE_REMOTE_PLATFORM_FILTER_H

#include "service/remote/platform/engine.h"

/* Values of query parameters. Lists are comma-separated. { 0 } is empty. */
struct fc_platform_query_texts {
	const struct fc_platform_dialect *dialect;
	const struct fc_entry_filter *filter;
	char *pids, *results, *moods, *livenesses, *sexes, *origins, *spaces; /* NULL: no filter */
	char since[FC_PLATFORM_TIME_SIZE], until[FC_PLATFORM_TIME_SIZE];
};

void fc_platform_query_texts_release(struct fc_platform_query_texts *texts);

/*
 * Fill in the values of the query parameters. Names of origins and spaces are replaced by their numbers, which may send requests
 * to the service. Errors: FC_NOT_FOUND, FC_UNSUPPORTED (the platform has no such filter or no such value).
 */
enum fc_status fc_platform_filter_texts(struct fc_platform *platform,
					const struct fc_entry_filter *filter,
					struct fc_platform_query_texts *out, struct fc_error *err);

/*
 * Check that an entry is of a profile of the filter. A service that does not know the parameter ignores it and returns all entries.
 * Errors: FC_REFUSED.
 */
enum fc_status fc_platform_check_profile(const struct fc_platform *platform,
					 const struct fc_entry_filter *filter, uint64_t entry,
					 const struct fc_uuid *pid, struct fc_error *err);

/* Add the parameters to a request. Use it as fc_platform_list.filter, with a struct fc_platform_query_texts as context. */
void fc_platform_add_filters(struct fc_platform_call *call, const void *context);

#endif
