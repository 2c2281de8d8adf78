/* The width of text on a terminal, by utf8proc. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_UNICODE_H
#define FC_BASE_UNICODE_H

#include <stddef.h>

/* The number of columns of text after fc_text_append_visible: wide characters take two, combining ones none. */
size_t fc_text_cells(const char *text);

/* The bytes of the longest start of a visible text that takes at most `columns`; *taken is what it takes. */
size_t fc_text_fit(const char *text, size_t columns, size_t *taken);

#endif
