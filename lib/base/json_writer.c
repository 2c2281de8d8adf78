/* Writes JSON into a buffer. */
/* SPDX-License-Identifier: MIT */
#include "base/json_writer.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/text.h"

struct fc_json_writer fc_json_writer_of(struct fc_buffer *out, bool pretty)
{
	return (struct fc_json_writer){ .out = out, .pretty = pretty, .first = true };
}

static void new_line(struct fc_json_writer *json)
{
	if (json->pretty) {
		fc_buffer_append_text(json->out, "\n");
		for (unsigned i = 0; i < json->depth; i++) {
			fc_buffer_append_text(json->out, "  ");
		}
	}
}

/* Write the separator: comma, newline, indent. */
static void begin_member(struct fc_json_writer *json)
{
	if (json->after_key) {
		json->after_key = false;
		return;
	}
	if (!json->first) {
		fc_buffer_append_text(json->out, ",");
	}
	if (json->depth > 0) {
		new_line(json);
	}
	json->first = false;
}

static void open_container(struct fc_json_writer *json, const char *bracket)
{
	begin_member(json);
	fc_buffer_append_text(json->out, bracket);
	json->depth++;
	json->first = true;
}

static void close_container(struct fc_json_writer *json, const char *bracket)
{
	json->depth--;
	if (!json->first) {
		new_line(json);
	}
	fc_buffer_append_text(json->out, bracket);
	json->first = false;
}

void fc_json_begin_object(struct fc_json_writer *json)
{
	open_container(json, "{");
}

void fc_json_end_object(struct fc_json_writer *json)
{
	close_container(json, "}");
}

void fc_json_begin_array(struct fc_json_writer *json)
{
	open_container(json, "[");
}

void fc_json_end_array(struct fc_json_writer *json)
{
	close_container(json, "]");
}

/* Length of the UTF-8 sequence at text; 0 when it is not well-formed. */
static size_t sequence_length(const char *text)
{
	size_t left = strnlen(text, 4);
	for (size_t length = 1; length <= left; length++) {
		if (fc_text_is_utf8(text, length)) {
			return length;
		}
	}
	return 0;
}

static uint32_t code_point(const char *text, size_t length)
{
	static const unsigned char lead_mask[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t point = (unsigned char)text[0] & lead_mask[length];
	for (size_t i = 1; i < length; i++) {
		point = point << 6 | ((unsigned char)text[i] & 0x3fu);
	}
	return point;
}

/* Whether the character is unsafe on a terminal: fc_text_append_visible would escape it. */
static bool is_hidden(const char *text, size_t length)
{
	char alone[5] = { 0 };
	memcpy(alone, text, length);
	return !fc_text_is_label(alone, sizeof(alone));
}

/* Length of the leading part that needs no escape, which is all of most texts. */
static size_t plain_length(const char *text)
{
	size_t length = 0;
	while (text[length] >= ' ' && text[length] <= '~' && text[length] != '"' &&
	       text[length] != '\\') {
		length++;
	}
	return length;
}

static void append_quoted(struct fc_buffer *out, const char *text)
{
	fc_buffer_append_text(out, "\"");
	for (;;) {
		size_t plain = plain_length(text);
		fc_buffer_append(out, text, plain);
		text += plain;
		if (*text == '\0') {
			break;
		}
		size_t length = sequence_length(text);
		if (length == 0) {
			fc_buffer_append_text(out, "\\ufffd");
			length = 1;
		} else if (*text == '"' || *text == '\\') {
			fc_buffer_printf(out, "\\%c", *text);
		} else if (is_hidden(text, length)) {
			fc_buffer_printf(out, "\\u%04" PRIx32, code_point(text, length));
		} else {
			fc_buffer_append(out, text, length);
		}
		text += length;
	}
	fc_buffer_append_text(out, "\"");
}

void fc_json_key(struct fc_json_writer *json, const char *key)
{
	begin_member(json);
	append_quoted(json->out, key);
	fc_buffer_append_text(json->out, json->pretty ? ": " : ":");
	json->after_key = true;
}

void fc_json_string(struct fc_json_writer *json, const char *text)
{
	begin_member(json);
	append_quoted(json->out, text);
}

void fc_json_put_raw(struct fc_json_writer *json, const char *key, const char *text)
{
	char encoded_key[64];
	FC_CLEANUP(fc_buffer_release) struct fc_buffer encoded = { 0 };
	if (fc_text_is_utf8(text, strlen(text))) {
		return;
	}
	fc_base64_append(&encoded, text, strlen(text));
	snprintf(encoded_key, sizeof(encoded_key), "%s_b64", key);
	fc_json_key(json, encoded_key);
	fc_json_string(json, fc_buffer_ok(&encoded) ? fc_buffer_text(&encoded) : "");
}

void fc_json_integer(struct fc_json_writer *json, int64_t value)
{
	begin_member(json);
	fc_buffer_printf(json->out, "%" PRId64, value);
}

void fc_json_float(struct fc_json_writer *json, float value)
{
	enum { ALWAYS_ENOUGH = 9 }; /* significant digits of a 32-bit float */
	char text[40] = "null";
	begin_member(json);
	for (int digits = 6; isfinite(value) && digits <= ALWAYS_ENOUGH; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, (double)value);
		if (strtof(text, NULL) == value) {
			break;
		}
	}
	fc_buffer_append_text(json->out, text);
}

void fc_json_double(struct fc_json_writer *json, double value)
{
	char text[40] = "null";
	begin_member(json);
	if (isfinite(value)) {
		snprintf(text, sizeof(text), "%.15g", value);
	}
	if (isfinite(value) && strtod(text, NULL) != value) {
		snprintf(text, sizeof(text), "%.17g", value);
	}
	fc_buffer_append_text(json->out, text);
}

void fc_json_null(struct fc_json_writer *json)
{
	begin_member(json);
	fc_buffer_append_text(json->out, "null");
}

void fc_json_bool(struct fc_json_writer *json, bool value)
{
	begin_member(json);
	fc_buffer_append_text(json->out, value ? "true" : "false");
}

void fc_json_append_real(struct fc_buffer *out, double value, unsigned decimals)
{
	char text[400];
	if (!isfinite(value)) {
		fc_buffer_append_text(out, "null");
		return;
	}
	snprintf(text, sizeof(text), "%.*f", (int)decimals, value);
	size_t length = strlen(text);
	while (decimals > 0 && length > 0 && text[length - 1] == '0') {
		length--;
	}
	if (decimals > 0 && length > 0 && text[length - 1] == '.') {
		length--;
	}
	text[length] = '\0';
	fc_buffer_append_text(out, strcmp(text, "-0") == 0 ? "0" : text);
}

void fc_json_real(struct fc_json_writer *json, double value, unsigned decimals)
{
	begin_member(json);
	fc_json_append_real(json->out, value, decimals);
}

/* ---- members ---- */

void fc_json_put_text(struct fc_json_writer *json, const char *key, const char *text)
{
	if (text) {
		fc_json_key(json, key);
		fc_json_string(json, text);
	}
}

void fc_json_put_integer(struct fc_json_writer *json, const char *key, int64_t value)
{
	fc_json_key(json, key);
	fc_json_integer(json, value);
}

void fc_json_put_real(struct fc_json_writer *json, const char *key, double value, unsigned decimals)
{
	fc_json_key(json, key);
	fc_json_real(json, value, decimals);
}

void fc_json_put_bool(struct fc_json_writer *json, const char *key, bool value)
{
	fc_json_key(json, key);
	fc_json_bool(json, value);
}
