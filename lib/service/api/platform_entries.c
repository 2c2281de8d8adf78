/* Entries of NeuroIO and SERP: list, statistics, delete. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"
#include "protocol/percent.h"
#include "service/answer/platform.h"
#include "service/api/platform_query.h"

/* ---- list ---- */

/* The parameters of the request except those of the page, for the links. */
static void append_filters(const struct fc_api_target *target, struct fc_buffer *out)
{
	for (size_t i = 0; i < target->parameter_count; i++) {
		const struct fc_api_parameter *parameter = &target->parameters[i];
		if (strcmp(parameter->name, "limit") == 0 ||
		    strcmp(parameter->name, "offset") == 0) {
			continue;
		}
		fc_buffer_append_text(out, "&");
		fc_percent_append(out, parameter->name);
		fc_buffer_append_text(out, "=");
		fc_percent_append(out, parameter->value);
	}
}

static enum fc_status write_entry(void *context, const struct fc_entry_row *row,
				  struct fc_error *err)
{
	struct fc_platform_server *server = context;
	(void)err;
	fc_answer_entry(&server->json, server->dialect, row);
	return FC_OK;
}

static enum fc_status skip_entry(void *context, const struct fc_entry_row *row,
				 struct fc_error *err)
{
	(void)context;
	(void)row;
	(void)err;
	return FC_OK;
}

/* List the entries of a page, or only count them. A place that does not exist has none. */
static enum fc_status list_some(struct fc_entry_page_query *query, uint64_t limit,
				const struct fc_entry_sink *sink, uint64_t *total,
				struct fc_error *err)
{
	struct fc_entry_list_result result = { 0 };
	const struct fc_entry_list_request request = {
		.filter = query->filter,
		.limit = limit,
		.offset = query->offset,
		.want_total = true,
	};
	if (query->is_empty) {
		return FC_OK;
	}
	enum fc_status status =
		fc_service_entry_list(query->server->service, &request, sink, &result, err);
	query->is_empty = status == FC_NOT_FOUND || status == FC_GALLERY_MISSING;
	*total = result.total;
	return query->is_empty ? FC_OK : status;
}

static enum fc_status list(struct fc_platform_server *server, struct fc_error *err)
{
	FC_CLEANUP(fc_entry_page_query_release)
	struct fc_entry_page_query query = { .server = server };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer filters = { 0 };
	const struct fc_entry_sink none = { skip_entry, NULL };
	const struct fc_entry_sink sink = { write_entry, server };
	uint64_t total = 0;
	FC_TRY(fc_entry_page_query_read(&query, err));
	if (query.answered) {
		return FC_OK;
	}
	/* the page begins with the total */
	FC_TRY(list_some(&query, 0, &none, &total, err));
	append_filters(&server->target, &filters);
	const struct fc_platform_page_request page = {
		.path = "/v1/entries/",
		.limit = query.limit,
		.offset = query.offset,
		.total = total,
		.filters = fc_buffer_text(&filters),
	};
	fc_platform_begin_page(&server->json, server->dialect, &page);
	FC_TRY(list_some(&query, query.limit, &sink, &total, err));
	fc_platform_end_page(&server->json);
	return FC_OK;
}

/* ---- statistics ---- */

static enum fc_status person_stats(struct fc_platform_server *server, const char *id,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_entry_stats_release) struct fc_entry_stats stats = { 0 };
	struct fc_person_id person = { 0 };
	const struct fc_entry_filter filter = {
		.pids = &person.pid,
		.pid_count = 1,
		.spaces = &server->request->space,
		.space_count = server->request->space != NULL,
	};
	if (!fc_uuid_parse(id, &person.pid)) {
		return fc_platform_not_found(server);
	}
	enum fc_status status = fc_service_entry_stats(server->service, &filter, &stats, err);
	bool none = status == FC_OK && stats.total == 0;
	if (status == FC_NOT_FOUND || status == FC_GALLERY_MISSING || none) {
		return fc_platform_not_found(server);
	}
	FC_TRY(status);
	fc_answer_person_stats(&server->json, &person, &stats);
	return FC_OK;
}

