/* recognize on the local engine: find every face of a photo and say who it is. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gallery/search/search.h"
#include "service/local/space_view.h"
#include "service/local/threshold.h"
#include "service/match/assign.h"
#include "service/match/candidates.h"

/* Nearest persons looked at for each face: enough for every other face of a usual photo to take one, and some to spare. */
enum { CANDIDATES = 32 };

/* What is decided about the faces of one photo. Rebuilt from nothing in each run of the change. */
struct decision {
	struct fc_recognized_face *faces;
	size_t count;
	struct fc_identity *aliases; /* CANDIDATES for each face */
	char **names;                /* owned texts that identities point to */
	size_t name_count, name_capacity;
	struct fc_threshold threshold;
	uint64_t known, created;
};

struct recognition {
	struct fc_local *local;
	const struct fc_recognize_request *request;
	struct fc_tally *tally;
	const struct fc_local_photo *photo;
	struct fc_local_scope scope;
	struct decision decision;
};

static void decision_release(struct decision *decision)
{
	for (size_t i = 0; i < decision->name_count; i++) {
		free(decision->names[i]);
	}
	free(decision->names);
	free(decision->aliases);
	free(decision->faces);
	*decision = (struct decision){ 0 };
}

static enum fc_status decision_start(struct decision *decision, const struct fc_analysis *analysis,
				     struct fc_error *err)
{
	size_t count = analysis->face_count;
	decision_release(decision);
	decision->faces = calloc(count + 1, sizeof(*decision->faces));
	decision->aliases = calloc(count * CANDIDATES + 1, sizeof(*decision->aliases));
	if (!decision->faces || !decision->aliases) {
		return fc_fail_memory(err);
	}
	decision->count = count;
	for (size_t i = 0; i < count; i++) {
		decision->faces[i].face = &analysis->faces[i];
		decision->faces[i].aliases = &decision->aliases[i * CANDIDATES];
	}
	return FC_OK;
}

/* The nearest persons of each face, as the gallery sees them. */
static enum fc_status find_candidates(struct fc_gallery_txn *txn, uint32_t space,
				      const struct fc_analysis *analysis,
				      struct fc_candidates *candidates, struct fc_error *err)
{
	size_t count = analysis->face_count;
	size_t dimension = analysis->dimension;
	FC_CLEANUP(fc_free) float *probes = calloc(count * dimension + 1, sizeof(*probes));
	FC_CLEANUP(fc_free)
	struct fc_search_hit *hits = calloc(count * CANDIDATES + 1, sizeof(*hits));
	if (!probes || !hits) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		memcpy(probes + i * dimension, analysis->faces[i].embedding,
		       dimension * sizeof(*probes));
	}
	FC_TRY(fc_candidates_init(candidates, count, CANDIDATES, err));
	FC_TRY(fc_search(txn, space, probes, count, (uint32_t)dimension, CANDIDATES, hits,
			 candidates->counts, err));
	for (size_t i = 0; i < count * CANDIDATES; i++) {
		candidates->items[i] = (struct fc_candidate){ hits[i].pid, hits[i].score };
	}
	return FC_OK;
}

static enum fc_status keep_name(struct decision *decision, char *name, struct fc_error *err)
{
	if (decision->name_count == decision->name_capacity) {
		size_t capacity = 2 * decision->name_capacity + 8;
		char **names = realloc(decision->names, capacity * sizeof(*names));
		if (!names) {
			free(name);
			return fc_fail_memory(err);
		}
		decision->names = names;
		decision->name_capacity = capacity;
	}
	decision->names[decision->name_count++] = name;
	return FC_OK;
}

static enum fc_status look_up(struct fc_gallery_txn *txn, struct decision *decision,
			      const struct fc_uuid *pid, struct fc_identity *out,
			      struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_TRY(fc_person_get(txn, pid, &person, err));
	*out = fc_local_identity(&person);
	return person.name ? keep_name(decision, FC_STEAL(person.name), err) : FC_OK;
}

/* Write down what one face turned out to be, with the runners-up. */
static enum fc_status describe_face(struct fc_gallery_txn *txn, struct decision *decision, size_t i,
				    const struct fc_candidates *candidates, size_t chosen,
				    struct fc_error *err)
{
	struct fc_recognized_face *face = &decision->faces[i];
	struct fc_identity *aliases = &decision->aliases[i * CANDIDATES];
	const struct fc_candidate *list = fc_candidates_of(candidates, i);
	size_t mine = chosen == FC_UNASSIGNED ? 0 : chosen;
	if (candidates->counts[i] == 0) {
		return FC_OK;
	}
	face->has_similarity = true;
	face->similarity = list[mine].score;
	face->known = chosen != FC_UNASSIGNED;
	if (face->known) {
		FC_TRY(look_up(txn, decision, &list[mine].pid, &face->identity, err));
		decision->known++;
	}
	for (size_t k = 0; k < candidates->counts[i]; k++) {
		if (k == mine) {
			continue;
		}
		if (!face->has_margin) {
			face->has_margin = true;
			face->margin = list[mine].score - list[k].score;
		}
		if (face->known && (double)list[k].score >= decision->threshold.value) {
			FC_TRY(look_up(txn, decision, &list[k].pid, &aliases[face->alias_count],
				       err));
			face->alias_count++;
		}
	}
	return FC_OK;
}

