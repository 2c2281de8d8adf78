/*
 * A photo's face becomes a face of a person, once: what an answer that never came has left behind is looked for before anything is
 * sent again.
 */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "net/retry.h"
#include "service/remote/azure/engine.h"
#include "service/remote/common/words.h"

enum { PAGE = 1000 };

void fc_azure_adding_start(struct fc_azure_adding *adding, struct fc_azure_person *person,
			   const struct fc_remote_photo *photo, const int *target)
{
	*adding = (struct fc_azure_adding){ .person = person, .photo = photo };
	fc_sha256_format(&photo->analysis.sha256, adding->digest);
	if (target) {
		adding->has_target = true;
		snprintf(adding->rectangle, sizeof(adding->rectangle), "%d,%d,%d,%d", target[0],
			 target[1], target[2], target[3]);
	}
}

void fc_azure_adding_stop(struct fc_azure *azure, struct fc_azure_adding *adding)
{
	if (azure->group.worker == adding) {
		azure->group.worker = NULL;
	}
	if (adding->person && adding->person->worker == adding) {
		adding->person->worker = NULL;
	}
}

/* ---- what is sent ---- */

/* A face whose digest was not read yet; face_count for none. */
static size_t unread_face(const struct fc_azure_person *person)
{
	size_t i = 0;
	while (i < person->face_count && person->faces[i].read) {
		i++;
	}
	return i;
}

static bool has_photo(const struct fc_azure_adding *adding)
{
	const struct fc_azure_person *person = adding->person;
	for (size_t i = 0; i < person->face_count; i++) {
		if (person->faces[i].has_digest &&
		    fc_sha256_equal(&person->faces[i].digest, &adding->photo->analysis.sha256)) {
			return true;
		}
	}
	return false;
}

static void begin_person(const struct fc_azure *azure, const struct fc_azure_adding *adding,
			 struct fc_azure_call *call, enum fc_http_method method)
{
	fc_azure_begin_group(azure, call, method, FC_AZURE_OBJECT);
	fc_azure_piece(call, "persons");
	if (adding->person->has_id) {
		fc_azure_piece_uuid(call, &adding->person->id);
	}
}

static enum fc_status create_call(const struct fc_azure *azure,
				  const struct fc_azure_adding *adding, struct fc_azure_call *call,
				  struct fc_error *err)
{
	const struct fc_azure_person *person = adding->person;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer name = { 0 };
	fc_azure_write_name(&name, person->has_number ? &person->number : NULL, person->name);
	const char *text = fc_buffer_text(&name);
	cJSON *body = cJSON_CreateObject();
	if (!text || !cJSON_AddStringToObject(body, "name", text) ||
	    (person->user_data && !cJSON_AddStringToObject(body, "userData", person->user_data))) {
		cJSON_Delete(body);
		return fc_fail_memory(err);
	}
	begin_person(azure, adding, call, FC_HTTP_POST);
	call->request.repeatable = false;
	return fc_azure_json_body(call, body, err);
}

static void list_call(const struct fc_azure *azure, const struct fc_azure_adding *adding,
		      struct fc_azure_call *call)
{
	fc_azure_begin_group(azure, call, FC_HTTP_GET, FC_AZURE_ARRAY);
	fc_azure_piece(call, "persons");
	if (adding->has_cursor) {
		fc_azure_ask_uuid(call, "start", &adding->cursor);
	}
	fc_azure_ask_number(call, "top", PAGE);
}

static void add_call(const struct fc_azure *azure, const struct fc_azure_adding *adding,
		     struct fc_azure_call *call)
{
	begin_person(azure, adding, call, FC_HTTP_POST);
	fc_azure_piece(call, "persistedfaces");
	fc_azure_ask(call, "userData", adding->digest);
	if (adding->has_target) {
		fc_azure_ask(call, "targetFace", adding->rectangle);
	}
	fc_azure_ask(call, "detectionModel", azure->options.detection_model);
	fc_azure_photo_body(call, adding->photo);
	call->request.repeatable = false;
}

static void read_face_call(const struct fc_azure *azure, struct fc_azure_adding *adding,
			   struct fc_azure_call *call)
{
	begin_person(azure, adding, call, FC_HTTP_GET);
	fc_azure_piece(call, "persistedfaces");
	fc_azure_piece_uuid(call, &adding->person->faces[adding->face].id);
}