/* One item for each origin that the token may see. */
static enum fc_status origin_stats(struct fc_platform_server *server, struct fc_error *err)
{
	FC_CLEANUP(fc_entry_page_query_release)
	struct fc_entry_page_query query = { .server = server };
	FC_CLEANUP(fc_free) struct fc_origin_row *origins = NULL;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer filters = { 0 };
	size_t count = 0;
	FC_TRY(fc_entry_page_query_read(&query, err));
	if (query.answered) {
		return FC_OK;
	}
	if (!query.is_empty) {
		FC_TRY(fc_service_origin_list(server->service, server->request->space, &origins,
					      &count, err));
	}
	append_filters(&server->target, &filters);
	const struct fc_platform_page_request page = {
		.path = "/v1/entries/stats/sources/",
		.limit = query.limit,
		.offset = query.offset,
		.total = count,
		.filters = fc_buffer_text(&filters),
	};
	fc_platform_begin_page(&server->json, server->dialect, &page);
	for (size_t i = query.offset; i < count && i - query.offset < query.limit; i++) {
		FC_CLEANUP(fc_entry_stats_release) struct fc_entry_stats stats = { 0 };
		const char *name = origins[i].origin.name;
		struct fc_entry_filter filter = query.filter;
		filter.origins = &name;
		filter.origin_count = 1;
		enum fc_status status =
			fc_service_entry_stats(server->service, &filter, &stats, err);
		FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
		fc_answer_origin_stats(&server->json, origins[i].origin.id, name, &stats);
	}
	fc_platform_end_page(&server->json);
	return FC_OK;
}

/* ---- delete ---- */

struct sight {
	struct fc_platform_server *server;
	bool seen;
};

static enum fc_status see_entry(void *context, const struct fc_entry_row *row, struct fc_error *err)
{
	struct sight *sight = context;
	(void)err;
	sight->seen = fc_platform_sees_space(sight->server, row->space);
	return FC_OK;
}

static enum fc_status delete_entry(struct fc_platform_server *server, const char *text,
				   struct fc_error *err)
{
	struct fc_entry_delete_item item = { 0 };
	struct sight sight = { .server = server };
	const struct fc_entry_sink sink = { see_entry, &sight };
	if (fc_parse_u64(text, 0, INT64_MAX, "an entry", &item.id, NULL) != FC_OK) {
		return fc_platform_reject_field(server, "id", "Value is not a valid integer.");
	}
	enum fc_status status = fc_service_entry_show(server->service, item.id, &sink, err);
	if (status == FC_NOT_FOUND || status == FC_GALLERY_MISSING ||
	    (status == FC_OK && !sight.seen)) {
		return fc_platform_not_found(server);
	}
	FC_TRY(status);
	FC_TRY(fc_service_entry_delete(server->service, &item, 1, false, err));
	return item.status == FC_OK ? fc_platform_done(server, 204) : fc_platform_not_found(server);
}

enum fc_status fc_platform_serve_entries(struct fc_platform_server *server,
					 const char *const *segments, size_t count,
					 struct fc_error *err)
{
	bool gets = fc_platform_is_method(server, "GET");
	bool is_stats = count > 1 && strcmp(segments[0], "stats") == 0;
	if (is_stats && count == 3 && strcmp(segments[1], "pid") == 0 &&
	    server->dialect->person_stats) {
		return gets ? person_stats(server, segments[2], err)
			    : fc_platform_reject(server, 405, "Method not allowed.");
	}
	if (is_stats && count == 2 && strcmp(segments[1], "sources") == 0) {
		return gets ? origin_stats(server, err)
			    : fc_platform_reject(server, 405, "Method not allowed.");
	}
	if (count == 0) {
		return gets ? list(server, err)
			    : fc_platform_reject(server, 405, "Method not allowed.");
	}
	if (count == 1) {
		return fc_platform_is_method(server, "DELETE")
			       ? delete_entry(server, segments[0], err)
			       : fc_platform_reject(server, 405, "Method not allowed.");
	}
	return fc_platform_not_found(server);
}
