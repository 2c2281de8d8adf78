/* Whom the faces of a photo may be, and whom each is taken for. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_CANDIDATES_H
#define FC_SERVICE_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/uuid.h"

struct fc_candidate {
	struct fc_uuid pid;
	float score; /* a similarity or a confidence: higher is more alike */
};

/* { 0 } is empty. */
struct fc_candidates {
	size_t faces;
	size_t most;                /* room for each face */
	struct fc_candidate *items; /* `most` for each face, the likeliest first */
	size_t *counts;             /* by face: how many of them are taken */
};

/* Room for so many, and nobody in it yet. Errors: FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_candidates_init(struct fc_candidates *out, size_t faces, size_t most,
					      struct fc_error *err);
void fc_candidates_release(struct fc_candidates *candidates);

/* Those of one face. */
struct fc_candidate *fc_candidates_of(const struct fc_candidates *candidates, size_t face);

/*
 * Choose for each face one of its candidates at or above the floor: chosen[face] is the place among the face's own, or
 * FC_UNASSIGNED. Where a person may not be several faces, the sum of what the scores exceed the floor by is as large as can be; else
 * each face is its likeliest. Errors: FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_candidates_choose(const struct fc_candidates *candidates,
						double floor, bool allow_repeats, size_t *chosen,
						struct fc_error *err);

#endif
