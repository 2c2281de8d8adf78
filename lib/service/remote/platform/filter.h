/* The filters of entries in a platform's query. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_PLATFORM_FILTER_H
#define FC_SERVICE_PLATFORM_FILTER_H

#include "service/remote/platform/engine.h"

/* { 0 } is empty. Lists are joined with commas. */
struct fc_platform_query_texts {
	const struct fc_platform_dialect *dialect;
	const struct fc_entry_filter *filter;
	char *pids, *results, *moods, *livenesses, *sexes, *origins, *spaces; /* NULL: any */
	char since[FC_PLATFORM_TIME_SIZE], until[FC_PLATFORM_TIME_SIZE];
};

void fc_platform_query_texts_release(struct fc_platform_query_texts *texts);

/*
 * Fill the texts. Names of origins and spaces become numbers, for which the service may be queried. Errors: FC_NOT_FOUND, FC_UNSUPPORTED (the platform has no
 * such filter or no such value).
 */
FC_MUST_USE enum fc_status fc_platform_filter_texts(struct fc_platform *platform,
						    const struct fc_entry_filter *filter,
						    struct fc_platform_query_texts *out,
						    struct fc_error *err);

/* For fc_platform_list.filter; the context is the texts. */
void fc_platform_add_filters(struct fc_platform_call *call, const void *context);

#endif
