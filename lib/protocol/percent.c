/* SPDX-License-Identifier: MIT */
#include "protocol/percent.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

bool fc_percent_decode(char *text, bool plus)
{
	char *out = text;
	char *start = text;
	for (; *text != '\0'; text++) {
		char c = *text == '+' && plus ? ' ' : *text;
		if (*text == '%') {
			char digits[3] = { text[1], text[1] != '\0' ? text[2] : '\0', '\0' };
			if (!isxdigit((unsigned char)digits[0]) ||
			    !isxdigit((unsigned char)digits[1])) {
				return false;
			}
			c = (char)strtol(digits, NULL, 16);
			if (c == '\0') {
				return false;
			}
			text += 2;
		}
		*out++ = c;
	}
	*out = '\0';
	return fc_text_is_utf8(start, (size_t)(out - start));
}

void fc_percent_append(struct fc_buffer *out, const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;
		if (byte < 0x80 && (isalnum(byte) || strchr("-._~", byte))) {
			fc_buffer_append(out, text, 1);
		} else {
			fc_buffer_printf(out, "%%%02X", byte);
		}
	}
}
