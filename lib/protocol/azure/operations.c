/* The table of the operations of the Azure Face API, and the search in it. */
/* SPDX-License-Identifier: MIT */
#include "protocol/azure/operations.h"

#include <string.h>
#include <strings.h>

#include "base/compiler.h"

#define DETECT_QUERY                                                                               \
	(FC_AZURE_RETURN_FACE_ID | FC_AZURE_RETURN_LANDMARKS | FC_AZURE_RETURN_ATTRIBUTES |        \
	 FC_AZURE_RECOGNITION_MODEL | FC_AZURE_RETURN_RECOGNITION_MODEL |                          \
	 FC_AZURE_DETECTION_MODEL | FC_AZURE_TIME_TO_LIVE)
#define ADD_QUERY (FC_AZURE_USER_DATA | FC_AZURE_TARGET_FACE | FC_AZURE_DETECTION_MODEL)
#define PAGE_QUERY (FC_AZURE_START | FC_AZURE_TOP)
#define NEW_CONTAINER (FC_AZURE_NAME | FC_AZURE_USER_DATA | FC_AZURE_RECOGNITION_MODEL)
#define NAME_AND_DATA (FC_AZURE_NAME | FC_AZURE_USER_DATA)
#define EITHER_GROUP (FC_AZURE_PERSON_GROUP_ID | FC_AZURE_LARGE_PERSON_GROUP_ID)

