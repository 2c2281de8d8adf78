/* Convert filters of entries to the query parameters of a platform. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_PLATFORM_FILTER_H
#define FC_SERVICE_REMOTE_PLATFORM_FILTER_H

#include "protocol/platform_filter.h"
#include "service/remote/platform/engine.h"

/* A filter with numbers of origins and spaces. { 0 } is empty. It borrows the profiles of the filter that it was made of. */
struct fc_platform_entry_query {
	const struct fc_platform_dialect *dialect;
	struct fc_platform_filter filter;
	uint64_t *origins, *spaces;
};

void fc_platform_query_release(struct fc_platform_entry_query *query);

/*
 * Convert a filter. Names of origins and spaces are replaced by their numbers, which may send requests to the service. Errors: FC_NOT_FOUND,
 * FC_UNSUPPORTED (the platform has no such filter or no such value).
 */
enum fc_status fc_platform_query_of(struct fc_platform *platform,
				    const struct fc_entry_filter *filter,
				    struct fc_platform_entry_query *out, struct fc_error *err);

/*
 * Check that an entry is of a profile of the filter. A service that does not know the parameter ignores it and returns all entries.
 * Errors: FC_REFUSED.
 */
enum fc_status fc_platform_check_profile(const struct fc_platform *platform,
					 const struct fc_entry_filter *filter, uint64_t entry,
					 const struct fc_uuid *pid, struct fc_error *err);

/* Add the parameters to a request. Use it as fc_platform_list.filter, with a struct fc_platform_entry_query as context. */
void fc_platform_add_filters(struct fc_platform_call *call, const void *context);

#endif
