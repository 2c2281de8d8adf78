/* recognize on the local engine: find every face of a photo and its person. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/vector.h"
#include "gallery/search/search.h"
#include "service/local/answers.h"
#include "service/local/group.h"
#include "service/local/nearest.h"
#include "service/local/rules.h"
#include "service/local/space_view.h"
#include "service/local/threshold.h"
#include "service/match/assign.h"
#include "service/match/candidates.h"
#include "service/match/threshold.h"

/* Number of nearest persons considered for each face. Others remain if every other face of a typical photo takes one of them. */
enum { CANDIDATES = 32 };

struct recognition {
	struct fc_local *local;
	const struct fc_recognize_request *request;
	struct fc_tally *tally;
	struct fc_local_nearest nearest; /* of the photos of a group */
	struct fc_local_answers answers;
};

static void recognition_release(struct recognition *recognition)
{
	fc_local_nearest_release(&recognition->nearest);
	fc_local_answers_release(&recognition->answers);
}

/* The result of recognising the faces of one photo. */
struct decision {
	struct fc_local_space_view view;
	struct fc_recognized_face *faces;
	size_t count;
	struct fc_identity *aliases; /* CANDIDATES for each face */
	char **names;                /* strings that the identities point to */
	size_t name_count, name_capacity;
	struct fc_threshold threshold;
	uint64_t known, created;
};

static void decision_release(void *result)
{
	struct decision *decision = result;
	for (size_t i = 0; i < decision->name_count; i++) {
		free(decision->names[i]);
	}
	free(decision->names);
	free(decision->aliases);
	free(decision->faces);
	*decision = (struct decision){ 0 };
}

/*
 * The nearest persons of each face, and the similarity that each of them needs: searched with those of the other photos of the group, unless
 * faces were stored since then.
 */
static enum fc_status find_candidates(struct fc_gallery_txn *txn,
				      const struct recognition *recognition,
				      const struct decision *decision,
				      const struct fc_local_photo *photo,
				      struct fc_candidates *candidates, struct fc_error *err)
{
	FC_CLEANUP(fc_local_nearest_release) struct fc_local_nearest nearest = { 0 };
	enum fc_status status = fc_local_nearest_of(&recognition->nearest, photo, candidates, err);
	if (status == FC_NOT_FOUND) {
		FC_TRY(fc_local_nearest_search(txn, decision->view.space.id, &photo, 1, CANDIDATES,
					       &nearest, err));
		status = fc_local_nearest_of(&nearest, photo, candidates, err);
	}
	FC_TRY(status);
	for (size_t i = 0; i < candidates->faces * candidates->most; i++) {
		struct fc_candidate *candidate = &candidates->items[i];
		candidate->needed = fc_threshold_for(&decision->threshold, candidate->templates);
	}
	return FC_OK;
}

static enum fc_status read_identity(struct fc_gallery_txn *txn, struct decision *decision,
				    const struct fc_uuid *pid, struct fc_identity *out,
				    struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_TRY(fc_gallery_referred(txn, fc_person_get(txn, pid, &person, err), err));
	FC_TRY(fc_array_grow(&decision->names, sizeof(*decision->names), decision->name_count,
			     &decision->name_capacity, err));
	*out = fc_local_identity(&person);
	decision->names[decision->name_count++] = FC_STEAL(person.name);
	return FC_OK;
}

