/* Entries, origins and spaces on NeuroIO and SERP against stateful fakes: filters by the letter, pages followed, counts. */
/* SPDX-License-Identifier: MIT */
#include "platform_wire_test.h"

#include <stdio.h>

#include "base/memory.h"
#include "base/when.h"
#include "gallery/rows/origin.h"

static void assert_requests(const char *dialect, const char *expected)
{
	FC_CLEANUP(fc_free) char *requests = requests_of(dialect);
	assert_string_equal(requests, expected);
}

static struct fc_uuid pid_of(const char *text)
{
	struct fc_uuid pid;
	assert_true(fc_uuid_parse(text, &pid));
	return pid;
}

static int64_t time_of(const char *text)
{
	int64_t time;
	assert_int_equal(fc_when_parse(text, 0, NULL, "time", &time, NULL), FC_OK);
	return time;
}

#define PID_1 "c7111b45-c5cb-4c44-b097-5ede3584abe3"
#define PID_2 "0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4"

/* The filters of the documents' example, each with a value. */
static struct fc_entry_filter every_filter(const struct fc_uuid pids[2])
{
	static const char *const origins[] = { "hall, left", "1" };
	static const char *const spaces[] = { "lobby" };
	return (struct fc_entry_filter){
		.pids = pids,
		.pid_count = 2,
		.spaces = spaces,
		.space_count = 1,
		.origins = origins,
		.origin_count = 2,
		.has_since = true,
		.since = time_of("2020-01-31T00:00:00Z"),
		.has_until = true,
		.until = time_of("2022-09-06T08:52:01.581172Z"),
		.results = 1u << FC_RESULT_NEW | 1u << FC_RESULT_HA,
		.sexes = 1u << FC_SEX_MALE,
		.moods = 1u << FC_MOOD_FEAR | 1u << FC_MOOD_HAPPINESS,
		.has_age_from = true,
		.age_from = 1,
		.has_age_to = true,
		.age_to = 100,
	};
}

static void neuroio_filters_arrive_by_the_letter(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer lines = { 0 };
	struct fc_platform_options options = platform_options(FC_PLATFORM_NEUROIO);
	FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
	const struct fc_uuid pids[] = { pid_of(PID_1), pid_of(PID_2) };
	struct fc_entry_list_request request = { .filter = every_filter(pids),
						 .limit = 10,
						 .offset = 5 };
	struct fc_entry_list_result result;
	const struct fc_entry_sink sink = entry_lines(&lines);
	request.filter.livenesses = 1u << FC_LIVENESS_PASSED | 1u << FC_LIVENESS_UNDETERMINED;
	request.filter.sexes |= 1u << FC_SEX_FEMALE;
	assert_int_equal(fc_service_entry_list(service, &request, &sink, &result, NULL), FC_OK);
	assert_requests(
		"neuroio",
		"GET /v1/sources/?limit=500&offset=0\n"
		"GET /v1/spaces/?limit=500&offset=0\n"
		"GET /v1/entries/?pid=" PID_1 "%2C" PID_2 "&result=new%2Cha&age_from=1&age_to=100"
		"&sex=0%2C1&mood=fear%2Chappiness&liveness=passed%2Cundetermined"
		"&sources_ids=2%2C1&spaces_ids=1&date_from=2020-01-31T00%3A00%3A00%2B00%3A00"
		"&date_to=2022-09-06T08%3A52%3A01.581172%2B00%3A00&limit=10&offset=5\n");
}

