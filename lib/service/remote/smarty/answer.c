/* What a Smarty service answers: envelope, objects, persons. Every value is hostile until checked. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/number.h"
#include "service/remote/common/words.h"
#include "service/remote/smarty/wire.h"

enum {
	ERROR_ENVELOPE_MAXIMUM = 4096, /* a failure is told in a few words */
	ALIASES_MAXIMUM = 32,
};

void fc_smarty_envelope_release(struct fc_smarty_envelope *envelope)
{
	fc_json_release(&envelope->json);
	envelope->objects = NULL;
}

/* The envelope's own status; 0 when it has none. */
static int envelope_status(const cJSON *json)
{
	double status;
	return fc_json_number(json, "status", 1, 999, &status) ? (int)status : 0;
}

static enum fc_status parse(const struct fc_http_response *response, cJSON **out)
{
	const struct fc_buffer *body = &response->body;
	enum fc_status status = fc_json_parse((const char *)body->data, body->length, body->length,
					      "the answer", out, NULL);
	if (status == FC_OK && !cJSON_IsObject(*out)) {
		fc_json_release(out);
		return FC_REFUSED;
	}
	return status;
}

/* The failure that an envelope tells of. Its own status counts where HTTP said that all is well. */
static enum fc_status refuse(const struct fc_http_response *response, const cJSON *json, int status,
			     struct fc_error *err)
{
	struct fc_http_response told = *response;
	char words[FC_REMOTE_WORDS];
	const char *body = fc_json_text(json, "body");
	fc_remote_copy_words(body ? body : "", words);
	if (response->status < 400) {
		told.status = status;
	}
	return fc_http_failure(&told, words[0] != '\0' ? words : NULL, err);
}

enum fc_status fc_smarty_read(const struct fc_http_response *response,
			      struct fc_smarty_envelope *out, struct fc_error *err)
{
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	enum fc_status parsed = parse(response, &json);
	if (parsed == FC_NO_MEMORY) {
		return fc_fail_memory(err);
	}
	int status = json ? envelope_status(json) : 0;
	if (parsed != FC_OK || status == 0) {
		return fc_remote_refuse_foreign(response, "Smarty", "an envelope in JSON", err);
	}
	if (response->status >= 400 || status != 200) {
		enum fc_status failure = refuse(response, json, status, err);
		out->refused = failure == FC_REFUSED || failure == FC_TOO_LARGE;
		return failure;
	}
	const cJSON *body = fc_json_get(json, "body");
	if (!cJSON_IsObject(body)) {
		return fc_fail(err, FC_REFUSED, "an envelope without a body");
	}
	out->objects = cJSON_GetObjectItemCaseSensitive(body, "objects");
	out->json = FC_STEAL(json);
	return FC_OK;
}

enum fc_http_verdict fc_smarty_judge(void *context, const struct fc_http_response *response)
{
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	(void)context;
	if (response->body.length > ERROR_ENVELOPE_MAXIMUM || parse(response, &json) != FC_OK) {
		return FC_HTTP_FINAL;
	}
	int status = envelope_status(json);
	return status == 429 ? FC_HTTP_NOT_DONE : status >= 500 ? FC_HTTP_TRY_AGAIN : FC_HTTP_FINAL;
}

cJSON *fc_smarty_take_object(struct fc_smarty_envelope *envelope, const char *name,
			     enum fc_smarty_object_status *status)
{
	cJSON *object;
	cJSON_ArrayForEach (object, envelope->objects) {
		const char *its_name = fc_json_text(object, "name");
		if (its_name && strcmp(its_name, name) == 0) {
			double number;
			bool told = fc_json_number(object, "status", 0, 2, &number);
			*status = told ? (enum fc_smarty_object_status)number : FC_SMARTY_PERMANENT;
			return cJSON_DetachItemViaPointer(envelope->objects, object);
		}
	}
	return NULL;
}

