/* Add a persisted face to a list, or to a person of a group. */
/* SPDX-License-Identifier: MIT */
#include "base/memory.h"
#include "protocol/azure/containers.h"
#include "service/local/azure/container.h"
#include "service/local/azure/image.h"
#include "service/local/space_view.h"
#include "vision/faces/overlap.h"

/* ---- which face ---- */

static bool has_centre_of(const float edges[4], const struct fc_box *box)
{
	float x = (box->left + box->right) / 2, y = (box->top + box->bottom) / 2;
	return x >= edges[0] && x <= edges[2] && y >= edges[1] && y <= edges[3];
}

/* The face with the box that detect reported, else the only one whose centre is in the rectangle. */
static enum fc_azure_fault choose_in(const int target[4], const struct fc_analysis *analysis,
				     size_t *out)
{
	const float edges[] = { (float)target[0], (float)target[1],
				(float)target[0] + (float)target[2],
				(float)target[1] + (float)target[3] };
	if (edges[0] >= (float)analysis->width || edges[1] >= (float)analysis->height ||
	    edges[2] <= 0 || edges[3] <= 0) {
		return FC_AZURE_FAULT_TARGET_FACE_RANGE;
	}
	const struct fc_face *face = fc_face_at(analysis, edges);
	size_t inside = 0;
	for (size_t i = 0; !face && i < analysis->face_count; i++) {
		if (has_centre_of(edges, &analysis->faces[i].box)) {
			inside++;
			*out = i;
		}
	}
	if (face) {
		*out = (size_t)(face - analysis->faces);
	}
	return face || inside == 1 ? FC_AZURE_NO_FAULT
	       : inside == 0       ? FC_AZURE_FAULT_NO_FACE
				   : FC_AZURE_FAULT_SEVERAL_FACES;
}

static enum fc_azure_fault choose(const struct fc_azure_request *request,
				  const struct fc_analysis *analysis, size_t *out)
{
	*out = 0;
	if (request->given & FC_AZURE_TARGET_FACE) {
		return choose_in(request->target_face, analysis, out);
	}
	return analysis->face_count == 1   ? FC_AZURE_NO_FAULT
	       : analysis->face_count == 0 ? FC_AZURE_FAULT_NO_FACE
					   : FC_AZURE_FAULT_SEVERAL_FACES;
}

/* ---- where ---- */

/* Whether the request's person exists and has room for a face. */
static enum fc_status check_person(struct fc_gallery_txn *txn, const struct fc_container *container,
				   const struct fc_azure_request *request,
				   enum fc_azure_fault *fault, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	enum fc_status status =
		fc_azure_find_person(txn, container, &request->person, &person, err);
	*fault = status == FC_NOT_FOUND ? FC_AZURE_FAULT_PERSON_NOT_FOUND
		 : status == FC_OK && person.face_count >= FC_AZURE_PERSON_FACES_MAXIMUM
			 ? FC_AZURE_FAULT_FACE_QUOTA
			 : FC_AZURE_NO_FAULT;
	return status == FC_NOT_FOUND ? FC_OK : status;
}

/* Refuse early, before the image is analysed. */
static enum fc_status check_place(struct fc_azure_call *call, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_container_release) struct fc_container container = { 0 };
	enum fc_azure_fault fault = FC_AZURE_NO_FAULT;
	FC_TRY(fc_azure_read_container(call, &txn, &container, err));
	if (fc_azure_refused(call)) {
		return FC_OK;
	}
	FC_TRY(fc_local_check_pin(call->local, txn, err));
	FC_TRY(fc_azure_is_list(call->request->operation->kind)
		       ? fc_azure_check_member_quota(call, txn, &container, &fault, err)
		       : check_person(txn, &container, call->request, &fault, err));
	return fault == FC_AZURE_NO_FAULT ? FC_OK : fc_azure_refuse(call, fault);
}

/* ---- the change ---- */

struct addition {
	const struct fc_local_photo *photo;
	size_t face;
	struct fc_uuid uuid;
};

static enum fc_status add(struct fc_gallery_txn *txn, struct fc_container *container,
			  struct fc_azure_edit *edit, struct fc_error *err)
{
	const struct addition *addition = edit->context;
	const struct fc_azure_request *request = edit->request;
	struct fc_embedder_pin pin = fc_local_pin(edit->call->local);
	struct fc_uuid pid = request->person;
	bool is_list = fc_azure_is_list(request->operation->kind);
	FC_TRY(is_list ? fc_azure_check_member_quota(edit->call, txn, container, &edit->fault, err)
		       : check_person(txn, container, request, &edit->fault, err));
	if (edit->fault != FC_AZURE_NO_FAULT) {
		return FC_OK;
	}
	if (is_list) {
		struct fc_person person = { .pid = addition->uuid, .space = container->space };
		FC_TRY(fc_person_add(txn, &person, err));
		pid = person.pid;
	}
	FC_TRY(fc_gallery_set_pin(txn, &pin, err));
	struct fc_face_record face =
		fc_local_face_record(addition->photo, addition->face, container->space, &pid, NULL);
	face.path = NULL;
	face.uuid = addition->uuid;
	face.may_repeat = true;
	face.user_data = fc_lend(request->user_data);
	FC_TRY(fc_face_add(txn, &face, err));
	return edit->call->keep_crops
		       ? fc_local_keep_crop(txn, face.space, face.id,
					    &addition->photo->analysis.faces[addition->face], err)
		       : FC_OK;
}

enum fc_status fc_azure_face_add(struct fc_azure_call *call, struct fc_error *err)
{
	FC_CLEANUP(fc_local_photo_release) struct fc_local_photo photo = { .copy = -1 };
	struct addition addition = { .photo = &photo, .uuid = fc_uuid_new() };
	FC_TRY(check_place(call, err));
	if (fc_azure_refused(call)) {
		return FC_OK;
	}
	FC_TRY(fc_azure_analyse(call, fc_azure_want_of_added_face(call->keep_crops), &photo, err));
	if (fc_azure_refused(call)) {
		return FC_OK;
	}
	enum fc_azure_fault fault = choose(call->request, &photo.analysis, &addition.face);
	if (fault != FC_AZURE_NO_FAULT) {
		return fc_azure_refuse(call, fault);
	}
	FC_TRY(fc_azure_edit_container(call, add, &addition, err));
	if (!fc_azure_refused(call)) {
		fc_azure_write_persisted_face(&call->json, &addition.uuid, NULL);
	}
	return FC_OK;
}
