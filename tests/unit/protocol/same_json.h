/* Comparison of JSON that was written with the JSON of a document. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_SAME_JSON_H
#define TEST_SAME_JSON_H

#include "unit.h"

#include "base/buffer.h"
#include "base/json.h"

static inline cJSON *parsed(const char *text)
{
	cJSON *json = NULL;
	struct fc_error err = { 0 };
	if (fc_json_parse(text, strlen(text), strlen(text), "the document", &json, &err) != FC_OK) {
		fail_msg("%s", err.text);
	}
	return json;
}

/* The same members in the same order with the same values. Empties the buffer. */
static inline void assert_same_json(struct fc_buffer *written, const char *expected)
{
	FC_CLEANUP(fc_json_release) cJSON *mine = parsed(fc_buffer_text(written));
	FC_CLEANUP(fc_json_release) cJSON *theirs = parsed(expected);
	char *a = cJSON_PrintUnformatted(mine);
	char *b = cJSON_PrintUnformatted(theirs);
	assert_string_equal(a, b);
	cJSON_free(a);
	cJSON_free(b);
	fc_buffer_release(written);
}

#endif
