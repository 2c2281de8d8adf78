/* Read the body of a request by the table of operations. */
/* SPDX-License-Identifier: MIT */
#include "protocol/azure/request_body.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"

size_t fc_azure_characters(const char *text)
{
	size_t count = 0;
	for (; *text != '\0'; text++) {
		count += ((unsigned char)*text & 0xc0) != 0x80;
	}
	return count;
}

bool fc_azure_is_container_id(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		char c = text[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_')) {
			return false;
		}
	}
	return length > 0 && length <= FC_AZURE_CONTAINER_ID_MAXIMUM;
}

bool fc_azure_read_model(const char *text, const char *prefix, int most, int *out)
{
	size_t length = strlen(prefix);
	if (strncasecmp(text, prefix, length) != 0 || text[length] != '0' ||
	    text[length + 1] < '1' || text[length + 1] > '0' + most || text[length + 2] != '\0') {
		return false;
	}
	*out = text[length + 1] - '0';
	return true;
}

/* ---- values that are lists ---- */

enum fc_azure_kind fc_azure_read_type(const char *text)
{
	for (unsigned kind = 1; kind < FC_AZURE_KIND_COUNT; kind++) {
		if (strcasecmp(text, fc_azure_kinds[kind].code) == 0) {
			return kind;
		}
	}
	return FC_AZURE_NO_KIND;
}

bool fc_azure_read_types(char *text, unsigned *out)
{
	char *rest = text;
	for (char *word = strsep(&rest, ","); word; word = strsep(&rest, ",")) {
		enum fc_azure_kind kind = fc_azure_read_type(word);
		if (kind == FC_AZURE_NO_KIND) {
			return *text == '\0' && !rest;
		}
		*out |= 1u << kind;
	}
	return true;
}

bool fc_azure_read_scope(char *text, struct fc_azure_request *out)
{
	char *rest = text;
	size_t room = 1;
	for (const char *c = text; *c != '\0'; c++) {
		room += *c == ',';
	}
	out->apply_scope = calloc(room, sizeof(*out->apply_scope));
	out->no_memory = !out->apply_scope;
	if (!out->apply_scope) {
		return false;
	}
	for (char *word = strsep(&rest, ","); word; word = strsep(&rest, ",")) {
		if (!fc_uuid_parse(word, &out->apply_scope[out->apply_scope_count++])) {
			return false;
		}
	}
	return true;
}

/* Read an array of UUIDs. Returns false when a value is none; *count is the array's length. */
static bool read_uuids(const cJSON *array, struct fc_uuid **out, size_t *count, bool *no_memory)
{
	const cJSON *item;
	if (!cJSON_IsArray(array)) {
		return false;
	}
	free(*out);
	*count = 0;
	*out = calloc((size_t)cJSON_GetArraySize(array) + 1, sizeof(**out));
	*no_memory = !*out;
	if (!*out) {
		return false;
	}
	cJSON_ArrayForEach (item, array) {
		if (!cJSON_IsString(item) ||
		    !fc_uuid_parse(item->valuestring, &(*out)[(*count)++])) {
			return false;
		}
	}
	return true;
}

/* ---- members ---- */

static bool read_uuid(const cJSON *value, struct fc_uuid *out)
{
	return cJSON_IsString(value) && fc_uuid_parse(value->valuestring, out);
}

static bool read_id(const cJSON *value, char out[FC_AZURE_CONTAINER_ID_MAXIMUM + 1])
{
	if (!cJSON_IsString(value) ||
	    !fc_azure_is_container_id(value->valuestring, strlen(value->valuestring))) {
		return false;
	}
	strcpy(out, value->valuestring);
	return true;
}

static enum fc_azure_kind kind_of_member(enum fc_azure_member member)
{
	for (unsigned kind = 1; kind < FC_AZURE_KIND_COUNT; kind++) {
		if (fc_azure_kinds[kind].id_bit == member) {
			return kind;
		}
	}
	return FC_AZURE_NO_KIND;
}

static enum fc_azure_fault read_user_data(const cJSON *value, struct fc_azure_request *out)
{
	bool of_face = out->operation->verb == FC_AZURE_FACE_UPDATE;
	size_t most = of_face ? FC_AZURE_FACE_USER_DATA_MAXIMUM : FC_AZURE_USER_DATA_MAXIMUM;
	out->user_data = cJSON_GetStringValue(value);
	return !out->user_data                              ? FC_AZURE_FAULT_BODY
	       : fc_azure_characters(out->user_data) > most ? FC_AZURE_FAULT_USER_DATA_LONG
							    : FC_AZURE_NO_FAULT;
}

