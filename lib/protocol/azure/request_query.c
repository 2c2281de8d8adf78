/* Read the path and the query of a request; the body is read in request_body.c. */
/* SPDX-License-Identifier: MIT */
#include "protocol/azure/request.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/number.h"
#include "protocol/azure/request_body.h"
#include "protocol/percent.h"

void fc_azure_request_release(struct fc_azure_request *request)
{
	free(request->face_ids);
	free(request->apply_scope);
	free(request->query);
	cJSON_Delete(request->json);
	*request = (struct fc_azure_request){ 0 };
}

/* ---- path ---- */

static bool read_uuid(const struct fc_azure_segment *segment, struct fc_uuid *out)
{
	char text[FC_UUID_TEXT_SIZE];
	if (segment->length == 0) {
		return true;
	}
	if (segment->length != sizeof(text) - 1) {
		return false;
	}
	memcpy(text, segment->text, segment->length);
	text[segment->length] = '\0';
	return fc_uuid_parse(text, out);
}

static enum fc_azure_fault read_path(const struct fc_azure_path *path, struct fc_azure_request *out)
{
	if (path->container.length > 0 &&
	    !fc_azure_is_container_id(path->container.text, path->container.length)) {
		return FC_AZURE_FAULT_CONTAINER_ID;
	}
	memcpy(out->container, path->container.text ? path->container.text : "",
	       path->container.length);
	return !read_uuid(&path->person, &out->person)       ? FC_AZURE_FAULT_PERSON_ID
	       : !read_uuid(&path->face, &out->face)         ? FC_AZURE_FAULT_PERSISTED_FACE_ID
	       : !read_uuid(&path->snapshot, &out->snapshot) ? FC_AZURE_FAULT_SNAPSHOT_ID
	       : !read_uuid(&path->operation, &out->job)     ? FC_AZURE_FAULT_OPERATION_ID
							     : FC_AZURE_NO_FAULT;
}

/* ---- query ---- */

static bool read_bool(const char *text, bool *out)
{
	*out = strcasecmp(text, "true") == 0;
	return *out || strcasecmp(text, "false") == 0;
}

static bool read_attributes(char *text, unsigned *out)
{
	/* in the order of enum fc_azure_attribute */
	static const char *const names[] = {
		"age",      "gender",    "smile",       "facialHair",
		"glasses",  "headPose",  "emotion",     "hair",
		"makeup",   "occlusion", "accessories", "blur",
		"exposure", "noise",     "mask",        "qualityForRecognition",
	};
	char *rest = text;
	for (char *word = strsep(&rest, ","); word; word = strsep(&rest, ",")) {
		size_t i = 0;
		while (i < FC_ARRAY_LENGTH(names) && strcasecmp(word, names[i]) != 0) {
			i++;
		}
		if (i == FC_ARRAY_LENGTH(names)) {
			return *text == '\0' && !rest; /* an empty list */
		}
		*out |= 1u << i;
	}
	return true;
}

static bool read_target(const char *text, int out[4])
{
	for (unsigned i = 0; i < 4; i++) {
		char *end;
		long value = strtol(text, &end, 10);
		if (end == text || value < -1000000 || value > 1000000 ||
		    *end != (i < 3 ? ',' : '\0')) {
			return false;
		}
		out[i] = (int)value;
		text = end + 1;
	}
	return out[2] > 0 && out[3] > 0;
}

/* A number from minimum to maximum; an empty text leaves *out unchanged. */
static bool read_count(const char *text, unsigned minimum, unsigned maximum, unsigned *out)
{
	uint64_t value;
	struct fc_error err;
	if (*text == '\0') {
		return true;
	}
	if (fc_parse_u64(text, minimum, maximum, "number", &value, &err) != FC_OK) {
		return false;
	}
	*out = (unsigned)value;
	return true;
}

