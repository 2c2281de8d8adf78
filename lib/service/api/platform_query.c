/* Read the query of a list of entries. */
/* SPDX-License-Identifier: MIT */
#include "service/api/platform_query.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/when.h"

enum { PAGE_DEFAULT = 20, PAGE_MAXIMUM = 1000, ITEMS_MAXIMUM = 1000 };

void fc_entry_page_query_release(struct fc_entry_page_query *query)
{
	for (size_t i = 0; query->origins && i < query->filter.origin_count; i++) {
		free(query->origins[i]);
	}
	free(query->origins);
	free(query->spaces);
	free(query->pids);
	free(query->known);
}

/* ---- parameters ---- */

static enum fc_status refuse(struct fc_entry_page_query *query, const char *name,
			     const char *message)
{
	query->answered = true;
	return fc_platform_reject_field(query->server, name, message);
}

/* Call visit for each item of a comma-separated parameter. visit returns false if the item is invalid. */
static enum fc_status each_item(struct fc_entry_page_query *query, const char *name,
				const char *message,
				bool (*visit)(struct fc_entry_page_query *query, const char *item),
				struct fc_error *err)
{
	const char *value = name ? fc_api_parameter(&query->server->target, name) : NULL;
	if (!value || *value == '\0' || query->answered) {
		return FC_OK;
	}
	FC_CLEANUP(fc_free) char *copy = strdup(value);
	char *rest = copy;
	size_t count = 0;
	if (!copy) {
		return fc_fail_memory(err);
	}
	for (char *item = strsep(&rest, ","); item; item = strsep(&rest, ",")) {
		if (++count > ITEMS_MAXIMUM || !visit(query, item)) {
			return refuse(query, name, message);
		}
	}
	return FC_OK;
}

static bool add_pid(struct fc_entry_page_query *query, const char *item)
{
	return fc_uuid_parse(item, &query->pids[query->filter.pid_count++]);
}

static bool add_result(struct fc_entry_page_query *query, const char *item)
{
	const struct fc_platform_dialect *dialect = query->server->dialect;
	for (unsigned i = FC_RESULT_NM; i < FC_RESULT_END; i++) {
		if (dialect->results >> i & 1 &&
		    strcmp(item, fc_platform_result_word(dialect, (enum fc_result)i)) == 0) {
			query->filter.results |= 1u << i;
			return true;
		}
	}
	return false;
}

static bool add_sex(struct fc_entry_page_query *query, const char *item)
{
	if (strcmp(item, "0") != 0 && strcmp(item, "1") != 0) {
		return false;
	}
	query->filter.sexes |= 1u << (*item == '0' ? FC_SEX_MALE : FC_SEX_FEMALE);
	return true;
}

static bool add_mood(struct fc_entry_page_query *query, const char *item)
{
	for (unsigned i = FC_MOOD_NEUTRAL; i < FC_MOOD_END; i++) {
		const char *word = fc_platform_mood_word(query->server->dialect, (enum fc_mood)i);
		if (word && strcmp(item, word) == 0) {
			query->filter.moods |= 1u << i;
			return true;
		}
	}
	return false;
}

static bool add_liveness(struct fc_entry_page_query *query, const char *item)
{
	enum fc_liveness liveness;
	if (!fc_liveness_of_name(item, &liveness)) {
		return false;
	}
	query->filter.livenesses |= 1u << liveness;
	return true;
}

static bool add_origin(struct fc_entry_page_query *query, const char *item)
{
	uint64_t id;
	if (fc_parse_u64(item, 1, UINT32_MAX, "a number", &id, NULL) != FC_OK) {
		return false;
	}
	char *copy = strdup(item);
	query->origins[query->filter.origin_count] = copy;
	query->filter.origin_count += copy != NULL;
	return copy != NULL;
}

/* A number of a space that does not exist, or that the token may not see, has no entries. */
static bool add_space(struct fc_entry_page_query *query, const char *item)
{
	uint64_t id;
	if (fc_parse_u64(item, 1, UINT32_MAX, "a number", &id, NULL) != FC_OK) {
		return false;
	}
	for (size_t i = 0; i < query->known_count; i++) {
		if (query->known[i].id == id &&
		    fc_platform_sees_space(query->server, query->known[i].name)) {
			query->spaces[query->filter.space_count++] = query->known[i].name;
		}
	}
	return true;
}

static enum fc_status read_number(struct fc_entry_page_query *query, const char *name,
				  uint64_t least, uint64_t most, bool *given, uint64_t *out)
{
	const char *value = fc_api_parameter(&query->server->target, name);
	*given = value && *value != '\0';
	if (!*given || query->answered ||
	    fc_parse_u64(value, least, most, name, out, NULL) == FC_OK) {
		return FC_OK;
	}
	return refuse(query, name, "Value is not a valid integer.");
}

