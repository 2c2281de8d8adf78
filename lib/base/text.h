/* Untrusted texts: UTF-8 checks, and escapes for control characters. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_TEXT_H
#define FC_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/* Well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF). */
bool fc_text_is_utf8(const char *text, size_t length);

/*
 * Append text so that it can be shown on a terminal: control characters (C0, DEL, C1), bidirectional overrides and bytes
 * that are not UTF-8 appear as \xNN; a backslash stays as it is.
 */
void fc_text_append_visible(struct fc_buffer *out, const char *text);

/* Append text as content or attribute of HTML or SVG: & < > " become entities. */
void fc_text_append_markup(struct fc_buffer *out, const char *text);

/*
 * Take the first character, whose size is stored in *bytes. Returns its code point, or -1 if fc_text_append_visible escapes its bytes.
 */
int32_t fc_text_take(const char **text, size_t *left, size_t *bytes);

/*
 * Length of the first line of text, which ends before the first control character. At most `limit` bytes, and never cut inside a character.
 */
size_t fc_text_line_length(const char *text, size_t limit);

/* Whether text is a valid name of a person or label of a space: 1 to limit bytes of UTF-8 without control characters. */
bool fc_text_is_label(const char *text, size_t limit);

/* Whether text is a valid name of a space: [a-z0-9_-]{1,64}. */
bool fc_text_is_space_name(const char *text);

#endif