/* Set the person of one face, and the other persons that it is similar to. */
static enum fc_status describe_face(struct fc_gallery_txn *txn, struct decision *decision, size_t i,
				    const struct fc_candidates *candidates, size_t chosen,
				    uint32_t dimension, struct fc_error *err)
{
	struct fc_recognized_face *face = &decision->faces[i];
	struct fc_person_similarity similarity;
	struct fc_identity *aliases = &decision->aliases[i * CANDIDATES];
	const struct fc_candidate *list = fc_candidates_of(candidates, i);
	size_t own = chosen == FC_UNASSIGNED ? 0 : chosen;
	if (candidates->counts[i] == 0) {
		return FC_OK;
	}
	face->has_similarity = true;
	face->similarity = list[own].score;
	face->templates = list[own].templates;
	face->known = chosen != FC_UNASSIGNED;
	if (!face->known) {
		face->unnamed = (double)face->similarity < list[own].needed
					? FC_UNNAMED_BELOW_THRESHOLD
					: FC_UNNAMED_PERSON_TAKEN;
		face->has_nearest = true;
		FC_TRY(read_identity(txn, decision, &list[own].pid, &face->nearest, err));
	} else {
		FC_TRY(read_identity(txn, decision, &list[own].pid, &face->identity, err));
		FC_TRY(fc_gallery_referred(txn,
					   fc_search_person(txn, &list[own].pid,
							    face->face->embedding, dimension,
							    &similarity, err),
					   err));
		face->best = (struct fc_best_face){ similarity.face, similarity.face_score };
		decision->known++;
	}
	for (size_t k = 0; k < candidates->counts[i]; k++) {
		if (k == own) {
			continue;
		}
		if (!face->has_margin) {
			face->has_margin = true;
			face->margin = list[own].score - list[k].score;
		}
		if (face->known && (double)list[k].score >= list[k].needed) {
			FC_TRY(read_identity(txn, decision, &list[k].pid,
					     &aliases[face->alias_count], err));
			face->alias_count++;
		}
	}
	return FC_OK;
}

/* Compare the faces of a photo with the space. */
static enum fc_status compare(struct fc_gallery_txn *txn, const struct recognition *recognition,
			      const struct fc_local_photo *photo, struct decision *decision,
			      struct fc_error *err)
{
	const struct fc_analysis *analysis = &photo->analysis;
	const struct fc_space *space = &decision->view.space;
	const struct fc_recognize_request *request = recognition->request;
	FC_CLEANUP(fc_candidates_release) struct fc_candidates candidates = { 0 };
	size_t count = analysis->face_count;
	FC_CLEANUP(fc_free) size_t *chosen = calloc(count + 1, sizeof(*chosen));
	decision->faces = calloc(count + 1, sizeof(*decision->faces));
	decision->aliases = calloc(count * CANDIDATES + 1, sizeof(*decision->aliases));
	if (!chosen || !decision->faces || !decision->aliases) {
		return fc_fail_memory(err);
	}
	decision->count = count;
	for (size_t i = 0; i < count; i++) {
		decision->faces[i].face = &analysis->faces[i];
		decision->faces[i].aliases = &decision->aliases[i * CANDIDATES];
		decision->faces[i].unnamed = FC_UNNAMED_NO_PERSONS;
	}

	FC_TRY(fc_local_threshold(txn, recognition->local, space, &request->threshold,
				  &fc_threshold_of_search, &decision->threshold, err));
	FC_TRY(txn ? fc_local_check_pin(recognition->local, txn, err) : FC_OK);
	if (space->face_count == 0 || count == 0) {
		return FC_OK;
	}
	FC_TRY(find_candidates(txn, recognition, decision, photo, &candidates, err));
	FC_TRY(fc_candidates_choose(&candidates, decision->threshold.value, request->allow_repeats,
				    chosen, err));
	for (size_t i = 0; i < count; i++) {
		FC_TRY(describe_face(txn, decision, i, &candidates, chosen[i],
				     (uint32_t)analysis->dimension, err));
	}
	return FC_OK;
}

/* Add a person for an unknown face, with the next number of the space. */
static enum fc_status add_person(struct fc_gallery_txn *txn, uint32_t space_id,
				 struct fc_recognized_face *face, struct fc_error *err)
{
	struct fc_space space;
	/* Read the space again for each person, because adding a person changes its next number. */
	FC_TRY(fc_space_read(txn, space_id, &space, err));
	struct fc_person person = {
		.space = space.id,
		.has_number = true,
		.number = space.next_number,
	};
	FC_TRY(fc_person_add(txn, &person, err));
	face->identity = fc_local_identity(&person);
	face->known = true;
	face->created = true;
	return FC_OK;
}

/*
 * Whether a person may be created for an unknown face: not if it is similar to an existing person, who was assigned to another face, or to a
 * person that was created for another face of the photo. In these cases nearest is that person.
 */