const struct fc_azure_operation fc_azure_operations[FC_AZURE_OPERATION_COUNT] = {
	{ "Face_FindSimilar", "POST", "findsimilars", FC_AZURE_NO_KIND, FC_AZURE_FIND_SIMILAR, 0,
	  FC_AZURE_JSON_BODY,
	  FC_AZURE_FACE_ID | FC_AZURE_FACE_LIST_ID | FC_AZURE_LARGE_FACE_LIST_ID |
		  FC_AZURE_FACE_IDS | FC_AZURE_CANDIDATES | FC_AZURE_MODE,
	  FC_AZURE_FACE_ID, 200, true },
	{ "Face_Group", "POST", "group", FC_AZURE_NO_KIND, FC_AZURE_GROUP, 0, FC_AZURE_JSON_BODY,
	  FC_AZURE_FACE_IDS, FC_AZURE_FACE_IDS, 200, true },
	{ "Face_Identify", "POST", "identify", FC_AZURE_NO_KIND, FC_AZURE_IDENTIFY, 0,
	  FC_AZURE_JSON_BODY,
	  FC_AZURE_FACE_IDS | EITHER_GROUP | FC_AZURE_CANDIDATES | FC_AZURE_THRESHOLD,
	  FC_AZURE_FACE_IDS, 200, true },
	{ "Face_VerifyFaceToFace", "POST", "verify", FC_AZURE_NO_KIND, FC_AZURE_VERIFY, 0,
	  FC_AZURE_JSON_BODY,
	  FC_AZURE_FACE_ID_1 | FC_AZURE_FACE_ID_2 | FC_AZURE_FACE_ID | FC_AZURE_PERSON_ID |
		  EITHER_GROUP,
	  0, 200, true },
	{ "Face_DetectWithUrl", "POST", "detect", FC_AZURE_NO_KIND, FC_AZURE_DETECT, DETECT_QUERY,
	  FC_AZURE_IMAGE_BODY, FC_AZURE_URL, FC_AZURE_URL, 200, true },

	{ "FaceList_Create", "PUT", "facelists/{container}", FC_AZURE_FACE_LIST, FC_AZURE_CREATE, 0,
	  FC_AZURE_JSON_BODY, NEW_CONTAINER, 0, 200, true },
	{ "FaceList_Get", "GET", "facelists/{container}", FC_AZURE_FACE_LIST, FC_AZURE_GET,
	  FC_AZURE_RETURN_RECOGNITION_MODEL, FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "FaceList_Update", "PATCH", "facelists/{container}", FC_AZURE_FACE_LIST, FC_AZURE_UPDATE,
	  0, FC_AZURE_JSON_BODY, NAME_AND_DATA, 0, 200, true },
	{ "FaceList_Delete", "DELETE", "facelists/{container}", FC_AZURE_FACE_LIST, FC_AZURE_DELETE,
	  0, FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "FaceList_List", "GET", "facelists", FC_AZURE_FACE_LIST, FC_AZURE_LIST,
	  FC_AZURE_RETURN_RECOGNITION_MODEL, FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "FaceList_AddFaceFromUrl", "POST", "facelists/{container}/persistedfaces",
	  FC_AZURE_FACE_LIST, FC_AZURE_FACE_ADD, ADD_QUERY, FC_AZURE_IMAGE_BODY, FC_AZURE_URL,
	  FC_AZURE_URL, 200, false },
	{ "FaceList_DeleteFace", "DELETE", "facelists/{container}/persistedfaces/{face}",
	  FC_AZURE_FACE_LIST, FC_AZURE_FACE_DELETE, 0, FC_AZURE_NO_BODY, 0, 0, 200, true },

	{ "LargeFaceList_Create", "PUT", "largefacelists/{container}", FC_AZURE_LARGE_FACE_LIST,
	  FC_AZURE_CREATE, 0, FC_AZURE_JSON_BODY, NEW_CONTAINER, 0, 200, true },
	{ "LargeFaceList_Get", "GET", "largefacelists/{container}", FC_AZURE_LARGE_FACE_LIST,
	  FC_AZURE_GET, FC_AZURE_RETURN_RECOGNITION_MODEL, FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "LargeFaceList_Update", "PATCH", "largefacelists/{container}", FC_AZURE_LARGE_FACE_LIST,
	  FC_AZURE_UPDATE, 0, FC_AZURE_JSON_BODY, NAME_AND_DATA, 0, 200, true },
	{ "LargeFaceList_Delete", "DELETE", "largefacelists/{container}", FC_AZURE_LARGE_FACE_LIST,
	  FC_AZURE_DELETE, 0, FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "LargeFaceList_List", "GET", "largefacelists", FC_AZURE_LARGE_FACE_LIST, FC_AZURE_LIST,
	  FC_AZURE_RETURN_RECOGNITION_MODEL | PAGE_QUERY, FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "LargeFaceList_Train", "POST", "largefacelists/{container}/train",
	  FC_AZURE_LARGE_FACE_LIST, FC_AZURE_TRAIN, 0, FC_AZURE_NO_BODY, 0, 0, 202, true },
	{ "LargeFaceList_GetTrainingStatus", "GET", "largefacelists/{container}/training",
	  FC_AZURE_LARGE_FACE_LIST, FC_AZURE_TRAINING, 0, FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "LargeFaceList_AddFaceFromUrl", "POST", "largefacelists/{container}/persistedfaces",
	  FC_AZURE_LARGE_FACE_LIST, FC_AZURE_FACE_ADD, ADD_QUERY, FC_AZURE_IMAGE_BODY, FC_AZURE_URL,
	  FC_AZURE_URL, 200, false },
	{ "LargeFaceList_DeleteFace", "DELETE", "largefacelists/{container}/persistedfaces/{face}",
	  FC_AZURE_LARGE_FACE_LIST, FC_AZURE_FACE_DELETE, 0, FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "LargeFaceList_GetFace", "GET", "largefacelists/{container}/persistedfaces/{face}",
	  FC_AZURE_LARGE_FACE_LIST, FC_AZURE_FACE_GET, 0, FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "LargeFaceList_UpdateFace", "PATCH", "largefacelists/{container}/persistedfaces/{face}",
	  FC_AZURE_LARGE_FACE_LIST, FC_AZURE_FACE_UPDATE, 0, FC_AZURE_JSON_BODY, FC_AZURE_USER_DATA,
	  0, 200, true },
	{ "LargeFaceList_ListFaces", "GET", "largefacelists/{container}/persistedfaces",
	  FC_AZURE_LARGE_FACE_LIST, FC_AZURE_FACE_LIST_ALL, PAGE_QUERY, FC_AZURE_NO_BODY, 0, 0, 200,
	  true },

	{ "PersonGroup_Create", "PUT", "persongroups/{container}", FC_AZURE_PERSON_GROUP,
	  FC_AZURE_CREATE, 0, FC_AZURE_JSON_BODY, NEW_CONTAINER, 0, 200, true },
	{ "PersonGroup_Get", "GET", "persongroups/{container}", FC_AZURE_PERSON_GROUP, FC_AZURE_GET,
	  FC_AZURE_RETURN_RECOGNITION_MODEL, FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "PersonGroup_Update", "PATCH", "persongroups/{container}", FC_AZURE_PERSON_GROUP,
	  FC_AZURE_UPDATE, 0, FC_AZURE_JSON_BODY, NAME_AND_DATA, 0, 200, true },
	{ "PersonGroup_Delete", "DELETE", "persongroups/{container}", FC_AZURE_PERSON_GROUP,
	  FC_AZURE_DELETE, 0, FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "PersonGroup_List", "GET", "persongroups", FC_AZURE_PERSON_GROUP, FC_AZURE_LIST,
	  FC_AZURE_RETURN_RECOGNITION_MODEL | PAGE_QUERY, FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "PersonGroup_Train", "POST", "persongroups/{container}/train", FC_AZURE_PERSON_GROUP,
	  FC_AZURE_TRAIN, 0, FC_AZURE_NO_BODY, 0, 0, 202, true },
	{ "PersonGroup_GetTrainingStatus", "GET", "persongroups/{container}/training",
	  FC_AZURE_PERSON_GROUP, FC_AZURE_TRAINING, 0, FC_AZURE_NO_BODY, 0, 0, 200, true },

	{ "PersonGroupPerson_Create", "POST", "persongroups/{container}/persons",
	  FC_AZURE_PERSON_GROUP, FC_AZURE_PERSON_CREATE, 0, FC_AZURE_JSON_BODY, NAME_AND_DATA, 0,
	  200, false },
	{ "PersonGroupPerson_List", "GET", "persongroups/{container}/persons",
	  FC_AZURE_PERSON_GROUP, FC_AZURE_PERSON_LIST, PAGE_QUERY, FC_AZURE_NO_BODY, 0, 0, 200,
	  true },
	{ "PersonGroupPerson_Get", "GET", "persongroups/{container}/persons/{person}",
	  FC_AZURE_PERSON_GROUP, FC_AZURE_PERSON_GET, 0, FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "PersonGroupPerson_Update", "PATCH", "persongroups/{container}/persons/{person}",
	  FC_AZURE_PERSON_GROUP, FC_AZURE_PERSON_UPDATE, 0, FC_AZURE_JSON_BODY, NAME_AND_DATA, 0,
	  200, true },
	{ "PersonGroupPerson_Delete", "DELETE", "persongroups/{container}/persons/{person}",
	  FC_AZURE_PERSON_GROUP, FC_AZURE_PERSON_DELETE, 0, FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "PersonGroupPerson_AddFaceFromUrl", "POST",
	  "persongroups/{container}/persons/{person}/persistedfaces", FC_AZURE_PERSON_GROUP,
	  FC_AZURE_FACE_ADD, ADD_QUERY, FC_AZURE_IMAGE_BODY, FC_AZURE_URL, FC_AZURE_URL, 200,
	  false },
	{ "PersonGroupPerson_GetFace", "GET",
	  "persongroups/{container}/persons/{person}/persistedfaces/{face}", FC_AZURE_PERSON_GROUP,
	  FC_AZURE_FACE_GET, 0, FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "PersonGroupPerson_UpdateFace", "PATCH",
	  "persongroups/{container}/persons/{person}/persistedfaces/{face}", FC_AZURE_PERSON_GROUP,
	  FC_AZURE_FACE_UPDATE, 0, FC_AZURE_JSON_BODY, FC_AZURE_USER_DATA, 0, 200, true },
	{ "PersonGroupPerson_DeleteFace", "DELETE",
	  "persongroups/{container}/persons/{person}/persistedfaces/{face}", FC_AZURE_PERSON_GROUP,
	  FC_AZURE_FACE_DELETE, 0, FC_AZURE_NO_BODY, 0, 0, 200, true },

	{ "LargePersonGroup_Create", "PUT", "largepersongroups/{container}",
	  FC_AZURE_LARGE_PERSON_GROUP, FC_AZURE_CREATE, 0, FC_AZURE_JSON_BODY, NEW_CONTAINER, 0,
	  200, true },
	{ "LargePersonGroup_Get", "GET", "largepersongroups/{container}",
	  FC_AZURE_LARGE_PERSON_GROUP, FC_AZURE_GET, FC_AZURE_RETURN_RECOGNITION_MODEL,
	  FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "LargePersonGroup_Update", "PATCH", "largepersongroups/{container}",
	  FC_AZURE_LARGE_PERSON_GROUP, FC_AZURE_UPDATE, 0, FC_AZURE_JSON_BODY, NAME_AND_DATA, 0,
	  200, true },
	{ "LargePersonGroup_Delete", "DELETE", "largepersongroups/{container}",
	  FC_AZURE_LARGE_PERSON_GROUP, FC_AZURE_DELETE, 0, FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "LargePersonGroup_List", "GET", "largepersongroups", FC_AZURE_LARGE_PERSON_GROUP,
	  FC_AZURE_LIST, FC_AZURE_RETURN_RECOGNITION_MODEL | PAGE_QUERY, FC_AZURE_NO_BODY, 0, 0,
	  200, true },
	{ "LargePersonGroup_Train", "POST", "largepersongroups/{container}/train",
	  FC_AZURE_LARGE_PERSON_GROUP, FC_AZURE_TRAIN, 0, FC_AZURE_NO_BODY, 0, 0, 202, true },
	{ "LargePersonGroup_GetTrainingStatus", "GET", "largepersongroups/{container}/training",
	  FC_AZURE_LARGE_PERSON_GROUP, FC_AZURE_TRAINING, 0, FC_AZURE_NO_BODY, 0, 0, 200, true },

	{ "LargePersonGroupPerson_Create", "POST", "largepersongroups/{container}/persons",
	  FC_AZURE_LARGE_PERSON_GROUP, FC_AZURE_PERSON_CREATE, 0, FC_AZURE_JSON_BODY, NAME_AND_DATA,
	  0, 200, false },
	{ "LargePersonGroupPerson_List", "GET", "largepersongroups/{container}/persons",
	  FC_AZURE_LARGE_PERSON_GROUP, FC_AZURE_PERSON_LIST, PAGE_QUERY, FC_AZURE_NO_BODY, 0, 0,
	  200, true },
	{ "LargePersonGroupPerson_Get", "GET", "largepersongroups/{container}/persons/{person}",
	  FC_AZURE_LARGE_PERSON_GROUP, FC_AZURE_PERSON_GET, 0, FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "LargePersonGroupPerson_Update", "PATCH",
	  "largepersongroups/{container}/persons/{person}", FC_AZURE_LARGE_PERSON_GROUP,
	  FC_AZURE_PERSON_UPDATE, 0, FC_AZURE_JSON_BODY, NAME_AND_DATA, 0, 200, true },
	{ "LargePersonGroupPerson_Delete", "DELETE",
	  "largepersongroups/{container}/persons/{person}", FC_AZURE_LARGE_PERSON_GROUP,
	  FC_AZURE_PERSON_DELETE, 0, FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "LargePersonGroupPerson_AddFaceFromUrl", "POST",
	  "largepersongroups/{container}/persons/{person}/persistedfaces",
	  FC_AZURE_LARGE_PERSON_GROUP, FC_AZURE_FACE_ADD, ADD_QUERY, FC_AZURE_IMAGE_BODY,
	  FC_AZURE_URL, FC_AZURE_URL, 200, false },
	{ "LargePersonGroupPerson_GetFace", "GET",
	  "largepersongroups/{container}/persons/{person}/persistedfaces/{face}",
	  FC_AZURE_LARGE_PERSON_GROUP, FC_AZURE_FACE_GET, 0, FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "LargePersonGroupPerson_UpdateFace", "PATCH",
	  "largepersongroups/{container}/persons/{person}/persistedfaces/{face}",
	  FC_AZURE_LARGE_PERSON_GROUP, FC_AZURE_FACE_UPDATE, 0, FC_AZURE_JSON_BODY,
	  FC_AZURE_USER_DATA, 0, 200, true },
	{ "LargePersonGroupPerson_DeleteFace", "DELETE",
	  "largepersongroups/{container}/persons/{person}/persistedfaces/{face}",
	  FC_AZURE_LARGE_PERSON_GROUP, FC_AZURE_FACE_DELETE, 0, FC_AZURE_NO_BODY, 0, 0, 200, true },

	{ "Snapshot_Take", "POST", "snapshots", FC_AZURE_NO_KIND, FC_AZURE_SNAPSHOT_TAKE, 0,
	  FC_AZURE_JSON_BODY,
	  FC_AZURE_TYPE | FC_AZURE_OBJECT_ID | FC_AZURE_APPLY_SCOPE | FC_AZURE_USER_DATA,
	  FC_AZURE_TYPE | FC_AZURE_OBJECT_ID | FC_AZURE_APPLY_SCOPE, 202, false },
	{ "Snapshot_List", "GET", "snapshots", FC_AZURE_NO_KIND, FC_AZURE_SNAPSHOT_LIST,
	  FC_AZURE_TYPE | FC_AZURE_APPLY_SCOPE, FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "Snapshot_Get", "GET", "snapshots/{snapshot}", FC_AZURE_NO_KIND, FC_AZURE_SNAPSHOT_GET, 0,
	  FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "Snapshot_Update", "PATCH", "snapshots/{snapshot}", FC_AZURE_NO_KIND,
	  FC_AZURE_SNAPSHOT_UPDATE, 0, FC_AZURE_JSON_BODY,
	  FC_AZURE_APPLY_SCOPE | FC_AZURE_USER_DATA, 0, 200, true },
	{ "Snapshot_Delete", "DELETE", "snapshots/{snapshot}", FC_AZURE_NO_KIND,
	  FC_AZURE_SNAPSHOT_DELETE, 0, FC_AZURE_NO_BODY, 0, 0, 200, true },
	{ "Snapshot_Apply", "POST", "snapshots/{snapshot}/apply", FC_AZURE_NO_KIND,
	  FC_AZURE_SNAPSHOT_APPLY, 0, FC_AZURE_JSON_BODY, FC_AZURE_OBJECT_ID | FC_AZURE_MODE,
	  FC_AZURE_OBJECT_ID, 202, false },
	{ "Snapshot_GetOperationStatus", "GET", "operations/{operation}", FC_AZURE_NO_KIND,
	  FC_AZURE_SNAPSHOT_STATUS, 0, FC_AZURE_NO_BODY, 0, 0, 200, true },
};

