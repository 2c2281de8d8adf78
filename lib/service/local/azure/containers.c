/* The operations on containers: create, get, update, delete, list, train. */
/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/memory.h"
#include "protocol/azure/bodies.h"
#include "protocol/azure/containers.h"
#include "service/local/azure/container.h"

/* ---- create ---- */

struct creation {
	const struct fc_azure_call *call;
	enum fc_azure_fault fault; /* set by create */
};

static enum fc_status create(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct creation *creation = context;
	const struct fc_azure_request *request = creation->call->request;
	struct fc_container container = {
		.kind = fc_azure_container_kind(request->operation->kind),
		.recognition_model = (uint8_t)request->recognition_model,
		.title = fc_lend(request->name),
		.user_data = fc_lend(request->user_data),
	};
	snprintf(container.id, sizeof(container.id), "%s", request->container);
	creation->fault = FC_AZURE_NO_FAULT;
	FC_TRY(fc_azure_check_quota(creation->call, txn, request->operation->kind, &creation->fault,
				    err));
	if (creation->fault != FC_AZURE_NO_FAULT) {
		return FC_OK;
	}
	enum fc_status status = fc_container_add(txn, &container, err);
	creation->fault = status == FC_CONFLICT ? FC_AZURE_FAULT_EXISTS : FC_AZURE_NO_FAULT;
	return status == FC_CONFLICT ? FC_OK : status;
}

enum fc_status fc_azure_create(struct fc_azure_call *call, struct fc_error *err)
{
	struct creation creation = { .call = call };
	FC_TRY(fc_local_change(call->local, FC_GALLERY_CREATE, false, create, &creation, err));
	return creation.fault == FC_AZURE_NO_FAULT ? FC_OK : fc_azure_refuse(call, creation.fault);
}

/* ---- get, list ---- */

static void begin_container(struct fc_azure_call *call, const struct fc_container *container)
{
	const struct fc_azure_container_row row = {
		.kind = call->request->operation->kind,
		.id = container->id,
		.name = container->title ? container->title : "",
		.user_data = container->user_data,
		.recognition_model =
			call->request->return_recognition_model ? container->recognition_model : 0,
	};
	fc_azure_begin_container(&call->json, &row);
}

enum fc_status fc_azure_get(struct fc_azure_call *call, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_container_release) struct fc_container container = { 0 };
	FC_TRY(fc_azure_read_container(call, &txn, &container, err));
	if (fc_azure_refused(call)) {
		return FC_OK;
	}
	begin_container(call, &container);
	if (call->request->operation->kind == FC_AZURE_FACE_LIST) {
		fc_json_key(&call->json, "persistedFaces");
		FC_TRY(fc_azure_write_faces(call, txn, &container, "", SIZE_MAX, err));
	}
	fc_json_end_object(&call->json);
	return FC_OK;
}

struct listing {
	struct fc_azure_call *call;
	size_t left;
};

static bool list_container(const struct fc_container *container, void *context)
{
	struct listing *listing = context;
	if (fc_azure_may_use(listing->call, container->id)) {
		begin_container(listing->call, container);
		fc_json_end_object(&listing->call->json);
		listing->left--;
	}
	return listing->left > 0;
}

enum fc_status fc_azure_list(struct fc_azure_call *call, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	const struct fc_azure_request *request = call->request;
	enum fc_azure_kind kind = request->operation->kind;
	/* face lists have no pages */
	struct listing listing = { call, kind == FC_AZURE_FACE_LIST ? SIZE_MAX : request->top };
	fc_json_begin_array(&call->json);
	enum fc_status status = fc_local_begin_read(call->local, &txn, err);
	if (status == FC_OK) {
		status = fc_container_each(txn, fc_azure_container_kind(kind), request->start,
					   list_container, &listing, err);
	} else if (status == FC_GALLERY_MISSING && call->local->options.missing_gallery_is_empty) {
		status = FC_OK;
	}
	fc_json_end_array(&call->json);
	return status;
}

/* ---- update, delete ---- */

static enum fc_status update(struct fc_gallery_txn *txn, struct fc_container *container,
			     struct fc_azure_edit *edit, struct fc_error *err)
{
	const struct fc_azure_request *request = edit->request;
	struct fc_container changed = *container;
	if (request->name) {
		changed.title = fc_lend(request->name);
	}
	if (request->user_data) {
		changed.user_data = fc_lend(request->user_data);
	}
	return fc_container_update(txn, &changed, err);
}

enum fc_status fc_azure_update(struct fc_azure_call *call, struct fc_error *err)
{
	const char *name = call->request->name;
	return name && name[0] == '\0' ? fc_azure_refuse(call, FC_AZURE_FAULT_NAME_EMPTY)
				       : fc_azure_edit_container(call, update, NULL, err);
}

static enum fc_status delete (struct fc_gallery_txn *txn, struct fc_container *container,
			      struct fc_azure_edit *edit, struct fc_error *err) {
	(void)edit; return fc_space_delete(txn, container->space, err);
}

enum fc_status fc_azure_delete(struct fc_azure_call *call, struct fc_error *err)
{
	return fc_azure_edit_container(call, delete, NULL, err);
}

/* ---- training: what is stored can be searched at once, so a training only has a time ---- */

static enum fc_status train(struct fc_gallery_txn *txn, struct fc_container *container,
			    struct fc_azure_edit *edit, struct fc_error *err)
{
	(void)edit;
	container->trained = fc_clock_now();
	return fc_container_update(txn, container, err);
}

enum fc_status fc_azure_train(struct fc_azure_call *call, struct fc_error *err)
{
	return fc_azure_edit_container(call, train, NULL, err);
}

enum fc_status fc_azure_training_status(struct fc_azure_call *call, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_container_release) struct fc_container container = { 0 };
	FC_TRY(fc_azure_read_container(call, &txn, &container, err));
	if (fc_azure_refused(call)) {
		return FC_OK;
	}
	if (container.trained == 0) {
		return fc_azure_refuse(call, FC_AZURE_FAULT_NOT_TRAINED);
	}
	fc_azure_write_training(&call->json, FC_AZURE_TRAINED, container.created, container.trained,
				NULL);
	return FC_OK;
}
