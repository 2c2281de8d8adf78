/* What NeuroIO and SERP answer: failures, pages, and who a photo shows. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/platform/answer.h"

#include <string.h>

#include "base/json.h"
#include "service/remote/common/words.h"
#include "service/remote/platform/entry_words.h"

void fc_platform_answer_release(struct fc_platform_answer *answer)
{
	fc_json_release(&answer->json);
}

static const char protocols[] = "NeuroIO or SERP";

/* ---- failures ---- */

/* Words that grow up to their limit. */
struct words {
	char text[FC_REMOTE_WORDS];
	size_t length;
};

static void add(struct words *words, const char *text)
{
	char line[FC_REMOTE_WORDS];
	fc_remote_copy_words(text, line);
	size_t length = strlen(line);
	/* The platform's sentences end in a full stop, and messages do not. */
	while (length > 0 && line[length - 1] == '.') {
		length--;
	}
	size_t room = sizeof(words->text) - 1 - words->length;
	length = length < room ? length : room;
	memcpy(words->text + words->length, line, length);
	words->length += length;
	words->text[words->length] = '\0';
}

static void add_all(struct words *words, const char *before, const char *name, const char *text)
{
	add(words, words->length > 0 ? before : "");
	if (name && *name != '\0' && strcmp(name, "__all__") != 0) {
		add(words, name);
		add(words, ": ");
	}
	add(words, text);
}

static bool names_photo(const char *name)
{
	return name && (strncmp(name, "image", 5) == 0 || strcmp(name, "photo") == 0);
}

/* {"error_codes":[400],"message":"Text.","fields":[{"name":"source","message":"Text.","error_code":400}]} */
static void read_neuroio_failure(const cJSON *json, struct words *words, bool *blames_photo)
{
	const cJSON *field;
	const char *message = fc_json_text(json, "message");
	cJSON_ArrayForEach (field, fc_json_get(json, "fields")) {
		const char *name = fc_json_text(field, "name");
		const char *text = fc_json_text(field, "message");
		*blames_photo = *blames_photo || names_photo(name);
		if (text) {
			add_all(words, "; ", name, text);
		}
	}
	/* Beside fields it says "Validation error." and no more. */
	if (message && words->length == 0) {
		add_all(words, "", NULL, message);
	}
}

/* The last name of ["body", "username"]. */
static const char *last_place(const cJSON *places)
{
	const cJSON *place;
	const char *last = NULL;
	cJSON_ArrayForEach (place, places) {
		last = cJSON_IsString(place) ? place->valuestring : last;
	}
	return last;
}

/* {"detail":[{"loc":["body","username"],"msg":"text","code":13}]}, and {"detail":"text"} as FastAPI has it too. */
static void read_serp_failure(const cJSON *json, struct words *words, bool *blames_photo)
{
	const cJSON *detail = fc_json_get(json, "detail");
	const cJSON *item;
	if (cJSON_IsString(detail)) {
		add_all(words, "", NULL, detail->valuestring);
		return;
	}
	cJSON_ArrayForEach (item, detail) {
		const char *place = last_place(fc_json_get(item, "loc"));
		const char *text = fc_json_text(item, "msg");
		*blames_photo = *blames_photo || names_photo(place);
		if (text) {
			bool whole = place && strcmp(place, "body") == 0;
			add_all(words, "; ", whole ? NULL : place, text);
		}
	}
}

static enum fc_status read_failure(const struct fc_http_response *response,
				   struct fc_platform_answer *out, struct fc_error *err)
{
	struct words words = { 0 };
	if (cJSON_IsObject(out->json)) {
		read_neuroio_failure(out->json, &words, &out->blames_photo);
		read_serp_failure(out->json, &words, &out->blames_photo);
	}
	struct fc_error failure = { 0 };
	bool foreign = !out->json && response->body.length > 0;
	enum fc_status status =
		foreign ? fc_remote_refuse_foreign(response, protocols, "JSON", &failure)
			: fc_http_failure(response, words.length > 0 ? words.text : NULL, &failure);
	out->refused = status == FC_REFUSED || status == FC_TOO_LARGE || status == FC_PERMISSION;
	if (response->status == 404 && !foreign) {
		status = FC_NOT_FOUND;
	} else if (out->blames_photo && status == FC_REFUSED) {
		status = FC_BAD_IMAGE;
	}
	return fc_fail(err, status, "%s", failure.text);
}