static enum fc_status read_age(struct fc_entry_page_query *query, const char *name, bool *given,
			       unsigned *out)
{
	uint64_t value = 0;
	FC_TRY(read_number(query, name, 0, UINT8_MAX, given, &value));
	*out = (unsigned)value;
	return FC_OK;
}

static enum fc_status read_time(struct fc_entry_page_query *query, const char *name, bool *given,
				int64_t *out)
{
	const char *value = fc_api_parameter(&query->server->target, name);
	*given = value && *value != '\0';
	if (!*given || query->answered) {
		return FC_OK;
	}
	/* the parser also accepts texts such as "2 days ago" */
	bool is_date = strlen(value) >= 10 && value[4] == '-' && value[7] == '-';
	if (is_date && fc_when_parse(value, 0, NULL, name, out, NULL) == FC_OK) {
		return FC_OK;
	}
	return refuse(query, name, "Invalid datetime format.");
}

/* The token's space limits the filter; a list of spaces without any that exists passes nothing. */
static void apply_token(struct fc_entry_page_query *query)
{
	const char *asked = fc_api_parameter(&query->server->target, "spaces_ids");
	bool any = asked && *asked != '\0';
	const char *own = query->server->request->space;
	if (any) {
		query->is_empty = query->is_empty || query->filter.space_count == 0;
	} else if (own) {
		query->is_empty = true;
		for (size_t i = 0; i < query->known_count; i++) {
			query->is_empty = query->is_empty && strcmp(query->known[i].name, own) != 0;
		}
		query->spaces[0] = own;
		query->filter.space_count = 1;
	}
}

enum fc_status fc_entry_page_query_read(struct fc_entry_page_query *query, struct fc_error *err)
{
	static const char number[] = "Value is not a valid integer.";
	struct fc_platform_server *server = query->server;
	const struct fc_platform_dialect *dialect = server->dialect;
	struct fc_entry_filter *filter = &query->filter;
	bool given;
	query->pids = calloc(ITEMS_MAXIMUM, sizeof(*query->pids));
	query->origins = calloc(ITEMS_MAXIMUM, sizeof(*query->origins));
	query->spaces = calloc(ITEMS_MAXIMUM, sizeof(*query->spaces));
	if (!query->pids || !query->origins || !query->spaces) {
		return fc_fail_memory(err);
	}
	enum fc_status status =
		fc_service_space_list(server->service, &query->known, &query->known_count, err);
	query->is_empty = status == FC_GALLERY_MISSING;
	FC_TRY(query->is_empty ? FC_OK : status);
	query->limit = PAGE_DEFAULT;
	FC_TRY(each_item(query, dialect->pids, "Value is not a valid uuid.", add_pid, err));
	FC_TRY(each_item(query, dialect->result_filter,
			 dialect->numbered_results
				 ? "Value is not a valid enumeration member; permitted: 1, 2, 3, "
				   "4, 5, 6, 7, 8."
				 : "Value is not a valid enumeration member; permitted: 'new', "
				   "'reinit', 'exact', 'ha', 'junk', 'nm', 'det'.",
			 add_result, err));
	FC_TRY(each_item(query, "sex", "Value is not a valid enumeration member; permitted: 0, 1.",
			 add_sex, err));
	FC_TRY(each_item(query, "mood",
			 dialect->kind == FC_PLATFORM_SERP
				 ? "Value is not a valid enumeration member; permitted: 'angry', "
				   "'fear', 'neutral', 'sad', 'disgust', 'happy', 'surprise'."
				 : "Value is not a valid enumeration member; permitted: 'neutral', "
				   "'anger', 'contempt', 'disgust', 'fear', 'happiness', "
				   "'sadness', 'surprise'.",
			 add_mood, err));
	FC_TRY(each_item(query, dialect->liveness,
			 "Value is not a valid enumeration member; permitted: 'passed', 'failed', "
			 "'undetermined'.",
			 add_liveness, err));
	FC_TRY(each_item(query, dialect->origin_filter, number, add_origin, err));
	FC_TRY(each_item(query, "spaces_ids", number, add_space, err));
	FC_TRY(read_age(query, "age_from", &filter->has_age_from, &filter->age_from));
	FC_TRY(read_age(query, "age_to", &filter->has_age_to, &filter->age_to));
	FC_TRY(read_time(query, "date_from", &filter->has_since, &filter->since));
	FC_TRY(read_time(query, "date_to", &filter->has_until, &filter->until));
	FC_TRY(read_number(query, "limit", 1, PAGE_MAXIMUM, &given, &query->limit));
	FC_TRY(read_number(query, "offset", 0, INT64_MAX, &given, &query->offset));
	filter->pids = query->pids;
	filter->origins = (const char *const *)query->origins;
	filter->spaces = query->spaces;
	apply_token(query);
	return FC_OK;
}
