/* Find the known word that is most similar to a mistyped one. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_NEAREST_H
#define FC_BASE_NEAREST_H

#include "base/error.h"

/*
 * The candidate that is most similar to a mistyped word, or NULL if none is similar enough (about one edit per three letters).
 * The array ends with NULL. Candidates of more than 64 bytes are ignored.
 */
const char *fc_nearest_word(const char *word, const char *const *candidates);

/*
 * Return FC_NOT_FOUND with "there is no WHAT 'NAME'" and, if one of the candidates is similar, its name. candidates may be NULL when out
 * of memory.
 */
enum fc_status fc_fail_unknown(struct fc_error *err, const char *what, const char *name,
			       const char *const *candidates);

#endif
