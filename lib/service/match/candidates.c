/* Choose a person for each face of a photo. */
/* SPDX-License-Identifier: MIT */
#include "service/match/candidates.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "service/match/assign.h"

enum fc_status fc_candidates_init(struct fc_candidates *out, size_t faces, size_t most,
				  struct fc_error *err)
{
	*out = (struct fc_candidates){
		.faces = faces,
		.most = most,
		.items = calloc(faces * most + 1, sizeof(*out->items)),
		.counts = calloc(faces + 1, sizeof(*out->counts)),
	};
	if (!out->items || !out->counts) {
		fc_candidates_release(out);
		return fc_fail_memory(err);
	}
	return FC_OK;
}

void fc_candidates_release(struct fc_candidates *candidates)
{
	free(candidates->items);
	free(candidates->counts);
	*candidates = (struct fc_candidates){ 0 };
}

struct fc_candidate *fc_candidates_of(const struct fc_candidates *candidates, size_t face)
{
	return &candidates->items[face * candidates->most];
}

/* Every person who is a candidate of any face, without duplicates: the columns of the assignment. */
struct roster {
	struct fc_uuid *pids;
	size_t count;
};

static size_t column_of(struct roster *roster, const struct fc_uuid *pid)
{
	size_t column = 0;
	while (column < roster->count && !fc_uuid_equal(&roster->pids[column], pid)) {
		column++;
	}
	if (column == roster->count) {
		roster->pids[roster->count++] = *pid;
	}
	return column;
}

static bool is_accepted(const struct fc_candidate *candidate, double floor)
{
	return (double)candidate->score >= fmax(floor, candidate->needed);
}

static void weigh(const struct fc_candidates *candidates, double floor, struct roster *roster,
		  double *gains)
{
	/* a score exactly at the floor is accepted, so its gain must be positive */
	const double least = 1e-9;
	for (size_t face = 0; face < candidates->faces; face++) {
		const struct fc_candidate *list = fc_candidates_of(candidates, face);
		double *row = &gains[face * roster->count];
		for (size_t i = 0; i < candidates->counts[face]; i++) {
			if (is_accepted(&list[i], floor)) {
				double *gain = &row[column_of(roster, &list[i].pid)];
				*gain = fmax(*gain, (double)list[i].score - floor + least);
			}
		}
	}
}

static size_t place_of(const struct fc_candidates *candidates, size_t face,
		       const struct fc_uuid *pid)
{
	const struct fc_candidate *list = fc_candidates_of(candidates, face);
	for (size_t i = 0; i < candidates->counts[face]; i++) {
		if (fc_uuid_equal(&list[i].pid, pid)) {
			return i;
		}
	}
	return FC_UNASSIGNED;
}

/* Assign each person to at most one face. */
static enum fc_status choose_together(const struct fc_candidates *candidates, double floor,
				      size_t *chosen, struct fc_error *err)
{
	FC_CLEANUP(fc_free)
	struct fc_uuid *pids = calloc(candidates->faces * candidates->most + 1, sizeof(*pids));
	struct roster roster = { .pids = pids };
	if (!pids) {
		return fc_fail_memory(err);
	}
	for (size_t face = 0; face < candidates->faces; face++) {
		const struct fc_candidate *list = fc_candidates_of(candidates, face);
		for (size_t i = 0; i < candidates->counts[face]; i++) {
			if (is_accepted(&list[i], floor)) {
				FC_IGNORE(column_of(&roster, &list[i].pid));
			}
		}
	}
	FC_CLEANUP(fc_free)
	double *gains = calloc(candidates->faces * roster.count + 1, sizeof(*gains));
	if (!gains) {
		return fc_fail_memory(err);
	}
	weigh(candidates, floor, &roster, gains);
	FC_TRY(fc_assign(gains, candidates->faces, roster.count, chosen, err));
	for (size_t face = 0; face < candidates->faces; face++) {
		if (chosen[face] != FC_UNASSIGNED) {
			chosen[face] = place_of(candidates, face, &pids[chosen[face]]);
		}
	}
	return FC_OK;
}

enum fc_status fc_candidates_choose(const struct fc_candidates *candidates, double floor,
				    bool allow_repeats, size_t *chosen, struct fc_error *err)
{
	if (!allow_repeats) {
		return choose_together(candidates, floor, chosen, err);
	}
	for (size_t face = 0; face < candidates->faces; face++) {
		const struct fc_candidate *list = fc_candidates_of(candidates, face);
		size_t i = 0;
		while (i < candidates->counts[face] && !is_accepted(&list[i], floor)) {
			i++;
		}
		chosen[face] = i < candidates->counts[face] ? i : FC_UNASSIGNED;
	}
	return FC_OK;
}
