/* Any bytes as JSON from outside: what is accepted keeps every promise of base/json.h. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/text.h"
#include "fuzz.h"

enum { LIMIT = 1 << 16, DEPTH_MAXIMUM = 32 };

static void check_value(const cJSON *value, int depth)
{
	const cJSON *child;
	FUZZ_CHECK(depth <= DEPTH_MAXIMUM);
	FUZZ_CHECK(!value->string || fc_text_is_utf8(value->string, strlen(value->string)));
	FUZZ_CHECK(!cJSON_IsString(value) ||
		   fc_text_is_utf8(value->valuestring, strlen(value->valuestring)));
	cJSON_ArrayForEach (child, value) {
		FUZZ_CHECK(!cJSON_IsObject(value) || fc_json_get(value, child->string) == child);
		check_value(child, depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	struct fc_error err = { 0 };
	enum fc_status status =
		fc_json_parse((const char *)data, size, LIMIT, "the text", &json, &err);
	if (status != FC_OK) {
		FUZZ_CHECK(!json && err.status == status && err.text[0] != '\0');
		return 0;
	}
	FUZZ_CHECK(size <= LIMIT);
	check_value(json, 0);
	return 0;
}
