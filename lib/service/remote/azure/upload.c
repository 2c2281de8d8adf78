/*
 * Add the face of a photo to a person, once: if the outcome of a request is unknown, the person is read before the request is sent
 * again.
 */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "net/retry.h"
#include "service/remote/azure/engine.h"
#include "service/remote/common/words.h"
#include "vision/faces/choice.h"

static void set_target(struct fc_azure_upload *upload, const int *target)
{
	upload->has_target = true;
	snprintf(upload->rectangle, sizeof(upload->rectangle), "%d,%d,%d,%d", target[0], target[1],
		 target[2], target[3]);
}

void fc_azure_upload_start(struct fc_azure_upload *upload, struct fc_azure_person *person,
			   const struct fc_remote_photo *photo, const int *target)
{
	*upload = (struct fc_azure_upload){ .person = person, .photo = photo };
	fc_sha256_format(&photo->analysis.sha256, upload->digest);
	upload->finds_face = !target && fc_face_choice_is_explicit(&photo->given.face);
	if (target) {
		set_target(upload, target);
	}
}

void fc_azure_upload_stop(struct fc_azure *azure, struct fc_azure_upload *upload)
{
	if (azure->group.uploader == upload) {
		azure->group.uploader = NULL;
	}
	if (upload->person && upload->person->uploader == upload) {
		upload->person->uploader = NULL;
	}
}

/* ---- requests ---- */

static bool has_photo(struct fc_azure_upload *upload)
{
	const struct fc_azure_person *person = upload->person;
	for (size_t i = 0; i < person->face_count; i++) {
		if (person->faces[i].has_digest &&
		    fc_sha256_equal(&person->faces[i].digest, &upload->photo->analysis.sha256)) {
			upload->stored = person->faces[i].id;
			return true;
		}
	}
	return false;
}

/* Whether the step changes the group and so needs the mark. If the person already has the photo, no such step is run. */
static bool changes_group(const struct fc_azure_upload *upload)
{
	return upload->step == FC_AZURE_STEP_CREATE || upload->step == FC_AZURE_STEP_ADD;
}

enum fc_status fc_azure_upload_next(struct fc_azure *azure, struct fc_azure_upload *upload,
				    struct fc_azure_call *call, bool *wanted, bool *parked,
				    struct fc_error *err)
{
	struct fc_azure_person *person = upload->person;
	*wanted = false;
	*parked = person->uploader && person->uploader != upload;
	if (*parked) {
		return FC_OK;
	}
	person->uploader = upload;
	if (has_photo(upload)) {
		upload->done = true;
		upload->unchanged = upload->attempts == 0;
		azure->group.needs_training = azure->group.needs_training || !upload->unchanged;
		fc_azure_upload_stop(azure, upload);
		return FC_OK;
	}
	FC_TRY(fc_azure_upload_call(azure, upload, call, err));
	*wanted = true;
	if (changes_group(upload)) {
		/* The group must exist and be marked before anything is added to it. */
		struct fc_azure_group *group = &azure->group;
		bool marks = false;
		FC_TRY(fc_azure_mark_call(azure, call, &marks, err));
		*parked = marks && group->uploader && group->uploader != upload;
		*wanted = !*parked;
		if (marks && !*parked) {
			group->uploader = upload;
			upload->step = FC_AZURE_STEP_MARK;
		}
	}
	upload->shape = call->shape;
	return FC_OK;
}

/* ---- responses ---- */

static enum fc_status absorb_created(struct fc_azure *azure, struct fc_azure_upload *upload,
				     const cJSON *json, struct fc_error *err)
{
	struct fc_uuid id;
	if (!fc_azure_read_uuid(json, "personId", &id)) {
		return fc_fail(err, FC_REFUSED, "the response has no personId");
	}
	upload->created = true;
	upload->has_cursor = false;
	azure->group.created_numbers = azure->group.created_numbers ||
				       (upload->person->has_number && !upload->numbers_itself);
	return fc_azure_persons_created(&azure->group.persons, upload->person, &id, err);
}