enum fc_status fc_platform_misdirected(struct fc_error *failure)
{
	fc_remote_doubt_url(failure, protocols);
	if (failure) {
		failure->status = FC_REFUSED;
	}
	return FC_REFUSED;
}

enum fc_status fc_platform_read(const struct fc_http_response *response,
				struct fc_platform_answer *out, struct fc_error *err)
{
	const struct fc_buffer *body = &response->body;
	*out = (struct fc_platform_answer){ 0 };
	enum fc_status parsed = FC_OK;
	if (body->length > 0) {
		parsed = fc_json_parse((const char *)body->data, body->length, body->length,
				       "the answer", &out->json, NULL);
	}
	if (parsed == FC_NO_MEMORY) {
		return fc_fail_memory(err);
	}
	if (response->status >= 400) {
		return read_failure(response, out, err);
	}
	if (parsed != FC_OK ||
	    (out->json && !cJSON_IsObject(out->json) && !cJSON_IsArray(out->json))) {
		fc_platform_answer_release(out);
		return fc_remote_refuse_foreign(response, protocols, "JSON", err);
	}
	return FC_OK;
}

/* ---- pages ---- */

static const cJSON *items_of(const cJSON *json)
{
	static const char *const names[] = { "results", "result", "data" };
	if (cJSON_IsArray(json)) {
		return json;
	}
	for (size_t i = 0; i < FC_ARRAY_LENGTH(names); i++) {
		const cJSON *items = fc_json_get(json, names[i]);
		if (cJSON_IsArray(items)) {
			return items;
		}
	}
	return NULL;
}

enum fc_status fc_platform_read_page(const cJSON *json, struct fc_platform_page *out,
				     struct fc_error *err)
{
	double count;
	struct fc_platform_page page = { .items = items_of(json) };
	if (!page.items) {
		FC_IGNORE(fc_fail(err, FC_REFUSED, "the answer has no list where a page has one"));
		fc_remote_doubt_url(err, protocols);
		return FC_REFUSED;
	}
	if (fc_json_number(json, "count", 0, 9e15, &count)) {
		page.has_total = true;
		page.total = (uint64_t)count;
	}
	const cJSON *next = fc_json_get(json, "next");
	page.tells_next = next != NULL;
	page.has_next = cJSON_IsString(next);
	*out = page;
	return FC_OK;
}

/* ---- persons ---- */

enum fc_status fc_platform_read_person(const cJSON *json, struct fc_platform_person *out,
				       struct fc_error *err)
{
	struct fc_platform_person person = { 0 };
	if (!cJSON_IsObject(json)) {
		return fc_fail(err, FC_REFUSED, "the answer is no object");
	}
	bool told = fc_member_result(json, &person.result);
	bool sound = fc_member_pid(json, &person.has_pid, &person.pid) &&
		     fc_member_confidence(json, &person.has_confidence, &person.confidence);
	if (!told || !sound) {
		return fc_fail(err, FC_REFUSED, "the answer has no %s that makes sense",
			       told ? "profile or confidence" : "result");
	}
	bool nobody = person.result == FC_RESULT_NM || person.result == FC_RESULT_NF ||
		      person.result == FC_RESULT_DET;
	if (person.has_pid == nobody) {
		return fc_fail(err, FC_REFUSED, "the answer says '%s' %s a profile",
			       fc_result_name(person.result), nobody ? "with" : "without");
	}
	if (!fc_member_attributes(json, "liveness", &person.attributes)) {
		return fc_fail(err, FC_REFUSED,
			       "the answer has an age, a sex, a mood or a liveness out of bounds");
	}
	*out = person;
	return FC_OK;
}
