/* Who the faces of a photo are. */
/* SPDX-License-Identifier: MIT */
#include "service/azure_decide.h"

#include <stdlib.h>

#include "base/file.h"
#include "service/assign.h"

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

/* Drop the candidates who are gone: a group remembers them until it is trained again. */
static void drop_gone(const struct fc_azure *azure, struct fc_azure_sight *sight)
{
	for (size_t i = 0; i < sight->count; i++) {
		struct fc_azure_candidate *list = &sight->candidates[i * sight->most];
		size_t kept = 0;
		for (size_t k = 0; k < sight->candidate_counts[i]; k++) {
			const struct fc_azure_person *person =
				fc_azure_person_by_id(&azure->group.persons, &list[k].person);
			if (person && !person->gone) {
				list[kept++] = list[k];
			}
		}
		sight->candidate_counts[i] = kept;
	}
}

/* ---- one person, one face ---- */

struct roster {
	struct fc_uuid *pids;
	size_t count;
};

static size_t column_of(struct roster *roster, const struct fc_uuid *pid)
{
	for (size_t i = 0; i < roster->count; i++) {
		if (fc_uuid_equal(&roster->pids[i], pid)) {
			return i;
		}
	}
	roster->pids[roster->count] = *pid;
	return roster->count++;
}

/* chosen: the candidate of each face, or FC_UNASSIGNED. */
static enum fc_status assign_people(const struct fc_azure *azure,
				    const struct fc_azure_sight *sight, size_t *chosen,
				    struct fc_error *err)
{
	size_t most = sight->count * sight->most + 1;
	FC_CLEANUP(fc_free) struct fc_uuid *pids = calloc(most, sizeof(*pids));
	FC_CLEANUP(fc_free) size_t *columns = calloc(most, sizeof(*columns));
	double floor = azure->options.has_confidence ? azure->options.confidence : 0;
	struct roster roster = { .pids = pids };
	if (!pids || !columns) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < sight->count; i++) {
		for (size_t k = 0; k < sight->candidate_counts[i]; k++) {
			size_t at = i * sight->most + k;
			columns[at] = column_of(&roster, &sight->candidates[at].person);
		}
	}
	FC_CLEANUP(fc_free)
	double *gains = calloc(sight->count * roster.count + 1, sizeof(*gains));
	if (!gains) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < sight->count; i++) {
		for (size_t k = 0; k < sight->candidate_counts[i]; k++) {
			size_t at = i * sight->most + k;
			double excess = (double)sight->candidates[at].confidence - floor;
			/* At the very limit it is accepted, so its gain must not be zero. */
			gains[i * roster.count + columns[at]] = (excess > 0 ? excess : 0) + 1e-9;
		}
	}
	FC_TRY(fc_assign(gains, sight->count, roster.count, chosen, err));
	for (size_t i = 0; i < sight->count; i++) {
		size_t column = chosen[i];
		chosen[i] = FC_UNASSIGNED;
		for (size_t k = 0; k < sight->candidate_counts[i]; k++) {
			if (column != FC_UNASSIGNED && columns[i * sight->most + k] == column) {
				chosen[i] = k;
			}
		}
	}
	return FC_OK;
}

/* Each face its best candidate, whoever else has that one. */
static void repeat_people(const struct fc_azure_sight *sight, size_t *chosen)
{
	for (size_t i = 0; i < sight->count; i++) {
		chosen[i] = sight->candidate_counts[i] > 0 ? 0 : FC_UNASSIGNED;
	}
}

static void describe(const struct fc_azure *azure, struct fc_azure_decision *decision, size_t i,
		     size_t chosen)
{
	const struct fc_azure_sight *sight = &decision->sight;
	const struct fc_azure_candidate *list = &sight->candidates[i * sight->most];
	struct fc_recognized_face *face = &decision->faces[i];
	struct fc_identity *aliases = &decision->aliases[i * sight->most];
	size_t mine = chosen == FC_UNASSIGNED ? 0 : chosen;
	face->face = &sight->seen[i];
	face->aliases = aliases;
	face->attributes = sight->has_attributes[i] ? &sight->attributes[i] : NULL;
	if (sight->candidate_counts[i] == 0) {
		return;
	}
	face->has_similarity = true;
	face->similarity = list[mine].confidence;
	face->known = chosen != FC_UNASSIGNED;
	for (size_t k = 0; k < sight->candidate_counts[i]; k++) {
		struct fc_azure_person *person =
			fc_azure_person_by_id(&azure->group.persons, &list[k].person);
		if (k == mine) {
			decision->persons[i] = face->known ? person : NULL;
			face->identity =
				face->known ? identity_of(person) : (struct fc_identity){ 0 };
			continue;
		}
		if (!face->has_margin) {
			face->has_margin = true;
			face->margin = list[mine].confidence - list[k].confidence;
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
	decision->aliases = calloc(sight->count * sight->most + 1, sizeof(*decision->aliases));
	if (!chosen || !decision->faces || !decision->persons || !decision->aliases) {
		return fc_fail_memory(err);
	}
	drop_gone(azure, sight);
	if (allow_repeats) {
		repeat_people(sight, chosen);
	} else {
		FC_TRY(assign_people(azure, sight, chosen, err));
	}
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
