/*
 * A request to the Azure Face API, read and checked by the table of operations: identifiers, lengths, ranges and combinations. The rules
 * are the wider ones of the two revisions; the defaults are those of 2019-06-06.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_AZURE_REQUEST_H
#define FC_PROTOCOL_AZURE_REQUEST_H

#include <cjson/cJSON.h>
#include <stdint.h>

#include "base/error.h"
#include "base/uuid.h"
#include "protocol/azure/fault.h"
#include "protocol/azure/operations.h"

enum {
	FC_AZURE_CONTAINER_ID_MAXIMUM = 64,
	FC_AZURE_TITLE_MAXIMUM = 128,           /* characters of a name */
	FC_AZURE_USER_DATA_MAXIMUM = 16384,     /* characters; of a face: */
	FC_AZURE_FACE_USER_DATA_MAXIMUM = 1024, /* characters */
	FC_AZURE_FACE_IDS_MAXIMUM = 1000,
	FC_AZURE_IDENTIFY_MAXIMUM = 10,
	FC_AZURE_CANDIDATES_MAXIMUM = 100, /* of identify */
	FC_AZURE_PERSON_FACES_MAXIMUM = 248,
	FC_AZURE_IMAGE_MINIMUM = 1024,            /* bytes */
	FC_AZURE_IMAGE_MAXIMUM = 6 * 1024 * 1024, /* bytes */
	FC_AZURE_BODY_MAXIMUM = 1024 * 1024,      /* bytes of JSON */
	FC_AZURE_DAY = 86400, /* seconds: longest and default life of a faceId */
};

/* The values of "faceAttributes", as bits of a set. */
enum fc_azure_attribute {
	FC_AZURE_ATTRIBUTE_AGE = 1 << 0,
	FC_AZURE_ATTRIBUTE_GENDER = 1 << 1,
	FC_AZURE_ATTRIBUTE_SMILE = 1 << 2,
	FC_AZURE_ATTRIBUTE_FACIAL_HAIR = 1 << 3,
	FC_AZURE_ATTRIBUTE_GLASSES = 1 << 4,
	FC_AZURE_ATTRIBUTE_HEAD_POSE = 1 << 5,
	FC_AZURE_ATTRIBUTE_EMOTION = 1 << 6,
	FC_AZURE_ATTRIBUTE_HAIR = 1 << 7,
	FC_AZURE_ATTRIBUTE_MAKEUP = 1 << 8,
	FC_AZURE_ATTRIBUTE_OCCLUSION = 1 << 9,
	FC_AZURE_ATTRIBUTE_ACCESSORIES = 1 << 10,
	FC_AZURE_ATTRIBUTE_BLUR = 1 << 11,
	FC_AZURE_ATTRIBUTE_EXPOSURE = 1 << 12,
	FC_AZURE_ATTRIBUTE_NOISE = 1 << 13,
	FC_AZURE_ATTRIBUTE_MASK = 1 << 14,
	FC_AZURE_ATTRIBUTE_QUALITY = 1 << 15, /* qualityForRecognition */
};

/* Texts are borrowed from the request's JSON or query. { 0 } is empty. */
struct fc_azure_request {
	const struct fc_azure_operation *operation;
	/* of the path */
	char container[FC_AZURE_CONTAINER_ID_MAXIMUM + 1];
	struct fc_uuid person, face, snapshot, job;
	/* members and query parameters that were given: a set of enum fc_azure_member. null counts as absent. */
	unsigned given;
	bool no_memory;      /* a list could not be read */
	bool return_face_id; /* default: true */
	bool return_landmarks, return_recognition_model;
	unsigned attributes;          /* set of enum fc_azure_attribute */
	int recognition_model;        /* 1 to 4; default 1 */
	int detection_model;          /* 1 to 3; default 1 */
	int time_to_live;             /* seconds */
	int target_face[4];           /* left, top, width, height */
	const char *start;            /* "" from the beginning */
	unsigned top;                 /* default 1000 */
	const char *name, *user_data; /* NULL when absent */
	/* of JSON bodies */
	struct fc_uuid face_id, face_id_1, face_id_2, person_id;
	struct fc_uuid *face_ids, *apply_scope; /* owned */
	size_t face_id_count, apply_scope_count;
	/* identify, verify, findsimilars: the container to search; snapshots: of type and objectId */
	enum fc_azure_kind kind;
	unsigned types; /* Snapshot_List: set of 1 << enum fc_azure_kind; 0: all */
	char object_id[FC_AZURE_CONTAINER_ID_MAXIMUM + 1];
	unsigned candidates; /* default: identify 1, findsimilars 20 */
	double threshold;    /* confidence; NaN: the default */
	bool match_face;     /* mode matchFace */
	const char *url;     /* of an image; NULL: the body is the image */
	const void *image;
	size_t image_length;
	/* owned */
	cJSON *json;
	char *query;
};

void fc_azure_request_release(struct fc_azure_request *request);

/*
 * Read a request. target: path and query, percent-encoded. Returns FC_OK with *fault FC_AZURE_NO_FAULT, or with the fault to
 * answer and *fault_kind, the kind that it is about. operation is set if it is known. *out must be empty, and borrows body.
 * Other errors: FC_NO_MEMORY.
 */
enum fc_status fc_azure_read_request(const char *method, const char *target,
				     const char *content_type, const void *body, size_t length,
				     struct fc_azure_request *out, enum fc_azure_fault *fault,
				     enum fc_azure_kind *fault_kind, struct fc_error *err);

#endif
