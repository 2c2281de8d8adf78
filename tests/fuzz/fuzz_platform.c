/* Any JSON as the answer of NeuroIO or SERP: refused with a message, or values that are in range. The second byte chooses the reader. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "fuzz.h"
#include "protocol/platform.h"

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
	struct fc_platform_entry entry;
	struct fc_error err = { 0 };
	enum fc_status status = fc_platform_read_entry(json, &entry, &err);
	if (status != FC_OK) {
		check_refusal(status, &err);
		return;
	}
	FUZZ_CHECK(entry.result >= FC_RESULT_NM && entry.result <= FC_RESULT_NF);
	FUZZ_CHECK(!entry.has_confidence || (entry.confidence >= 0 && entry.confidence <= 100));
	FUZZ_CHECK(isnan(entry.pan) || isfinite((float)entry.pan));
	FUZZ_CHECK(!entry.full_image || entry.full_image[0] != '\0');
	check_attributes(entry.attributes.sex, entry.attributes.mood, entry.attributes.liveness);
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
	FUZZ_CHECK(page.has_next_member || !page.has_next);
	cJSON_ArrayForEach (item, page.items) {
		read_entry(item);
	}
}

static void read_stats(const cJSON *json)
{
	struct fc_platform_stats stats;
	struct fc_error err = { 0 };
	enum fc_status status = fc_platform_read_person_stats(json, &stats, &err);
	if (status != FC_OK) {
		check_refusal(status, &err);
		return;
	}
	FUZZ_CHECK(stats.results[FC_RESULT_NEW] <= stats.total);
	check_attributes(stats.attributes.sex, stats.attributes.mood, stats.attributes.liveness);
}

static void read_origin(const cJSON *json)
{
	struct fc_platform_origin origin;
	struct fc_error err = { 0 };
	enum fc_status status = fc_platform_read_origin(json, &fc_platform_serp, &origin, &err);
	if (status != FC_OK) {
		check_refusal(status, &err);
		return;
	}
	FUZZ_CHECK(origin.id > 0);
	FUZZ_CHECK((origin.save_entries & ~fc_platform_serp.results) == 0);
	status = fc_platform_read_origin(json, &fc_platform_neuroio, &origin, &err);
	FUZZ_CHECK(status == FC_OK || status == FC_REFUSED);
}

static void read_thresholds(const cJSON *json)
{
	struct fc_platform_thresholds thresholds;
	struct fc_error err = { 0 };
	enum fc_status status = fc_platform_read_thresholds(json, &thresholds, &err);
	if (status != FC_OK) {
		check_refusal(status, &err);
		return;
	}
	FUZZ_CHECK(thresholds.exact >= 0 && thresholds.exact <= 100);
}

static void read_error(const cJSON *json)
{
	struct fc_platform_error error;
	fc_platform_read_error(json, &error);
	FUZZ_CHECK(strlen(error.message) < sizeof(error.message));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(const cJSON *json) = {
		read_person, read_entries, read_stats, read_origin, read_thresholds,
	};
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	if (size < 2 ||
	    fc_json_parse((const char *)data + 2, size - 2, size, "input", &json, NULL) != FC_OK) {
		return 0;
	}
	read_error(json);
	readers[data[1] % FC_ARRAY_LENGTH(readers)](json);
	return 0;
}