/* Whether a person in the response is the one whose creation had an unknown outcome. */
static bool is_created_person(const struct fc_azure *azure, const struct fc_azure_upload *upload,
			      const struct fc_azure_person_row *row)
{
	const struct fc_azure_person *person = upload->person;
	const char *words = NULL;
	uint64_t number = 0;
	bool numbered = fc_azure_read_name(row->name, &number, &words);
	if (fc_azure_person_by_id(&azure->group.persons, &row->id)) {
		return false;
	}
	const char *user_data = person->user_data ? person->user_data : person->creation;
	if (!row->user_data || strcmp(row->user_data, user_data) != 0) {
		return false; /* another program created it */
	}
	if (person->has_number) {
		return numbered && number == person->number;
	}
	return !numbered && words && person->name && strcmp(words, person->name) == 0;
}

/* After a page of persons: whether it was the last one. A service that sends the same page again has no more. */
static bool is_last_page(struct fc_azure_upload *upload, const struct fc_uuid *before,
			 const cJSON *page)
{
	bool moved = !upload->has_cursor || !fc_uuid_equal(before, &upload->cursor);
	upload->has_cursor = true;
	return cJSON_GetArraySize(page) < FC_AZURE_PAGE || !moved;
}

static enum fc_status absorb_list(struct fc_azure *azure, struct fc_azure_upload *upload,
				  const cJSON *page, struct fc_error *err)
{
	struct fc_azure_persons *persons = &azure->group.persons;
	struct fc_uuid before = upload->cursor;
	const cJSON *item;
	cJSON_ArrayForEach (item, page) {
		struct fc_azure_person_row row;
		struct fc_azure_person *person;
		FC_TRY(fc_azure_read_person(item, &row, err));
		upload->cursor = row.id;
		if (is_created_person(azure, upload, &row)) {
			FC_TRY(fc_azure_persons_created(persons, upload->person, &row.id, err));
			upload->created = true;
			upload->has_cursor = false;
			return fc_azure_persons_add(persons, &row, &person, err);
		}
	}
	if (is_last_page(upload, &before, page)) {
		/* it does not exist: create it again */
		upload->person->outcome_unknown = false;
	}
	return FC_OK;
}

/* If another program has just created a person with the same number, choose another number, and check that one, too. */
static enum fc_status absorb_numbers(struct fc_azure *azure, struct fc_azure_upload *upload,
				     const cJSON *page, struct fc_error *err)
{
	enum { RENUMBERED_MAXIMUM = 6 };
	struct fc_azure_persons *persons = &azure->group.persons;
	struct fc_uuid before = upload->cursor;
	const cJSON *item;
	cJSON_ArrayForEach (item, page) {
		struct fc_azure_person_row row;
		struct fc_azure_person *person;
		FC_TRY(fc_azure_read_person(item, &row, err));
		FC_TRY(fc_azure_persons_add(persons, &row, &person, err));
		upload->cursor = row.id;
	}
	if (!is_last_page(upload, &before, page)) {
		return FC_OK;
	}
	upload->has_cursor = false;
	upload->is_number_checked = true;
	if (fc_azure_persons_check_number(persons, upload->person->number, NULL) == FC_OK) {
		return FC_OK;
	}
	if (upload->renumbered == RENUMBERED_MAXIMUM) {
		return fc_fail(err, FC_BUSY,
			       "other programs create persons in space '%s' at the same time",
			       azure->group.space);
	}
	/* the other program may choose a new number too: make it unlikely that both choose the same again */
	uint64_t gap = (uint64_t)(fc_retry_draw() * (double)(4u << upload->renumbered));
	fc_azure_persons_renumber(persons, upload->person,
				  fc_azure_persons_next_number(persons) + gap);
	upload->renumbered++;
	upload->renumbers = true;
	return FC_OK;
}

static enum fc_status absorb_refresh(struct fc_azure *azure, struct fc_azure_upload *upload,
				     const cJSON *json, struct fc_error *err)
{
	struct fc_azure_person_row row;
	struct fc_azure_person *person;
	FC_TRY(fc_azure_read_person(json, &row, err));
	if (!fc_uuid_equal(&row.id, &upload->person->id)) {
		return fc_fail(err, FC_REFUSED, "the response is about another person");
	}
	FC_TRY(fc_azure_persons_add(&azure->group.persons, &row, &person, err));
	person->faces_unknown = false;
	return FC_OK;
}

