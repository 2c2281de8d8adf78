/* JSON written straight into a buffer: keys in the order given, numbers rounded, strings safe on any terminal. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_JSON_WRITER_H
#define FC_BASE_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

struct fc_json_writer {
	struct fc_buffer *out;
	bool pretty; /* two spaces a level, one value a line; else all on one line */
	unsigned depth;
	bool first; /* the open container is empty */
	bool after_key;
};

/* A writer that appends to out. */
struct fc_json_writer fc_json_writer_of(struct fc_buffer *out, bool pretty);

void fc_json_begin_object(struct fc_json_writer *json);
void fc_json_end_object(struct fc_json_writer *json);
void fc_json_begin_array(struct fc_json_writer *json);
void fc_json_end_array(struct fc_json_writer *json);
void fc_json_key(struct fc_json_writer *json, const char *key);

/* Bytes that are not UTF-8 become U+FFFD; control characters and direction overrides are escaped. */
void fc_json_string(struct fc_json_writer *json, const char *text);
/* After the member KEY: its exact bytes as "KEY_b64", when the text is not UTF-8. */
void fc_json_put_raw(struct fc_json_writer *json, const char *key, const char *text);
void fc_json_integer(struct fc_json_writer *json, int64_t value);
/* Rounded to `decimals` places, without trailing zeros; null when it is not finite. */
void fc_json_real(struct fc_json_writer *json, double value, unsigned decimals);
/* In the fewest digits that read back as the same float; null when it is not finite. */
void fc_json_float(struct fc_json_writer *json, float value);
void fc_json_bool(struct fc_json_writer *json, bool value);
void fc_json_null(struct fc_json_writer *json);

/* A member of the open object: its key and value. A text that is NULL is left out. */
void fc_json_put_text(struct fc_json_writer *json, const char *key, const char *text);
void fc_json_put_integer(struct fc_json_writer *json, const char *key, int64_t value);
void fc_json_put_real(struct fc_json_writer *json, const char *key, double value,
		      unsigned decimals);
void fc_json_put_bool(struct fc_json_writer *json, const char *key, bool value);

/* "0.4894", "1", "-0.1527": the number as fc_json_real writes it. */
void fc_json_append_real(struct fc_buffer *out, double value, unsigned decimals);

#endif
