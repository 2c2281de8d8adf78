/* Percent-encoding of URLs. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_PERCENT_H
#define FC_PROTOCOL_PERCENT_H

#include <stdbool.h>

/*
 * Decode text in place. plus: '+' is a space, as in queries and forms. Returns false for an incomplete sequence, a NUL byte, or a result that is not
 * UTF-8.
 */
bool fc_percent_decode(char *text, bool plus);

#endif