static void serp_filters_arrive_by_the_letter(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer lines = { 0 };
	struct fc_platform_options options = platform_options(FC_PLATFORM_SERP);
	FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
	const struct fc_uuid pids[] = { pid_of(PID_1), pid_of(PID_2) };
	struct fc_entry_list_request request = { .filter = every_filter(pids),
						 .limit = 10,
						 .offset = 5 };
	struct fc_entry_list_result result;
	const struct fc_entry_sink sink = entry_lines(&lines);
	assert_int_equal(fc_service_entry_list(service, &request, &sink, &result, NULL), FC_OK);
	assert_requests("serp",
			"GET /v1/origins/?limit=500&offset=0\n"
			"GET /v1/spaces/?limit=500&offset=0\n"
			"GET /v1/entries/?person_ids=" PID_1 "%2C" PID_2
			"&conf=2%2C5&age_from=1&age_to=100"
			"&sex=0&mood=fear%2Chappy&origin_ids=2%2C1&spaces_ids=1"
			"&date_from=2020-01-31T00%3A00%3A00%2B00%3A00"
			"&date_to=2022-09-06T08%3A52%3A01.581172%2B00%3A00&limit=10&offset=5\n");
}

static void what_a_platform_cannot_filter_is_refused(void **state)
{
	(void)state;
	static const struct {
		enum fc_platform_kind kind;
		struct fc_entry_filter filter;
		const char *words;
	} cases[] = {
		{ FC_PLATFORM_NEUROIO,
		  { .results = 1u << FC_RESULT_NF },
		  "does not support the result 'nf'" },
		{ FC_PLATFORM_SERP,
		  { .moods = 1u << FC_MOOD_CONTEMPT },
		  "does not support the mood 'contempt'" },
		{ FC_PLATFORM_SERP,
		  { .livenesses = 1u << FC_LIVENESS_PASSED },
		  "does not support filtering by liveness" },
		{ FC_PLATFORM_SERP,
		  { .sexes = 1u << FC_SEX_MALE | 1u << FC_SEX_FEMALE },
		  "both sexes" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer lines = { 0 };
		struct fc_platform_options options = platform_options(cases[i].kind);
		FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
		const struct fc_entry_list_request request = { .filter = cases[i].filter,
							       .limit = 10 };
		struct fc_entry_list_result result;
		struct fc_error err = { 0 };
		const struct fc_entry_sink sink = entry_lines(&lines);
		assert_int_equal(fc_service_entry_list(service, &request, &sink, &result, &err),
				 FC_UNSUPPORTED);
		assert_non_null(strstr(err.text, cases[i].words));
	}
	assert_int_equal(wire_count("requests"), 0);
}

/* Lines of the numbers from `first` down to `last`. */
static void assert_numbers(struct fc_buffer *lines, unsigned first, unsigned last)
{
	const char *at = fc_buffer_text(lines);
	for (unsigned number = first; number >= last; number--) {
		char *end;
		assert_int_equal(strtoul(at, &end, 10), number);
		at = strchr(end, '\n') + 1;
	}
	assert_string_equal(at, "");
}

static void list(struct fc_service *service, uint64_t limit, uint64_t offset,
		 struct fc_buffer *lines)
{
	const struct fc_entry_list_request request = { .limit = limit, .offset = offset };
	const struct fc_entry_sink sink = entry_lines(lines);
	struct fc_entry_list_result result;
	struct fc_error err = { 0 };
	fc_buffer_clear(lines);
	if (fc_service_entry_list(service, &request, &sink, &result, &err) != FC_OK) {
		fail_msg("%s", err.text);
	}
}

static void pages_are_followed(void **state)
{
	(void)state;
	static const enum fc_platform_kind kinds[] = { FC_PLATFORM_NEUROIO, FC_PLATFORM_SERP };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(kinds); i++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer lines = { 0 };
		struct fc_platform_options options = platform_options(kinds[i]);
		FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
		const char *dialect = kinds[i] == FC_PLATFORM_SERP ? "serp" : "neuroio";
		wire_order("reset", "null");
		wire_order(dialect, "{\"entries\":2500}");
		list(service, 2300, 100, &lines);
		assert_numbers(&lines, 2400, 101);
		/* A server that gives less than asked for. */
		wire_order(dialect, "{\"page_cap\":7}");
		list(service, 50, 0, &lines);
		assert_numbers(&lines, 2500, 2451);
		list(service, 50, 2480, &lines);
		assert_numbers(&lines, 20, 1);
		/* Entries that come in between show up neither twice nor instead of others. */
		wire_order(dialect, "{\"grows\":5}");
		list(service, 50, 0, &lines);
		assert_numbers(&lines, 2500, 2451);
	}
}

