/*
 * Any bytes as the answer of NeuroIO or SERP: refused in words, or values that are in range. The first byte is HTTP's status, the
 * second what was asked for.
 */
/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "fuzz.h"
#include "service/remote/platform/answer.h"

static void check_attributes(enum fc_sex sex, enum fc_mood mood, enum fc_liveness liveness)
{
	FUZZ_CHECK(sex >= FC_SEX_UNKNOWN && sex <= FC_SEX_FEMALE);
	FUZZ_CHECK(mood >= FC_MOOD_UNKNOWN && mood <= FC_MOOD_SURPRISE);
	FUZZ_CHECK(liveness >= FC_LIVENESS_UNKNOWN && liveness <= FC_LIVENESS_UNDETERMINED);
}

static void check_refusal(enum fc_status status, const struct fc_error *err)
{
	FUZZ_CHECK(status == FC_REFUSED && err->status == status && err->text[0] != '\0');
}

static void read_person(const cJSON *json)
{
	struct fc_platform_person person;
	struct fc_error err = { 0 };
	enum fc_status status = fc_platform_read_person(json, &person, &err);
	if (status != FC_OK) {
		check_refusal(status, &err);
		return;
	}
	FUZZ_CHECK(person.result >= FC_RESULT_NM && person.result <= FC_RESULT_NF);
	FUZZ_CHECK(!person.has_confidence || (person.confidence >= 0 && person.confidence <= 100));
	check_attributes(person.attributes.sex, person.attributes.mood, person.attributes.liveness);
}

static void read_entry(const cJSON *json)
{
	FC_CLEANUP(fc_platform_entry_release) struct fc_platform_entry entry = { 0 };
	struct fc_error err = { 0 };
	enum fc_status status = fc_platform_read_entry(json, &entry, &err);
	if (status != FC_OK) {
		check_refusal(status, &err);
		return;
	}
	const struct fc_entry *read = &entry.entry;
	FUZZ_CHECK(entry.row.entry == read);
	FUZZ_CHECK(read->result >= FC_RESULT_NM && read->result <= FC_RESULT_NF);
	FUZZ_CHECK(!read->has_match || (read->match >= 0 && read->match <= 100));
	FUZZ_CHECK(isnan(read->pan) || isfinite(read->pan));
	FUZZ_CHECK(!read->path || read->path[0] != '\0');
	check_attributes(read->sex, read->mood, read->liveness);
}

static void read_entries(const cJSON *json)
{
	struct fc_platform_page page;
	struct fc_error err = { 0 };
	const cJSON *item;
	enum fc_status status = fc_platform_read_page(json, &page, &err);
	if (status != FC_OK) {
		check_refusal(status, &err);
		return;
	}
	FUZZ_CHECK(page.tells_next || !page.has_next);
	cJSON_ArrayForEach (item, page.items) {
		read_entry(item);
	}
}

static void read_stats(const cJSON *json)
{
	FC_CLEANUP(fc_entry_stats_release) struct fc_entry_stats stats = { 0 };
	struct fc_error err = { 0 };
	enum fc_status status = fc_platform_read_stats(json, &stats, &err);
	if (status != FC_OK) {
		check_refusal(status, &err);
		return;
	}
	FUZZ_CHECK(stats.results[FC_RESULT_NEW] <= stats.total);
	check_attributes(stats.initial.sex, stats.initial.mood, stats.initial.liveness);
}

static void read_origin(const cJSON *json)
{
	struct fc_origin_row row;
	struct fc_error err = { 0 };
	enum fc_status status =
		fc_platform_read_origin(json, &fc_platform_serp.settings, &row, &err);
	if (status != FC_OK) {
		check_refusal(status, &err);
		return;
	}
	FUZZ_CHECK(row.origin.id > 0);
	FUZZ_CHECK((row.origin.settings.save_entries & ~FC_ORIGIN_ALL_RESULTS) == 0);
	status = fc_platform_read_origin(json, &fc_platform_neuroio.settings, &row, &err);
	FUZZ_CHECK(status == FC_OK || status == FC_REFUSED);
}

static void read_bands(const cJSON *json)
{
	struct fc_bands bands;
	struct fc_error err = { 0 };
	enum fc_status status = fc_platform_read_bands(json, &bands, &err);
	if (status != FC_OK) {
		check_refusal(status, &err);
		return;
	}
	FUZZ_CHECK(bands.exact >= 0 && bands.exact <= 100);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 200, 201, 400, 401, 404, 422, 500 };
	static void (*const readers[])(const cJSON *json) = {
		read_person, read_entries, read_stats, read_origin, read_bands,
	};
	FC_CLEANUP(fc_http_response_release) struct fc_http_response response = { 0 };
	FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
	struct fc_error err = { 0 };
	if (size < 2) {
		return 0;
	}
	response.status = statuses[data[0] % FC_ARRAY_LENGTH(statuses)];
	fc_buffer_append(&response.body, data + 2, size - 2);
	enum fc_status status = fc_platform_read(&response, &answer, &err);
	FUZZ_CHECK(response.status < 400 || status != FC_OK);
	FUZZ_CHECK(status == FC_OK || (err.text[0] != '\0' && err.status == status));
	readers[data[1] % FC_ARRAY_LENGTH(readers)](answer.json);
	return 0;
}
