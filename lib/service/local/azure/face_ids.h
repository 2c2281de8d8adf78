/* The templates of faceIds. Private to lib/service/local. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_AZURE_FACE_IDS_H
#define FC_SERVICE_LOCAL_AZURE_FACE_IDS_H

#include "service/local/azure/azure.h"
#include "service/match/confidence.h"

/* { 0 } is empty. */
struct fc_azure_faces {
	float *templates; /* one after the other */
	size_t count;
	uint32_t dimension;
	uint8_t recognition; /* the recognition model of all, 1 to 4 */
};

void fc_azure_faces_release(struct fc_azure_faces *faces);

/*
 * Read the templates of at least one faceId, in the given order, and begin to read the gallery. If one does not exist, or if their
 * recognition models differ, the call is refused. The caller ends *txn.
 */
enum fc_status fc_azure_read_faces(struct fc_azure_call *call, const struct fc_uuid *ids,
				   size_t count, struct fc_gallery_txn **txn,
				   struct fc_azure_faces *out, struct fc_error *err);

/* The template of the i-th face. */
static inline const float *fc_azure_template(const struct fc_azure_faces *faces, size_t i)
{
	return faces->templates + i * faces->dimension;
}

/* Write a UUID as a string, or as the member `key` of an object. */
void fc_azure_write_uuid(struct fc_json_writer *json, const struct fc_uuid *uuid);
void fc_azure_put_uuid(struct fc_json_writer *json, const char *key, const struct fc_uuid *uuid);

enum { FC_AZURE_CONFIDENCE_DECIMALS = 5 };

#endif
