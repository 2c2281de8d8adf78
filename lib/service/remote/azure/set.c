/* set on an Azure service: add the only face of each photo to its person; at the end, train the group. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/remote/azure/engine.h"

struct enrolment {
	struct fc_azure *azure;
	const struct fc_set_request *request;
	struct fc_tally *tally;
	bool linked; /* at least one face was added */
};

struct set_call {
	struct fc_azure_call call; /* must be the first member, see fc_azure_batch */
	struct fc_azure_upload upload;
};

/* The result of a photo. */
struct link {
	const struct fc_azure_person *person;
	bool unchanged;
	char face[FC_UUID_TEXT_SIZE];
};

static enum fc_status check(void *context, struct fc_remote_photo *photo, struct fc_error *err)
{
	(void)context, (void)err;
	if (!photo->given.has_number && !photo->given.has_pid && !photo->given.person) {
		photo->status = fc_fail_code(
			&photo->error, FC_INVALID_ARGUMENT, FC_CODE_NO_PERSON_ID,
			"'%.200s': no person was given for this photo", photo->given.path);
		photo->finished = true;
	}
	return FC_OK;
}

/* ---- the person of a photo ---- */

static enum fc_status find_person(const struct enrolment *enrolment, const struct fc_photo *photo,
				  struct fc_azure_person **out, struct fc_error *err)
{
	struct fc_azure_persons *persons = &enrolment->azure->group.persons;
	const char *name = photo->has_number ? enrolment->request->person_name : photo->person;
	*out = photo->has_pid      ? fc_azure_person_by_id(persons, &photo->pid)
	       : photo->has_number ? fc_azure_person_by_number(persons, photo->number)
				   : fc_azure_person_by_name(persons, photo->person);
	if (*out && !(*out)->gone) {
		return photo->has_pid || !photo->has_number
			       ? FC_OK
			       : fc_azure_persons_check_number(persons, photo->number, err);
	}
	if (photo->has_pid) {
		char pid[FC_UUID_TEXT_SIZE];
		fc_uuid_format(&photo->pid, pid);
		return fc_fail(err, FC_CONFLICT, "space '%s' has no person %s",
			       enrolment->azure->group.space, pid);
	}
	char number[32] = "";
	if (photo->has_number) {
		snprintf(number, sizeof(number), "person%llu ", (unsigned long long)photo->number);
	}
	if (name && strlen(number) + strlen(name) > FC_AZURE_NAME_MAXIMUM) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%.40s...' with the prefix '%s' is longer than the maximum of a "
			       "person's name, %d characters",
			       name, number, FC_AZURE_NAME_MAXIMUM);
	}
	return fc_azure_persons_add_new(persons, photo->has_number ? &photo->number : NULL, name,
					photo->user_data, out, err);
}

static struct fc_azure_stored_face *find_face(const struct fc_azure_person *person,
					      const struct fc_uuid *id)
{
	for (size_t i = 0; i < person->face_count; i++) {
		if (fc_uuid_equal(&person->faces[i].id, id)) {
			return &person->faces[i];
		}
	}
	return NULL;
}

static enum fc_status fail_conflict(const struct fc_azure_person *person, struct fc_error *err)
{
	char id[FC_UUID_TEXT_SIZE], text[FC_UUID_TEXT_SIZE];
	fc_uuid_format(&person->id, id);
	if (person->has_number) {
		snprintf(text, sizeof(text), "%llu", (unsigned long long)person->number);
	}
	return fc_fail(err, FC_CONFLICT,
		       "this photo is already a face of person %s%s%.100s%s; if it was moved from "
		       "the folder of that person, --sync moves the face",
		       person->has_number ? text : id, person->name ? " (" : "",
		       person->name ? person->name : "", person->name ? ")" : "");
}

/*
 * FC_CONFLICT if the photo is a face of another person, unless it may move. If it is a face of this person, its digest is noted, so that it
 * need not be read from the service.
 */
