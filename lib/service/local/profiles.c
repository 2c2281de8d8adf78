/* profiles reinit and profiles search on the local engine, with the platform's bands exact, ha and junk. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/vector.h"
#include "gallery/search/search.h"
#include "service/local/answers.h"
#include "service/local/profile_compare.h"
#include "vision/faces/choice.h"

/* ---- reinit ---- */

struct profile_faces {
	uint64_t *ids;
	size_t count, room;
};

static void profile_faces_release(struct profile_faces *faces)
{
	free(faces->ids);
}

static bool note_face(const struct fc_face_record *face, void *context)
{
	struct profile_faces *faces = context;
	faces->ids[faces->count++] = face->id;
	return faces->count < faces->room;
}

static int rank_of(enum fc_result band)
{
	switch (band) {
	case FC_RESULT_EXACT:
		return 3;
	case FC_RESULT_HA:
		return 2;
	case FC_RESULT_JUNK:
		return 1;
	default:
		return 0;
	}
}

/* Check that the photo shows the profile's person, unless force is set. */
static enum fc_status check_similarity(const struct fc_local_comparison *comparison,
				       size_t face_count, struct fc_error *err)
{
	const struct fc_profile_reinit_request *request = comparison->verb->context;
	const struct fc_profile_outcome *outcome = &comparison->outcome;
	const char *path = comparison->photo->given.path;
	char pid[FC_UUID_TEXT_SIZE];
	fc_uuid_format(&request->person.pid, pid);
	if (request->force || face_count == 0) {
		return FC_OK;
	}
	if (!outcome->has_similarity) { /* a change of the embedder set its faces aside */
		return fc_fail(
			err, FC_CONFLICT,
			"'%s': no face of profile %s has a template to compare with; --force "
			"replaces its faces anyway",
			path, pid);
	}
	if (rank_of(outcome->result) >= rank_of(request->min_result)) {
		return FC_OK;
	}
	return fc_fail(err, FC_CONFLICT,
		       "'%s': similarity %.4f (confidence %.2f, %s) to profile %s is less than %s; "
		       "--force replaces its template anyway",
		       path, (double)outcome->similarity, outcome->confidence,
		       fc_result_name(outcome->result), pid, fc_result_name(request->min_result));
}

/* If the request has neither space nor origin, use the profile's space. Otherwise the space must be the profile's. */
static enum fc_status find_space(struct fc_gallery_txn *txn, struct fc_local_comparison *comparison,
				 struct fc_error *err)
{
	const struct fc_profile_reinit_request *request = comparison->verb->context;
	const struct fc_local_space_view *view = &comparison->view;
	struct fc_space space;
	FC_TRY(fc_local_comparison_set_profile(txn, comparison, &request->person.pid, err));
	FC_TRY(fc_gallery_referred(txn, fc_space_read(txn, comparison->person.space, &space, err),
				   err));
	if (!request->input.space && !request->input.origin) {
		return fc_local_space_view_find(txn, space.name, NULL, false, true,
						&comparison->view, err);
	}
	if (!view->found || view->space.id != space.id) {
		return fc_fail(err, FC_CONFLICT,
			       "the profile is in space '%s', but the request is for space '%s'; "
			       "move the profile with 'facectl profiles move'",
			       space.name, view->found ? view->space.name : request->input.space);
	}
	return FC_OK;
}

static enum fc_status replace_faces(struct fc_gallery_txn *txn,
				    struct fc_local_comparison *comparison, struct fc_error *err)
{
	const struct fc_profile_reinit_request *request = comparison->verb->context;
	FC_CLEANUP(profile_faces_release) struct profile_faces faces = { 0 };
	struct fc_person_similarity similarity;
	FC_TRY(find_space(txn, comparison, err));
	FC_TRY(fc_local_comparison_find_face(comparison, true, err));
	FC_TRY(fc_quality_check(&request->quality, comparison->outcome.face,
				comparison->photo->given.path, &comparison->photo->reason, err));
	FC_TRY(fc_local_check_pin(comparison->verb->local, txn, err));
	faces.room = comparison->person.face_count;
	faces.ids = calloc(faces.room + 1, sizeof(*faces.ids));
	if (!faces.ids) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_face_each_of_person(txn, &comparison->person.pid, note_face, &faces, err));
	enum fc_status status =
		fc_search_person(txn, &comparison->person.pid, comparison->outcome.face->embedding,
				 (uint32_t)comparison->photo->analysis.dimension, &similarity, err);
	if (status == FC_OK) {
		fc_local_comparison_set_similarity(comparison, similarity.score,
						   similarity.templates);
	} else if (status != FC_NOT_FOUND) {
		return status;
	}
	FC_TRY(check_similarity(comparison, faces.count, err));
	for (size_t i = 0; i < faces.count; i++) {
		FC_TRY(fc_face_delete(txn, comparison->view.space.id, faces.ids[i], err));
	}
	comparison->outcome.result = FC_RESULT_REINIT;
	FC_TRY(fc_local_comparison_store(txn, comparison, err));
	return fc_local_comparison_log(txn, comparison, err);
}