/* The group must be there and marked before anything is put into it. */
static enum fc_status mark_call(struct fc_azure *azure, struct fc_azure_adding *adding,
				struct fc_azure_call *call, bool *wanted, bool *parked,
				struct fc_error *err)
{
	struct fc_azure_group *group = &azure->group;
	FC_TRY(fc_azure_mark_call(azure, call, wanted, err));
	*parked = *wanted && group->worker && group->worker != adding;
	if (*wanted && !*parked) {
		group->worker = adding;
		adding->step = FC_AZURE_MARK;
	}
	return FC_OK;
}

/* The request that the state of things asks for, by what is missing first. */
static enum fc_status choose(struct fc_azure *azure, struct fc_azure_adding *adding,
			     struct fc_azure_call *call, bool *wanted, struct fc_error *err)
{
	struct fc_azure_person *person = adding->person;
	*wanted = true;
	adding->face = unread_face(person);
	if (adding->undoes) {
		adding->step = FC_AZURE_UNDO;
		begin_person(azure, adding, call, FC_HTTP_DELETE);
		call->shape = FC_AZURE_EMPTY;
	} else if (!person->has_id && person->unsure) {
		adding->step = FC_AZURE_LIST;
		list_call(azure, adding, call);
	} else if (!person->has_id) {
		adding->step = FC_AZURE_CREATE;
		return create_call(azure, adding, call, err);
	} else if (person->unsure_faces) {
		adding->step = FC_AZURE_REFRESH;
		begin_person(azure, adding, call, FC_HTTP_GET);
	} else if (adding->face < person->face_count) {
		adding->step = FC_AZURE_READ_FACE;
		read_face_call(azure, adding, call);
	} else {
		adding->step = FC_AZURE_ADD;
		add_call(azure, adding, call);
	}
	return FC_OK;
}

/* Reading changes nothing, so that a photo that is there already leaves the group unmarked. */
static bool changes_group(const struct fc_azure_adding *adding)
{
	return adding->step == FC_AZURE_CREATE || adding->step == FC_AZURE_ADD;
}

enum fc_status fc_azure_adding_next(struct fc_azure *azure, struct fc_azure_adding *adding,
				    struct fc_azure_call *call, bool *wanted, bool *parked,
				    struct fc_error *err)
{
	struct fc_azure_person *person = adding->person;
	*wanted = false;
	*parked = person->worker && person->worker != adding;
	if (*parked) {
		return FC_OK;
	}
	person->worker = adding;
	if (has_photo(adding)) {
		adding->done = true;
		adding->unchanged = adding->attempts == 0;
		azure->group.stale = azure->group.stale || !adding->unchanged;
		fc_azure_adding_stop(azure, adding);
		return FC_OK;
	}
	FC_TRY(choose(azure, adding, call, wanted, err));
	if (changes_group(adding)) {
		bool marks = false;
		enum fc_azure_step step = adding->step;
		FC_TRY(mark_call(azure, adding, call, &marks, parked, err));
		if (*parked) {
			*wanted = false;
		} else if (!marks) {
			adding->step = step;
		}
	}
	return FC_OK;
}

/* ---- what comes back ---- */

static enum fc_status absorb_created(struct fc_azure *azure, struct fc_azure_adding *adding,
				     const cJSON *json, struct fc_error *err)
{
	struct fc_uuid id;
	if (!fc_azure_read_uuid(json, "personId", &id)) {
		return fc_fail(err, FC_REFUSED, "the answer has no personId");
	}
	adding->made = true;
	return fc_azure_persons_made(&azure->group.persons, adding->person, &id, err);
}

/* Whether a person of the list is the one that was to be made. */
static bool is_wanted(const struct fc_azure *azure, const struct fc_azure_adding *adding,
		      const struct fc_azure_person_row *row)
{
	const struct fc_azure_person *person = adding->person;
	const char *words = NULL;
	uint64_t number = 0;
	bool numbered = fc_azure_read_name(row->name, &number, &words);
	if (fc_azure_person_by_id(&azure->group.persons, &row->id)) {
		return false;
	}
	if (person->has_number) {
		return numbered && number == person->number;
	}
	return !numbered && words && person->name && strcmp(words, person->name) == 0;
}