static enum fc_azure_fault read_name(const cJSON *value, struct fc_azure_request *out)
{
	out->name = cJSON_GetStringValue(value);
	return !out->name                                                ? FC_AZURE_FAULT_BODY
	       : fc_azure_characters(out->name) > FC_AZURE_TITLE_MAXIMUM ? FC_AZURE_FAULT_NAME_LONG
									 : FC_AZURE_NO_FAULT;
}

/* identify takes up to 10, findsimilars up to 1000, group 2 to 1000. */
static enum fc_azure_fault read_face_ids(const cJSON *value, struct fc_azure_request *out)
{
	enum fc_azure_verb verb = out->operation->verb;
	size_t least = verb == FC_AZURE_GROUP ? 2 : 1;
	size_t most =
		verb == FC_AZURE_IDENTIFY ? FC_AZURE_IDENTIFY_MAXIMUM : FC_AZURE_FACE_IDS_MAXIMUM;
	size_t length = (size_t)cJSON_GetArraySize(value);
	if (cJSON_IsArray(value) && (length < least || length > most)) {
		return FC_AZURE_FAULT_FACE_IDS;
	}
	return read_uuids(value, &out->face_ids, &out->face_id_count, &out->no_memory)
		       ? FC_AZURE_NO_FAULT
		       : FC_AZURE_FAULT_FACE_ID;
}

static enum fc_azure_fault read_candidates(const cJSON *value, struct fc_azure_request *out)
{
	double most =
		out->operation->verb == FC_AZURE_IDENTIFY ? FC_AZURE_CANDIDATES_MAXIMUM : 1000;
	if (!cJSON_IsNumber(value) || !(value->valuedouble >= 1 && value->valuedouble <= most) ||
	    value->valuedouble != floor(value->valuedouble)) {
		return FC_AZURE_FAULT_CANDIDATES;
	}
	out->candidates = (unsigned)value->valuedouble;
	return FC_AZURE_NO_FAULT;
}

static enum fc_azure_fault read_mode(const cJSON *value, struct fc_azure_request *out)
{
	const char *text = cJSON_GetStringValue(value);
	if (out->operation->verb == FC_AZURE_SNAPSHOT_APPLY) {
		return text && strcasecmp(text, "CreateNew") == 0 ? FC_AZURE_NO_FAULT
								  : FC_AZURE_FAULT_MODE;
	}
	out->match_face = text && strcasecmp(text, "matchFace") == 0;
	return out->match_face || (text && strcasecmp(text, "matchPerson") == 0)
		       ? FC_AZURE_NO_FAULT
		       : FC_AZURE_FAULT_MODE;
}