static bool is_new_person(const struct fc_recognize_request *request, struct decision *decision,
			  size_t i, size_t dimension)
{
	struct fc_recognized_face *face = &decision->faces[i];
	if (!request->create_new || face->known || face->unnamed == FC_UNNAMED_PERSON_TAKEN) {
		return false;
	}
	for (size_t k = 0; k < i; k++) {
		const struct fc_recognized_face *other = &decision->faces[k];
		float score = fc_dot(face->face->embedding, other->face->embedding, dimension);
		if (!other->created || (double)score < fc_threshold_for(&decision->threshold, 1) ||
		    (face->unnamed == FC_UNNAMED_PERSON_TAKEN && score <= face->similarity)) {
			continue;
		}
		face->unnamed = FC_UNNAMED_PERSON_TAKEN;
		face->has_nearest = face->has_similarity = true;
		face->nearest = other->identity;
		face->similarity = score;
		face->templates = 1;
		if (request->allow_repeats) {
			face->known = true;
			face->identity = other->identity;
		}
	}
	return face->unnamed != FC_UNNAMED_PERSON_TAKEN;
}

static enum fc_status write_entry(struct fc_gallery_txn *txn, const struct recognition *recognition,
				  const struct fc_local_photo *photo,
				  const struct decision *decision, struct fc_recognized_face *face,
				  struct fc_error *err)
{
	const struct fc_local_space_view *view = &decision->view;
	struct fc_local *local = recognition->local;
	struct fc_entry entry =
		fc_local_entry(local, photo, face->face, view->space.id, view->origin);
	if (face->created) {
		entry.result = FC_RESULT_NEW;
	} else if (face->known) {
		entry.result =
			fc_local_band(local, &view->space.bands, face->similarity, face->templates);
		fc_local_set_match(local, &entry, face->similarity, face->templates);
	}
	if (!fc_local_saves(view, entry.result)) {
		return FC_OK;
	}
	entry.has_pid = face->known;
	entry.pid = face->identity.pid;
	FC_TRY(fc_entry_add(txn, &entry, err));
	face->has_entry = true;
	face->entry_id = entry.id;
	return FC_OK;
}

static enum fc_gallery_mode gallery_mode(const struct fc_recognize_request *request)
{
	if (request->create_new) {
		return FC_GALLERY_CREATE;
	}
	bool writes = request->update_embedding || !request->no_entry || request->watched;
	return writes && !request->dry_run ? FC_GALLERY_WRITE : FC_GALLERY_READ;
}

static void begin(void *context, struct fc_local_photo *photo, void *result)
{
	(void)context;
	(void)photo;
	decision_release(result);
}

/*
 * Search for the faces of all photos at once, which is much faster than one search for each. Errors are not reported here: the photos are
 * searched for on their own then.
 */
static void prepare(struct fc_gallery_txn *txn, void *context,
		    const struct fc_local_photo *const *photos, size_t count)
{
	struct recognition *recognition = context;
	struct fc_space space;
	fc_local_nearest_release(&recognition->nearest);
	const char *name = recognition->request->space;
	if (txn && name && count > 1 &&
	    fc_local_check_pin(recognition->local, txn, NULL) == FC_OK &&
	    fc_space_find(txn, name, &space, NULL) == FC_OK && space.face_count > 0) {
		FC_IGNORE(fc_local_nearest_search(txn, space.id, photos, count, CANDIDATES,
						  &recognition->nearest, NULL));
	}
}

/* Recognise the faces of a photo, and store what the request allows. Without a gallery, txn is NULL. */
static enum fc_status decide(struct fc_gallery_txn *txn, void *context,
			     struct fc_local_photo *photo, void *result, struct fc_error *err)
{
	struct recognition *recognition = context;
	const struct fc_recognize_request *request = recognition->request;
	struct decision *decision = result;
	const struct fc_embedder_pin pin = fc_local_pin(recognition->local);
	bool adds_space = request->create_new && photo->analysis.face_count > 0;
	if (txn) {
		bool need_origin =
			request->create_new || !recognition->local->options.unknown_origin_is_empty;
		FC_TRY(fc_local_space_view_find(txn, request->space, request->origin, adds_space,
						need_origin, &decision->view, err));
	}
	FC_TRY(compare(txn, recognition, photo, decision, err));
	if ((!decision->view.found && !request->create_new) ||
	    gallery_mode(request) == FC_GALLERY_READ) {
		return FC_OK;
	}
	for (size_t i = 0; i < decision->count; i++) {
		struct fc_recognized_face *face = &decision->faces[i];
		bool is_new = is_new_person(request, decision, i, photo->analysis.dimension);
		bool stores = is_new || (request->update_embedding && face->known);
		struct fc_error too_bad;
		if (!stores || fc_quality_check(&request->quality, face->face, photo->given.path,
						&face->reason, &too_bad) != FC_OK) {
			continue;
		}
		decision->created += is_new;
		if (!txn) { /* a dry run: the gallery would be created */
			face->known = face->created = true;
			face->identity = (struct fc_identity){ .has_number = true,
							       .number = decision->created };
			continue;
		}
		if (is_new) {
			FC_TRY(add_person(txn, decision->view.space.id, face, err));
		}
		struct fc_face_record record =
			fc_local_face_record(photo, i, decision->view.space.id, &face->identity.pid,
					     decision->view.origin);
		fc_local_nearest_release(&recognition->nearest);
		FC_TRY(fc_gallery_set_pin(txn, &pin, err));
		/* a conflict means that the person already has the face */
		enum fc_status status = fc_face_add(txn, &record, err);
		if (status != FC_OK && status != FC_CONFLICT) {
			return status;
		}
	}
	for (size_t i = 0; i < decision->count && txn && !request->no_entry; i++) {
		FC_TRY(write_entry(txn, recognition, photo, decision, &decision->faces[i], err));
	}
	return FC_OK;
}