const struct fc_azure_kind_names fc_azure_kinds[FC_AZURE_KIND_COUNT] = {
	[FC_AZURE_NO_KIND] = { "", "", "", 0 },
	[FC_AZURE_FACE_LIST] = { "FaceList", "facelists", "faceListId", FC_AZURE_FACE_LIST_ID },
	[FC_AZURE_LARGE_FACE_LIST] = { "LargeFaceList", "largefacelists", "largeFaceListId",
				       FC_AZURE_LARGE_FACE_LIST_ID },
	[FC_AZURE_PERSON_GROUP] = { "PersonGroup", "persongroups", "personGroupId",
				    FC_AZURE_PERSON_GROUP_ID },
	[FC_AZURE_LARGE_PERSON_GROUP] = { "LargePersonGroup", "largepersongroups",
					  "largePersonGroupId", FC_AZURE_LARGE_PERSON_GROUP_ID },
};

const char *fc_azure_member_name(enum fc_azure_member member)
{
	/* in the order of enum fc_azure_member */
	static const char *const names[] = {
		"returnFaceId",
		"returnFaceLandmarks",
		"returnFaceAttributes",
		"recognitionModel",
		"returnRecognitionModel",
		"detectionModel",
		"faceIdTimeToLive",
		"userData",
		"targetFace",
		"start",
		"top",
		"type",
		"applyScope",
		"name",
		"faceId",
		"faceId1",
		"faceId2",
		"faceIds",
		"personId",
		"faceListId",
		"largeFaceListId",
		"personGroupId",
		"largePersonGroupId",
		"maxNumOfCandidatesReturned",
		"confidenceThreshold",
		"mode",
		"objectId",
		"url",
	};
	return names[__builtin_ctz((unsigned)member)];
}

