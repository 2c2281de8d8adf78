/* findsimilars: the faces of a list, or other faceIds, that are most similar to a face. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/memory.h"
#include "base/vector.h"
#include "gallery/search/search.h"
#include "service/local/azure/face_ids.h"
#include "service/local/azure/target.h"
#include "service/local/space_view.h"

struct similar {
	struct fc_uuid id;
	float similarity;
	size_t place; /* of equally similar faces, the one with the lower place is first */
};

static int compare_similar(const void *a, const void *b)
{
	const struct similar *x = a, *y = b;
	return x->similarity != y->similarity
		       ? (x->similarity < y->similarity) - (x->similarity > y->similarity)
		       : (x->place > y->place) - (x->place < y->place);
}

/* Write the faces, which are sorted. matchPerson leaves out those that are of another person, unless the call has a cut. */
static enum fc_status write_similar(struct fc_azure_call *call, struct fc_gallery_txn *txn,
				    const struct fc_space *space, const char *id_member,
				    const struct similar *items, size_t count, struct fc_error *err)
{
	const struct fc_azure_request *request = call->request;
	struct fc_confidence_map map;
	double least;
	FC_TRY(fc_local_confidence(call->local, &map, err));
	FC_TRY(fc_azure_least_confidence(call, txn, space, &map,
					 request->match_face ? 0 : FC_SAME_PERSON_CONFIDENCE,
					 &least, err));
	fc_json_begin_array(&call->json);
	for (size_t i = 0; i < count && i < request->candidates; i++) {
		double confidence = fc_face_confidence(&map, (double)items[i].similarity);
		if (confidence < least) {
			break;
		}
		fc_json_begin_object(&call->json);
		fc_azure_put_uuid(&call->json, id_member, &items[i].id);
		fc_json_put_real(&call->json, "confidence", confidence,
				 FC_AZURE_CONFIDENCE_DECIMALS);
		fc_json_end_object(&call->json);
	}
	fc_json_end_array(&call->json);
	return FC_OK;
}

/* The candidates are faceIds of the request. */
static enum fc_status among_face_ids(struct fc_azure_call *call, struct fc_error *err)
{
	const struct fc_azure_request *request = call->request;
	const size_t count = request->face_id_count;
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_azure_faces_release) struct fc_azure_faces faces = { 0 };
	FC_CLEANUP(fc_free) struct fc_uuid *ids = calloc(count + 1, sizeof(*ids));
	FC_CLEANUP(fc_free) struct similar *items = calloc(count, sizeof(*items));
	if (!ids || !items) {
		return fc_fail_memory(err);
	}
	ids[0] = request->face_id;
	for (size_t i = 0; i < count; i++) {
		ids[i + 1] = request->face_ids[i];
	}
	FC_TRY(fc_azure_read_faces(call, ids, count + 1, &txn, &faces, err));
	if (fc_azure_refused(call)) {
		return FC_OK;
	}
	for (size_t i = 0; i < count; i++) {
		items[i] = (struct similar){
			.id = ids[i + 1],
			.similarity = fc_dot(faces.templates, fc_azure_template(&faces, i + 1),
					     faces.dimension),
			.place = i,
		};
	}
	qsort(items, count, sizeof(*items), compare_similar);
	const struct fc_space these = { .person_count = count };
	return write_similar(call, txn, &these, "faceId", items, count, err);
}

struct uuid_of_face {
	struct fc_uuid uuid;
	bool found;
};

static bool take_uuid(const struct fc_face_record *face, void *context)
{
	struct uuid_of_face *out = context;
	out->uuid = face->uuid;
	out->found = true;
	return false;
}

/* Replace each hit by the face of its person: in a list, a person has one. */
static enum fc_status faces_of_hits(struct fc_gallery_txn *txn, const struct fc_search_hit *hits,
				    size_t count, struct similar *out, struct fc_error *err)
{
	for (size_t i = 0; i < count; i++) {
		struct uuid_of_face face = { 0 };
		FC_TRY(fc_face_each_of_person(txn, &hits[i].pid, take_uuid, &face, err));
		if (!face.found) {
			return fc_fail(err, FC_DAMAGED,
				       "a face list contains a person without a face");
		}
		out[i] = (struct similar){ face.uuid, hits[i].score, i };
	}
	return FC_OK;
}

static enum fc_status among_list(struct fc_azure_call *call, struct fc_error *err)
{
	const struct fc_azure_request *request = call->request;
	const size_t top = request->candidates;
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_azure_faces_release) struct fc_azure_faces face = { 0 };
	FC_CLEANUP(fc_free) struct fc_search_hit *hits = calloc(top, sizeof(*hits));
	FC_CLEANUP(fc_free) struct similar *items = calloc(top, sizeof(*items));
	struct fc_azure_target target;
	size_t count = 0;
	if (!hits || !items) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_azure_read_faces(call, &request->face_id, 1, &txn, &face, err));
	if (!fc_azure_refused(call)) {
		FC_TRY(fc_azure_find_target(call, txn, &face, &target, err));
	}
	if (fc_azure_refused(call)) {
		return FC_OK;
	}
	if (request->kind == FC_AZURE_LARGE_FACE_LIST && !target.trained) {
		return fc_azure_refuse(call, FC_AZURE_FAULT_NOT_TRAINED);
	}
	if (request->kind == FC_AZURE_FACE_LIST && target.space.face_count == 0) {
		return fc_azure_refuse(call, FC_AZURE_FAULT_LIST_EMPTY);
	}
	FC_TRY(fc_search(txn, target.space.id, face.templates, 1, face.dimension, top, hits, &count,
			 err));
	FC_TRY(faces_of_hits(txn, hits, count, items, err));
	return write_similar(call, txn, &target.space, "persistedFaceId", items, count, err);
}

enum fc_status fc_azure_find_similar(struct fc_azure_call *call, struct fc_error *err)
{
	return call->request->given & FC_AZURE_FACE_IDS ? among_face_ids(call, err)
							: among_list(call, err);
}