static enum fc_azure_fault read_member(struct fc_azure_request *out, enum fc_azure_member member,
				       const cJSON *value)
{
	enum fc_azure_kind kind = kind_of_member(member);
	if (kind != FC_AZURE_NO_KIND) {
		out->kind = kind;
		return read_id(value, out->container) ? FC_AZURE_NO_FAULT
						      : FC_AZURE_FAULT_CONTAINER_ID;
	}
	switch (member) {
	case FC_AZURE_NAME:
		return read_name(value, out);
	case FC_AZURE_USER_DATA:
		return read_user_data(value, out);
	case FC_AZURE_RECOGNITION_MODEL:
		return cJSON_IsString(value) &&
				       fc_azure_read_model(value->valuestring, "recognition_", 4,
							   &out->recognition_model)
			       ? FC_AZURE_NO_FAULT
			       : FC_AZURE_FAULT_RECOGNITION_MODEL;
	case FC_AZURE_FACE_ID:
		return read_uuid(value, &out->face_id) ? FC_AZURE_NO_FAULT : FC_AZURE_FAULT_FACE_ID;
	case FC_AZURE_FACE_ID_1:
		return read_uuid(value, &out->face_id_1) ? FC_AZURE_NO_FAULT
							 : FC_AZURE_FAULT_FACE_ID;
	case FC_AZURE_FACE_ID_2:
		return read_uuid(value, &out->face_id_2) ? FC_AZURE_NO_FAULT
							 : FC_AZURE_FAULT_FACE_ID;
	case FC_AZURE_PERSON_ID:
		return read_uuid(value, &out->person_id) ? FC_AZURE_NO_FAULT
							 : FC_AZURE_FAULT_PERSON_ID;
	case FC_AZURE_FACE_IDS:
		return read_face_ids(value, out);
	case FC_AZURE_CANDIDATES:
		return read_candidates(value, out);
	case FC_AZURE_THRESHOLD:
		out->threshold = cJSON_IsNumber(value) ? value->valuedouble : -1;
		return out->threshold >= 0 && out->threshold <= 1 ? FC_AZURE_NO_FAULT
								  : FC_AZURE_FAULT_THRESHOLD;
	case FC_AZURE_MODE:
		return read_mode(value, out);
	case FC_AZURE_TYPE:
		out->kind = cJSON_IsString(value) ? fc_azure_read_type(value->valuestring)
						  : FC_AZURE_NO_KIND;
		return out->kind != FC_AZURE_NO_KIND ? FC_AZURE_NO_FAULT
						     : FC_AZURE_FAULT_SNAPSHOT_TYPE;
	case FC_AZURE_OBJECT_ID:
		return read_id(value, out->object_id) ? FC_AZURE_NO_FAULT
						      : FC_AZURE_FAULT_OBJECT_ID;
	case FC_AZURE_APPLY_SCOPE:
		return read_uuids(value, &out->apply_scope, &out->apply_scope_count,
				  &out->no_memory)
			       ? FC_AZURE_NO_FAULT
			       : FC_AZURE_FAULT_APPLY_SCOPE;
	case FC_AZURE_URL:
		out->url = cJSON_GetStringValue(value);
		return out->url ? FC_AZURE_NO_FAULT : FC_AZURE_FAULT_URL;
	default:
		return FC_AZURE_FAULT_BODY;
	}
}

/* ---- combinations ---- */

static unsigned count_bits(unsigned set)
{
	return (unsigned)__builtin_popcount(set);
}

static enum fc_azure_fault check_groups(const struct fc_azure_request *request)
{
	unsigned groups =
		request->given & (FC_AZURE_PERSON_GROUP_ID | FC_AZURE_LARGE_PERSON_GROUP_ID);
	return count_bits(groups) == 1 ? FC_AZURE_NO_FAULT
	       : groups == 0           ? FC_AZURE_FAULT_GROUPS_NONE
				       : FC_AZURE_FAULT_GROUPS_BOTH;
}

static enum fc_azure_fault check_verify(const struct fc_azure_request *request)
{
	unsigned pair = FC_AZURE_FACE_ID_1 | FC_AZURE_FACE_ID_2;
	if (request->given & pair) {
		return request->given == pair ? FC_AZURE_NO_FAULT : FC_AZURE_FAULT_BODY;
	}
	if (!(request->given & FC_AZURE_FACE_ID)) {
		return FC_AZURE_FAULT_FACE_ID;
	}
	return request->given & FC_AZURE_PERSON_ID ? check_groups(request)
						   : FC_AZURE_FAULT_PERSON_ID;
}

static enum fc_azure_fault check_similar(const struct fc_azure_request *request)
{
	unsigned sources = request->given & (FC_AZURE_FACE_LIST_ID | FC_AZURE_LARGE_FACE_LIST_ID |
					     FC_AZURE_FACE_IDS);
	return count_bits(sources) == 1 ? FC_AZURE_NO_FAULT
	       : sources == 0           ? FC_AZURE_FAULT_SOURCES_NONE
					: FC_AZURE_FAULT_SOURCES_SEVERAL;
}

/* PATCH of the large kinds needs one of the two; the other kinds accept a request without changes. */
static enum fc_azure_fault check_update(const struct fc_azure_request *request)
{
	enum fc_azure_kind kind = request->operation->kind;
	bool large = kind == FC_AZURE_LARGE_FACE_LIST || kind == FC_AZURE_LARGE_PERSON_GROUP;
	return large && !(request->given & (FC_AZURE_NAME | FC_AZURE_USER_DATA))
		       ? FC_AZURE_FAULT_NAME_AND_USER_DATA_EMPTY
		       : FC_AZURE_NO_FAULT;
}

