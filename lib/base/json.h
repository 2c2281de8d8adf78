/* Parses untrusted JSON with strict checks, and reads members of a given type. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_JSON_H
#define FC_BASE_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/json_writer.h"

/* cJSON_Delete(*json) for FC_CLEANUP. */
void fc_json_release(cJSON **json);

/*
 * Parse text as one JSON value: at most limit bytes and 200000 values, well-formed UTF-8, nested at most 32 deep, without NUL bytes or
 * \u0000, without numbers such as 007, and without two members of the same name in an object. name: the name of the text in messages.
 * Errors: FC_INVALID_ARGUMENT (the text says where), FC_TOO_LARGE, FC_NO_MEMORY. The caller releases *out.
 */
enum fc_status fc_json_parse(const char *text, size_t length, size_t limit, const char *name,
			     cJSON **out, struct fc_error *err);

/* Member of an object by exact name, or NULL. */
const cJSON *fc_json_get(const cJSON *object, const char *name);

/* The text of a string member, or NULL if the member is missing or not a string. */
const char *fc_json_text(const cJSON *object, const char *name);

/* Read a number within [minimum, maximum]. False if the member is missing, not a number, or out of range. */
bool fc_json_number(const cJSON *object, const char *name, double minimum, double maximum,
		    double *out);

/* Write a value as it was read. */
void fc_json_write(struct fc_json_writer *writer, const cJSON *value);

/* Write a member of the current object. */
static inline void fc_json_write_member(struct fc_json_writer *writer, const cJSON *member)
{
	fc_json_key(writer, member->string);
	fc_json_write(writer, member);
}

#endif
