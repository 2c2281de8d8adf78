/* The width of text on a terminal. */
/* SPDX-License-Identifier: MIT */
#include "base/unicode.h"

#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

#include "base/text.h"

/* Take one character; returns its columns. An escaped byte takes four. */
static size_t take(const char **text, size_t *left)
{
	size_t bytes;
	int32_t point = fc_text_take(text, left, &bytes);
	int width = point >= 0 ? utf8proc_charwidth(point) : 0;
	return point < 0 ? 4 * bytes : (width > 0 ? (size_t)width : 0);
}

size_t fc_text_fit(const char *text, size_t columns, size_t *taken)
{
	const char *cursor = text;
	*taken = 0;
	for (size_t left = strlen(text); left > 0;) {
		const char *before = cursor;
		size_t width = take(&cursor, &left);
		if (*taken + width > columns) {
			return (size_t)(before - text);
		}
		*taken += width;
	}
	return (size_t)(cursor - text);
}

size_t fc_text_cells(const char *text)
{
	size_t taken = 0;
	(void)fc_text_fit(text, SIZE_MAX, &taken);
	return taken;
}
