/* Read the platforms' errors, pages, persons and thresholds. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "protocol/platform.h"
#include "protocol/platform_member.h"

/* ---- errors ---- */

/* Append the first line of a text, without the full stop at its end. */
static void append(struct fc_platform_error *error, const char *text)
{
	size_t used = strlen(error->message);
	size_t length = fc_text_line_length(text, sizeof(error->message) - 1 - used);
	while (length > 0 && text[length - 1] == '.') {
		length--;
	}
	memcpy(error->message + used, text, length);
	error->message[used + length] = '\0';
}

static void add_message(struct fc_platform_error *error, const char *field, const char *text)
{
	append(error, error->message[0] != '\0' ? "; " : "");
	if (field && *field != '\0' && strcmp(field, "__all__") != 0) {
		append(error, field);
		append(error, ": ");
	}
	append(error, text);
}

static bool is_photo(const char *field)
{
	return field && (strncmp(field, "image", 5) == 0 || strcmp(field, "photo") == 0);
}

/* {"error_codes":[400],"message":"Text.","fields":[{"name":"source","message":"Text.","error_code":400}]} */
static void read_neuroio_error(const cJSON *json, struct fc_platform_error *out)
{
	const cJSON *field;
	const char *message = fc_json_text(json, "message");
	cJSON_ArrayForEach (field, fc_json_get(json, "fields")) {
		const char *name = fc_json_text(field, "name");
		const char *text = fc_json_text(field, "message");
		out->blames_photo = out->blames_photo || is_photo(name);
		if (text) {
			add_message(out, name, text);
		}
	}
	/* if there are fields, the message is only "Validation error." */
	if (message && out->message[0] == '\0') {
		add_message(out, NULL, message);
	}
}

/* {"detail":[{"loc":["body","username"],"msg":"text","code":13}]}, and FastAPI's {"detail":"text"} */
static void read_serp_error(const cJSON *json, struct fc_platform_error *out)
{
	const cJSON *detail = fc_json_get(json, "detail");
	const cJSON *item;
	if (cJSON_IsString(detail)) {
		add_message(out, NULL, detail->valuestring);
		return;
	}
	cJSON_ArrayForEach (item, detail) {
		const char *text = fc_json_text(item, "msg");
		const char *field = NULL;
		const cJSON *place;
		cJSON_ArrayForEach (place, fc_json_get(item, "loc")) {
			field = cJSON_IsString(place) ? place->valuestring : field;
		}
		out->blames_photo = out->blames_photo || is_photo(field);
		if (text) {
			add_message(out, field && strcmp(field, "body") == 0 ? NULL : field, text);
		}
	}
}

void fc_platform_read_error(const cJSON *json, struct fc_platform_error *out)
{
	*out = (struct fc_platform_error){ 0 };
	if (cJSON_IsObject(json)) {
		read_neuroio_error(json, out);
		read_serp_error(json, out);
	}
}

/* ---- pages ---- */

enum fc_status fc_platform_read_page(const cJSON *json, struct fc_platform_page *out,
				     struct fc_error *err)
{
	static const char *const names[] = { "results", "result", "data" };
	const cJSON *items = json;
	const cJSON *next = fc_json_get(json, "next");
	double count;
	for (size_t i = 0; !cJSON_IsArray(items) && i < FC_ARRAY_LENGTH(names); i++) {
		items = fc_json_get(json, names[i]);
	}
	if (!cJSON_IsArray(items)) {
		return fc_fail(err, FC_REFUSED, "the response has no list of items");
	}
	*out = (struct fc_platform_page){
		.items = items,
		.has_next_member = next != NULL,
		.has_next = cJSON_IsString(next),
	};
	if (fc_json_number(json, "count", 0, 9e15, &count)) {
		out->has_total = true;
		out->total = (uint64_t)count;
	}
	return FC_OK;
}

/* ---- persons ---- */

bool fc_platform_read_person_id(const cJSON *json, struct fc_person_id *out)
{
	static const char *const names[] = { "pid", "person_id", "id" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(names); i++) {
		if (fc_platform_person_id(fc_json_get(json, names[i]), out)) {
			return true;
		}
	}
	return false;
}

enum fc_status fc_platform_read_person(const cJSON *json, struct fc_platform_person *out,
				       struct fc_error *err)
{
	struct fc_platform_person person = { 0 };
	if (!cJSON_IsObject(json)) {
		return fc_fail(err, FC_REFUSED, "the response is no object");
	}
	if (!fc_platform_member_result(json, &person.result)) {
		return fc_fail(err, FC_REFUSED, "the response has no valid result");
	}
	if (!fc_platform_member_pid(json, &person.has_pid, &person.person) ||
	    !fc_platform_member_confidence(json, &person.has_confidence, &person.confidence)) {
		return fc_fail(err, FC_REFUSED, "the response has no valid profile or confidence");
	}
	bool without_pid = person.result == FC_RESULT_NM || person.result == FC_RESULT_NF ||
			   person.result == FC_RESULT_DET;
	if (!person.has_pid && !without_pid) {
		person.has_pid = fc_platform_read_person_id(json, &person.person);
	}
	if (person.has_pid == without_pid) {
		return fc_fail(err, FC_REFUSED, "the response has the result '%s' %s a profile",
			       fc_result_name(person.result), without_pid ? "with" : "without");
	}
	if (!fc_platform_member_attributes(json, "liveness", &person.attributes)) {
		return fc_fail(err, FC_REFUSED,
			       "the response has an invalid age, sex, mood or liveness");
	}
	*out = person;
	return FC_OK;
}

/* ---- spaces, thresholds ---- */

bool fc_platform_read_id(const cJSON *json, uint64_t *out)
{
	return fc_platform_member_count(json, "id", out);
}

enum fc_status fc_platform_read_named(const cJSON *json, const char *what, uint64_t *id,
				      const char **name, struct fc_error *err)
{
	*name = fc_json_text(json, "name");
	if (!fc_platform_read_id(json, id) || *id == 0 || !*name) {
		return fc_fail(err, FC_REFUSED, "a%s in the response has no valid number or name",
			       what);
	}
	return FC_OK;
}

enum fc_status fc_platform_read_thresholds(const cJSON *json, struct fc_platform_thresholds *out,
					   struct fc_error *err)
{
	struct fc_platform_thresholds thresholds;
	if (!fc_json_number(json, "exact", 0, 100, &thresholds.exact) ||
	    !fc_json_number(json, "ha", 0, 100, &thresholds.ha) ||
	    !fc_json_number(json, "junk", 0, 100, &thresholds.junk)) {
		return fc_fail(err, FC_REFUSED, "the response has no valid thresholds");
	}
	*out = thresholds;
	return FC_OK;
}