static void totals_are_told_or_found(void **state)
{
	(void)state;
	static const unsigned counts[] = { 0, 1, 2, 37, 64 };
	static const enum fc_platform_kind kinds[] = { FC_PLATFORM_NEUROIO, FC_PLATFORM_SERP };
	for (size_t i = 0; i < 2 * FC_ARRAY_LENGTH(counts); i++) {
		enum fc_platform_kind kind = kinds[i % 2];
		unsigned count = counts[i / 2];
		struct fc_platform_options options = platform_options(kind);
		FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
		const struct fc_entry_list_request request = { .want_total = true };
		const struct fc_entry_sink sink = { 0 };
		struct fc_entry_list_result result = { 0 };
		char order[40];
		snprintf(order, sizeof(order), "{\"entries\":%u}", count);
		wire_order("reset", "null");
		wire_order(kind == FC_PLATFORM_SERP ? "serp" : "neuroio", order);
		assert_int_equal(fc_service_entry_list(service, &request, &sink, &result, NULL),
				 FC_OK);
		assert_int_equal(result.total, count);
		assert_true(wire_count("requests") <= (kind == FC_PLATFORM_SERP ? 14 : 1));
	}
}

static void places_have_names(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer lines = { 0 };
	struct fc_platform_options options = platform_options(FC_PLATFORM_SERP);
	FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
	wire_order("serp", "{\"entries\":2}");
	list(service, 10, 0, &lines);
	assert_string_equal(fc_buffer_text(&lines), "2 new lobby/hall, left\n1 nm lobby/door\n");
	/* A token that may not see the spaces sees the entries all the same. */
	FC_CLEANUP(fc_service_closep) struct fc_service *other = platform_open(&options);
	wire_order("serp", "{\"sees_spaces\":false}");
	list(other, 10, 0, &lines);
	assert_string_equal(fc_buffer_text(&lines), "2 new ?/hall, left\n1 nm ?/door\n");
}

static void statistics_count_the_same_on_both(void **state)
{
	(void)state;
	static const enum fc_platform_kind kinds[] = { FC_PLATFORM_NEUROIO, FC_PLATFORM_SERP };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(kinds); i++) {
		FC_CLEANUP(fc_entry_stats_release) struct fc_entry_stats stats = { 0 };
		struct fc_platform_options options = platform_options(kinds[i]);
		FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
		struct fc_uuid pid = pid_of(PID_2);
		struct fc_entry_filter filter = { .pids = &pid, .pid_count = 1 };
		struct fc_error err = { 0 };
		bool serp = kinds[i] == FC_PLATFORM_SERP;
		wire_order("reset", "null");
		wire_order(serp ? "serp" : "neuroio", "{\"entries\":1400}");
		assert_int_equal(fc_service_entry_stats(service, &filter, &stats, &err), FC_OK);
		/* every second entry, of those that have a profile */
		assert_int_equal(stats.total, serp ? 350 : 500);
		assert_int_equal(stats.results[FC_RESULT_NEW], serp ? 175 : 100);
		assert_int_equal(stats.results[FC_RESULT_REINIT], serp ? 0 : 100);
		assert_true(stats.has_initial_origin_id);
		assert_int_equal(stats.initial_origin_id, 2);
		assert_string_equal(stats.initial.origin, "hall, left");
		assert_int_equal(stats.first_seen, time_of("2022-09-06T08:52:02.581172Z"));
		pid.bytes[0] ^= 1;
		assert_int_equal(fc_service_entry_stats(service, &filter, &stats, &err),
				 FC_NOT_FOUND);
		/* of an origin: all pages */
		static const char *const door[] = { "door" };
		const struct fc_entry_filter of_door = { .origins = door, .origin_count = 1 };
		fc_entry_stats_release(&stats);
		assert_int_equal(fc_service_entry_stats(service, &of_door, &stats, &err), FC_OK);
		assert_int_equal(stats.total, 700);
	}
}