static enum fc_status absorb_added(struct fc_azure *azure, struct fc_azure_upload *upload,
				   const cJSON *json, struct fc_error *err)
{
	struct fc_uuid id;
	if (!fc_azure_read_uuid(json, "persistedFaceId", &id)) {
		return fc_fail(err, FC_REFUSED, "the response has no persistedFaceId");
	}
	azure->group.needs_training = true;
	upload->done = true;
	upload->stored = id;
	return fc_azure_person_add_face(upload->person, &id, &upload->photo->analysis.sha256, err);
}

/* Make the chosen face of the photo the target. */
static enum fc_status absorb_faces(struct fc_azure_upload *upload, cJSON **json,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_azure_sight_release) struct fc_azure_sight sight = { 0 };
	size_t face;
	int target[4];
	FC_TRY(fc_azure_read_sight(json, false, 0, &sight, err));
	FC_TRY(fc_azure_choose_face(upload->photo, &sight, &face, err));
	fc_azure_rectangle(&sight, face, target);
	set_target(upload, target);
	upload->finds_face = false;
	return FC_OK;
}

static enum fc_status absorb_good(struct fc_azure *azure, struct fc_azure_upload *upload,
				  const cJSON *json, struct fc_error *err)
{
	struct fc_azure_stored_face *face;
	const char *digest;
	switch (upload->step) {
	case FC_AZURE_STEP_MARK:
		azure->group.uploader = NULL;
		fc_azure_mark_done(azure);
		return FC_OK;
	case FC_AZURE_STEP_LIST:
		return absorb_list(azure, upload, json, err);
	case FC_AZURE_STEP_CREATE:
		return absorb_created(azure, upload, json, err);
	case FC_AZURE_STEP_CHECK_NUMBER:
		return absorb_numbers(azure, upload, json, err);
	case FC_AZURE_STEP_RENUMBER:
		upload->renumbers = false;
		upload->is_number_checked = false;
		return FC_OK;
	case FC_AZURE_STEP_CHECK_UNDO:
		FC_TRY(absorb_refresh(azure, upload, json, err));
		upload->is_undo_checked = true;
		upload->has_other_faces = upload->person->face_count > 0;
		return FC_OK;
	case FC_AZURE_STEP_READ_FACE:
		face = &upload->person->faces[upload->face];
		digest = fc_json_text(json, "userData");
		face->read = true;
		face->has_digest = digest && fc_sha256_parse(digest, &face->digest);
		return FC_OK;
	case FC_AZURE_STEP_REFRESH:
		return absorb_refresh(azure, upload, json, err);
	case FC_AZURE_STEP_UNDO:
		fc_azure_persons_undo_created(&azure->group.persons, upload->person);
		return FC_OK;
	case FC_AZURE_STEP_ADD:
	default:
		return absorb_added(azure, upload, json, err);
	}
}

/* If the outcome is unknown, let the next request check it. Returns false if it is known, or after too many attempts. */
static bool checks_outcome(const struct fc_azure *azure, struct fc_azure_upload *upload,
			   const struct fc_http_response *response, uint64_t *delay_ms)
{
	const struct fc_retry_policy *policy = &azure->options.http.retry;
	struct fc_azure_person *person = upload->person;
	if (!changes_group(upload) || !fc_azure_is_unclear(response)) {
		return false;
	}
	person->outcome_unknown = person->outcome_unknown || upload->step == FC_AZURE_STEP_CREATE;
	person->faces_unknown = person->faces_unknown || upload->step == FC_AZURE_STEP_ADD;
	upload->attempts++;
	upload->has_cursor = false;
	*delay_ms = fc_retry_wait(policy, upload->attempts, fc_retry_draw(), response);
	return upload->attempts < policy->tries && !fc_http_stopped(&azure->options.http);
}

