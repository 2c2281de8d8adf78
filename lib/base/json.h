/* JSON from outside, checked before cJSON sees it, and typed ways into it. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_JSON_H
#define FC_BASE_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* cJSON_Delete(*json) for FC_CLEANUP. */
void fc_json_release(cJSON **json);

/*
 * Parse one JSON value that is the whole of text: at most limit bytes, well-formed UTF-8, nested at most 32 deep, without
 * NUL bytes or \u0000, without two members of one name in an object. name is for the error text.
 * Errors: FC_INVALID_ARGUMENT (the text says where), FC_TOO_LARGE, FC_NO_MEMORY. *out is the caller's.
 */
FC_MUST_USE enum fc_status fc_json_parse(const char *text, size_t length, size_t limit,
					 const char *name, cJSON **out, struct fc_error *err);

/* Member of an object by exact name, or NULL. */
const cJSON *fc_json_get(const cJSON *object, const char *name);

/* A string member's text, or NULL when it is absent or no string. */
const char *fc_json_text(const cJSON *object, const char *name);

/* A number member within [minimum, maximum]; false when it is absent, no number or outside. */
bool fc_json_number(const cJSON *object, const char *name, double minimum, double maximum,
		    double *out);

#endif
