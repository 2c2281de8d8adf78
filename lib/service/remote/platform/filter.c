/* Convert filters of entries to the query parameters of a platform. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/platform/filter.h"

#include <inttypes.h>
#include <stdlib.h>

#include "service/entry_filter.h"

void fc_platform_query_release(struct fc_platform_entry_query *query)
{
	free(query->origins);
	free(query->spaces);
	*query = (struct fc_platform_entry_query){ 0 };
}

static enum fc_status refuse_unsupported(const struct fc_platform *platform,
					 const struct fc_entry_filter *filter, struct fc_error *err)
{
	const struct fc_platform_dialect *dialect = platform->dialect;
	const unsigned both = 1u << FC_SEX_MALE | 1u << FC_SEX_FEMALE;
	FC_TRY(fc_platform_refuse(platform, filter->photo, "filtering by photo", err));
	FC_TRY(fc_platform_refuse(platform, (filter->results & ~dialect->results) != 0,
				  "the result 'nf'", err));
	FC_TRY(fc_platform_refuse(platform, filter->livenesses != 0 && !dialect->liveness,
				  "filtering by liveness", err));
	FC_TRY(fc_platform_refuse(platform,
				  (filter->sexes & both) == both && !dialect->sexes_listed,
				  "filtering for both sexes at once", err));
	bool contempt = filter->moods >> FC_MOOD_CONTEMPT & 1;
	return fc_platform_refuse(platform,
				  contempt && !fc_platform_mood_word(dialect, FC_MOOD_CONTEMPT),
				  "the mood 'contempt'", err);
}

/* Numbers are sent as they are, without asking the service for its lists. */
static enum fc_status find_places(struct fc_platform *platform,
				  const struct fc_entry_filter *filter,
				  struct fc_platform_entry_query *out, struct fc_error *err)
{
	const struct fc_platform_name *found;
	for (size_t i = 0; i < filter->origin_count; i++) {
		if (!fc_platform_is_number(filter->origins[i], &out->origins[i])) {
			FC_TRY(fc_platform_find_origin(platform, filter->origins[i], &found, err));
			out->origins[i] = found->id;
		}
		out->filter.origin_count++;
	}
	for (size_t i = 0; i < filter->space_count; i++) {
		if (!fc_platform_is_number(filter->spaces[i], &out->spaces[i])) {
			enum fc_status status =
				fc_platform_find_space(platform, filter->spaces[i], &found, err);
			if (status == FC_PERMISSION && filter->space_count == 1) {
				/* without access to the list of spaces, the only valid name is that of the token's own space */
				return fc_platform_check_space(platform, filter->spaces[0], err);
			}
			FC_TRY(status);
			out->spaces[i] = found->id;
		}
		out->filter.space_count++;
	}
	return FC_OK;
}

enum fc_status fc_platform_query_of(struct fc_platform *platform,
				    const struct fc_entry_filter *filter,
				    struct fc_platform_entry_query *out, struct fc_error *err)
{
	FC_TRY(refuse_unsupported(platform, filter, err));
	out->dialect = platform->dialect;
	out->origins = calloc(filter->origin_count + 1, sizeof(*out->origins));
	out->spaces = calloc(filter->space_count + 1, sizeof(*out->spaces));
	if (!out->origins || !out->spaces) {
		return fc_fail_memory(err);
	}
	out->filter = fc_platform_filter_of(filter);
	out->filter.origins = out->origins;
	out->filter.spaces = out->spaces;
	return find_places(platform, filter, out, err);
}

enum fc_status fc_platform_check_profile(const struct fc_platform *platform,
					 const struct fc_entry_filter *filter, uint64_t entry,
					 const struct fc_uuid *pid, struct fc_error *err)
{
	bool matches = filter->pid_count == 0;
	for (size_t i = 0; i < filter->pid_count; i++) {
		matches = matches || fc_uuid_equal(&filter->pids[i], pid);
	}
	if (matches) {
		return FC_OK;
	}
	return fc_fail(err, FC_REFUSED,
		       "service '%s' returned an entry of another profile (entry %" PRIu64
		       "), so it ignores the filter by profile; is its type '%s'?",
		       platform->options.name, entry, platform->service.operations->type);
}

static enum fc_status put(void *context, const char *name, const char *value, struct fc_error *err)
{
	(void)err;
	fc_platform_query(context, name, value);
	return FC_OK;
}

void fc_platform_add_filters(struct fc_platform_call *call, const void *context)
{
	const struct fc_platform_entry_query *query = context;
	if (fc_platform_filter_each(&query->filter, query->dialect, put, call, NULL) != FC_OK) {
		call->failed = true;
	}
}
