/* reinit and search of profiles on the local engine: the platform's rules of exact, ha and junk. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gallery/search/search.h"
#include "service/local/profile_compare.h"

/* The cosine of two templates, which have length 1. */
static float similarity_of(const float *a, const float *b, size_t dimension)
{
	double sum = 0;
	for (size_t i = 0; i < dimension; i++) {
		sum += (double)a[i] * (double)b[i];
	}
	return (float)sum;
}

/* ---- reinit ---- */

/* How alike a template is to a profile: the best of its faces. */
struct comparison {
	const float *probe;
	uint64_t *faces;
	size_t count, room;
	float best;
};

static void comparison_release(struct comparison *comparison)
{
	free(comparison->faces);
}

static bool compare_face(const struct fc_face_record *face, void *context)
{
	struct comparison *comparison = context;
	float similarity = similarity_of(face->embedding, comparison->probe, face->dimension);
	if (comparison->count == 0 || similarity > comparison->best) {
		comparison->best = similarity;
	}
	comparison->faces[comparison->count++] = face->id;
	return comparison->count < comparison->room;
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

/* Not anybody's photo may become the profile's template. */
static enum fc_status check_likeness(const struct fc_local_look *look, struct fc_error *err)
{
	const struct fc_profile_reinit_request *request = look->request;
	const struct fc_profile_outcome *outcome = &look->outcome;
	char pid[FC_UUID_TEXT_SIZE];
	if (request->force || rank_of(outcome->result) >= rank_of(request->min_result)) {
		return FC_OK;
	}
	fc_uuid_format(&request->pid, pid);
	return fc_fail(err, FC_CONFLICT,
		       "'%s': similarity %.4f (confidence %.2f, %s) to profile %s is less than %s; "
		       "--force replaces its template all the same",
		       look->photo->path, (double)outcome->similarity, outcome->confidence,
		       fc_result_name(outcome->result), pid, fc_result_name(request->min_result));
}

/* The profile decides the space where the request names none, and must be where it does. */
static enum fc_status settle_scope(struct fc_gallery_txn *txn, struct fc_local_look *look,
				   struct fc_error *err)
{
	const struct fc_profile_reinit_request *request = look->request;
	struct fc_space space;
	FC_TRY(fc_local_look_name(txn, look, &request->pid, err));
	FC_TRY(fc_space_read(txn, look->person.space, &space, err));
	if (!request->input.space && !request->input.origin) {
		return fc_local_scope_find(txn, space.name, NULL, false, &look->scope, err);
	}
	if (!look->scope.found || look->scope.space.id != space.id) {
		return fc_fail(err, FC_CONFLICT,
			       "the profile is in space '%s', and the request's is '%s'; "
			       "'facectl profiles move' takes it there",
			       space.name,
			       look->scope.found ? look->scope.space.name : request->input.space);
	}
	return FC_OK;
}

static enum fc_status replace_template(struct fc_gallery_txn *txn, struct fc_local_look *look,
				       struct fc_error *err)
{
	FC_CLEANUP(comparison_release) struct comparison comparison = { 0 };
	FC_TRY(settle_scope(txn, look, err));
	FC_TRY(fc_local_look_choose(look, true, err));
	FC_TRY(fc_local_check_pin(look->local, txn, err));
	comparison.probe = look->outcome.face->embedding;
	comparison.room = look->person.face_count;
	comparison.faces = calloc(comparison.room + 1, sizeof(*comparison.faces));
	if (!comparison.faces) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_face_each_of_person(txn, &look->person.pid, compare_face, &comparison, err));
	if (comparison.count > 0) {
		fc_local_look_compare(look, comparison.best);
		FC_TRY(check_likeness(look, err));
	}
	for (size_t i = 0; i < comparison.count; i++) {
		FC_TRY(fc_face_delete(txn, look->scope.space.id, comparison.faces[i], err));
	}
	look->outcome.result = FC_RESULT_REINIT;
	FC_TRY(fc_local_look_store(txn, look, err));
	return fc_local_look_log(txn, look, err);
}

enum fc_status fc_local_profile_reinit(struct fc_service *service,
				       const struct fc_profile_reinit_request *request,
				       struct fc_tally *tally, struct fc_error *err)
{
	struct fc_local_look look = {
		.local = fc_local_of(service),
		.input = &request->input,
		.tally = tally,
		.decide = replace_template,
		.request = request,
		.profile_decides = true,
		.keep_crops = request->keep_crops,
	};
	return fc_local_look_at_all(&look, err);
}

/* ---- search ---- */

