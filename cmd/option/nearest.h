/* The known word that a mistyped one is closest to. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_NEAREST_H
#define FC_CMD_NEAREST_H

/*
 * The candidate that is closest to a mistyped word, or NULL when none is close: about one edit for three letters. Candidates end with
 * NULL; those of more than 64 bytes are ignored.
 */
const char *nearest_word(const char *word, const char *const *candidates);

#endif