static enum fc_status check_stored(const struct enrolment *enrolment,
				   const struct fc_remote_photo *photo,
				   const struct fc_azure_person *person, struct fc_error *err)
{
	const struct fc_stored_at *at = photo->given.stored_at;
	struct fc_uuid id;
	const struct fc_azure_person *owner =
		at ? fc_azure_person_by_id(&enrolment->azure->group.persons, &at->pid) : NULL;
	bool has_id = at && at->reference && fc_uuid_parse(at->reference, &id);
	struct fc_azure_stored_face *face = owner && has_id ? find_face(owner, &id) : NULL;
	if (owner == person && face && !face->read) {
		face->read = face->has_digest = true;
		face->digest = photo->analysis.sha256;
	}
	bool exists = owner && !owner->gone && (face || !has_id);
	return exists && owner != person && !at->may_move ? fail_conflict(owner, err) : FC_OK;
}

/* ---- the steps of a photo ---- */

static enum fc_status finish(struct enrolment *enrolment, struct fc_remote_photo *photo,
			     const struct fc_azure_upload *upload, struct fc_error *err)
{
	struct link *link = calloc(1, sizeof(*link));
	if (!link) {
		return fc_fail_memory(err);
	}
	*link = (struct link){ upload->person, upload->unchanged, "" };
	fc_uuid_format(&upload->stored, link->face);
	photo->result = link;
	photo->release_result = free;
	photo->finished = true;
	enrolment->linked = true;
	return FC_OK;
}

static enum fc_status next(void *context, struct fc_remote_job *job,
			   struct fc_http_request *request, bool *wanted, struct fc_error *err)
{
	struct enrolment *enrolment = context;
	struct set_call *call = job->call;
	struct fc_remote_photo *photo = fc_remote_only_photo(job);
	struct fc_azure_upload *upload = &call->upload;
	if (!upload->person) {
		struct fc_azure_person *person = NULL;
		struct fc_error failure = { 0 };
		enum fc_status status = find_person(enrolment, &photo->given, &person, &failure);
		status =
			status == FC_OK ? check_stored(enrolment, photo, person, &failure) : status;
		if (status != FC_OK) {
			FC_IGNORE(fc_remote_photo_fail(photo, enrolment->azure->options.name,
						       &failure));
			return status == FC_NO_MEMORY ? fc_fail_memory(err) : FC_OK;
		}
		fc_azure_upload_start(upload, person, photo, NULL);
	}
	FC_TRY(fc_azure_upload_next(enrolment->azure, upload, &call->call, wanted, &job->parked,
				    err));
	*request = call->call.request;
	return upload->done ? finish(enrolment, photo, upload, err) : FC_OK;
}

static enum fc_status absorb(void *context, struct fc_remote_run *run, struct fc_remote_job *job,
			     enum fc_status status, const struct fc_http_response *response,
			     struct fc_error *failure, struct fc_error *err)
{
	struct enrolment *enrolment = context;
	struct set_call *call = job->call;
	struct fc_remote_photo *photo = fc_remote_only_photo(job);
	struct fc_azure_upload *upload = &call->upload;
	struct fc_error why = { 0 };
	uint64_t delay_ms = 0;
	status = fc_azure_upload_absorb(enrolment->azure, upload, status, response, failure,
					&delay_ms, &why);
	if (status != FC_OK) {
		fc_azure_count_answer(run, &upload->error, &why);
		fc_azure_fail_photo(enrolment->azure, photo, &upload->error, &why);
		return FC_OK;
	}
	if (upload->answered) {
		fc_remote_service_answered(run);
	}
	fc_remote_delay(run, delay_ms);
	return upload->done ? finish(enrolment, photo, upload, err) : FC_OK;
}