const char *fc_smarty_object_error(const cJSON *object)
{
	const char *error = fc_json_text(object, "error");
	return error && *error != '\0' ? error : "an error without words";
}

/* ---- persons ---- */

void fc_smarty_faces_release(struct fc_smarty_faces *faces)
{
	free(faces->seen);
	free(faces->faces);
	free(faces->aliases);
	free(faces->attributes);
	*faces = (struct fc_smarty_faces){ 0 };
}

static enum fc_status start_faces(struct fc_smarty_faces *faces, size_t count, struct fc_error *err)
{
	faces->seen = calloc(count + 1, sizeof(*faces->seen));
	faces->faces = calloc(count + 1, sizeof(*faces->faces));
	faces->aliases = calloc(count * ALIASES_MAXIMUM + 1, sizeof(*faces->aliases));
	faces->attributes = calloc(count + 1, sizeof(*faces->attributes));
	bool complete = faces->seen && faces->faces && faces->aliases && faces->attributes;
	return complete ? FC_OK : fc_fail_memory(err);
}

/* A number within its range, NaN when it is absent. False when it is there and makes no sense. */
static bool read_real(const cJSON *person, const char *name, double minimum, double maximum,
		      float *out)
{
	const double rounding = 1e-3; /* a little over the edge is the edge */
	const cJSON *member = fc_json_get(person, name);
	double value;
	*out = NAN;
	if (!member || cJSON_IsNull(member)) {
		return true;
	}
	if (!fc_json_number(person, name, minimum - rounding, maximum + rounding, &value)) {
		return false;
	}
	*out = (float)fmin(fmax(value, minimum), maximum);
	return true;
}

/* [left, top, right, bottom] in pixels. A face at the edge may reach over it. */
static bool read_box(const cJSON *person, struct fc_box *box)
{
	const cJSON *coordinates = fc_json_get(person, "coord");
	const double reach = 1e6;
	double edges[4];
	if (!cJSON_IsArray(coordinates) || cJSON_GetArraySize(coordinates) != 4) {
		return false;
	}
	for (int i = 0; i < 4; i++) {
		const cJSON *edge = cJSON_GetArrayItem(coordinates, i);
		edges[i] = cJSON_IsNumber(edge) ? edge->valuedouble : NAN;
		if (!(fabs(edges[i]) <= reach)) {
			return false;
		}
	}
	*box = (struct fc_box){ (float)edges[0], (float)edges[1], (float)edges[2],
				(float)edges[3] };
	return box->left < box->right && box->top < box->bottom;
}

/* What the service saw; all that it does not tell is NaN. */
static bool read_face(const cJSON *person, struct fc_face *face)
{
	struct fc_quality *quality = &face->quality;
	for (size_t i = 0; i < FC_LANDMARKS; i++) {
		face->landmarks[i] = (struct fc_point){ NAN, NAN };
	}
	*quality = (struct fc_quality){
		.sharpness = NAN,
		.exposure = NAN,
		.eye_distance = NAN,
		.pan = NAN,
		.tilt = NAN,
		.roll = NAN,
	};
	return read_box(person, &face->box) &&
	       read_real(person, "confidence", 0, 1, &face->confidence) &&
	       read_real(person, "awesomeness", 0, 1, &quality->awesomeness) &&
	       read_real(person, "frontality", -1, 1, &quality->frontality) &&
	       read_real(person, "visibility", 0, 1, &quality->visibility);
}

static bool read_attributes(const cJSON *person, struct fc_face_attributes *attributes, bool *any)
{
	attributes->sex = fc_json_text(person, "sex");
	attributes->emotion = fc_json_text(person, "emotion");
	bool sound = read_real(person, "age", 0, 200, &attributes->age) &&
		     read_real(person, "valence", -1, 1, &attributes->valence) &&
		     read_real(person, "arousal", -1, 1, &attributes->arousal);
	*any = attributes->sex || attributes->emotion || !isnan(attributes->age) ||
	       !isnan(attributes->valence) || !isnan(attributes->arousal);
	return sound;
}