static void entries_are_deleted(void **state)
{
	(void)state;
	struct fc_platform_options options = platform_options(FC_PLATFORM_NEUROIO);
	FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
	struct fc_entry_delete_item items[] = { { .id = 2 }, { .id = 9 }, { .id = 3 } };
	struct fc_error err = { 0 };
	wire_order("neuroio", "{\"entries\":3}");
	assert_int_equal(fc_service_entry_delete(service, items, 3, false, &err), FC_OK);
	assert_int_equal(items[0].status, FC_OK);
	assert_int_equal(items[1].status, FC_NOT_FOUND);
	assert_int_equal(items[2].status, FC_OK);
	assert_requests("neuroio", "DELETE /v1/entries/2/\nDELETE /v1/entries/9/\n"
				   "DELETE /v1/entries/3/\n");
	assert_int_equal(fc_service_entry_delete(service, items, 3, true, &err), FC_UNSUPPORTED);
	/* one that fails does not hold up the others */
	struct fc_entry_delete_item more[] = { { .id = 7 }, { .id = 1 } };
	wire_order("faults", "[\"html\"]");
	assert_int_equal(fc_service_entry_delete(service, more, 2, false, &err), FC_PARTIAL);
	assert_int_equal(more[0].status, FC_REFUSED);
	assert_int_equal(more[1].status, FC_OK);
}

static void origins_come_and_go(void **state)
{
	(void)state;
	static const enum fc_platform_kind kinds[] = { FC_PLATFORM_NEUROIO, FC_PLATFORM_SERP };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(kinds); i++) {
		FC_CLEANUP(fc_free) struct fc_origin_row *rows = NULL;
		struct fc_platform_options options = platform_options(kinds[i]);
		FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
		struct fc_origin_settings settings = fc_origin_settings_default(NULL);
		struct fc_origin_row row = { 0 };
		struct fc_error err = { 0 };
		size_t count = 0;
		wire_order("reset", "null");
		settings.min_facesize = 5000;
		settings.flags = FC_ORIGIN_CREATE_ON_HA;
		/* An answer that is lost: the origin is found, and not made again. */
		wire_order("faults", "[null,\"silence-done\"]");
		assert_int_equal(
			fc_service_origin_create(service, "cellar", NULL, &settings, &row, &err),
			FC_OK);
		assert_int_equal(row.origin.id, 4);
		assert_int_equal(row.origin.settings.min_facesize, 5000);
		assert_int_equal(row.origin.settings.create_min_facesize, 25000);
		assert_int_equal(row.origin.settings.flags, FC_ORIGIN_CREATE_ON_HA);
		assert_int_equal(
			fc_service_origin_create(service, "cellar", NULL, &settings, &row, &err),
			FC_CONFLICT);
		struct fc_origin_update_request update = {
			.origin = "4",
			.fields = FC_ORIGIN_CREATE_MIN_FACESIZE | FC_ORIGIN_ON_HA,
			.settings = { .create_min_facesize = 900 },
		};
		assert_int_equal(fc_service_origin_update(service, &update, &row, &err), FC_OK);
		assert_string_equal(row.origin.name, "cellar");
		assert_int_equal(row.origin.settings.create_min_facesize, 900);
		assert_int_equal(row.origin.settings.flags, 0);
		assert_int_equal(row.origin.settings.min_facesize, 5000);
		assert_int_equal(fc_service_origin_list(service, "attic", &rows, &count, &err),
				 FC_OK);
		assert_int_equal(count, 1);
		assert_string_equal(rows[0].origin.name, "roof");
		assert_string_equal(rows[0].space, "attic");
		assert_int_equal(fc_service_origin_delete(service, "cellar", &err), FC_OK);
		assert_int_equal(fc_service_origin_show(service, "cellar", &row, &err),
				 FC_NOT_FOUND);
	}
}

