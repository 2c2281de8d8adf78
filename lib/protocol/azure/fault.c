/* The table of documented errors. */
/* SPDX-License-Identifier: MIT */
#include "protocol/azure/fault.h"

#include <ctype.h>
#include <string.h>

#include "base/compiler.h"

/* '*' in a code is the kind of the container, in a message the same in words. */
static const struct {
	int http_status;
	const char *code;
	const char *message;
	int search_status; /* HTTP status in identify and findsimilars; 0: the same */
} rows[FC_AZURE_FAULT_COUNT] = {
	[FC_AZURE_FAULT_PATH] = { 404, "404", "Resource not found", 0 },
	[FC_AZURE_FAULT_METHOD] = { 405, "405", "Method not allowed", 0 },
	[FC_AZURE_FAULT_MEDIA_TYPE] = { 415, "BadArgument", "Invalid Media Type.", 0 },
	[FC_AZURE_FAULT_BODY] = { 400, "BadArgument", "Request body is invalid.", 0 },
	[FC_AZURE_FAULT_BODY_BIG] = { 413, "413", "Request body is too big.", 0 },
	[FC_AZURE_FAULT_JSON] = { 400, "BadArgument", "JSON parsing error.", 0 },
	[FC_AZURE_FAULT_QUERY] = { 400, "BadArgument", "Invalid query parameter.", 0 },
	[FC_AZURE_FAULT_RECOGNITION_MODEL] = { 400, "BadArgument", "'recognitionModel' is invalid.",
					       0 },
	[FC_AZURE_FAULT_DETECTION_MODEL] = { 400, "BadArgument", "'detectionModel' is invalid.",
					     0 },
	[FC_AZURE_FAULT_ATTRIBUTES] = { 400, "BadArgument",
					"Invalid argument returnFaceAttributes.", 0 },
	[FC_AZURE_FAULT_ATTRIBUTES_OF_DETECTION_02] = { 400, "BadArgument",
							"'returnFaceAttributes' is not supported by detection_02.",
							0 },
	[FC_AZURE_FAULT_LANDMARKS_OF_DETECTION_02] = { 400, "BadArgument",
						       "'returnLandmarks' is not supported by detection_02.",
						       0 },
	[FC_AZURE_FAULT_TIME_TO_LIVE] = { 400, "BadArgument", "Invalid argument faceIdTimeToLive.",
					  0 },
	[FC_AZURE_FAULT_NAME_EMPTY] = { 400, "BadArgument", "'name' is empty.", 0 },
	[FC_AZURE_FAULT_NAME_LONG] = { 400, "BadArgument", "'name' is too long.", 0 },
	[FC_AZURE_FAULT_USER_DATA_LONG] = { 400, "BadArgument", "'userData' is too long.", 0 },
	[FC_AZURE_FAULT_NAME_AND_USER_DATA_EMPTY] = { 400, "BadArgument",
						      "Both 'name' and 'userData' are empty.", 0 },
	[FC_AZURE_FAULT_START_LONG] = { 400, "BadArgument", "'start' is too long.", 0 },
	[FC_AZURE_FAULT_TOP] = { 400, "BadArgument", "'top' is invalid.", 0 },
	[FC_AZURE_FAULT_TARGET_FACE] = { 400, "BadArgument", "Invalid argument targetFace.", 0 },
	[FC_AZURE_FAULT_TARGET_FACE_RANGE] = { 400, "BadArgument",
					       "Argument targetFace out of range.", 0 },
	[FC_AZURE_FAULT_CONTAINER_ID] = { 400, "BadArgument", "* ID is invalid.", 0 },
	[FC_AZURE_FAULT_FACE_ID] = { 400, "BadArgument", "Face ID is invalid.", 0 },
	[FC_AZURE_FAULT_PERSON_ID] = { 400, "BadArgument", "Person ID is invalid.", 0 },
	[FC_AZURE_FAULT_PERSISTED_FACE_ID] = { 400, "BadArgument", "Persisted face ID is invalid.",
					       0 },
	[FC_AZURE_FAULT_SNAPSHOT_ID] = { 400, "BadArgument", "Snapshot ID is invalid.", 0 },
	[FC_AZURE_FAULT_OPERATION_ID] = { 400, "BadArgument", "Operation ID is invalid.", 0 },
	[FC_AZURE_FAULT_OBJECT_ID] = { 400, "BadArgument", "'objectId' is invalid.", 0 },
	[FC_AZURE_FAULT_SNAPSHOT_TYPE] = { 400, "BadArgument", "'type' is invalid.", 0 },
	[FC_AZURE_FAULT_APPLY_SCOPE] = { 400, "BadArgument", "'applyScope' is invalid.", 0 },
	[FC_AZURE_FAULT_FACE_IDS] = { 400, "BadArgument",
				      "The length of faceIds is not in a valid range.", 0 },
	[FC_AZURE_FAULT_CANDIDATES] = { 400, "BadArgument",
					"The argument maxNumOfCandidatesReturned is not valid.",
					0 },
	[FC_AZURE_FAULT_THRESHOLD] = { 400, "BadArgument",
				       "The argument confidenceThreshold is not valid.", 0 },
	[FC_AZURE_FAULT_MODE] = { 400, "BadArgument", "Mode is invalid.", 0 },
	[FC_AZURE_FAULT_SOURCES_NONE] = { 400, "BadArgument",
					  "LargeFaceListId, faceListId and faceIds are all null.",
					  0 },
	[FC_AZURE_FAULT_SOURCES_SEVERAL] = { 400, "BadArgument",
					     "2 or more of largeFaceListId, faceListId and faceIds are not null.",
					     0 },
	[FC_AZURE_FAULT_GROUPS_NONE] = { 400, "PersonGroupIdAndLargePersonGroupIdBothNull",
					 "PersonGroupId and largePersonGroupId are both null.", 0 },
	[FC_AZURE_FAULT_GROUPS_BOTH] = { 400, "PersonGroupIdAndLargePersonGroupIdBothNotNull",
					 "PersonGroupId and largePersonGroupId are both not null.",
					 0 },
	[FC_AZURE_FAULT_RECOGNITION_MODEL_INCOMPATIBLE] = { 400, "BadArgument",
							    "'recognitionModel' is incompatible.",
							    0 },
	[FC_AZURE_FAULT_URL] = { 400, "InvalidURL", "Invalid image URL.", 0 },
	[FC_AZURE_FAULT_URL_FETCH] = { 400, "InvalidURL",
				       "Invalid image URL or error downloading from target server.",
				       0 },
	[FC_AZURE_FAULT_IMAGE] = { 400, "InvalidImage", "Decoding error, image format unsupported.",
				   0 },
	[FC_AZURE_FAULT_NO_FACE] = { 400, "InvalidImage", "No face detected in the image.", 0 },
	[FC_AZURE_FAULT_SEVERAL_FACES] = { 400, "InvalidImage",
					   "There is more than 1 face in the image.", 0 },
	[FC_AZURE_FAULT_IMAGE_SMALL] = { 400, "InvalidImageSize", "Image size is too small.", 0 },
	[FC_AZURE_FAULT_IMAGE_BIG] = { 400, "InvalidImageSize", "Image size is too big.", 0 },
	[FC_AZURE_FAULT_KEY] = { 401, "401",
				 "Access denied due to invalid subscription key or wrong API endpoint. Make sure to "
				 "provide a valid key for an active subscription and use a correct regional API "
				 "endpoint for your resource.",
				 0 },
	[FC_AZURE_FAULT_FORBIDDEN] = { 403, "Forbidden",
				       "The subscription key is not for this resource.", 0 },
	[FC_AZURE_FAULT_FEATURE] = { 403, "UnsupportedFeature", "Feature is not supported.", 0 },
	[FC_AZURE_FAULT_QUOTA] = { 403, "QuotaExceeded",
				   "* number reached subscription level limit.", 0 },
	[FC_AZURE_FAULT_GROUP_QUOTA] = { 403, "QuotaExceeded",
					 "Person number reached group level limit.", 0 },
	[FC_AZURE_FAULT_LIST_QUOTA] = { 403, "QuotaExceeded",
					"Persisted face number reached limit.", 0 },
	[FC_AZURE_FAULT_SNAPSHOT_QUOTA] = { 403, "QuotaExceeded",
					    "Snapshot operation number reached subscription level limit.",
					    0 },
	[FC_AZURE_FAULT_FACE_QUOTA] = { 403, "QuotaExceeded",
					"Persisted face number per person reached limit.", 0 },
	[FC_AZURE_FAULT_FACE_NOT_FOUND] = { 404, "FaceNotFound", "Face is not found.", 400 },
	[FC_AZURE_FAULT_PERSON_NOT_FOUND] = { 404, "PersonNotFound", "Person is not found.", 400 },
	[FC_AZURE_FAULT_PERSISTED_FACE_NOT_FOUND] = { 404, "PersistedFaceNotFound",
						      "Persisted face is not found.", 0 },
	[FC_AZURE_FAULT_NO_PERSISTED_FACE] = { 404, "PersistedFaceNotFound",
					       "No persisted face of the person is found.", 0 },
	[FC_AZURE_FAULT_CONTAINER_NOT_FOUND] = { 404, "*NotFound", "* is not found.", 400 },
	[FC_AZURE_FAULT_NOT_TRAINED] = { 404, "*NotTrained", "* is not trained.", 400 },
	[FC_AZURE_FAULT_LIST_EMPTY] = { 400, "FaceListNotReady", "Face list is empty.", 0 },
	[FC_AZURE_FAULT_EXISTS] = { 409, "*Exists", "* already exists.", 0 },
	[FC_AZURE_FAULT_TRAINING_NOT_FINISHED] = { 409, "*TrainingNotFinished",
						   "* is under training.", 0 },
	[FC_AZURE_FAULT_SNAPSHOT_NOT_FOUND] = { 404, "SnapshotNotFound", "Snapshot is not found.",
						0 },
	[FC_AZURE_FAULT_OPERATION_NOT_FOUND] = { 404, "OperationNotFound",
						 "Operation is not found.", 0 },
	[FC_AZURE_FAULT_SUBSCRIPTION] = { 403, "Forbidden",
					  "The subscription may not use this snapshot.", 0 },
	[FC_AZURE_FAULT_CONFLICT] = { 409, "ConcurrentOperationConflict",
				      "There is a conflict operation on resource, please try later.",
				      0 },
	[FC_AZURE_FAULT_RATE] = { 429, "429", "Rate limit is exceeded.", 0 },
	[FC_AZURE_FAULT_UNAVAILABLE] = { 503, "ServiceUnavailable", "Service is not available.",
					 0 },
	[FC_AZURE_FAULT_INTERNAL] = { 500, "InternalServerError", "Internal server error.", 0 },
};