static enum fc_azure_fault missing(unsigned members)
{
	return members & FC_AZURE_FACE_ID       ? FC_AZURE_FAULT_FACE_ID
	       : members & FC_AZURE_FACE_IDS    ? FC_AZURE_FAULT_FACE_IDS
	       : members & FC_AZURE_URL         ? FC_AZURE_FAULT_URL
	       : members & FC_AZURE_TYPE        ? FC_AZURE_FAULT_SNAPSHOT_TYPE
	       : members & FC_AZURE_OBJECT_ID   ? FC_AZURE_FAULT_OBJECT_ID
	       : members & FC_AZURE_APPLY_SCOPE ? FC_AZURE_FAULT_APPLY_SCOPE
						: FC_AZURE_FAULT_BODY;
}

static enum fc_azure_fault check(const struct fc_azure_request *request)
{
	unsigned lacking = request->operation->required & ~request->given;
	if (lacking != 0) {
		return missing(lacking);
	}
	switch (request->operation->verb) {
	case FC_AZURE_VERIFY:
		return check_verify(request);
	case FC_AZURE_IDENTIFY:
		return check_groups(request);
	case FC_AZURE_FIND_SIMILAR:
		return check_similar(request);
	case FC_AZURE_UPDATE:
		return check_update(request);
	case FC_AZURE_CREATE:
		return request->name && request->name[0] != '\0' ? FC_AZURE_NO_FAULT
								 : FC_AZURE_FAULT_NAME_EMPTY;
	default:
		return FC_AZURE_NO_FAULT;
	}
}

/* ---- the body ---- */

static bool has_type(const char *content_type, const char *type)
{
	size_t length = strlen(type);
	return content_type && strncasecmp(content_type, type, length) == 0 &&
	       (content_type[length] == '\0' || content_type[length] == ';' ||
		content_type[length] == ' ');
}

static enum fc_status read_json(const void *body, size_t length, struct fc_azure_request *out,
				enum fc_azure_fault *fault, struct fc_error *err)
{
	struct fc_error why = { 0 };
	enum fc_status status = fc_json_parse(body, length, FC_AZURE_BODY_MAXIMUM, "request body",
					      &out->json, &why);
	*fault = FC_AZURE_NO_FAULT;
	if (status == FC_NO_MEMORY) {
		return fc_fail_memory(err);
	}
	if (status != FC_OK || !cJSON_IsObject(out->json)) {
		*fault = status == FC_OK ? FC_AZURE_FAULT_BODY : FC_AZURE_FAULT_JSON;
		return FC_OK;
	}
	/* unknown members are ignored, as by the service */
	for (unsigned bit = 1; bit <= FC_AZURE_URL && *fault == FC_AZURE_NO_FAULT; bit <<= 1) {
		const cJSON *value = out->operation->members & bit
					     ? fc_json_get(out->json, fc_azure_member_name(bit))
					     : NULL;
		if (value && !cJSON_IsNull(value)) {
			out->given |= bit;
			*fault = read_member(out, bit, value);
		}
	}
	if (out->no_memory) {
		return fc_fail_memory(err);
	}
	if (*fault == FC_AZURE_NO_FAULT) {
		*fault = check(out);
	}
	return FC_OK;
}

enum fc_status fc_azure_read_body(const char *content_type, const void *body, size_t length,
				  struct fc_azure_request *out, enum fc_azure_fault *fault,
				  struct fc_error *err)
{
	*fault = FC_AZURE_NO_FAULT;
	if (out->operation->body == FC_AZURE_NO_BODY) {
		return FC_OK;
	}
	if (out->operation->body == FC_AZURE_IMAGE_BODY &&
	    has_type(content_type, "application/octet-stream")) {
		out->image = body;
		out->image_length = length;
		*fault = length < FC_AZURE_IMAGE_MINIMUM   ? FC_AZURE_FAULT_IMAGE_SMALL
			 : length > FC_AZURE_IMAGE_MAXIMUM ? FC_AZURE_FAULT_IMAGE_BIG
							   : FC_AZURE_NO_FAULT;
		return FC_OK;
	}
	if (!has_type(content_type, "application/json") && !has_type(content_type, "text/json")) {
		*fault = FC_AZURE_FAULT_MEDIA_TYPE;
		return FC_OK;
	}
	return read_json(body, length, out, fault, err);
}
