/* verify and identify: compare faces with each other and with persons. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/vector.h"
#include "gallery/search/search.h"
#include "protocol/azure/bodies.h"
#include "service/local/azure/face_ids.h"
#include "service/local/azure/target.h"
#include "service/local/space_view.h"

/* The confidence that a probe is of a person with this many templates. */
static double confidence_of(const struct fc_confidence_map *map, float similarity,
			    uint32_t templates)
{
	const struct fc_confidence_map raised = fc_confidence_map_for(map, templates);
	return fc_face_confidence(&raised, (double)similarity);
}

/* ---- verify ---- */

static void write_verdict(struct fc_azure_call *call, double confidence)
{
	fc_json_begin_object(&call->json);
	fc_json_put_bool(&call->json, "isIdentical", confidence >= FC_SAME_PERSON_CONFIDENCE);
	fc_json_put_real(&call->json, "confidence", confidence, FC_AZURE_CONFIDENCE_DECIMALS);
	fc_json_end_object(&call->json);
}

static enum fc_status verify_faces(struct fc_azure_call *call, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_azure_faces_release) struct fc_azure_faces faces = { 0 };
	const struct fc_uuid ids[] = { call->request->face_id_1, call->request->face_id_2 };
	struct fc_confidence_map map;
	FC_TRY(fc_azure_read_faces(call, ids, FC_ARRAY_LENGTH(ids), &txn, &faces, err));
	if (fc_azure_refused(call)) {
		return FC_OK;
	}
	FC_TRY(fc_local_confidence(call->local, &map, err));
	float similarity =
		fc_dot(fc_azure_template(&faces, 0), fc_azure_template(&faces, 1), faces.dimension);
	write_verdict(call, confidence_of(&map, similarity, 1));
	return FC_OK;
}

static enum fc_status verify_person(struct fc_azure_call *call, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_azure_faces_release) struct fc_azure_faces faces = { 0 };
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	const struct fc_uuid *pid = &call->request->person_id;
	struct fc_person_similarity similarity;
	struct fc_confidence_map map;
	struct fc_azure_target target;
	FC_TRY(fc_azure_read_faces(call, &call->request->face_id, 1, &txn, &faces, err));
	if (!fc_azure_refused(call)) {
		FC_TRY(fc_azure_find_target(call, txn, &faces, &target, err));
	}
	if (fc_azure_refused(call)) {
		return FC_OK;
	}
	enum fc_status status = fc_person_get(txn, pid, &person, err);
	if (status == FC_NOT_FOUND || (status == FC_OK && person.space != target.space.id)) {
		return fc_azure_refuse(call, FC_AZURE_FAULT_PERSON_NOT_FOUND);
	}
	FC_TRY(status);
	status = fc_search_person(txn, pid, faces.templates, faces.dimension, &similarity, err);
	if (status == FC_NOT_FOUND) {
		return fc_azure_refuse(call, FC_AZURE_FAULT_NO_PERSISTED_FACE);
	}
	FC_TRY(status);
	FC_TRY(fc_local_confidence(call->local, &map, err));
	write_verdict(call, confidence_of(&map, similarity.score, similarity.templates));
	return FC_OK;
}

enum fc_status fc_azure_verify(struct fc_azure_call *call, struct fc_error *err)
{
	return call->request->given & FC_AZURE_PERSON_ID ? verify_person(call, err)
							 : verify_faces(call, err);
}

/* ---- identify ---- */

static int compare_candidates(const void *a, const void *b)
{
	const struct fc_azure_candidate *x = a, *y = b;
	return (x->confidence < y->confidence) - (x->confidence > y->confidence);
}

/* Write the candidates of one face: those with at least the confidence, the most likely one first. */
static void write_candidates(struct fc_azure_call *call, const struct fc_uuid *face,
			     const struct fc_confidence_map *map, double least,
			     const struct fc_search_hit *hits, size_t count)
{
	struct fc_azure_candidate candidates[FC_AZURE_CANDIDATES_MAXIMUM];
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		double confidence = confidence_of(map, hits[i].score, hits[i].templates);
		if (confidence >= least) {
			candidates[kept++] = (struct fc_azure_candidate){
				.person = hits[i].pid,
				.confidence = confidence,
			};
		}
	}
	/* a person with more photos needs a higher similarity for the same confidence */
	if (kept > 1) {
		qsort(candidates, kept, sizeof(candidates[0]), compare_candidates);
	}
	fc_azure_write_candidates(&call->json, face, candidates, kept);
}

enum fc_status fc_azure_identify(struct fc_azure_call *call, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_azure_faces_release) struct fc_azure_faces faces = { 0 };
	const struct fc_azure_request *request = call->request;
	const size_t top = request->candidates;
	FC_CLEANUP(fc_free)
	struct fc_search_hit *hits = calloc(request->face_id_count * top, sizeof(*hits));
	size_t counts[FC_AZURE_IDENTIFY_MAXIMUM] = { 0 };
	struct fc_confidence_map map;
	struct fc_azure_target target;
	if (!hits) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_azure_read_faces(call, request->face_ids, request->face_id_count, &txn, &faces,
				   err));
	if (!fc_azure_refused(call)) {
		FC_TRY(fc_azure_find_target(call, txn, &faces, &target, err));
	}
	if (!fc_azure_refused(call) && !target.trained) {
		return fc_azure_refuse(call, FC_AZURE_FAULT_NOT_TRAINED);
	}
	if (fc_azure_refused(call)) {
		return FC_OK;
	}
	FC_TRY(fc_local_confidence(call->local, &map, err));
	FC_TRY(fc_search(txn, target.space.id, faces.templates, faces.count, faces.dimension, top,
			 hits, counts, err));
	double least;
	FC_TRY(fc_azure_least_confidence(call, txn, &target.space, &map,
					 isnan(request->threshold) ? FC_SAME_PERSON_CONFIDENCE
								   : request->threshold,
					 &least, err));
	fc_json_begin_array(&call->json);
	for (size_t i = 0; i < faces.count; i++) {
		write_candidates(call, &request->face_ids[i], &map, least, hits + i * top,
				 counts[i]);
	}
	fc_json_end_array(&call->json);
	return FC_OK;
}
