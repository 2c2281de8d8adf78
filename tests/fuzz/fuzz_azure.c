/* Any bytes as an Azure service's answer: refused in words, or records whose values are in range. The first byte is status and shape. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "fuzz.h"
#include "service/remote/azure/wire.h"

enum { MOST = 3 };

static void check_sight(const struct fc_azure_sight *sight)
{
	for (size_t i = 0; i < sight->count; i++) {
		const struct fc_face *face = &sight->seen[i];
		int rectangle[4];
		fc_azure_rectangle(sight, i, rectangle);
		FUZZ_CHECK(rectangle[2] >= 0 && rectangle[3] >= 0);
		FUZZ_CHECK(face->box.left <= face->box.right && face->box.top <= face->box.bottom);
		FUZZ_CHECK(fabsf(face->box.left) <= 1e6f && fabsf(face->box.bottom) <= 2e6f);
		FUZZ_CHECK(isnan(face->confidence));
		FUZZ_CHECK(isnan(sight->attributes[i].age) ||
			   (sight->attributes[i].age >= 0 && sight->attributes[i].age <= 200));
	}
}

static void check_faces(cJSON **json)
{
	FC_CLEANUP(fc_azure_sight_release) struct fc_azure_sight sight = { 0 };
	struct fc_error err = { 0 };
	if (fc_azure_read_sight(json, true, MOST, &sight, &err) != FC_OK) {
		FUZZ_CHECK(err.text[0] != '\0' && sight.count == 0 && *json);
		return;
	}
	check_sight(&sight);
	/* the same bytes as an answer about candidates: those of a face stand beside it in some seeds */
	if (fc_azure_read_candidates(sight.json, 0, sight.count, &sight, &err) == FC_OK) {
		for (size_t i = 0; i < sight.count; i++) {
			FUZZ_CHECK(sight.candidates.counts[i] <= MOST);
			for (size_t k = 0; k < sight.candidates.counts[i]; k++) {
				float confidence = fc_candidates_of(&sight.candidates, i)[k].score;
				FUZZ_CHECK(confidence >= 0 && confidence <= 1);
			}
		}
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 200, 202, 400, 401, 403, 404, 409, 429, 500 };
	FC_CLEANUP(fc_http_response_release) struct fc_http_response response = { 0 };
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	struct fc_azure_trouble trouble;
	struct fc_error err = { 0 };
	if (size == 0) {
		return 0;
	}
	enum fc_azure_shape shape = (enum fc_azure_shape)(data[0] / 16 % 3);
	response.status = statuses[data[0] % 16 % FC_ARRAY_LENGTH(statuses)];
	fc_buffer_append(&response.body, data + 1, size - 1);
	enum fc_http_verdict verdict = fc_azure_judge(&shape, &response);
	enum fc_status status = fc_azure_read(&response, shape, &json, &trouble, &err);
	FUZZ_CHECK(strlen(trouble.code) < sizeof(trouble.code));
	FUZZ_CHECK(response.status < 300 || status != FC_OK);
	FUZZ_CHECK(response.status >= 300 || (verdict == FC_HTTP_FINAL) == (status == FC_OK));
	if (status != FC_OK) {
		FUZZ_CHECK(err.text[0] != '\0' && err.status == status && !json);
	} else if (cJSON_IsArray(json)) {
		const cJSON *item;
		cJSON_ArrayForEach (item, json) {
			check_person(item);
		}
		check_faces(&json);
	} else if (json) {
		check_object(json);
	}
	return 0;
}
