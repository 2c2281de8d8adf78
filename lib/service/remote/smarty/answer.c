/* Convert responses of a Smarty service to values of the service layer. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/smarty/answer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "service/remote/common/words.h"

enum { ERROR_ENVELOPE_MAXIMUM = 4096 }; /* larger responses (bytes) are not examined for an error */

enum fc_status fc_smarty_read(const struct fc_http_response *response,
			      struct fc_smarty_envelope *out, struct fc_error *err)
{
	FC_CLEANUP(fc_smarty_envelope_release) struct fc_smarty_envelope envelope = { 0 };
	struct fc_error why = { 0 };
	enum fc_status status = fc_smarty_read_envelope(response->body.data, response->body.length,
							&envelope, &why);
	if (status == FC_NO_MEMORY) {
		return fc_fail_memory(err);
	}
	if (status == FC_TOO_LARGE) {
		/* for the callers, FC_TOO_LARGE is about the photo that was sent */
		return fc_fail(err, FC_REFUSED, "%s", why.text);
	}
	if (status != FC_OK) {
		return fc_remote_refuse_foreign(response, "Smarty service", "a JSON envelope", err);
	}
	bool is_error = response->status >= 400 || envelope.status != 200;
	if (is_error) {
		/* If the HTTP status is a success, the envelope's status decides. */
		struct fc_http_response failed = *response;
		char message[FC_REMOTE_WORDS];
		fc_remote_copy_words(envelope.message ? envelope.message : "", message);
		failed.status = response->status < 400 ? envelope.status : response->status;
		status = fc_http_failure(
			&failed, message[0] != '\0' ? fc_smarty_for_people(message) : NULL, err);
	} else if (!envelope.body) {
		return fc_fail(err, FC_REFUSED, "the envelope has no body");
	} else if (fc_remote_is_error(envelope.body)) {
		status = fc_http_failure(response, fc_json_text(envelope.body, "error"), err);
	}
	if (is_error && err && response->body.length < sizeof(err->answer)) {
		memcpy(err->answer, response->body.data, response->body.length);
		err->answer[response->body.length] = '\0';
	}
	*out = FC_STEAL_STRUCT(envelope);
	return status;
}

bool fc_smarty_is_refusal(enum fc_status status, const struct fc_smarty_envelope *envelope)
{
	return envelope->json && (status == FC_REFUSED || status == FC_TOO_LARGE);
}

enum fc_http_verdict fc_smarty_judge(void *context, const struct fc_http_response *response)
{
	FC_CLEANUP(fc_smarty_envelope_release) struct fc_smarty_envelope envelope = { 0 };
	(void)context;
	if (response->body.length > ERROR_ENVELOPE_MAXIMUM ||
	    fc_smarty_read_envelope(response->body.data, response->body.length, &envelope, NULL) !=
		    FC_OK) {
		return FC_HTTP_FINAL;
	}
	return envelope.status == 429   ? FC_HTTP_NOT_DONE
	       : envelope.status >= 500 ? FC_HTTP_TRY_AGAIN
					: FC_HTTP_FINAL;
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

struct fc_identity fc_smarty_identity(const char *tag)
{
	struct fc_identity identity = { 0 };
	identity.has_number = fc_smarty_tag_number(tag, &identity.number);
	if (!identity.has_number) {
		identity.name = tag;
	}
	return identity;
}

static void fill_seen(struct fc_face *face, const struct fc_smarty_person *person)
{
	for (size_t i = 0; i < FC_LANDMARKS; i++) {
		face->landmarks[i] = (struct fc_point){ NAN, NAN };
	}
	face->box = (struct fc_box){ (float)person->coord[0], (float)person->coord[1],
				     (float)person->coord[2], (float)person->coord[3] };
	face->confidence = (float)person->confidence;
	face->quality = (struct fc_quality){
		.awesomeness = (float)person->awesomeness,
		.frontality = (float)person->frontality,
		.visibility = (float)person->visibility,
		.sharpness = NAN,
		.exposure = NAN,
		.eye_distance = NAN,
		.pan = NAN,
		.tilt = NAN,
		.roll = NAN,
	};
}

static void add_face(struct fc_smarty_faces *faces, const struct fc_smarty_person *person)
{
	struct fc_recognized_face *face = &faces->faces[faces->count];
	struct fc_face_attributes *attributes = &faces->attributes[faces->count];
	struct fc_identity *aliases = &faces->aliases[faces->count * FC_SMARTY_ALIASES_MAXIMUM];
	fill_seen(&faces->seen[faces->count], person);
	face->face = &faces->seen[faces->count];
	face->known = strcmp(person->tag, "undefined") != 0;
	if (face->known) {
		face->identity = fc_smarty_identity(person->tag);
		/* the service returns similarity 1 for unknown faces, which has no meaning */
		face->has_similarity = !isnan(person->similarity);
		face->similarity = face->has_similarity ? (float)person->similarity : 0;
	}
	for (size_t i = 0; i < person->alias_count; i++) {
		aliases[i] = fc_smarty_identity(person->aliases[i]);
	}
	face->aliases = aliases;
	face->alias_count = person->alias_count;
	*attributes = (struct fc_face_attributes){
		.sex = person->sex,
		.emotion = person->emotion,
		.age = (float)person->age,
		.valence = (float)person->valence,
		.arousal = (float)person->arousal,
	};
	bool any = person->sex || person->emotion || !isnan(person->age) ||
		   !isnan(person->valence) || !isnan(person->arousal);
	face->attributes = any ? attributes : NULL;
	faces->count++;
}

enum fc_status fc_smarty_read_faces(const cJSON *object, struct fc_smarty_faces *out,
				    struct fc_error *err)
{
	FC_CLEANUP(fc_smarty_persons_release) struct fc_smarty_persons persons = { 0 };
	FC_CLEANUP(fc_smarty_faces_release) struct fc_smarty_faces faces = { 0 };
	FC_TRY(fc_smarty_read_persons(object, FC_FACES_MAXIMUM, &persons, err));
	size_t count = persons.count;
	faces.seen = calloc(count + 1, sizeof(*faces.seen));
	faces.faces = calloc(count + 1, sizeof(*faces.faces));
	faces.aliases = calloc(count * FC_SMARTY_ALIASES_MAXIMUM + 1, sizeof(*faces.aliases));
	faces.attributes = calloc(count + 1, sizeof(*faces.attributes));
	if (!faces.seen || !faces.faces || !faces.aliases || !faces.attributes) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		add_face(&faces, &persons.items[i]);
	}
	*out = FC_STEAL_STRUCT(faces);
	return FC_OK;
}
