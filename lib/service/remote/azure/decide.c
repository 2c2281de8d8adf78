/* Assign the faces of a photo to persons. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/azure/decide.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "service/match/assign.h"

void fc_azure_decision_free(struct fc_azure_decision *decision)
{
	if (decision) {
		fc_azure_sight_release(&decision->sight);
		free(decision->faces);
		free(decision->persons);
		free(decision->aliases);
		free(decision);
	}
}

static struct fc_identity identity_of(const struct fc_azure_person *person)
{
	return (struct fc_identity){
		.pid = person->id,
		.has_number = person->has_number,
		.number = person->number,
		.name = person->name,
	};
}

/* The lowest confidence of all candidates: the service applies the threshold, so every candidate that it returns is acceptable. */
static double floor_of(const struct fc_azure *azure, const struct fc_candidates *candidates)
{
	double floor = azure->options.has_confidence ? azure->options.confidence : 0;
	for (size_t face = 0; face < candidates->faces; face++) {
		const struct fc_candidate *list = fc_candidates_of(candidates, face);
		for (size_t i = 0; i < candidates->counts[face]; i++) {
			floor = fmin(floor, (double)list[i].score);
		}
	}
	return floor;
}

static void describe(const struct fc_azure *azure, struct fc_azure_decision *decision, size_t i,
		     size_t chosen)
{
	const struct fc_azure_sight *sight = &decision->sight;
	const struct fc_candidate *list = fc_candidates_of(&sight->candidates, i);
	struct fc_recognized_face *face = &decision->faces[i];
	struct fc_identity *aliases = &decision->aliases[i * sight->candidates.most];
	size_t mine = chosen == FC_UNASSIGNED ? 0 : chosen;
	face->face = &sight->seen[i];
	face->aliases = aliases;
	face->attributes = sight->has_attributes[i] ? &sight->attributes[i] : NULL;
	if (sight->candidates.counts[i] == 0) {
		return;
	}
	face->has_similarity = true;
	face->similarity = list[mine].score;
	face->known = chosen != FC_UNASSIGNED;
	for (size_t k = 0; k < sight->candidates.counts[i]; k++) {
		struct fc_azure_person *person =
			fc_azure_person_by_id(&azure->group.persons, &list[k].pid);
		if (k == mine) {
			decision->persons[i] = face->known ? person : NULL;
			face->identity =
				face->known ? identity_of(person) : (struct fc_identity){ 0 };
			continue;
		}
		if (!face->has_margin) {
			face->has_margin = true;
			face->margin = list[mine].score - list[k].score;
		}
		if (face->known) {
			aliases[face->alias_count++] = identity_of(person);
		}
	}
}

enum fc_status fc_azure_decide(const struct fc_azure *azure, bool allow_repeats,
			       struct fc_azure_decision *decision, struct fc_error *err)
{
	struct fc_azure_sight *sight = &decision->sight;
	FC_CLEANUP(fc_free) size_t *chosen = calloc(sight->count + 1, sizeof(*chosen));
	decision->faces = calloc(sight->count + 1, sizeof(*decision->faces));
	decision->persons = calloc(sight->count + 1, sizeof(struct fc_azure_person *));
	decision->aliases =
		calloc(sight->count * sight->candidates.most + 1, sizeof(*decision->aliases));
	if (!chosen || !decision->faces || !decision->persons || !decision->aliases) {
		return fc_fail_memory(err);
	}
	/* Drop candidates that were deleted: the service returns them until the group's next training. */
	for (size_t i = 0; i < sight->count; i++) {
		struct fc_candidate *list = fc_candidates_of(&sight->candidates, i);
		size_t kept = 0;
		for (size_t k = 0; k < sight->candidates.counts[i]; k++) {
			const struct fc_azure_person *person =
				fc_azure_person_by_id(&azure->group.persons, &list[k].pid);
			if (person && !person->gone) {
				list[kept++] = list[k];
			}
		}
		sight->candidates.counts[i] = kept;
	}
	FC_TRY(fc_candidates_choose(&sight->candidates, floor_of(azure, &sight->candidates),
				    allow_repeats, chosen, err));
	for (size_t i = 0; i < sight->count; i++) {
		describe(azure, decision, i, chosen[i]);
	}
	return FC_OK;
}

void fc_azure_decision_added(struct fc_azure_decision *decision, size_t face,
			     struct fc_azure_person *person)
{
	struct fc_recognized_face *recognized = &decision->faces[face];
	if (decision->persons[face]) {
		return;
	}
	decision->persons[face] = person;
	recognized->known = true;
	recognized->created = true;
	recognized->identity = identity_of(person);
}

void fc_azure_decision_count(const struct fc_azure_decision *decision, struct fc_tally *tally)
{
	tally->faces += decision->sight.count;
	for (size_t i = 0; i < decision->sight.count; i++) {
		tally->created += decision->faces[i].created;
		tally->known += decision->faces[i].known && !decision->faces[i].created;
	}
}
