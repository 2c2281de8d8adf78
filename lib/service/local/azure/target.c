/* The container that a request searches. */
/* SPDX-License-Identifier: MIT */
#include "service/local/azure/target.h"

#include "gallery/rows/container.h"
#include "service/local/threshold.h"

enum fc_status fc_azure_find_target(struct fc_azure_call *call, struct fc_gallery_txn *txn,
				    const struct fc_azure_faces *faces, struct fc_azure_target *out,
				    struct fc_error *err)
{
	FC_CLEANUP(fc_container_release) struct fc_container container = { 0 };
	const struct fc_azure_request *request = call->request;
	enum fc_status status = fc_container_find(txn, (enum fc_container_kind)request->kind,
						  request->container, &container, err);
	if (status == FC_NOT_FOUND) {
		return fc_azure_refuse(call, FC_AZURE_FAULT_CONTAINER_NOT_FOUND);
	}
	FC_TRY(status);
	if (container.recognition_model != faces->recognition) {
		return fc_azure_refuse(call, FC_AZURE_FAULT_RECOGNITION_MODEL_INCOMPATIBLE);
	}
	FC_TRY(fc_space_read(txn, container.space, &out->space, err));
	out->trained = container.trained != 0;
	return FC_OK;
}

enum fc_status fc_azure_least_confidence(const struct fc_azure_call *call,
					 struct fc_gallery_txn *txn, const struct fc_space *space,
					 const struct fc_confidence_map *map, double otherwise,
					 double *out, struct fc_error *err)
{
	const struct fc_threshold_choice *cut = &call->cut;
	struct fc_threshold threshold;
	*out = otherwise;
	if (cut->has_threshold || cut->has_fmr || cut->has_fpir) {
		FC_TRY(fc_local_threshold(txn, call->local, space, cut, cut, &threshold, err));
		*out = fc_face_confidence(map, threshold.value);
	}
	return FC_OK;
}