static void serp_origins_choose_what_makes_entries(void **state)
{
	(void)state;
	struct fc_platform_options options = platform_options(FC_PLATFORM_SERP);
	FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
	struct fc_origin_row row = { 0 };
	struct fc_origin_update_request update = {
		.origin = "door",
		.fields = FC_ORIGIN_SAVE_ENTRIES | FC_ORIGIN_STORAGE_DAYS,
		.settings = { .save_entries = 1u << FC_RESULT_NEW | 1u << FC_RESULT_HA,
			      .entry_storage_days = 90 },
	};
	assert_int_equal(fc_service_origin_update(service, &update, &row, NULL), FC_OK);
	assert_int_equal(row.origin.settings.save_entries, update.settings.save_entries);
	assert_int_equal(row.origin.settings.entry_storage_days, 90);
	struct fc_platform_options neuroio = platform_options(FC_PLATFORM_NEUROIO);
	FC_CLEANUP(fc_service_closep) struct fc_service *other = platform_open(&neuroio);
	assert_int_equal(fc_service_origin_update(other, &update, &row, NULL), FC_UNSUPPORTED);
}

static void spaces_are_listed_and_deleted(void **state)
{
	(void)state;
	FC_CLEANUP(fc_free) struct fc_space_summary *spaces = NULL;
	struct fc_platform_options options = platform_options(FC_PLATFORM_NEUROIO);
	FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
	struct fc_error err = { 0 };
	size_t count = 0;
	assert_int_equal(fc_service_space_delete(service, "cellar", &err), FC_NOT_FOUND);
	assert_int_equal(fc_service_space_delete(service, "attic", &err), FC_OK);
	assert_int_equal(fc_service_space_list(service, &spaces, &count, &err), FC_OK);
	assert_int_equal(count, 1);
	assert_string_equal(spaces[0].name, "lobby");
	assert_true(spaces[0].uncounted);
	wire_order("neuroio", "{\"sees_spaces\":false}");
	FC_CLEANUP(fc_free) struct fc_space_summary *none = NULL;
	assert_int_equal(fc_service_space_list(service, &none, &count, &err), FC_PERMISSION);
}

static void thresholds_are_read_and_set(void **state)
{
	(void)state;
	struct fc_platform_options options = platform_options(FC_PLATFORM_NEUROIO);
	FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
	struct fc_bands_change change = { 0 };
	struct fc_space_bands bands = { 0 };
	struct fc_error err = { 0 };
	assert_int_equal(fc_service_space_bands(service, "lobby", &change, &bands, &err), FC_OK);
	assert_true(bands.confidence.exact == 79.3 && bands.confidence.junk == 68.84);
	assert_false(bands.has_similarity);
	change.has_ha = true;
	change.bands.ha = 70;
	assert_int_equal(fc_service_space_bands(service, "lobby", &change, &bands, &err), FC_OK);
	assert_true(bands.confidence.ha == 70 && bands.confidence.exact == 79.3);
	change.bands.ha = 90;
	assert_int_equal(fc_service_space_bands(service, "lobby", &change, &bands, &err),
			 FC_INVALID_ARGUMENT);
	assert_int_equal(fc_service_space_bands(service, "attic", &change, &bands, &err),
			 FC_INVALID_ARGUMENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(neuroio_filters_arrive_by_the_letter, wire_reset),
		cmocka_unit_test_setup(serp_filters_arrive_by_the_letter, wire_reset),
		cmocka_unit_test_setup(what_a_platform_cannot_filter_is_refused, wire_reset),
		cmocka_unit_test_setup(pages_are_followed, wire_reset),
		cmocka_unit_test_setup(totals_are_told_or_found, wire_reset),
		cmocka_unit_test_setup(places_have_names, wire_reset),
		cmocka_unit_test_setup(statistics_count_the_same_on_both, wire_reset),
		cmocka_unit_test_setup(entries_are_deleted, wire_reset),
		cmocka_unit_test_setup(origins_come_and_go, wire_reset),
		cmocka_unit_test_setup(serp_origins_choose_what_makes_entries, wire_reset),
		cmocka_unit_test_setup(spaces_are_listed_and_deleted, wire_reset),
		cmocka_unit_test_setup(thresholds_are_read_and_set, wire_reset),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
