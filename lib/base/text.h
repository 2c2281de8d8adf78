/* Texts from outside: UTF-8 checks, and escapes for control characters. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_TEXT_H
#define FC_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/* Well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF). */
bool fc_text_is_utf8(const char *text, size_t length);

/*
 * Append text so that it can be shown on a terminal: control characters (C0, DEL, C1), bidirectional overrides and bytes
 * that are not UTF-8 appear as \xNN; a backslash stays as it is.
 */
void fc_text_append_visible(struct fc_buffer *out, const char *text);

/* Length of the first line of text: up to a control character, at most `limit` bytes and not cut within a character. */
size_t fc_text_line_length(const char *text, size_t limit);

/* Columns of text after fc_text_append_visible: its code points; wide ones count once. */
size_t fc_text_columns(const char *text);

/*
 * A person's name or a space's label is fit to store: 1 to limit bytes of UTF-8 without control characters.
 */
bool fc_text_is_label(const char *text, size_t limit);

/* [a-z0-9_-]{1,64}, the names of spaces. */
bool fc_text_is_space_name(const char *text);

#endif