static enum fc_status list_matches(struct fc_gallery_txn *txn, struct fc_local_look *look,
				   const struct fc_search_hit *hits, size_t count,
				   struct fc_error *err)
{
	const struct fc_bands *bands = &look->scope.space.bands;
	look->matches = calloc(count + 1, sizeof(*look->matches));
	look->names = calloc(count + 1, sizeof(*look->names));
	if (!look->matches || !look->names) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
		double similarity = (double)hits[i].score;
		FC_TRY(fc_person_get(txn, &hits[i].pid, &person, err));
		look->matches[i] = (struct fc_profile_match){
			.profile = fc_local_identity(&person),
			.result = fc_confidence_band(&look->map, bands, similarity),
			.similarity = hits[i].score,
			.confidence = fc_confidence_of(&look->map, similarity),
		};
		look->names[look->match_count++] = FC_STEAL(person.name);
	}
	look->outcome.matches = look->matches;
	look->outcome.match_count = look->match_count;
	return FC_OK;
}

enum fc_status fc_local_look_answer(struct fc_gallery_txn *txn, struct fc_local_look *look,
				    const struct fc_search_hit *hits, size_t count,
				    bool with_matches, struct fc_error *err)
{
	look->outcome.result = FC_RESULT_NM;
	if (count > 0) {
		fc_local_look_compare(look, hits[0].score);
	}
	if (look->outcome.result != FC_RESULT_NM) {
		FC_TRY(fc_local_look_name(txn, look, &hits[0].pid, err));
	}
	return with_matches ? list_matches(txn, look, hits, count, err) : FC_OK;
}

/* The template to search with: the face's, or the mean of both photos' faces at length 1. */
static enum fc_status make_probe(const struct fc_local_look *look, float *probe,
				 struct fc_error *err)
{
	size_t dimension = look->photo->analysis.dimension;
	memcpy(probe, look->outcome.face->embedding, dimension * sizeof(*probe));
	if (!look->second) {
		return FC_OK;
	}
	float similarity = similarity_of(probe, look->second, dimension);
	if (fc_confidence_band(&look->map, &look->scope.space.bands, (double)similarity) ==
	    FC_RESULT_NM) {
		return fc_fail(err, FC_CONFLICT,
			       "'%s': the second photo shows somebody else (similarity %.4f)",
			       look->photo->path, (double)similarity);
	}
	/* |a + b| = sqrt(2 + 2 cos), and cos is above junk's here */
	float length = sqrtf(2 + 2 * similarity);
	for (size_t i = 0; i < dimension; i++) {
		probe[i] = (probe[i] + look->second[i]) / length;
	}
	return FC_OK;
}

static enum fc_status find_profile(struct fc_gallery_txn *txn, struct fc_local_look *look,
				   struct fc_error *err)
{
	const struct fc_profile_search_request *request = look->request;
	float probe[FC_TEMPLATE_MAXIMUM];
	size_t top = request->top > 0 ? request->top : 1;
	size_t count = 0;
	enum fc_status status = fc_local_look_choose(look, false, err);
	if (status == FC_NO_FACE) {
		return fc_local_look_log(txn, look, err); /* nf */
	}
	FC_TRY(status);
	FC_CLEANUP(fc_free) struct fc_search_hit *hits = calloc(top, sizeof(*hits));
	if (!hits) {
		return fc_fail_memory(err);
	}
	FC_TRY(make_probe(look, probe, err));
	FC_TRY(fc_local_look_search(txn, look, probe, top, hits, &count, err));
	FC_TRY(fc_local_look_answer(txn, look, hits, count, request->top > 0, err));
	return fc_local_look_log(txn, look, err);
}

/* The one photo beside those of the request. */
struct single {
	const struct fc_photo *photo;
	bool given;
	float *embedding; /* result */
};

static enum fc_status next_of_one(void *context, struct fc_photo *out, bool *end,
				  struct fc_error *err)
{
	struct single *single = context;
	(void)err;
	*end = single->given;
	single->given = true;
	*out = *single->photo;
	return FC_OK;
}

static enum fc_status keep_template(void *context, struct fc_local_photo *photo,
				    struct fc_error *err)
{
	struct single *single = context;
	fc_local_require_one_face(photo);
	if (photo->status != FC_OK) {
		return fc_fail(err, photo->status, "%s", photo->error.text);
	}
	single->embedding = FC_STEAL(photo->analysis.faces[0].embedding);
	return FC_OK;
}

enum fc_status fc_local_profile_search(struct fc_service *service,
				       const struct fc_profile_search_request *request,
				       struct fc_tally *tally, struct fc_error *err)
{
	struct single single = { .photo = request->second };
	struct fc_local_look look = {
		.local = fc_local_of(service),
		.input = &request->input,
		.tally = tally,
		.decide = find_profile,
		.request = request,
	};
	const struct fc_local_batch second = {
		.source = { next_of_one, &single },
		.want = FC_WANT_TEMPLATES,
		.handle = keep_template,
		.context = &single,
	};
	if (request->top > FC_PROFILE_TOP_MAXIMUM) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "at most %d profiles can be asked for",
			       FC_PROFILE_TOP_MAXIMUM);
	}
	if (request->second) {
		FC_TRY(fc_local_run(look.local, &second, err));
		look.second = single.embedding;
	}
	return fc_local_look_at_all(&look, err);
}
