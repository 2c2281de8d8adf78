/* The candidate persons of each face in a photo, and the choice among them. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_MATCH_CANDIDATES_H
#define FC_SERVICE_MATCH_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/uuid.h"

struct fc_candidate {
	struct fc_uuid pid;
	float score;   /* similarity or confidence: higher is more similar */
	double needed; /* the score at which this person is accepted, if that is above the floor */
	uint32_t templates; /* of the person; 0: not known */
};

/* { 0 } is empty. */
struct fc_candidates {
	size_t faces;
	size_t most;                /* maximum number of candidates of each face */
	struct fc_candidate *items; /* `most` items for each face, best first */
	size_t *counts;             /* for each face, its number of candidates */
};

/* Allocate the arrays; every face has 0 candidates. Errors: FC_NO_MEMORY. */
enum fc_status fc_candidates_init(struct fc_candidates *out, size_t faces, size_t most,
				  struct fc_error *err);
void fc_candidates_release(struct fc_candidates *candidates);

/* The candidates of one face. */
struct fc_candidate *fc_candidates_of(const struct fc_candidates *candidates, size_t face);

/*
 * Choose for each face one of its candidates with at least the score `floor` and the score that the person needs: chosen[face] is an index into
 * the face's candidates, or FC_UNASSIGNED. With allow_repeats each face gets the best of these candidates. Otherwise each person is chosen at
 * most once, and the sum of (score - floor) is maximal. Errors: FC_NO_MEMORY.
 */
enum fc_status fc_candidates_choose(const struct fc_candidates *candidates, double floor,
				    bool allow_repeats, size_t *chosen, struct fc_error *err);

#endif
