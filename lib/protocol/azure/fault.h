/* The errors that the Azure Face API documents, with the exact code and message of each, as its server writes them. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_AZURE_FAULT_H
#define FC_PROTOCOL_AZURE_FAULT_H

#include "base/json_writer.h"
#include "protocol/azure/operations.h"

enum fc_azure_fault {
	FC_AZURE_NO_FAULT,
	/* the request */
	FC_AZURE_FAULT_PATH,
	FC_AZURE_FAULT_METHOD,
	FC_AZURE_FAULT_MEDIA_TYPE,
	FC_AZURE_FAULT_BODY,
	FC_AZURE_FAULT_BODY_BIG,
	FC_AZURE_FAULT_JSON,
	FC_AZURE_FAULT_QUERY,
	FC_AZURE_FAULT_RECOGNITION_MODEL,
	FC_AZURE_FAULT_DETECTION_MODEL,
	FC_AZURE_FAULT_ATTRIBUTES,
	FC_AZURE_FAULT_ATTRIBUTES_OF_DETECTION_02,
	FC_AZURE_FAULT_LANDMARKS_OF_DETECTION_02,
	FC_AZURE_FAULT_TIME_TO_LIVE,
	FC_AZURE_FAULT_NAME_EMPTY,
	FC_AZURE_FAULT_NAME_LONG,
	FC_AZURE_FAULT_USER_DATA_LONG,
	FC_AZURE_FAULT_NAME_AND_USER_DATA_EMPTY,
	FC_AZURE_FAULT_START_LONG,
	FC_AZURE_FAULT_TOP,
	FC_AZURE_FAULT_TARGET_FACE,
	FC_AZURE_FAULT_TARGET_FACE_RANGE,
	FC_AZURE_FAULT_CONTAINER_ID,
	FC_AZURE_FAULT_FACE_ID,
	FC_AZURE_FAULT_PERSON_ID,
	FC_AZURE_FAULT_PERSISTED_FACE_ID,
	FC_AZURE_FAULT_SNAPSHOT_ID,
	FC_AZURE_FAULT_OPERATION_ID,
	FC_AZURE_FAULT_OBJECT_ID,
	FC_AZURE_FAULT_SNAPSHOT_TYPE,
	FC_AZURE_FAULT_APPLY_SCOPE,
	FC_AZURE_FAULT_FACE_IDS,
	FC_AZURE_FAULT_CANDIDATES,
	FC_AZURE_FAULT_THRESHOLD,
	FC_AZURE_FAULT_MODE,
	FC_AZURE_FAULT_SOURCES_NONE,
	FC_AZURE_FAULT_SOURCES_SEVERAL,
	FC_AZURE_FAULT_GROUPS_NONE,
	FC_AZURE_FAULT_GROUPS_BOTH,
	FC_AZURE_FAULT_RECOGNITION_MODEL_INCOMPATIBLE,
	/* the image */
	FC_AZURE_FAULT_URL,
	FC_AZURE_FAULT_URL_FETCH,
	FC_AZURE_FAULT_IMAGE,
	FC_AZURE_FAULT_NO_FACE,
	FC_AZURE_FAULT_SEVERAL_FACES,
	FC_AZURE_FAULT_IMAGE_SMALL,
	FC_AZURE_FAULT_IMAGE_BIG,
	/* what is stored; most depend on the kind of the container */
	FC_AZURE_FAULT_KEY,
	FC_AZURE_FAULT_FORBIDDEN, /* the key is not for this container */
	FC_AZURE_FAULT_FEATURE,
	FC_AZURE_FAULT_QUOTA,          /* of containers */
	FC_AZURE_FAULT_GROUP_QUOTA,    /* of persons in a group */
	FC_AZURE_FAULT_LIST_QUOTA,     /* of faces in a list */
	FC_AZURE_FAULT_SNAPSHOT_QUOTA, /* of snapshots that are taken or applied in a time */
	FC_AZURE_FAULT_FACE_QUOTA,     /* the person has as many faces as a person may have */
	FC_AZURE_FAULT_FACE_NOT_FOUND,
	FC_AZURE_FAULT_PERSON_NOT_FOUND,
	FC_AZURE_FAULT_PERSISTED_FACE_NOT_FOUND,
	FC_AZURE_FAULT_NO_PERSISTED_FACE, /* verify: the person has no faces */
	FC_AZURE_FAULT_CONTAINER_NOT_FOUND,
	FC_AZURE_FAULT_NOT_TRAINED,
	FC_AZURE_FAULT_LIST_EMPTY,
	FC_AZURE_FAULT_EXISTS,
	FC_AZURE_FAULT_TRAINING_NOT_FINISHED,
	FC_AZURE_FAULT_SNAPSHOT_NOT_FOUND,
	FC_AZURE_FAULT_OPERATION_NOT_FOUND,
	FC_AZURE_FAULT_SUBSCRIPTION, /* the snapshot belongs to another one, or is not for this one */
	FC_AZURE_FAULT_CONFLICT,
	FC_AZURE_FAULT_RATE,
	FC_AZURE_FAULT_UNAVAILABLE,
	FC_AZURE_FAULT_INTERNAL,
	FC_AZURE_FAULT_COUNT,
};

/*
 * Write {"error":{"code":"CODE","message":"MESSAGE"}}, followed by detail if it is not NULL, and return the HTTP status. operation may be NULL;
 * it decides the status of faults that have several: a missing face or container is 400 in identify and findsimilars. kind: of the
 * container that the fault is about.
 */
int fc_azure_write_fault(struct fc_json_writer *json, enum fc_azure_fault fault,
			 const struct fc_azure_operation *operation, enum fc_azure_kind kind,
			 const char *detail);

/* Append the code of a fault, such as "PersonGroupNotFound". */
void fc_azure_append_fault_code(struct fc_buffer *out, enum fc_azure_fault fault,
				enum fc_azure_kind kind);

#endif
