/* Checks and escapes untrusted texts. */
/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

/* Decode one UTF-8 sequence: returns its length, with the code point in *out, or 0 if it is not well-formed. */
static size_t decode(const unsigned char *bytes, size_t left, uint32_t *out)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length;
	uint32_t point;
	if (left == 0) {
		return 0;
	}
	if (bytes[0] < 0x80) {
		*out = bytes[0];
		return 1;
	}
	if (bytes[0] >= 0xc2 && bytes[0] <= 0xdf) {
		length = 2;
		point = bytes[0] & 0x1fu;
	} else if ((bytes[0] & 0xf0) == 0xe0) {
		length = 3;
		point = bytes[0] & 0x0fu;
	} else if (bytes[0] >= 0xf0 && bytes[0] <= 0xf4) {
		length = 4;
		point = bytes[0] & 0x07u;
	} else {
		return 0;
	}
	if (left < length) {
		return 0;
	}
	for (size_t i = 1; i < length; i++) {
		if ((bytes[i] & 0xc0) != 0x80) {
			return 0;
		}
		point = point << 6 | (bytes[i] & 0x3fu);
	}
	if (point < smallest[length] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
		return 0;
	}
	*out = point;
	return length;
}

/* A character of a text, or a byte that is not part of well-formed UTF-8. */
struct character {
	bool valid;
	uint32_t point;
	const char *bytes;
	size_t size;
};

/* Read a character and advance. At least one byte must be left. */
static struct character next(const char **text, size_t *left)
{
	struct character found = { .bytes = *text };
	found.size = decode((const unsigned char *)*text, *left, &found.point);
	found.valid = found.size > 0;
	found.size += !found.valid;
	*text += found.size;
	*left -= found.size;
	return found;
}

bool fc_text_is_utf8(const char *text, size_t length)
{
	while (length > 0) {
		if (!next(&text, &length).valid) {
			return false;
		}
	}
	return true;
}

/* Not a control character, and none that changes the text direction. */
static bool is_visible(const struct character *character)
{
	uint32_t point = character->point;
	return character->valid &&
	       !(point < 0x20 || (point >= 0x7f && point <= 0x9f) ||
		 (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069) ||
		 point == 0x2028 || point == 0x2029);
}

void fc_text_append_visible(struct fc_buffer *out, const char *text)
{
	for (size_t left = strlen(text); left > 0;) {
		struct character character = next(&text, &left);
		bool visible = is_visible(&character);
		if (visible) {
			fc_buffer_append(out, character.bytes, character.size);
		}
		for (size_t i = 0; !visible && i < character.size; i++) {
			fc_buffer_printf(out, "\\x%02x", (unsigned char)character.bytes[i]);
		}
	}
}

void fc_text_append_markup(struct fc_buffer *out, const char *text)
{
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '&':
			fc_buffer_append_text(out, "&amp;");
			break;
		case '<':
			fc_buffer_append_text(out, "&lt;");
			break;
		case '>':
			fc_buffer_append_text(out, "&gt;");
			break;
		case '"':
			fc_buffer_append_text(out, "&quot;");
			break;
		default:
			fc_buffer_append(out, text, 1);
		}
	}
}

int32_t fc_text_take(const char **text, size_t *left, size_t *bytes)
{
	struct character character = next(text, left);
	*bytes = character.size;
	return is_visible(&character) ? (int32_t)character.point : -1;
}

size_t fc_text_line_length(const char *text, size_t limit)
{
	size_t length = 0;
	while (length < limit && !iscntrl((unsigned char)text[length])) {
		length++;
	}
	bool is_cut = length == limit;
	while (is_cut && length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80) {
		length--;
	}
	return length;
}

bool fc_text_is_label(const char *text, size_t limit)
{
	size_t left = strlen(text);
	if (left == 0 || left > limit) {
		return false;
	}
	while (left > 0) {
		struct character character = next(&text, &left);
		if (!is_visible(&character)) {
			return false;
		}
	}
	return true;
}

bool fc_text_is_space_name(const char *text)
{
	size_t length = strlen(text);
	return length >= 1 && length <= 64 &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") == length;
}