static enum fc_status absorb_list(struct fc_azure *azure, struct fc_azure_adding *adding,
				  const cJSON *page, struct fc_error *err)
{
	struct fc_azure_persons *persons = &azure->group.persons;
	struct fc_uuid before = adding->cursor;
	const cJSON *item;
	cJSON_ArrayForEach (item, page) {
		struct fc_azure_person_row row;
		struct fc_azure_person *person;
		FC_TRY(fc_azure_read_person(item, &row, err));
		adding->cursor = row.id;
		if (is_wanted(azure, adding, &row)) {
			FC_TRY(fc_azure_persons_made(persons, adding->person, &row.id, err));
			adding->made = true;
			return fc_azure_persons_take(persons, &row, &person, err);
		}
	}
	bool moved = !adding->has_cursor || !fc_uuid_equal(&before, &adding->cursor);
	adding->has_cursor = true;
	if (cJSON_GetArraySize(page) < PAGE || !moved) {
		/* not there: it can be made anew */
		adding->person->unsure = false;
	}
	return FC_OK;
}

static enum fc_status absorb_face(struct fc_azure_adding *adding, const cJSON *json)
{
	struct fc_azure_stored_face *face = &adding->person->faces[adding->face];
	const char *digest = fc_json_text(json, "userData");
	face->read = true;
	face->has_digest = digest && fc_sha256_parse(digest, &face->digest);
	return FC_OK;
}

static enum fc_status absorb_refresh(struct fc_azure *azure, struct fc_azure_adding *adding,
				     const cJSON *json, struct fc_error *err)
{
	struct fc_azure_person_row row;
	struct fc_azure_person *person;
	FC_TRY(fc_azure_read_person(json, &row, err));
	if (!fc_uuid_equal(&row.id, &adding->person->id)) {
		return fc_fail(err, FC_REFUSED, "the answer is about another person");
	}
	FC_TRY(fc_azure_persons_take(&azure->group.persons, &row, &person, err));
	person->unsure_faces = false;
	return FC_OK;
}

static enum fc_status absorb_added(struct fc_azure *azure, struct fc_azure_adding *adding,
				   const cJSON *json, struct fc_error *err)
{
	struct fc_uuid id;
	if (!fc_azure_read_uuid(json, "persistedFaceId", &id)) {
		return fc_fail(err, FC_REFUSED, "the answer has no persistedFaceId");
	}
	azure->group.stale = true;
	adding->done = true;
	return fc_azure_person_add_face(adding->person, &id, &adding->photo->analysis.sha256, err);
}

static enum fc_status absorb_good(struct fc_azure *azure, struct fc_azure_adding *adding,
				  const cJSON *json, struct fc_error *err)
{
	switch (adding->step) {
	case FC_AZURE_MARK:
		azure->group.worker = NULL;
		fc_azure_marked(azure);
		return FC_OK;
	case FC_AZURE_LIST:
		return absorb_list(azure, adding, json, err);
	case FC_AZURE_CREATE:
		return absorb_created(azure, adding, json, err);
	case FC_AZURE_READ_FACE:
		return absorb_face(adding, json);
	case FC_AZURE_REFRESH:
		return absorb_refresh(azure, adding, json, err);
	case FC_AZURE_UNDO:
		fc_azure_persons_unmade(&azure->group.persons, adding->person);
		return FC_OK;
	case FC_AZURE_ADD:
	default:
		return absorb_added(azure, adding, json, err);
	}
}

/* The request may have been carried out: whoever comes next looks what came of it. False when that is not this adding. */
static bool looks_again(const struct fc_azure *azure, struct fc_azure_adding *adding,
			const struct fc_http_response *response, uint64_t *delay_ms)
{
	const struct fc_retry_policy *policy = &azure->options.http.retry;
	struct fc_azure_person *person = adding->person;
	if (!changes_group(adding) || !fc_azure_is_unclear(response)) {
		return false;
	}
	person->unsure = person->unsure || adding->step == FC_AZURE_CREATE;
	person->unsure_faces = person->unsure_faces || adding->step == FC_AZURE_ADD;
	adding->attempts++;
	adding->has_cursor = false;
	*delay_ms = fc_retry_wait(policy, adding->attempts, fc_retry_draw(), response);
	return adding->attempts < policy->tries && !fc_azure_stopped(azure);
}