static enum fc_azure_fault read_parameter(struct fc_azure_request *out, enum fc_azure_member member,
					  char *value)
{
	unsigned seconds = 0;
	out->given |= member;
	switch (member) {
	case FC_AZURE_RETURN_FACE_ID:
		return read_bool(value, &out->return_face_id) ? FC_AZURE_NO_FAULT
							      : FC_AZURE_FAULT_QUERY;
	case FC_AZURE_RETURN_LANDMARKS:
		return read_bool(value, &out->return_landmarks) ? FC_AZURE_NO_FAULT
								: FC_AZURE_FAULT_QUERY;
	case FC_AZURE_RETURN_RECOGNITION_MODEL:
		return read_bool(value, &out->return_recognition_model) ? FC_AZURE_NO_FAULT
									: FC_AZURE_FAULT_QUERY;
	case FC_AZURE_RETURN_ATTRIBUTES:
		return read_attributes(value, &out->attributes) ? FC_AZURE_NO_FAULT
								: FC_AZURE_FAULT_ATTRIBUTES;
	case FC_AZURE_RECOGNITION_MODEL:
		return fc_azure_read_model(value, "recognition_", 4, &out->recognition_model)
			       ? FC_AZURE_NO_FAULT
			       : FC_AZURE_FAULT_RECOGNITION_MODEL;
	case FC_AZURE_DETECTION_MODEL:
		return fc_azure_read_model(value, "detection_", 3, &out->detection_model)
			       ? FC_AZURE_NO_FAULT
			       : FC_AZURE_FAULT_DETECTION_MODEL;
	case FC_AZURE_TIME_TO_LIVE:
		if (!read_count(value, 60, FC_AZURE_DAY, &seconds) || seconds == 0) {
			return FC_AZURE_FAULT_TIME_TO_LIVE;
		}
		out->time_to_live = (int)seconds;
		return FC_AZURE_NO_FAULT;
	case FC_AZURE_USER_DATA:
		out->user_data = value;
		return fc_azure_characters(value) <= FC_AZURE_FACE_USER_DATA_MAXIMUM
			       ? FC_AZURE_NO_FAULT
			       : FC_AZURE_FAULT_USER_DATA_LONG;
	case FC_AZURE_TARGET_FACE:
		return read_target(value, out->target_face) ? FC_AZURE_NO_FAULT
							    : FC_AZURE_FAULT_TARGET_FACE;
	case FC_AZURE_START:
		out->start = value;
		return strlen(value) <= FC_AZURE_CONTAINER_ID_MAXIMUM ? FC_AZURE_NO_FAULT
								      : FC_AZURE_FAULT_START_LONG;
	case FC_AZURE_TOP:
		return read_count(value, 1, 1000, &out->top) ? FC_AZURE_NO_FAULT
							     : FC_AZURE_FAULT_TOP;
	case FC_AZURE_TYPE:
		return fc_azure_read_types(value, &out->types) ? FC_AZURE_NO_FAULT
							       : FC_AZURE_FAULT_SNAPSHOT_TYPE;
	case FC_AZURE_APPLY_SCOPE:
		return fc_azure_read_scope(value, out) ? FC_AZURE_NO_FAULT
						       : FC_AZURE_FAULT_APPLY_SCOPE;
	default:
		return FC_AZURE_FAULT_QUERY;
	}
}

/* Unknown parameters, such as "overload", are ignored, as by the service. */
static enum fc_azure_fault read_query(struct fc_azure_request *out)
{
	char *rest = out->query;
	while (rest && *rest != '\0') {
		char *field = strsep(&rest, "&");
		char *value = strchr(field, '=');
		if (value) {
			*value++ = '\0';
		}
		if (!fc_percent_decode(field, true) || (value && !fc_percent_decode(value, true))) {
			return FC_AZURE_FAULT_QUERY;
		}
		for (unsigned bit = 1; bit <= FC_AZURE_URL; bit <<= 1) {
			if ((out->operation->query & bit) &&
			    strcasecmp(field, fc_azure_member_name(bit)) == 0) {
				enum fc_azure_fault fault =
					out->given & bit
						? FC_AZURE_FAULT_QUERY
						: read_parameter(out, bit,
								 value ? value
								       : field + strlen(field));
				if (fault != FC_AZURE_NO_FAULT) {
					return fault;
				}
			}
		}
	}
	if (out->detection_model == 2 && out->return_landmarks) {
		return FC_AZURE_FAULT_LANDMARKS_OF_DETECTION_02;
	}
	return out->detection_model == 2 && out->attributes != 0
		       ? FC_AZURE_FAULT_ATTRIBUTES_OF_DETECTION_02
		       : FC_AZURE_NO_FAULT;
}

/* ---- the request ---- */

static void set_defaults(struct fc_azure_request *out)
{
	out->return_face_id = true;
	out->recognition_model = 1;
	out->detection_model = 1;
	out->time_to_live = FC_AZURE_DAY;
	out->start = "";
	out->top = 1000;
	out->threshold = (double)NAN;
	out->candidates = out->operation && out->operation->verb == FC_AZURE_FIND_SIMILAR ? 20 : 1;
}

enum fc_status fc_azure_read_request(const char *method, const char *target,
				     const char *content_type, const void *body, size_t length,
				     struct fc_azure_request *out, enum fc_azure_fault *fault,
				     enum fc_azure_kind *fault_kind, struct fc_error *err)
{
	struct fc_azure_path path;
	bool allowed = false;
	size_t path_length = strcspn(target, "?");
	FC_CLEANUP(fc_free) char *path_text = strndup(target, path_length);
	out->query = strdup(target[path_length] == '?' ? target + path_length + 1 : "");
	if (!path_text || !out->query) {
		return fc_fail_memory(err);
	}
	out->operation = fc_azure_match(method, path_text, &path, &allowed);
	set_defaults(out);
	*fault_kind = FC_AZURE_NO_KIND;
	if (!out->operation) {
		*fault = allowed ? FC_AZURE_FAULT_METHOD : FC_AZURE_FAULT_PATH;
		return FC_OK;
	}
	*fault_kind = out->operation->kind;
	*fault = read_path(&path, out);
	if (*fault == FC_AZURE_NO_FAULT) {
		*fault = read_query(out);
	}
	if (*fault == FC_AZURE_NO_FAULT) {
		FC_TRY(fc_azure_read_body(content_type, body, length, out, fault, err));
	}
	if (out->kind != FC_AZURE_NO_KIND) {
		*fault_kind = out->kind;
	}
	return FC_OK;
}
