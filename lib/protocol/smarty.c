/* Read and write the envelope of a Smarty response, its objects and its errors. */
/* SPDX-License-Identifier: MIT */
#include "protocol/smarty.h"

#include <string.h>

#include "base/json.h"

/* ---- errors ---- */

const char *fc_smarty_words(enum fc_status status, enum fc_code code)
{
	switch (code) {
	case FC_CODE_NO_PERSON_ID:
		return "no person_id has been provided";
	case FC_CODE_EMPTY_IMAGE:
		return "empty image";
	case FC_CODE_NONE:
		break;
	}
	return status == FC_NO_FACE || status == FC_SEVERAL_FACES
		       ? "face set required only one face per image"
		       : NULL;
}

const char *fc_smarty_for_people(const char *message)
{
	static const char wrong_space[] = "wrong space param";
	return strncmp(message, wrong_space, strlen(wrong_space)) == 0
		       ? "the service accepts only the spaces 0 to 9"
		       : message;
}

void fc_smarty_wrong_space(const char *space, struct fc_buffer *out)
{
	struct fc_json_writer quoted = fc_json_writer_of(out, false);
	fc_buffer_append_text(out, "wrong space param : strconv.Atoi: parsing ");
	fc_json_string(&quoted, space);
	fc_buffer_append_text(out, ": invalid syntax");
}

void fc_smarty_missing_image(const char *name, struct fc_buffer *out)
{
	fc_buffer_printf(out, "could not get image by name %s: http: no such file", name);
}

int fc_smarty_error_status(enum fc_status status)
{
	switch (status) {
	case FC_NOT_FOUND:
	case FC_INVALID_ARGUMENT:
	case FC_UNSUPPORTED:
	case FC_UNREADABLE:
	case FC_BAD_IMAGE:
	case FC_TOO_LARGE:
	case FC_NO_FACE:
	case FC_SEVERAL_FACES:
	case FC_POOR_QUALITY:
	case FC_CONFLICT:
		return 400;
	case FC_PERMISSION:
		return 403;
	default:
		return 500;
	}
}

/* ---- the envelope ---- */

void fc_smarty_envelope_release(struct fc_smarty_envelope *envelope)
{
	fc_json_release(&envelope->json);
	*envelope = (struct fc_smarty_envelope){ 0 };
}

/* All of them are optional, and an invalid one is absent. */
static void read_notes(const cJSON *json, const cJSON *body, struct fc_smarty_notes *out)
{
	const double exact = 9007199254740991; /* 2^53 - 1 */
	double modified = 0;
	fc_json_number(json, "last_modified", -exact, exact, &modified);
	*out = (struct fc_smarty_notes){
		.aliases_changed = cJSON_IsTrue(fc_json_get(body, "aliases_changed")),
		.html_encoded = cJSON_IsTrue(fc_json_get(json, "htmlencoded")),
		.last_modified = (int64_t)modified,
	};
}

enum fc_status fc_smarty_read_envelope(const void *data, size_t length,
				       struct fc_smarty_envelope *out, struct fc_error *err)
{
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	double status;
	struct fc_error why = { 0 };
	enum fc_status parsed = fc_json_parse(data, length, length, "the response", &json, &why);
	if (parsed == FC_NO_MEMORY || parsed == FC_TOO_LARGE) {
		return fc_fail(err, parsed, "%s", why.text);
	}
	if (!cJSON_IsObject(json) || !fc_json_number(json, "status", 1, 999, &status)) {
		return fc_fail(err, FC_REFUSED, "the response is not an envelope");
	}
	cJSON *body = cJSON_GetObjectItemCaseSensitive(json, "body");
	*out = (struct fc_smarty_envelope){ .status = (int)status };
	read_notes(json, body, &out->notes);
	if (out->status == 200 && cJSON_IsObject(body)) {
		out->body = body;
		out->objects = cJSON_GetObjectItemCaseSensitive(body, "objects");
	} else {
		out->message = cJSON_GetStringValue(body);
	}
	out->json = FC_STEAL(json);
	return FC_OK;
}

static void end_envelope(struct fc_json_writer *json, const struct fc_smarty_notes *notes)
{
	fc_json_put_bool(json, "htmlencoded", notes && notes->html_encoded);
	fc_json_put_integer(json, "last_modified", notes ? notes->last_modified : 0);
	fc_json_end_object(json);
	fc_buffer_append_text(json->out, "\n");
}

void fc_smarty_write_error(struct fc_buffer *out, int status, const char *message)
{
	struct fc_json_writer json = fc_json_writer_of(out, true);
	fc_json_begin_object(&json);
	fc_json_put_integer(&json, "status", status);
	fc_json_put_text(&json, "body", message);
	end_envelope(&json, NULL);
}

void fc_smarty_begin_body(struct fc_json_writer *json)
{
	fc_json_begin_object(json);
	fc_json_put_integer(json, "status", 200);
	fc_json_put_object(json, "body");
}

void fc_smarty_end_body(struct fc_json_writer *json, const struct fc_smarty_notes *notes)
{
	fc_json_end_object(json);
	end_envelope(json, notes);
}

/* ---- objects ---- */

cJSON *fc_smarty_take_object(struct fc_smarty_envelope *envelope, const char *name,
			     enum fc_smarty_object_status *status)
{
	cJSON *object;
	cJSON_ArrayForEach (object, envelope->objects) {
		const char *object_name = fc_json_text(object, "name");
		if (object_name && strcmp(object_name, name) == 0) {
			double number;
			const char *error = fc_json_text(object, "error");
			bool valid = fc_json_number(object, "status", 0, 2, &number) &&
				     (number > 0 || !error || *error == '\0');
			*status =
				valid ? (enum fc_smarty_object_status)number : FC_SMARTY_PERMANENT;
			return cJSON_DetachItemViaPointer(envelope->objects, object);
		}
	}
	return NULL;
}

const char *fc_smarty_object_error(const cJSON *object)
{
	const char *error = fc_json_text(object, "error");
	return error && *error != '\0' ? error : "an error without a message";
}

enum fc_smarty_object_status fc_smarty_object_status(enum fc_status status)
{
	switch (status) {
	case FC_OK:
		return FC_SMARTY_DONE;
	case FC_WORKER_DIED:
	case FC_WORKER_KILLED:
	case FC_TIMED_OUT:
	case FC_BUSY:
	case FC_NO_MEMORY:
		return FC_SMARTY_TEMPORARY;
	default:
		return FC_SMARTY_PERMANENT;
	}
}

void fc_smarty_begin_object(struct fc_json_writer *json, enum fc_smarty_object_status status,
			    const char *message, const char *name)
{
	fc_json_begin_object(json);
	fc_json_put_integer(json, "status", status);
	fc_json_put_text(json, "error", message);
	fc_json_put_text(json, "name", name);
}