/* What a failure that is none comes to: the group was just made, a face that was to be read is gone. */
static bool is_harmless(struct fc_azure *azure, struct fc_azure_adding *adding,
			const struct fc_azure_error *trouble)
{
	if (adding->step == FC_AZURE_MARK && fc_azure_has_code(trouble, "LargePersonGroupExists")) {
		azure->group.worker = NULL;
		fc_azure_marked(azure);
		return true;
	}
	if (adding->step == FC_AZURE_READ_FACE &&
	    fc_azure_has_code(trouble, "PersistedFaceNotFound")) {
		adding->person->faces[adding->face].read = true;
		return true;
	}
	return false;
}

/* A person that was made for this face, which the service refused, is not left behind empty. */
static bool undoes(struct fc_azure *azure, struct fc_azure_adding *adding,
		   const struct fc_http_response *response, const struct fc_error *failure)
{
	bool refused = adding->step == FC_AZURE_ADD && !fc_azure_is_unclear(response);
	adding->undoes = refused && adding->made && !adding->person->unsure_faces &&
			 adding->person->face_count == 0 && !fc_azure_stopped(azure);
	if (adding->undoes) {
		adding->failure = *failure;
		adding->refusal = adding->trouble;
	}
	return adding->undoes;
}

static enum fc_status take_answer(struct fc_azure *azure, struct fc_azure_adding *adding,
				  const struct fc_http_response *response, struct fc_error *err)
{
	static const enum fc_azure_shape shapes[] = {
		[FC_AZURE_MARK] = FC_AZURE_EMPTY,     [FC_AZURE_LIST] = FC_AZURE_ARRAY,
		[FC_AZURE_CREATE] = FC_AZURE_OBJECT,  [FC_AZURE_READ_FACE] = FC_AZURE_OBJECT,
		[FC_AZURE_REFRESH] = FC_AZURE_OBJECT, [FC_AZURE_ADD] = FC_AZURE_OBJECT,
		[FC_AZURE_UNDO] = FC_AZURE_EMPTY,
	};
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	FC_TRY(fc_azure_read(response, shapes[adding->step], &json, &adding->trouble, err));
	FC_TRY(absorb_good(azure, adding, json, err));
	adding->patience = (struct fc_azure_patience){ 0 };
	return FC_OK;
}

/* What became of the face that a person was made for, and of the person, when taking it back came to this status. */
static enum fc_status end_undone(struct fc_azure_adding *adding, enum fc_status status,
				 struct fc_error *err)
{
	const struct fc_azure_person *person = adding->person;
	bool left = status != FC_OK && !fc_azure_has_code(&adding->trouble, "PersonNotFound");
	char words[FC_REMOTE_WORDS];
	snprintf(words, sizeof(words), "person %llu, who was made for it, is left without a face",
		 (unsigned long long)person->number);
	*err = adding->failure;
	adding->trouble = adding->refusal;
	if (left && person->has_number) {
		fc_remote_add_words(err, words);
	}
	return adding->failure.status;
}

enum fc_status fc_azure_adding_absorb(struct fc_azure *azure, struct fc_azure_adding *adding,
				      enum fc_status status,
				      const struct fc_http_response *response,
				      const struct fc_error *failure, uint64_t *delay_ms,
				      struct fc_error *err)
{
	bool undone = adding->step == FC_AZURE_UNDO;
	*delay_ms = 0;
	adding->trouble = (struct fc_azure_error){ 0 };
	status = status == FC_OK ? take_answer(azure, adding, response, err)
				 : fc_fail(err, status, "%s", failure->text);
	adding->heard =
		(!undone && (status == FC_OK || is_harmless(azure, adding, &adding->trouble))) ||
		fc_azure_waits(azure, &adding->patience, &adding->trouble, delay_ms);
	bool goes_on =
		adding->heard || (!undone && (looks_again(azure, adding, response, delay_ms) ||
					      undoes(azure, adding, response, err)));
	if (!goes_on || adding->done) {
		fc_azure_adding_stop(azure, adding);
	}
	if (undone && !goes_on) {
		return end_undone(adding, status, err);
	}
	return goes_on ? FC_OK : status;
}