const struct fc_azure_operation *fc_azure_find_operation(enum fc_azure_kind kind,
							 enum fc_azure_verb verb)
{
	for (size_t i = 0; i < FC_AZURE_OPERATION_COUNT; i++) {
		if (fc_azure_operations[i].kind == kind && fc_azure_operations[i].verb == verb) {
			return &fc_azure_operations[i];
		}
	}
	return NULL;
}

/* ---- paths ---- */

static struct fc_azure_segment *place_of(struct fc_azure_path *path, const char *name,
					 size_t length)
{
	const struct {
		const char *name;
		struct fc_azure_segment *segment;
	} places[] = {
		{ "{container}", &path->container }, { "{person}", &path->person },
		{ "{face}", &path->face },           { "{snapshot}", &path->snapshot },
		{ "{operation}", &path->operation },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(places); i++) {
		if (strlen(places[i].name) == length && memcmp(places[i].name, name, length) == 0) {
			return places[i].segment;
		}
	}
	return NULL;
}

/* Compare a path with a template, segment by segment. */
static bool fits(const char *template, const char *path, struct fc_azure_path *out)
{
	*out = (struct fc_azure_path){ 0 };
	for (;;) {
		size_t wanted = strcspn(template, "/");
		size_t given = strcspn(path, "/");
		struct fc_azure_segment *place = place_of(out, template, wanted);
		if (place && given > 0) {
			*place = (struct fc_azure_segment){ path, given };
		} else if (place || wanted != given || strncasecmp(template, path, given) != 0) {
			return false;
		}
		template += wanted;
		path += given;
		if (*template == '\0' || *path == '\0') {
			return *template == *path;
		}
		template ++;
		path++;
	}
}

const struct fc_azure_operation *fc_azure_match(const char *method, const char *path,
						struct fc_azure_path *out, bool *allowed)
{
	static const char base[] = "/face/v1.0/";
	*allowed = false;
	*out = (struct fc_azure_path){ 0 };
	if (strncasecmp(path, base, strlen(base)) != 0) {
		return NULL;
	}
	for (size_t i = 0; i < FC_AZURE_OPERATION_COUNT; i++) {
		const struct fc_azure_operation *operation = &fc_azure_operations[i];
		if (fits(operation->path, path + strlen(base), out)) {
			if (strcmp(operation->method, method) == 0) {
				return operation;
			}
			*allowed = true;
		}
	}
	return NULL;
}
