/* The templates of faceIds. */
/* SPDX-License-Identifier: MIT */
#include "service/local/azure/face_ids.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "gallery/rows/detected.h"

void fc_azure_faces_release(struct fc_azure_faces *faces)
{
	free(faces->templates);
	*faces = (struct fc_azure_faces){ 0 };
}

/* Append the template of one faceId. */
static enum fc_status read_face(struct fc_azure_call *call, struct fc_gallery_txn *txn,
				const struct fc_uuid *id, int64_t now, size_t room,
				struct fc_azure_faces *faces, struct fc_error *err)
{
	FC_CLEANUP(fc_detected_release) struct fc_detected found = { 0 };
	enum fc_status status = fc_detected_get(txn, id, now, &found, err);
	if (status == FC_NOT_FOUND) {
		return fc_azure_refuse(call, FC_AZURE_FAULT_FACE_NOT_FOUND);
	}
	FC_TRY(status);
	if (faces->count == 0) {
		faces->dimension = found.dimension;
		faces->recognition = found.recognition;
		faces->templates = calloc(room * found.dimension, sizeof(*faces->templates));
		if (!faces->templates) {
			return fc_fail_memory(err);
		}
	}
	if (found.recognition != faces->recognition) {
		return fc_azure_refuse(call, FC_AZURE_FAULT_RECOGNITION_MODEL_INCOMPATIBLE);
	}
	if (found.dimension != faces->dimension) {
		return fc_fail(err, FC_DAMAGED, "the templates of two faceIds differ in length");
	}
	memcpy(faces->templates + faces->count++ * faces->dimension, found.embedding,
	       found.dimension * sizeof(*found.embedding));
	return FC_OK;
}

enum fc_status fc_azure_read_faces(struct fc_azure_call *call, const struct fc_uuid *ids,
				   size_t count, struct fc_gallery_txn **txn,
				   struct fc_azure_faces *out, struct fc_error *err)
{
	FC_CLEANUP(fc_azure_faces_release) struct fc_azure_faces faces = { 0 };
	const int64_t now = fc_clock_now();
	enum fc_status status = fc_local_begin_read(call->local, txn, err);
	if (status == FC_GALLERY_MISSING) {
		return fc_azure_refuse(call, FC_AZURE_FAULT_FACE_NOT_FOUND);
	}
	FC_TRY(status);
	for (size_t i = 0; i < count && !fc_azure_refused(call); i++) {
		FC_TRY(read_face(call, *txn, &ids[i], now, count, &faces, err));
	}
	*out = FC_STEAL_STRUCT(faces);
	return FC_OK;
}

void fc_azure_write_uuid(struct fc_json_writer *json, const struct fc_uuid *uuid)
{
	char text[FC_UUID_TEXT_SIZE];
	fc_uuid_format(uuid, text);
	fc_json_string(json, text);
}

void fc_azure_put_uuid(struct fc_json_writer *json, const char *key, const struct fc_uuid *uuid)
{
	fc_json_key(json, key);
	fc_azure_write_uuid(json, uuid);
}
