/*
 * Members of a JSON object, checked. A member that is missing or null leaves *out unchanged and is not an error. *found: whether there is a
 * value. Errors: FC_INVALID_ARGUMENT (the text names the member), FC_NO_MEMORY.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_TRANSFER_MEMBERS_H
#define FC_GALLERY_TRANSFER_MEMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/json.h"
#include "base/uuid.h"

/* NULL if the member is missing or null. */
const cJSON *fc_member_get(const cJSON *json, const char *name);

/* FC_INVALID_ARGUMENT: "'NAME' is not EXPECTED". */
enum fc_status fc_member_fail(const char *name, const char *expected, struct fc_error *err);

/* Read a string. *out points into json. */
enum fc_status fc_member_text(const cJSON *json, const char *name, const char **out,
			      struct fc_error *err);

/* Copy a string of at most limit bytes. If is_label, it must be valid as a label (fc_text_is_label). An empty string counts as missing. */
enum fc_status fc_member_copy(const cJSON *json, const char *name, bool is_label, size_t limit,
			      char **out, struct fc_error *err);

/* Copy "path", or the decoded bytes of "path_b64", which is present if the path is not UTF-8. */
enum fc_status fc_member_path(const cJSON *json, char **out, struct fc_error *err);

enum fc_status fc_member_integer(const cJSON *json, const char *name, double minimum,
				 double maximum, bool *found, uint64_t *out, struct fc_error *err);

/* Read a whole number. Numbers that a double cannot represent exactly are written as strings. */
enum fc_status fc_member_number(const cJSON *json, const char *name, uint64_t minimum,
				uint64_t maximum, bool *found, uint64_t *out, struct fc_error *err);
enum fc_status fc_member_flag(const cJSON *json, const char *name, bool *found, bool *out,
			      struct fc_error *err);
enum fc_status fc_member_float(const cJSON *json, const char *name, bool *found, float *out,
			       struct fc_error *err);

/* Read a list of exactly `count` numbers. */
enum fc_status fc_member_floats(const cJSON *json, const char *name, float *out, size_t count,
				struct fc_error *err);
enum fc_status fc_member_digest(const cJSON *json, const char *name, bool *found,
				struct fc_sha256 *out, struct fc_error *err);

/* Read a UUID. expected: what it is, for the error text. */
enum fc_status fc_member_uuid(const cJSON *json, const char *name, const char *expected,
			      bool *found, struct fc_uuid *out, struct fc_error *err);

/* Read an absolute time. Relative times such as "yesterday" are invalid. */
enum fc_status fc_member_time(const cJSON *json, const char *name, int64_t *out,
			      struct fc_error *err);

#endif
