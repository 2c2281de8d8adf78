/* JSON written straight into a buffer: keys in the order given, numbers rounded, strings safe on any terminal. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_JSON_TEXT_H
#define FC_CMD_JSON_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

struct json_text {
	struct fc_buffer *out;
	bool pretty; /* two spaces a level, one value a line; else all on one line */
	unsigned depth;
	bool first; /* nothing stands yet in the container that is open */
	bool after_key;
};

/* A writer that appends to out. */
struct json_text json_text_of(struct fc_buffer *out, bool pretty);

void json_begin_object(struct json_text *json);
void json_end_object(struct json_text *json);
void json_begin_array(struct json_text *json);
void json_end_array(struct json_text *json);
void json_key(struct json_text *json, const char *key);

/* Bytes that are not UTF-8 become U+FFFD; control characters and direction overrides are escaped. */
void json_string(struct json_text *json, const char *text);
/* A member "path_b64" beside "path" when the text is not UTF-8 and so could not stand there as it is. */
void json_raw_bytes(struct json_text *json, const char *key, const char *text);
void json_integer(struct json_text *json, int64_t value);
/* Rounded to so many decimals, without trailing zeros; null when it is not finite. */
void json_real(struct json_text *json, double value, unsigned decimals);
/* In the fewest digits that read back as the same float; null when it is not finite. */
void json_float(struct json_text *json, float value);
void json_bool(struct json_text *json, bool value);
void json_null(struct json_text *json);

/* A member of the object that is open: its key and the value. A text that is NULL is left out. */
void json_put_text(struct json_text *json, const char *key, const char *text);
void json_put_integer(struct json_text *json, const char *key, int64_t value);
void json_put_real(struct json_text *json, const char *key, double value, unsigned decimals);
void json_put_bool(struct json_text *json, const char *key, bool value);

/* "0.4894", "1", "-0.1527": the number as json_real writes it. */
void real_append(struct fc_buffer *out, double value, unsigned decimals);

#endif
