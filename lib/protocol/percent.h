/* Percent-encoding of URLs. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_PERCENT_H
#define FC_PROTOCOL_PERCENT_H

#include <stdbool.h>

#include "base/buffer.h"

/*
 * Decode text in place. plus: '+' is a space, as in queries and forms. Returns false for an incomplete sequence, a NUL byte, or a result that is not
 * UTF-8.
 */
bool fc_percent_decode(char *text, bool plus);

/* Append a text with all bytes encoded that are not letters, digits, '-', '.', '_' or '~'. */
void fc_percent_append(struct fc_buffer *out, const char *text);

#endif