static enum fc_status handle(void *context, struct fc_remote_photo *photo, struct fc_error *err)
{
	struct enrolment *enrolment = context;
	const struct fc_photo_sink *sink = &enrolment->request->sink;
	struct fc_photo_outcome outcome = fc_remote_photo_outcome(photo);
	const struct link *link = photo->result;
	outcome.action = fc_action_of(photo->status, outcome.reason);
	if (link) {
		outcome.identity = (struct fc_identity){
			.pid = link->person->id,
			.has_number = link->person->has_number,
			.number = link->person->number,
			.name = link->person->name,
		};
		outcome.reference = link->face;
		outcome.action = link->unchanged ? FC_ACTION_UNCHANGED : FC_ACTION_ENROLLED;
		enrolment->tally->faces++;
	}
	fc_tally_count(enrolment->tally, photo->status);
	fc_tally_note(enrolment->tally, outcome.action, outcome.reason);
	return sink->report(sink->context, &outcome, err);
}

/* Train the group if this run added faces, or if an earlier run was interrupted before its training. */
static enum fc_status train(struct enrolment *enrolment, struct fc_error *err)
{
	struct fc_azure *azure = enrolment->azure;
	const struct fc_azure_group *group = &azure->group;
	/* a group with the user data of another program has no mark: it is not known whether it needs a training */
	bool outcome_unknown =
		!group->ours && (enrolment->linked || enrolment->request->unfinished);
	if (!group->needs_training && !group->marked && !outcome_unknown) {
		return FC_OK;
	}
	if (fc_http_stopped(&azure->options.http)) {
		return fc_fail(err, FC_BUSY,
			       "service '%s': interrupted before space '%s' was trained; the next "
			       "set or recognize trains it",
			       azure->options.name, group->space);
	}
	return fc_azure_train(azure, err);
}

/* Another program may have created persons with the same numbers since this one read them. */
static enum fc_status check_numbers(struct fc_azure *azure, struct fc_error *err)
{
	const struct fc_azure_persons *persons = &azure->group.persons;
	if (!azure->group.created_numbers || fc_http_stopped(&azure->options.http)) {
		return FC_OK;
	}
	FC_TRY(fc_azure_read_persons(azure, err));
	for (size_t i = 0; i < persons->number_count; i++) {
		FC_TRY_PREFIX(
			fc_azure_persons_check_number(persons, persons->by_number[i]->number, err),
			err, "service '%s': space '%s'", azure->options.name, azure->group.space);
	}
	return FC_OK;
}

enum fc_status fc_azure_check_set(struct fc_service *service, const struct fc_set_request *request,
				  struct fc_error *err)
{
	const struct fc_azure *azure = fc_azure_of(service);
	FC_TRY(fc_azure_refuse_origin(azure, request->origin, err));
	FC_TRY(fc_azure_refuse(azure, request->keep_crops, "crops", err));
	FC_TRY(fc_azure_refuse(azure, request->rules.on_duplicate != FC_DUPLICATE_NEW,
			       "rules for duplicates", err));
	return fc_azure_refuse(azure, fc_quality_limits_ask(&request->rules.quality),
			       "limits on quality", err);
}

enum fc_status fc_azure_set(struct fc_service *service, const struct fc_set_request *request,
			    struct fc_tally *tally, struct fc_error *err)
{
	struct fc_azure *azure = fc_azure_of(service);
	struct enrolment enrolment = { .azure = azure, .request = request, .tally = tally };
	struct fc_remote_batch batch = fc_azure_batch(azure, request->photos);
	batch.call_size = sizeof(struct set_call);
	batch.context = &enrolment;
	batch.check = check;
	batch.next = next;
	batch.absorb = absorb;
	batch.handle = handle;
	FC_TRY(fc_azure_check_set(service, request, err));
	FC_TRY(fc_azure_refuse(azure, request->dry_run, "dry runs of set", err));
	FC_TRY(fc_azure_use_space(azure, request->space, FC_AZURE_ALL_PERSONS, err));
	FC_TRY(fc_remote_photos(&batch, err));
	FC_TRY(train(&enrolment, err));
	return check_numbers(azure, err);
}
