/* group: divide faces by person. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/memory.h"
#include "service/local/azure/face_ids.h"
#include "service/local/space_view.h"
#include "service/match/grouping.h"

/* Write the ids of one group, or with NO_GROUP those of all groups of one face, in the order of the request. */
#define NO_GROUP UINT32_MAX

static void write_ids(struct fc_azure_call *call, const uint32_t *groups, const uint32_t *sizes,
		      uint32_t group)
{
	fc_json_begin_array(&call->json);
	for (size_t i = 0; i < call->request->face_id_count; i++) {
		if (group == NO_GROUP ? sizes[groups[i]] == 1 : groups[i] == group) {
			fc_azure_write_uuid(&call->json, &call->request->face_ids[i]);
		}
	}
	fc_json_end_array(&call->json);
}

enum fc_status fc_azure_group(struct fc_azure_call *call, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_azure_faces_release) struct fc_azure_faces faces = { 0 };
	const struct fc_azure_request *request = call->request;
	FC_CLEANUP(fc_free)
	uint32_t *groups = calloc(2 * request->face_id_count, sizeof(*groups));
	struct fc_confidence_map map;
	uint32_t count = 0, shown = 0;
	if (!groups) {
		return fc_fail_memory(err);
	}
	uint32_t *sizes = groups + request->face_id_count;
	FC_TRY(fc_azure_read_faces(call, request->face_ids, request->face_id_count, &txn, &faces,
				   err));
	if (fc_azure_refused(call)) {
		return FC_OK;
	}
	FC_TRY(fc_local_confidence(call->local, &map, err));
	FC_TRY(fc_group_faces(faces.templates, faces.count, faces.dimension, fc_grouping_cut(&map),
			      groups, &count, err));
	for (size_t i = 0; i < faces.count; i++) {
		sizes[groups[i]]++;
	}
	fc_json_begin_object(&call->json);
	fc_json_put_array(&call->json, "groups");
	for (; shown < count && sizes[shown] > 1; shown++) {
		write_ids(call, groups, sizes, shown);
	}
	fc_json_end_array(&call->json);
	if (shown < count) {
		fc_json_key(&call->json, "messyGroup");
		write_ids(call, groups, sizes, NO_GROUP);
	}
	fc_json_end_object(&call->json);
	return FC_OK;
}
