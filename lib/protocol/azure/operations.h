/*
 * The operations of the Azure Face API 1.0, in one table. The local engine, the client of remote services and `facectl api` find
 * operations, their parameters and bodies here. Source: Microsoft's description of the API (revisions 2019-06-06 and 2022-08).
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_AZURE_OPERATIONS_H
#define FC_PROTOCOL_AZURE_OPERATIONS_H

#include <stdbool.h>
#include <stddef.h>

/* The four kinds of container: a list holds faces, a group holds persons with faces. */
enum fc_azure_kind {
	FC_AZURE_NO_KIND,
	FC_AZURE_FACE_LIST,
	FC_AZURE_LARGE_FACE_LIST,
	FC_AZURE_PERSON_GROUP,
	FC_AZURE_LARGE_PERSON_GROUP,
	FC_AZURE_KIND_COUNT,
};

/* What an operation does; with the kind of the container it identifies the operation. */
enum fc_azure_verb {
	FC_AZURE_DETECT,
	FC_AZURE_VERIFY,
	FC_AZURE_IDENTIFY,
	FC_AZURE_FIND_SIMILAR,
	FC_AZURE_GROUP,
	FC_AZURE_CREATE, /* a container */
	FC_AZURE_GET,
	FC_AZURE_UPDATE,
	FC_AZURE_DELETE,
	FC_AZURE_LIST,
	FC_AZURE_TRAIN,
	FC_AZURE_TRAINING,
	FC_AZURE_PERSON_CREATE,
	FC_AZURE_PERSON_GET,
	FC_AZURE_PERSON_UPDATE,
	FC_AZURE_PERSON_DELETE,
	FC_AZURE_PERSON_LIST,
	FC_AZURE_FACE_ADD, /* to a list, or to a person of a group */
	FC_AZURE_FACE_GET,
	FC_AZURE_FACE_UPDATE,
	FC_AZURE_FACE_DELETE,
	FC_AZURE_FACE_LIST_ALL, /* the faces of a large face list */
	FC_AZURE_SNAPSHOT_TAKE,
	FC_AZURE_SNAPSHOT_GET,
	FC_AZURE_SNAPSHOT_UPDATE,
	FC_AZURE_SNAPSHOT_DELETE,
	FC_AZURE_SNAPSHOT_LIST,
	FC_AZURE_SNAPSHOT_APPLY,
	FC_AZURE_SNAPSHOT_STATUS,
	FC_AZURE_VERB_COUNT,
};

/* Query parameters and members of JSON bodies, as bits of a set. */
enum fc_azure_member {
	FC_AZURE_RETURN_FACE_ID = 1 << 0,
	FC_AZURE_RETURN_LANDMARKS = 1 << 1,
	FC_AZURE_RETURN_ATTRIBUTES = 1 << 2,
	FC_AZURE_RECOGNITION_MODEL = 1 << 3,
	FC_AZURE_RETURN_RECOGNITION_MODEL = 1 << 4,
	FC_AZURE_DETECTION_MODEL = 1 << 5,
	FC_AZURE_TIME_TO_LIVE = 1 << 6,
	FC_AZURE_USER_DATA = 1 << 7,
	FC_AZURE_TARGET_FACE = 1 << 8,
	FC_AZURE_START = 1 << 9,
	FC_AZURE_TOP = 1 << 10,
	FC_AZURE_TYPE = 1 << 11,
	FC_AZURE_APPLY_SCOPE = 1 << 12,
	FC_AZURE_NAME = 1 << 13,
	FC_AZURE_FACE_ID = 1 << 14,
	FC_AZURE_FACE_ID_1 = 1 << 15,
	FC_AZURE_FACE_ID_2 = 1 << 16,
	FC_AZURE_FACE_IDS = 1 << 17,
	FC_AZURE_PERSON_ID = 1 << 18,
	FC_AZURE_FACE_LIST_ID = 1 << 19,
	FC_AZURE_LARGE_FACE_LIST_ID = 1 << 20,
	FC_AZURE_PERSON_GROUP_ID = 1 << 21,
	FC_AZURE_LARGE_PERSON_GROUP_ID = 1 << 22,
	FC_AZURE_CANDIDATES = 1 << 23, /* maxNumOfCandidatesReturned */
	FC_AZURE_THRESHOLD = 1 << 24,  /* confidenceThreshold */
	FC_AZURE_MODE = 1 << 25,
	FC_AZURE_OBJECT_ID = 1 << 26,
	FC_AZURE_URL = 1 << 27,
};

enum fc_azure_body {
	FC_AZURE_NO_BODY,
	FC_AZURE_JSON_BODY,
	FC_AZURE_IMAGE_BODY, /* the bytes of an image, or JSON with its URL */
};

struct fc_azure_operation {
	const char *id;     /* of the API's description, such as "LargeFaceList_Create" */
	const char *method; /* "GET" */
	/*
	 * Segments after /face/v1.0, such as "persongroups/{container}/persons/{person}". The placeholders are {container}, {person},
	 * {face}, {snapshot} and {operation}.
	 */
	const char *path;
	enum fc_azure_kind kind;
	enum fc_azure_verb verb;
	unsigned query; /* set of enum fc_azure_member */
	enum fc_azure_body body;
	unsigned members;  /* of the JSON body */
	unsigned required; /* those that must be there */
	int success;       /* HTTP status */
	bool repeatable;   /* a client may send it again when the outcome is unknown */
};

enum { FC_AZURE_OPERATION_COUNT = 63 };

extern const struct fc_azure_operation fc_azure_operations[FC_AZURE_OPERATION_COUNT];

/* Names of a kind: as in error codes ("LargeFaceList"), paths ("largefacelists") and members ("largeFaceListId"). */
struct fc_azure_kind_names {
	const char *code, *path, *id_member;
	unsigned id_bit; /* enum fc_azure_member */
};

/* The first row, of FC_AZURE_NO_KIND, holds empty names. */
extern const struct fc_azure_kind_names fc_azure_kinds[FC_AZURE_KIND_COUNT];

/* The name of a query parameter or member, such as "returnFaceId". */
const char *fc_azure_member_name(enum fc_azure_member member);

/* Find the operation with that kind and verb. NULL: the API has none. */
const struct fc_azure_operation *fc_azure_find_operation(enum fc_azure_kind kind,
							 enum fc_azure_verb verb);

/* A segment of a path: not terminated. */
struct fc_azure_segment {
	const char *text;
	size_t length;
};

/* The values of the placeholders in a path. Absent ones have the length 0. */
struct fc_azure_path {
	struct fc_azure_segment container, person, face, snapshot, operation;
};

/*
 * Find the operation of a method and a path ("/face/v1.0/detect", without a query). The segments point into path and are still
 * percent-encoded. NULL: there is no such operation; *allowed: another method exists for the path.
 */
const struct fc_azure_operation *fc_azure_match(const char *method, const char *path,
						struct fc_azure_path *out, bool *allowed);

#endif