struct fc_identity fc_smarty_identity(const char *tag)
{
	struct fc_identity identity = { 0 };
	const char *digits = tag;
	if (strncmp(tag, "person", 6) == 0) {
		digits += tag[6] == '_' ? 7 : 6;
	}
	identity.has_number = digits > tag && fc_parse_u64(digits, 0, INT64_MAX, "a tag",
							   &identity.number, NULL) == FC_OK;
	if (!identity.has_number) {
		identity.name = tag;
	}
	return identity;
}

static bool read_who(const cJSON *person, struct fc_recognized_face *face)
{
	const char *tag = fc_json_text(person, "tag");
	float similarity;
	if (!tag || *tag == '\0' || !read_real(person, "similarity", 0, 1, &similarity)) {
		return false;
	}
	face->known = strcmp(tag, "undefined") != 0;
	if (face->known) {
		face->identity = fc_smarty_identity(tag);
		/* Of an undefined face the service says 1, which means nothing. */
		face->has_similarity = !isnan(similarity);
		face->similarity = face->has_similarity ? similarity : 0;
	}
	return true;
}

static bool read_aliases(const cJSON *person, struct fc_identity *aliases, size_t *count)
{
	const cJSON *names = fc_json_get(person, "aliases");
	const cJSON *name;
	*count = 0;
	if (names && !cJSON_IsArray(names) && !cJSON_IsNull(names)) {
		return false;
	}
	cJSON_ArrayForEach (name, names) {
		const char *tag = cJSON_GetStringValue(name);
		if (!tag) {
			return false;
		}
		if (*count < ALIASES_MAXIMUM) {
			aliases[(*count)++] = fc_smarty_identity(tag);
		}
	}
	return true;
}

static enum fc_status read_person(const cJSON *person, struct fc_smarty_faces *faces, size_t i,
				  struct fc_error *err)
{
	struct fc_recognized_face *face = &faces->faces[i];
	struct fc_identity *aliases = &faces->aliases[i * ALIASES_MAXIMUM];
	bool any = false;
	if (!read_face(person, &faces->seen[i])) {
		return fc_fail(err, FC_REFUSED,
			       "person %zu of the answer has coordinates or measures out of bounds",
			       i + 1);
	}
	if (!read_who(person, face) || !read_aliases(person, aliases, &face->alias_count) ||
	    !read_attributes(person, &faces->attributes[i], &any)) {
		return fc_fail(err, FC_REFUSED,
			       "person %zu of the answer has a tag or attributes out of bounds",
			       i + 1);
	}
	face->face = &faces->seen[i];
	face->aliases = aliases;
	face->attributes = any ? &faces->attributes[i] : NULL;
	return FC_OK;
}

enum fc_status fc_smarty_read_faces(const cJSON *object, struct fc_smarty_faces *out,
				    struct fc_error *err)
{
	FC_CLEANUP(fc_smarty_faces_release) struct fc_smarty_faces faces = { 0 };
	const cJSON *persons = fc_json_get(object, "persons");
	const cJSON *person;
	if (persons && !cJSON_IsArray(persons) && !cJSON_IsNull(persons)) {
		return fc_fail(err, FC_REFUSED, "the answer's persons are no list");
	}
	int count = cJSON_GetArraySize(persons);
	if (count > FC_FACES_MAXIMUM) {
		return fc_fail(err, FC_REFUSED, "the answer has %d persons in one photo", count);
	}
	FC_TRY(start_faces(&faces, (size_t)count, err));
	cJSON_ArrayForEach (person, persons) {
		FC_TRY(read_person(person, &faces, faces.count, err));
		faces.count++;
	}
	*out = faces;
	faces = (struct fc_smarty_faces){ 0 };
	return FC_OK;
}