/* Compare the photo's faces with the space and decide. The space may be one that is not there yet. */
static enum fc_status decide(struct fc_gallery_txn *txn, struct recognition *recognition,
			     struct fc_error *err)
{
	const struct fc_space *space = &recognition->scope.space;
	static const struct fc_threshold_choice fallback = { .has_fpir = true, .fpir = 0.01 };
	struct decision *decision = &recognition->decision;
	const struct fc_analysis *analysis = &recognition->photo->analysis;
	const struct fc_recognize_request *request = recognition->request;
	FC_CLEANUP(fc_candidates_release) struct fc_candidates candidates = { 0 };
	FC_CLEANUP(fc_free) size_t *chosen = calloc(analysis->face_count + 1, sizeof(*chosen));
	if (!chosen) {
		return fc_fail_memory(err);
	}
	FC_TRY(decision_start(decision, analysis, err));
	FC_TRY(fc_local_threshold(txn, recognition->local, space, &request->threshold, &fallback,
				  &decision->threshold, err));
	FC_TRY(fc_local_check_pin(recognition->local, txn, err));
	if (space->face_count == 0 || analysis->face_count == 0) {
		return FC_OK;
	}
	FC_TRY(find_candidates(txn, space->id, analysis, &candidates, err));
	FC_TRY(fc_candidates_choose(&candidates, decision->threshold.value, request->allow_repeats,
				    chosen, err));
	for (size_t i = 0; i < decision->count; i++) {
		FC_TRY(describe_face(txn, decision, i, &candidates, chosen[i], err));
	}
	return FC_OK;
}

/* Store a face with its person. That the same face of the same photo is there already is no failure. */
static enum fc_status remember_face(struct fc_gallery_txn *txn, struct recognition *recognition,
				    size_t index, struct fc_error *err)
{
	const struct fc_local_scope *scope = &recognition->scope;
	struct fc_embedder_pin pin = fc_local_pin(recognition->local);
	struct fc_face_record record = fc_local_face_record(
		recognition->photo, index, scope->space.id,
		&recognition->decision.faces[index].identity.pid, scope->origin);
	FC_TRY(fc_gallery_set_pin(txn, &pin, err));
	enum fc_status status = fc_face_add(txn, &record, err);
	return status == FC_CONFLICT ? FC_OK : status;
}

/* A person for a face that nobody was found for, under the space's next number. */
static enum fc_status create_person(struct fc_gallery_txn *txn, struct recognition *recognition,
				    size_t index, struct fc_error *err)
{
	struct fc_recognized_face *face = &recognition->decision.faces[index];
	struct fc_space space;
	/* Looked up anew for each person, since the one before has moved the next number. */
	FC_TRY(fc_space_read(txn, recognition->scope.space.id, &space, err));
	struct fc_person person = {
		.space = space.id,
		.has_number = true,
		.number = space.next_number,
	};
	FC_TRY(fc_person_add(txn, &person, err));
	face->identity = (struct fc_identity){
		.pid = person.pid,
		.has_number = true,
		.number = person.number,
	};
	FC_TRY(remember_face(txn, recognition, index, err));
	face->known = true;
	face->created = true;
	recognition->decision.created++;
	return FC_OK;
}

static enum fc_status write_entry(struct fc_gallery_txn *txn, struct recognition *recognition,
				  size_t index, struct fc_error *err)
{
	const struct fc_local_scope *scope = &recognition->scope;
	struct fc_recognized_face *face = &recognition->decision.faces[index];
	struct fc_entry entry = fc_local_entry(recognition->local, recognition->photo, face->face,
					       scope->space.id, scope->origin);
	if (face->created) {
		entry.result = FC_RESULT_NEW;
	} else if (face->known) {
		entry.result =
			fc_local_band(recognition->local, &scope->space.bands, face->similarity);
		fc_local_note_match(recognition->local, &entry, face->similarity);
	}
	if (!fc_local_saves(scope, entry.result)) {
		return FC_OK;
	}
	entry.has_pid = face->known;
	entry.pid = face->identity.pid;
	FC_TRY(fc_entry_add(txn, &entry, err));
	face->has_entry = true;
	face->entry_id = entry.id;
	return FC_OK;
}

/* The space is made as soon as something is to be kept in it. */
static enum fc_status find_scope(struct fc_gallery_txn *txn, struct recognition *recognition,
				 bool make, struct fc_error *err)
{
	const struct fc_recognize_request *request = recognition->request;
	return fc_local_scope_find(txn, request->space, request->origin, make, &recognition->scope,
				   err);
}

