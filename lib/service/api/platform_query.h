/* The query of a list of entries. Private to lib/service/api. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_API_PLATFORM_QUERY_H
#define FC_SERVICE_API_PLATFORM_QUERY_H

#include "service/api/platform.h"
#include "service/entries.h"
#include "service/spaces.h"

/* The parameters of a list, and the memory that the filter points to. */
struct fc_entry_page_query {
	struct fc_platform_server *server;
	struct fc_entry_filter filter;
	uint64_t limit, offset;
	bool is_empty; /* no entry can pass: a place does not exist or may not be seen */
	bool answered; /* the request was refused */
	struct fc_uuid *pids;
	char **origins;
	const char **spaces;
	struct fc_space_summary *known; /* spaces of the gallery */
	size_t known_count;
};

void fc_entry_page_query_release(struct fc_entry_page_query *query);

/* Read the parameters of query->server's request. Errors: FC_NO_MEMORY, and those of the gallery. */
enum fc_status fc_entry_page_query_read(struct fc_entry_page_query *query, struct fc_error *err);

#endif