/* Whether the failure is expected: the group exists already, the photo has several faces, or the face was deleted meanwhile. */
static bool is_expected(struct fc_azure *azure, struct fc_azure_upload *upload,
			enum fc_status status, const struct fc_azure_error *error)
{
	if (upload->step == FC_AZURE_STEP_MARK &&
	    fc_azure_has_code(error, "LargePersonGroupExists")) {
		azure->group.uploader = NULL;
		fc_azure_mark_done(azure);
		return true;
	}
	if (upload->step == FC_AZURE_STEP_ADD && status == FC_SEVERAL_FACES &&
	    !upload->has_target && upload->photo->given.face.rule != FC_FACE_ONLY) {
		upload->finds_face = true;
		return true;
	}
	if (upload->step == FC_AZURE_STEP_READ_FACE &&
	    fc_azure_has_code(error, "PersistedFaceNotFound")) {
		upload->person->faces[upload->face].read = true;
		return true;
	}
	return false;
}

/* Delete the person if it was created for this face and the service refused the face. */
static bool starts_undo(struct fc_azure *azure, struct fc_azure_upload *upload,
			const struct fc_http_response *response, const struct fc_error *failure)
{
	bool refused = upload->step == FC_AZURE_STEP_FIND_FACE ||
		       (upload->step == FC_AZURE_STEP_ADD && !fc_azure_is_unclear(response));
	upload->undoing = refused && upload->created && !upload->person->faces_unknown &&
			  upload->person->face_count == 0 && !fc_http_stopped(&azure->options.http);
	if (upload->undoing) {
		upload->failure = *failure;
		upload->refusal = upload->error;
	}
	return upload->undoing;
}

static enum fc_status read_answer(struct fc_azure *azure, struct fc_azure_upload *upload,
				  const struct fc_http_response *response, struct fc_error *err)
{
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	FC_TRY(fc_azure_read(response, upload->shape, &json, &upload->error, err));
	FC_TRY(upload->step == FC_AZURE_STEP_FIND_FACE ? absorb_faces(upload, &json, err)
						       : absorb_good(azure, upload, json, err));
	upload->conflict = (struct fc_azure_conflict){ 0 };
	return FC_OK;
}

/* End the upload with the refusal of the face. The message also reports if the person could not be deleted. */
static enum fc_status finish_undo(struct fc_azure_upload *upload, enum fc_status status,
				  struct fc_error *err)
{
	const struct fc_azure_person *person = upload->person;
	bool left = status != FC_OK && !upload->has_other_faces &&
		    !fc_azure_has_code(&upload->error, "PersonNotFound");
	char words[FC_REMOTE_WORDS];
	snprintf(words, sizeof(words), "person %llu, which was created for it, has no face",
		 (unsigned long long)person->number);
	*err = upload->failure;
	upload->error = upload->refusal;
	if (left && person->has_number) {
		fc_remote_add_words(err, words);
	}
	return upload->failure.status;
}

enum fc_status fc_azure_upload_absorb(struct fc_azure *azure, struct fc_azure_upload *upload,
				      enum fc_status status,
				      const struct fc_http_response *response,
				      const struct fc_error *failure, uint64_t *delay_ms,
				      struct fc_error *err)
{
	bool undoing =
		upload->step == FC_AZURE_STEP_UNDO || upload->step == FC_AZURE_STEP_CHECK_UNDO;
	*delay_ms = 0;
	upload->error = (struct fc_azure_error){ 0 };
	status = status == FC_OK ? read_answer(azure, upload, response, err)
				 : fc_fail(err, status, "%s", failure->text);
	upload->answered =
		(!undoing &&
		 (status == FC_OK || is_expected(azure, upload, status, &upload->error))) ||
		fc_azure_retry_conflict(azure, &upload->conflict, &upload->error, delay_ms);
	bool may_undo = upload->step == FC_AZURE_STEP_CHECK_UNDO && status == FC_OK &&
			!upload->has_other_faces;
	bool continues = upload->answered || may_undo ||
			 (!undoing && (checks_outcome(azure, upload, response, delay_ms) ||
				       starts_undo(azure, upload, response, err)));
	if (!continues || upload->done) {
		fc_azure_upload_stop(azure, upload);
	}
	if (undoing && !continues) {
		return finish_undo(upload, status, err);
	}
	return continues ? FC_OK : status;
}
