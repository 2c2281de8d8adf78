/* Any JSON as an Azure service's answer: refused with a message, or records whose values are in range. The first byte is skipped. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "fuzz.h"
#include "protocol/azure/bodies.h"

static void check_face(const cJSON *json)
{
	struct fc_azure_face face;
	if (fc_azure_read_face(json, &face)) {
		FUZZ_CHECK(face.width > 0 && face.height > 0);
		FUZZ_CHECK(fabs(face.left) <= 1e6 && fabs(face.top) <= 1e6);
		FUZZ_CHECK(isnan(face.age) || (face.age >= 0 && face.age <= 200));
	}
}

static void check_candidates(const cJSON *json)
{
	const cJSON *item;
	cJSON_ArrayForEach (item, fc_json_get(json, "candidates")) {
		struct fc_azure_candidate candidate;
		FUZZ_CHECK(!fc_azure_read_candidate(item, &candidate) ||
			   (candidate.confidence >= 0 && candidate.confidence <= 1));
	}
}

static void check_person(const cJSON *json)
{
	struct fc_azure_person_row row;
	struct fc_error err = { 0 };
	const char *words = NULL;
	uint64_t number = 0;
	if (fc_azure_read_person(json, &row, &err) != FC_OK) {
		FUZZ_CHECK(err.text[0] != '\0');
		return;
	}
	FUZZ_CHECK(row.name);
	if (fc_azure_read_name(row.name, &number, &words)) {
		FUZZ_CHECK(number <= INT64_MAX && (!words || *words != '\0'));
	} else {
		FUZZ_CHECK(words == row.name);
	}
}

static void check_object(const cJSON *json)
{
	enum fc_azure_training training;
	struct fc_error err = { 0 };
	const char *words = NULL;
	check_person(json);
	enum fc_status status = fc_azure_read_training(json, &training, &words, &err);
	FUZZ_CHECK(words && (status == FC_OK || err.text[0] != '\0'));
}

static void check_error(const cJSON *json)
{
	struct fc_azure_error error;
	fc_azure_read_error(json, &error);
	FUZZ_CHECK(strlen(error.code) < sizeof(error.code));
	FUZZ_CHECK(strlen(error.message) < sizeof(error.message));
	FUZZ_CHECK(fc_azure_error_status(&error) < FC_STATUS_COUNT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	const cJSON *item;
	if (size == 0 ||
	    fc_json_parse((const char *)data + 1, size - 1, size, "input", &json, NULL) != FC_OK) {
		return 0;
	}
	check_error(json);
	if (cJSON_IsObject(json)) {
		check_object(json);
		return 0;
	}
	cJSON_ArrayForEach (item, json) {
		check_person(item);
		check_face(item);
		check_candidates(item);
	}
	return 0;
}