static struct fc_photo_outcome outcome_of(const struct fc_local_photo *photo,
					  const struct decision *decision)
{
	struct fc_photo_outcome outcome = fc_local_outcome(photo);
	if (photo->status == FC_OK) {
		outcome.faces = decision->faces;
		outcome.face_count = decision->count;
		outcome.threshold = decision->threshold;
	}
	return outcome;
}

static enum fc_status report(void *context, struct fc_local_photo *photo, void *result,
			     struct fc_error *err)
{
	const struct recognition *recognition = context;
	const struct fc_recognize_request *request = recognition->request;
	const struct decision *decision = result;
	struct fc_tally *tally = recognition->tally;
	if (photo->status == FC_OK) {
		tally->faces += decision->count;
		tally->known += decision->known;
		tally->created += decision->created;
	}
	FC_TRY(fc_local_annotate(recognition->local, photo, decision->faces, decision->count,
				 &request->annotation, err));
	struct fc_photo_outcome outcome = outcome_of(photo, decision);
	fc_tally_count(tally, photo->status);
	return request->sink.report(request->sink.context, &outcome, err);
}

enum fc_status fc_local_recognize(struct fc_service *service,
				  const struct fc_recognize_request *request,
				  struct fc_tally *tally, struct fc_error *err)
{
	FC_CLEANUP(recognition_release)
	struct recognition recognition = {
		.local = fc_local_of(service),
		.request = request,
		.tally = tally,
	};
	const struct fc_local_verb verb = {
		.source = request->photos,
		.want = FC_WANT_TEMPLATES | (request->want_crops ? FC_WANT_CROPS : FC_WANT_FACES) |
			(request->want_liveness ? FC_WANT_LIVENESS : FC_WANT_FACES),
		.keep_descriptor = request->annotation.take != NULL,
		.ledger = request->watched ? &recognition.answers.ledger : NULL,
		.mode = gallery_mode(request),
		.empty_without_gallery =
			recognition.local->options.missing_gallery_is_empty && !request->watched,
		.dry_run = request->dry_run,
		.result_size = sizeof(struct decision),
		.context = &recognition,
		.begin = begin,
		.prepare = prepare,
		.decide = decide,
		.report = report,
		.release = decision_release,
	};
	struct fc_gallery *gallery;
	FC_TRY(fc_local_check_liveness(recognition.local, request->want_liveness, err));
	FC_TRY(fc_local_answers_to_recognize(recognition.local, request, &recognition.answers,
					     err));
	/* Open the gallery early, while the workers load, so that an error is reported before photos are analysed. */
	bool rehearses = verb.mode == FC_GALLERY_CREATE && verb.dry_run;
	enum fc_status status = fc_local_gallery(
		recognition.local, rehearses ? FC_GALLERY_WRITE : verb.mode, &gallery, err);
	bool may_be_missing = rehearses || verb.empty_without_gallery;
	FC_TRY(status == FC_GALLERY_MISSING && may_be_missing ? FC_OK : status);
	FC_TRY(fc_local_run_verb(recognition.local, &verb, err));
	return fc_local_answers_end(recognition.local, &recognition.answers, tally, err);
}