/* Decide, and keep what the request wants kept. */
static enum fc_status decide_and_keep(struct fc_gallery_txn *txn, void *context,
				      struct fc_error *err)
{
	struct recognition *recognition = context;
	const struct fc_recognize_request *request = recognition->request;
	bool has_faces = recognition->photo->analysis.face_count > 0;
	FC_TRY(find_scope(txn, recognition, request->create_new && has_faces, err));
	FC_TRY(decide(txn, recognition, err));
	struct decision *decision = &recognition->decision;
	if (!recognition->scope.found) {
		return FC_OK;
	}
	for (size_t i = 0; i < decision->count; i++) {
		if (request->create_new && !decision->faces[i].known) {
			FC_TRY(create_person(txn, recognition, i, err));
		} else if (request->update_embedding && decision->faces[i].known) {
			FC_TRY(remember_face(txn, recognition, i, err));
		}
	}
	for (size_t i = 0; i < decision->count && !request->no_entry; i++) {
		FC_TRY(write_entry(txn, recognition, i, err));
	}
	return FC_OK;
}

/* Decide in a read transaction, where nothing is to be kept. */
static enum fc_status decide_only(struct recognition *recognition, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	struct fc_gallery *gallery;
	FC_TRY(fc_local_gallery(recognition->local, FC_GALLERY_READ, &gallery, err));
	FC_TRY(fc_gallery_begin_read(gallery, &txn, err));
	FC_TRY(find_scope(txn, recognition, false, err));
	return decide(txn, recognition, err);
}

/* What the request needs the gallery for. A dry run never makes one. */
static enum fc_gallery_mode gallery_mode(const struct fc_recognize_request *request)
{
	if (request->create_new) {
		return request->dry_run ? FC_GALLERY_WRITE : FC_GALLERY_CREATE;
	}
	bool writes = request->update_embedding || !request->no_entry;
	return writes && !request->dry_run ? FC_GALLERY_WRITE : FC_GALLERY_READ;
}

static enum fc_status recognize_faces(struct recognition *recognition, struct fc_error *err)
{
	const struct fc_recognize_request *request = recognition->request;
	enum fc_gallery_mode mode = gallery_mode(request);
	if (mode == FC_GALLERY_READ) {
		return decide_only(recognition, err);
	}
	return fc_local_change(recognition->local, mode, request->dry_run, decide_and_keep,
			       recognition, err);
}

/* Draw the picture and hand it to the request. That it cannot be drawn is the photo's failure. */
static enum fc_status annotate(struct recognition *recognition, struct fc_local_photo *photo,
			       const struct fc_photo_outcome *outcome, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer image = { 0 };
	const struct fc_recognize_request *request = recognition->request;
	enum fc_image_format format = request->annotated_format;
	photo->status = fc_local_annotate(recognition->local, photo, outcome, &image, &format,
					  &photo->error);
	if (photo->status != FC_OK) {
		return FC_OK;
	}
	return request->annotated(request->annotated_context, outcome, &image, format, err);
}

static struct fc_photo_outcome outcome_of(const struct recognition *recognition,
					  const struct fc_local_photo *photo)
{
	struct fc_photo_outcome outcome = fc_local_outcome(photo);
	if (photo->status == FC_OK) {
		outcome.faces = recognition->decision.faces;
		outcome.face_count = recognition->decision.count;
		outcome.threshold = recognition->decision.threshold;
	}
	return outcome;
}

static enum fc_status handle(void *context, struct fc_local_photo *photo, struct fc_error *err)
{
	struct recognition *recognition = context;
	const struct fc_recognize_request *request = recognition->request;
	struct fc_tally *tally = recognition->tally;
	recognition->photo = photo;
	if (photo->status == FC_OK) {
		FC_TRY(recognize_faces(recognition, err));
		tally->faces += recognition->decision.count;
		tally->known += recognition->decision.known;
		tally->created += recognition->decision.created;
	}
	if (photo->status == FC_OK && request->annotated) {
		struct fc_photo_outcome outcome = outcome_of(recognition, photo);
		FC_TRY(annotate(recognition, photo, &outcome, err));
	}
	struct fc_photo_outcome outcome = outcome_of(recognition, photo);
	fc_tally_count(tally, photo->status);
	return request->sink.report(request->sink.context, &outcome, err);
}

enum fc_status fc_local_recognize(struct fc_service *service,
				  const struct fc_recognize_request *request,
				  struct fc_tally *tally, struct fc_error *err)
{
	struct recognition recognition = {
		.local = fc_local_of(service),
		.request = request,
		.tally = tally,
	};
	struct fc_local_batch batch = {
		.source = request->photos,
		.want = FC_WANT_TEMPLATES | (request->want_crops ? FC_WANT_CROPS : FC_WANT_FACES) |
			(request->want_liveness ? FC_WANT_LIVENESS : FC_WANT_FACES),
		.keep_descriptor = request->annotated != NULL,
		.handle = handle,
		.context = &recognition,
	};
	struct fc_gallery *gallery;
	FC_TRY(fc_local_check_liveness(recognition.local, request->want_liveness, err));
	/* Opened while the workers load, and before any photo is looked at in vain. */
	FC_TRY(fc_local_gallery(recognition.local, gallery_mode(request), &gallery, err));
	enum fc_status status = fc_local_run(recognition.local, &batch, err);
	decision_release(&recognition.decision);
	return status;
}
