/* Find the known word that is most similar to a mistyped one. */
/* SPDX-License-Identifier: MIT */
#include "base/nearest.h"

#include <stdint.h>
#include <string.h>

enum { WORD_MAXIMUM = 64 };

/* The number of edits (insert, delete, replace, swap neighbours) between two words: the optimal string alignment distance. */
static size_t distance(const char *a, const char *b)
{
	size_t rows[3][WORD_MAXIMUM + 1];
	size_t *before = rows[0];
	size_t *last = rows[1];
	size_t *here = rows[2];
	size_t width = strlen(b);
	for (size_t j = 0; j <= width; j++) {
		last[j] = j;
	}
	for (size_t i = 1; a[i - 1] != '\0'; i++) {
		here[0] = i;
		for (size_t j = 1; j <= width; j++) {
			size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);
			best = last[j] + 1 < best ? last[j] + 1 : best;
			best = here[j - 1] + 1 < best ? here[j - 1] + 1 : best;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < best) {
				best = before[j - 2] + 1;
			}
			here[j] = best;
		}
		size_t *oldest = before;
		before = last;
		last = here;
		here = oldest;
	}
	return last[width];
}

const char *fc_nearest_word(const char *word, const char *const *candidates)
{
	size_t length = strlen(word);
	const char *nearest = NULL;
	size_t least = length < 3 ? 1 : length / 3;
	for (; length <= WORD_MAXIMUM && *candidates; candidates++) {
		size_t edits = strlen(*candidates) <= WORD_MAXIMUM ? distance(word, *candidates)
								   : SIZE_MAX;
		if (edits < least || (edits == least && !nearest)) {
			nearest = *candidates;
			least = edits;
		}
	}
	return nearest;
}

enum fc_status fc_fail_unknown(struct fc_error *err, const char *what, const char *name,
			       const char *const *candidates)
{
	const char *nearest = candidates ? fc_nearest_word(name, candidates) : NULL;
	return nearest ? fc_fail(err, FC_NOT_FOUND, "there is no %s '%s'; did you mean '%s'?", what,
				 name, nearest)
		       : fc_fail(err, FC_NOT_FOUND, "there is no %s '%s'", what, name);
}