enum fc_status fc_local_profile_reinit(struct fc_service *service,
				       const struct fc_profile_reinit_request *request,
				       struct fc_tally *tally, struct fc_error *err)
{
	struct fc_profile_reinit_request copy = *request;
	struct fc_local_profile_verb verb = {
		.local = fc_local_of(service),
		.input = &request->input,
		.tally = tally,
		.decide = replace_faces,
		.context = &copy,
		.finds_space = true,
		.keep_crops = request->keep_crops,
	};
	return fc_local_compare_photos(&verb, err);
}

/* ---- search ---- */

struct profile_search {
	const struct fc_profile_search_request *request;
	float *second; /* template of the request's second photo; NULL without one */
	struct fc_local_answers answers;
};

static void profile_search_release(struct profile_search *search)
{
	free(search->second);
	fc_local_answers_release(&search->answers);
}

/* The template to search with: the face's, or the normalised mean of the templates of both photos. */
static enum fc_status make_probe(const struct fc_local_comparison *comparison, float *probe,
				 struct fc_error *err)
{
	const struct profile_search *search = comparison->verb->context;
	size_t dimension = comparison->photo->analysis.dimension;
	memcpy(probe, comparison->outcome.face->embedding, dimension * sizeof(*probe));
	if (!search->second) {
		return FC_OK;
	}
	float similarity = fc_dot(probe, search->second, dimension);
	if (fc_confidence_band(&comparison->verb->map, &comparison->view.space.bands,
			       (double)similarity) == FC_RESULT_NM) {
		return fc_fail(err, FC_CONFLICT,
			       "'%s': the second photo shows another person (similarity %.4f)",
			       comparison->photo->given.path, (double)similarity);
	}
	/* |a + b| = sqrt(2 + 2 cos), which is not zero because cos is at or above the junk band */
	float length = sqrtf(2 + 2 * similarity);
	for (size_t i = 0; i < dimension; i++) {
		probe[i] = (probe[i] + search->second[i]) / length;
	}
	return FC_OK;
}

static enum fc_status find_profile(struct fc_gallery_txn *txn,
				   struct fc_local_comparison *comparison, struct fc_error *err)
{
	const struct profile_search *search = comparison->verb->context;
	float probe[FC_TEMPLATE_MAXIMUM];
	size_t top = comparison->verb->search_top;
	size_t count = 0;
	enum fc_status status = fc_local_comparison_find_face(comparison, false, err);
	if (status == FC_NO_FACE && !fc_face_choice_is_explicit(&comparison->photo->given.face)) {
		return fc_local_comparison_log(txn, comparison, err); /* with result nf (no face) */
	}
	FC_TRY(status);
	FC_CLEANUP(fc_free) struct fc_search_hit *hits = calloc(top, sizeof(*hits));
	if (!hits) {
		return fc_fail_memory(err);
	}
	FC_TRY(make_probe(comparison, probe, err));
	comparison->probe_templates = search->second ? 2 : 1;
	FC_TRY(fc_local_comparison_search(txn, comparison, probe, top, hits, &count, err));
	FC_TRY(fc_local_comparison_set_hits(txn, comparison, probe,
					    (uint32_t)comparison->photo->analysis.dimension, hits,
					    count, search->request->top > 0, err));
	return fc_local_comparison_log(txn, comparison, err);
}

static enum fc_status steal_template(void *context, struct fc_local_photo *photo,
				     struct fc_error *err)
{
	struct profile_search *search = context;
	fc_local_choose_face(photo);
	if (photo->status != FC_OK) {
		return fc_fail(err, photo->status, "%s", photo->error.text);
	}
	search->second = FC_STEAL(fc_local_face(photo)->embedding);
	return FC_OK;
}

enum fc_status fc_local_profile_search(struct fc_service *service,
				       const struct fc_profile_search_request *request,
				       struct fc_tally *tally, struct fc_error *err)
{
	FC_CLEANUP(profile_search_release) struct profile_search search = { .request = request };
	struct fc_batch_ledger *ledger = request->watched ? &search.answers.ledger : NULL;
	struct fc_local_profile_verb verb = {
		.local = fc_local_of(service),
		.input = &request->input,
		.tally = tally,
		.decide = find_profile,
		.search_top = request->top > 0 ? request->top : 1,
		.context = &search,
		.ledger = ledger,
	};
	if (request->top > FC_PROFILE_TOP_MAXIMUM) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "at most %d profiles can be requested",
			       FC_PROFILE_TOP_MAXIMUM);
	}
	if (request->second) {
		struct fc_photo_array array = { .photos = request->second, .count = 1 };
		const struct fc_local_batch batch = {
			.source = fc_photo_array_source(&array),
			.want = FC_WANT_ALONE | FC_WANT_TEMPLATES,
			.handle = steal_template,
			.context = &search,
		};
		FC_TRY(fc_local_run(verb.local, &batch, err));
	}
	FC_TRY(fc_local_answers_to_search(verb.local, request, &search.answers, err));
	FC_TRY(fc_local_compare_photos(&verb, err));
	return fc_local_answers_end(verb.local, &search.answers, tally, err);
}
