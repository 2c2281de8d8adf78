/* Names of persons. */
/* SPDX-License-Identifier: MIT */
#include "base/name.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/memory.h"

static bool is_space(utf8proc_int32_t point)
{
	utf8proc_category_t category = utf8proc_category(point);
	return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
	       category == UTF8PROC_CATEGORY_ZP || (point >= '\t' && point <= '\r');
}

/* Remove white space from both ends of valid UTF-8. */
static void trim(char *text)
{
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text;
	utf8proc_ssize_t length = (utf8proc_ssize_t)strlen(text), place = 0;
	utf8proc_ssize_t first = length, end = 0;
	while (place < length) {
		utf8proc_int32_t point;
		utf8proc_ssize_t size = utf8proc_iterate(at + place, length - place, &point);
		if (size <= 0) {
			return;
		}
		if (!is_space(point)) {
			first = first < place ? first : place;
			end = place + size;
		}
		place += size;
	}
	size_t kept = end > first ? (size_t)(end - first) : 0;
	memmove(text, text + (kept > 0 ? first : 0), kept);
	text[kept] = '\0';
}

static enum fc_status map(const char *text, utf8proc_option_t options, char **out,
			  struct fc_error *err)
{
	utf8proc_uint8_t *mapped = NULL;
	utf8proc_ssize_t length =
		utf8proc_map((const utf8proc_uint8_t *)text, 0, &mapped,
			     options | UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	if (length == UTF8PROC_ERROR_NOMEM) {
		return fc_fail_memory(err);
	}
	*out = length < 0 ? strdup(text) : (char *)mapped;
	if (!*out) {
		return fc_fail_memory(err);
	}
	if (length >= 0) {
		trim(*out);
	}
	return FC_OK;
}

enum fc_status fc_name_normalise(const char *text, char **out, struct fc_error *err)
{
	return map(text, 0, out, err);
}

enum fc_status fc_name_fold(const char *text, char **out, struct fc_error *err)
{
	return map(text, UTF8PROC_CASEFOLD, out, err);
}
