/* Find the known word that is most similar to a mistyped one. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OPTION_NEAREST_H
#define FC_CMD_OPTION_NEAREST_H

/*
 * The candidate that is most similar to a mistyped word, or NULL if none is similar enough (about one edit per three letters).
 * The array ends with NULL. Candidates of more than 64 bytes are ignored.
 */
const char *nearest_word(const char *word, const char *const *candidates);

#endif
