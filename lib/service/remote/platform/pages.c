/* Read all pages of a list from a platform. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "service/remote/platform/engine.h"

enum { REPEATED_PAGES_MAXIMUM = 100 };

/* The ids on the last page. If an item is added while pages are read, some of them appear again at the start of the next page. */
struct seen {
	uint64_t *ids;
	size_t count;
};

static void seen_release(struct seen *seen)
{
	free(seen->ids);
}

static bool was_seen(const struct seen *seen, uint64_t id)
{
	for (size_t i = seen->count; i > 0; i--) {
		if (seen->ids[i - 1] == id) {
			return true;
		}
	}
	return false;
}

static enum fc_status read_page(struct fc_platform *platform, const struct fc_platform_list *list,
				uint64_t offset, uint64_t limit, struct fc_platform_answer *answer,
				struct fc_platform_page *page, struct fc_error *err)
{
	FC_CLEANUP(fc_platform_call_release) struct fc_platform_call call = { 0 };
	fc_platform_call_begin(platform, FC_HTTP_GET, list->path, &call);
	if (list->filter) {
		list->filter(&call, list->filter_context);
	}
	fc_platform_query_count(&call, "limit", limit);
	fc_platform_query_count(&call, "offset", offset);
	FC_TRY(fc_platform_call_end(&call, err));
	FC_TRY(fc_platform_perform(platform, list->http, &call, answer, err));
	enum fc_status status = fc_platform_read_page(answer->json, page, err);
	if (status != FC_OK) {
		status = fc_platform_misdirected(err);
		fc_error_prefix(err, "service '%s'", platform->options.name);
	}
	return status;
}

/* Visit the new items of one page, at most `left`. *got: number of items on the page; *shown: number of new ones. */
static enum fc_status show_page(const struct fc_platform *platform,
				const struct fc_platform_list *list,
				const struct fc_platform_page *page, uint64_t left,
				struct seen *last, uint64_t *got, uint64_t *shown,
				struct fc_error *err)
{
	FC_CLEANUP(seen_release) struct seen seen = { 0 };
	const cJSON *item;
	*shown = 0;
	*got = (uint64_t)cJSON_GetArraySize(page->items);
	seen.ids = calloc(*got + 1, sizeof(*seen.ids));
	if (!seen.ids) {
		return fc_fail_memory(err);
	}
	cJSON_ArrayForEach (item, page->items) {
		uint64_t id;
		if (!fc_platform_read_id(item, &id)) {
			return fc_fail(err, FC_REFUSED,
				       "service '%s': a%s in the response has no number",
				       platform->options.name, list->what);
		}
		seen.ids[seen.count++] = id;
		if (was_seen(last, id) || *shown == left) {
			continue;
		}
		FC_TRY(list->visit(list->context, item, err));
		(*shown)++;
	}
	seen_release(last);
	*last = FC_STEAL_STRUCT(seen);
	return FC_OK;
}

enum fc_status fc_platform_each(struct fc_platform *platform, const struct fc_platform_list *list,
				struct fc_error *err)
{
	FC_CLEANUP(seen_release) struct seen last = { 0 };
	uint64_t offset = list->offset;
	uint64_t left = list->limit;
	unsigned repeated = 0; /* pages in a row without a new item */
	bool end = left == 0;
	while (!end) {
		FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
		struct fc_platform_page page;
		uint64_t limit = left < FC_PLATFORM_PAGE ? left : FC_PLATFORM_PAGE;
		uint64_t got, shown;
		FC_TRY(read_page(platform, list, offset, limit, &answer, &page, err));
		FC_TRY(show_page(platform, list, &page, left, &last, &got, &shown, err));
		left -= shown;
		offset += got;
		repeated = shown > 0 ? 0 : repeated + 1;
		if (repeated > REPEATED_PAGES_MAXIMUM) {
			return fc_fail(err, FC_REFUSED,
				       "service '%s' returns the same pages again and again",
				       platform->options.name);
		}
		bool is_last = page.has_next_member ? !page.has_next : got < limit;
		end = left == 0 || got == 0 || is_last;
	}
	return FC_OK;
}

/* SERP returns no total. A page with one item shows whether an offset is within the list, so the total is found by bisection. */
enum fc_status fc_platform_total(struct fc_platform *platform, const struct fc_platform_list *list,
				 uint64_t *out, struct fc_error *err)
{
	uint64_t least = 0;           /* the total is at least this */
	uint64_t beyond = UINT64_MAX; /* the total is less than this */
	uint64_t at = 0;
	while (least < beyond) {
		FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
		struct fc_platform_page page;
		FC_TRY(read_page(platform, list, at, 1, &answer, &page, err));
		bool found = cJSON_GetArraySize(page.items) > 0;
		if (page.has_total) {
			*out = page.total;
			return FC_OK;
		}
		if (found && page.has_next_member && !page.has_next) {
			*out = at + 1;
			return FC_OK;
		}
		if (found) {
			least = at + 1;
		} else {
			beyond = at;
		}
		at = beyond == UINT64_MAX ? 2 * least : least + (beyond - least) / 2;
		if (at > UINT32_MAX) {
			return fc_fail(err, FC_REFUSED, "service '%s' returns an endless list",
				       platform->options.name);
		}
	}
	*out = least;
	return FC_OK;
}
