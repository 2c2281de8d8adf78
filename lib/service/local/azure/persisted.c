/* The operations on persisted faces, those of lists and those of persons: get, update, delete, list. */
/* SPDX-License-Identifier: MIT */
#include "base/memory.h"
#include "protocol/azure/containers.h"
#include "service/local/azure/container.h"

/* Find the request's face in a container, and its person in a group. *fault: what is missing. */
static enum fc_status find_face(struct fc_gallery_txn *txn, const struct fc_container *container,
				const struct fc_azure_request *request, struct fc_face_record *out,
				enum fc_azure_fault *fault, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	bool is_list = fc_azure_is_list(request->operation->kind);
	if (!is_list) {
		enum fc_status status =
			fc_azure_find_person(txn, container, &request->person, &person, err);
		*fault = FC_AZURE_FAULT_PERSON_NOT_FOUND;
		if (status != FC_OK) {
			return status;
		}
	}
	*fault = FC_AZURE_FAULT_PERSISTED_FACE_NOT_FOUND;
	FC_TRY(fc_face_by_uuid(txn, container->space, &request->face, &face, err));
	if (!is_list && !fc_uuid_equal(&face.pid, &person.pid)) {
		return fc_fail(err, FC_NOT_FOUND, "the face belongs to another person");
	}
	*fault = FC_AZURE_NO_FAULT;
	*out = FC_STEAL_STRUCT(face);
	return FC_OK;
}

/* ---- get, list ---- */

enum fc_status fc_azure_face_get(struct fc_azure_call *call, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_container_release) struct fc_container container = { 0 };
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	enum fc_azure_fault fault;
	FC_TRY(fc_azure_read_container(call, &txn, &container, err));
	if (fc_azure_refused(call)) {
		return FC_OK;
	}
	enum fc_status status = find_face(txn, &container, call->request, &face, &fault, err);
	if (status == FC_NOT_FOUND) {
		return fc_azure_refuse(call, fault);
	}
	FC_TRY(status);
	fc_azure_write_persisted_face(&call->json, &face.uuid, face.user_data);
	return FC_OK;
}

enum fc_status fc_azure_write_faces(struct fc_azure_call *call, struct fc_gallery_txn *txn,
				    const struct fc_container *list, const char *start,
				    size_t limit, struct fc_error *err)
{
	FC_CLEANUP(fc_azure_pids_release) struct fc_azure_pids pids = { .limit = limit };
	FC_TRY(fc_azure_collect_pids(txn, list, start, &pids, err));
	fc_json_begin_array(&call->json);
	for (size_t i = 0; i < pids.count; i++) {
		FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
		enum fc_status status =
			fc_face_by_uuid(txn, list->space, &pids.items[i], &face, err);
		FC_TRY(fc_gallery_referred(txn, status, err));
		fc_azure_write_persisted_face(&call->json, &face.uuid, face.user_data);
	}
	fc_json_end_array(&call->json);
	return FC_OK;
}

enum fc_status fc_azure_face_list(struct fc_azure_call *call, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_container_release) struct fc_container container = { 0 };
	FC_TRY(fc_azure_read_container(call, &txn, &container, err));
	return fc_azure_refused(call)
		       ? FC_OK
		       : fc_azure_write_faces(call, txn, &container, call->request->start,
					      call->request->top, err);
}

/* ---- update, delete ---- */

/* Find the face to change, or set the fault of the edit. */
static enum fc_status find_to_edit(struct fc_gallery_txn *txn, const struct fc_container *container,
				   struct fc_azure_edit *edit, struct fc_face_record *out,
				   struct fc_error *err)
{
	enum fc_status status = find_face(txn, container, edit->request, out, &edit->fault, err);
	return status == FC_NOT_FOUND ? FC_OK : status;
}

static enum fc_status update(struct fc_gallery_txn *txn, struct fc_container *container,
			     struct fc_azure_edit *edit, struct fc_error *err)
{
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	FC_TRY(find_to_edit(txn, container, edit, &face, err));
	return edit->fault == FC_AZURE_NO_FAULT && edit->request->user_data
		       ? fc_face_set_user_data(txn, face.space, face.id, edit->request->user_data,
					       err)
		       : FC_OK;
}

enum fc_status fc_azure_face_update(struct fc_azure_call *call, struct fc_error *err)
{
	return fc_azure_edit_container(call, update, NULL, err);
}

static enum fc_status delete (struct fc_gallery_txn *txn, struct fc_container *container,
			      struct fc_azure_edit *edit, struct fc_error *err) {
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	FC_TRY(find_to_edit(txn, container, edit, &face, err));
	if (edit->fault != FC_AZURE_NO_FAULT){ return FC_OK; }
return fc_azure_is_list(edit->request->operation->kind)
	       ? fc_person_delete(txn, &face.pid, err)
	       : fc_face_delete(txn, face.space, face.id, err);
}

enum fc_status fc_azure_face_delete(struct fc_azure_call *call, struct fc_error *err)
{
	return fc_azure_edit_container(call, delete, NULL, err);
}