/* Append a text with the kind in place of '*'. words: "Large person group" instead of "LargePersonGroup". */
static void append(struct fc_buffer *out, const char *text, enum fc_azure_kind kind, bool words)
{
	for (; *text != '\0'; text++) {
		const char *name = fc_azure_kinds[kind].code;
		if (*text != '*') {
			fc_buffer_append(out, text, 1);
			continue;
		}
		for (const char *c = name; *c != '\0'; c++) {
			if (words && c > name && isupper((unsigned char)*c)) {
				fc_buffer_printf(out, " %c", tolower((unsigned char)*c));
			} else {
				fc_buffer_append(out, c, 1);
			}
		}
	}
}

void fc_azure_append_fault_code(struct fc_buffer *out, enum fc_azure_fault fault,
				enum fc_azure_kind kind)
{
	append(out, rows[fault].code, kind, false);
}

int fc_azure_write_fault(struct fc_json_writer *json, enum fc_azure_fault fault,
			 const struct fc_azure_operation *operation, enum fc_azure_kind kind,
			 const char *detail)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer code = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer message = { 0 };
	bool search = operation && (operation->verb == FC_AZURE_IDENTIFY ||
				    operation->verb == FC_AZURE_FIND_SIMILAR ||
				    operation->verb == FC_AZURE_GROUP);
	/* verify reports a missing group, but not a missing face, as a bad request */
	search = search || (operation && operation->verb == FC_AZURE_VERIFY &&
			    fault == FC_AZURE_FAULT_CONTAINER_NOT_FOUND);
	append(&code, rows[fault].code, kind, false);
	append(&message, rows[fault].message, kind, true);
	if (detail) {
		fc_buffer_printf(&message, " %s", detail);
	}
	fc_json_begin_object(json);
	fc_json_put_object(json, "error");
	fc_json_put_text(json, "code", fc_buffer_text(&code));
	fc_json_put_text(json, "message", fc_buffer_text(&message));
	fc_json_end_object(json);
	fc_json_end_object(json);
	return search && rows[fault].search_status != 0 ? rows[fault].search_status
							: rows[fault].http_status;
}
