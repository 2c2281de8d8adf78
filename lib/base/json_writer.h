/* Writes JSON into a buffer: keys stay in the order of the calls, numbers are rounded, strings are safe to show on a terminal. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_JSON_WRITER_H
#define FC_BASE_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

struct fc_json_writer {
	struct fc_buffer *out;
	bool pretty; /* one value per line, indented by two spaces per level; otherwise all on one line */
	unsigned depth;
	bool first; /* the current array or object is still empty */
	bool after_key;
};

/* Create a writer that appends to out. */
struct fc_json_writer fc_json_writer_of(struct fc_buffer *out, bool pretty);

void fc_json_begin_object(struct fc_json_writer *json);
void fc_json_end_object(struct fc_json_writer *json);
void fc_json_begin_array(struct fc_json_writer *json);
void fc_json_end_array(struct fc_json_writer *json);
void fc_json_key(struct fc_json_writer *json, const char *key);

/* Begin a member of the current object: the key, and its object or array. */
static inline void fc_json_put_object(struct fc_json_writer *json, const char *key)
{
	fc_json_key(json, key);
	fc_json_begin_object(json);
}

static inline void fc_json_put_array(struct fc_json_writer *json, const char *key)
{
	fc_json_key(json, key);
	fc_json_begin_array(json);
}

/* Write a string. Bytes that are not UTF-8 become U+FFFD; control characters and direction overrides are escaped. */
void fc_json_string(struct fc_json_writer *json, const char *text);
/* If text is not UTF-8, write the member "KEY_b64" with its exact bytes in base64. Call it after the member KEY was written. */
void fc_json_put_raw(struct fc_json_writer *json, const char *key, const char *text);
void fc_json_integer(struct fc_json_writer *json, int64_t value);
/* Write a number rounded to `decimals` places, without trailing zeros; null if it is not finite. */
void fc_json_real(struct fc_json_writer *json, double value, unsigned decimals);
/* Write a float with the fewest digits from which the same float can be read; null if it is not finite. */
void fc_json_float(struct fc_json_writer *json, float value);
void fc_json_double(struct fc_json_writer *json, double value);
void fc_json_bool(struct fc_json_writer *json, bool value);
void fc_json_null(struct fc_json_writer *json);

/* Write a member of the current object: key and value. A text that is NULL is left out. */
void fc_json_put_text(struct fc_json_writer *json, const char *key, const char *text);
void fc_json_put_integer(struct fc_json_writer *json, const char *key, int64_t value);
void fc_json_put_real(struct fc_json_writer *json, const char *key, double value,
		      unsigned decimals);
void fc_json_put_bool(struct fc_json_writer *json, const char *key, bool value);

/* Append a number as fc_json_real writes it, such as "0.4894", "1", "-0.1527". */
void fc_json_append_real(struct fc_buffer *out, double value, unsigned decimals);

#endif
