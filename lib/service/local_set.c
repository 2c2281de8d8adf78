/* set on the local engine: a photo with exactly one face becomes a face of a numbered person. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "service/local_scope.h"

struct enrolment {
	struct fc_local *local;
	const struct fc_set_request *request;
	struct fc_tally *tally;
	const struct fc_local_photo *photo;
	/* results, set anew in each run of the change */
	struct fc_person person;
	uint64_t face_id;
	bool already_enrolled;
};

static void enrolment_release(struct enrolment *enrolment)
{
	fc_person_release(&enrolment->person);
}

static bool is_told(const struct fc_photo *asked, const struct fc_person *person)
{
	if (asked->has_pid) {
		return fc_uuid_equal(&asked->pid, &person->pid);
	}
	if (asked->has_number) {
		return person->has_number && asked->number == person->number;
	}
	return person->name && strcmp(asked->person, person->name) == 0;
}

/* The same photo again: fine for the same person, refused for another one. */
static enum fc_status meet_known_photo(struct fc_gallery_txn *txn, struct enrolment *enrolment,
				       const struct fc_face_record *known, struct fc_error *err)
{
	FC_TRY(fc_person_get(txn, &known->pid, &enrolment->person, err));
	if (is_told(&enrolment->photo->asked, &enrolment->person)) {
		enrolment->face_id = known->id;
		enrolment->already_enrolled = true;
		return FC_OK;
	}
	char pid[FC_UUID_TEXT_SIZE];
	fc_uuid_format(&known->pid, pid);
	if (enrolment->person.has_number) {
		return fc_fail(
			err, FC_CONFLICT,
			"'%s': this photo is a face of person %llu already; delete that person "
			"first if it is wrong",
			enrolment->photo->path, (unsigned long long)enrolment->person.number);
	}
	return fc_fail(err, FC_CONFLICT, "'%s': this photo is a face of profile %s already",
		       enrolment->photo->path, pid);
}

static enum fc_status enrol(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct enrolment *enrolment = context;
	const struct fc_set_request *request = enrolment->request;
	const struct fc_local_photo *photo = enrolment->photo;
	struct fc_embedder_pin pin = fc_local_pin(enrolment->local);
	struct fc_local_scope scope;
	FC_CLEANUP(fc_face_record_release) struct fc_face_record known = { 0 };

	enrolment_release(enrolment);
	enrolment->already_enrolled = false;
	FC_TRY(fc_local_check_pin(enrolment->local, txn, err));
	FC_TRY(fc_gallery_set_pin(txn, &pin, err));
	const char *origin = photo->asked.origin ? photo->asked.origin : request->origin;
	FC_TRY(fc_local_scope_find(txn, request->space, origin, true, &scope, err));
	uint32_t space = scope.space.id;
	enum fc_status status =
		fc_face_by_photo(txn, space, &photo->analysis.sha256, 0, &known, err);
	if (status == FC_OK) {
		return meet_known_photo(txn, enrolment, &known, err);
	}
	if (status != FC_NOT_FOUND) {
		return status;
	}
	bool is_new = false;
	FC_TRY(fc_local_told_person(txn, photo, space, request->person_name, &enrolment->person,
				    &is_new, err));
	struct fc_face_record face =
		fc_local_face_record(photo, 0, space, &enrolment->person.pid, scope.origin);
	FC_TRY(fc_face_add(txn, &face, err));
	enrolment->face_id = face.id;
	if (request->keep_crops) {
		FC_TRY(fc_local_keep_crop(txn, space, face.id, &photo->analysis.faces[0], err));
	}
	enum fc_result result = is_new ? FC_RESULT_NEW : FC_RESULT_REINIT;
	if (request->no_entry || !fc_local_saves(&scope, result)) {
		return FC_OK;
	}
	struct fc_entry entry = fc_local_entry(enrolment->local, photo, &photo->analysis.faces[0],
					       space, scope.origin);
	entry.result = result;
	entry.has_pid = true;
	entry.pid = enrolment->person.pid;
	return fc_entry_add(txn, &entry, err);
}

/* What speaks against this photo alone; everything else would meet every further photo too. */
static bool is_the_photos(const struct fc_local_photo *photo)
{
	const struct fc_photo *asked = &photo->asked;
	bool tells = asked->origin || asked->person || asked->user_data;
	return photo->status == FC_CONFLICT || (tells && photo->status == FC_INVALID_ARGUMENT);
}

/* Store the enrolment. A dry run makes no gallery: where there is none yet, nothing can refuse the photo. */
static enum fc_status keep(struct enrolment *enrolment, struct fc_error *err)
{
	if (!enrolment->request->dry_run) {
		return fc_local_change(enrolment->local, FC_GALLERY_CREATE, false, enrol, enrolment,
				       err);
	}
	enum fc_status status =
		fc_local_change(enrolment->local, FC_GALLERY_WRITE, true, enrol, enrolment, err);
	return status == FC_GALLERY_MISSING ? FC_OK : status;
}

static enum fc_status handle(void *context, struct fc_local_photo *photo, struct fc_error *err)
{
	struct enrolment *enrolment = context;
	const struct fc_set_request *request = enrolment->request;
	enrolment->photo = photo;
	fc_local_require_one_face(photo);
	if (photo->status == FC_OK && !fc_local_is_told(photo)) {
		photo->status = fc_fail(&photo->error, FC_INVALID_ARGUMENT,
					"no person_id has been provided");
	}
	if (photo->status == FC_OK) {
		photo->status = keep(enrolment, &photo->error);
		if (photo->status != FC_OK && !is_the_photos(photo)) {
			return fc_fail(err, photo->status, "%s", photo->error.text);
		}
	}
	struct fc_photo_outcome outcome = fc_local_outcome(photo);
	outcome.action = fc_action_of(photo->status, outcome.reason);
	if (photo->status == FC_OK) {
		outcome.identity = (struct fc_identity){
			.pid = enrolment->person.pid,
			.has_number = enrolment->person.has_number,
			.number = enrolment->person.number,
			.name = enrolment->person.name,
		};
		outcome.face_id = enrolment->face_id;
		outcome.action =
			enrolment->already_enrolled ? FC_ACTION_UNCHANGED : FC_ACTION_ENROLLED;
		enrolment->tally->faces++;
	}
	fc_tally_count(enrolment->tally, photo->status);
	fc_tally_note(enrolment->tally, outcome.action, outcome.reason);
	return request->sink.report(request->sink.context, &outcome, err);
}

enum fc_status fc_local_set(struct fc_service *service, const struct fc_set_request *request,
			    struct fc_tally *tally, struct fc_error *err)
{
	FC_CLEANUP(enrolment_release)
	struct enrolment enrolment = {
		.local = fc_local_of(service),
		.request = request,
		.tally = tally,
	};
	struct fc_local_batch batch = {
		.source = request->photos,
		.want = FC_WANT_TEMPLATES | (request->keep_crops ? FC_WANT_CROPS : FC_WANT_FACES),
		.handle = handle,
		.context = &enrolment,
	};
	return fc_local_run(enrolment.local, &batch, err);
}
