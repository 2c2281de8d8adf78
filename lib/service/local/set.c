/* set on the local engine: the chosen face of a photo is stored as a face of the person that the photo was given with. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/memory.h"
#include "gallery/search/search.h"
#include "service/batch/missing.h"
#include "service/local/group.h"
#include "service/local/ledger.h"
#include "service/local/replaced.h"
#include "service/local/rules.h"
#include "service/local/space_view.h"
#include "service/local/twins.h"

struct set_run {
	struct fc_local *local;
	const struct fc_set_request *request;
	struct fc_tally *tally;
	struct fc_batch_ledger ledger;
	bool finds_duplicates;
	struct fc_confidence_map map;
	struct fc_local_plan plan; /* of a dry run */
	struct fc_local_twins twins;
};

/* The result of one photo, in addition to photo->result. */
struct enrolment {
	struct fc_person person; /* the person that the face belongs to */
	bool is_new;             /* added by this photo */
	bool has_other; /* there is a duplicate: another person has this photo or a similar face */
	struct fc_person other;
	float similarity;
	struct fc_buffer warning;
};

static void enrolment_release(void *result)
{
	struct enrolment *enrolment = result;
	fc_person_release(&enrolment->person);
	fc_person_release(&enrolment->other);
	fc_buffer_release(&enrolment->warning);
	*enrolment = (struct enrolment){ 0 };
}

static enum fc_status person_of(const struct fc_identity *identity, struct fc_person *out,
				struct fc_error *err)
{
	*out = (struct fc_person){
		.pid = identity->pid,
		.has_number = identity->has_number,
		.number = identity->number,
		.name = identity->name ? strdup(identity->name) : NULL,
	};
	return identity->name && !out->name ? fc_fail_memory(err) : FC_OK;
}

static bool is_given_person(const struct fc_local_photo *photo, const struct fc_person *person)
{
	const struct fc_identity identity = fc_local_identity(person);
	return fc_local_is_person_of(&photo->given, &identity);
}

/* ---- duplicates ---- */

/* Skip or fail a photo because of a duplicate; photo->error says why. */
static enum fc_status refuse(const struct set_run *run, struct fc_local_photo *photo,
			     enum fc_reason reason, struct fc_error *err)
{
	photo->reason = reason;
	if (run->request->rules.on_duplicate == FC_DUPLICATE_SKIP) {
		photo->result.action = FC_ACTION_SKIPPED;
		return FC_OK;
	}
	return fc_fail(err, photo->error.status, "%s", photo->error.text);
}

/* The photo is already a face of enrolment->person: unchanged if that is the given person, else a duplicate. */
static enum fc_status handle_same_photo(const struct set_run *run, struct fc_local_photo *photo,
					struct enrolment *enrolment, struct fc_error *err)
{
	enum fc_duplicate_rule rule = run->request->rules.on_duplicate;
	char text[FC_LOCAL_PERSON_TEXT];
	if (is_given_person(photo, &enrolment->person) || rule == FC_DUPLICATE_ATTACH) {
		photo->result.action = FC_ACTION_UNCHANGED;
		return FC_OK;
	}
	enrolment->other = FC_STEAL_STRUCT(enrolment->person);
	enrolment->has_other = true;
	enrolment->similarity = 1;
	fc_local_describe(&enrolment->other, text);
	FC_IGNORE(fc_fail(&photo->error, FC_CONFLICT,
			  "'%s': this photo is already a face of %s; if it was moved from the "
			  "folder of that person, --sync moves the face",
			  photo->given.path, text));
	return refuse(run, photo,
		      rule == FC_DUPLICATE_NEW ? FC_REASON_CONFLICT : FC_REASON_DUPLICATE, err);
}

/* The face is similar to enrolment->other: apply the rule for duplicates. *attach: store the face with that person. */
static enum fc_status handle_duplicate(const struct set_run *run, struct fc_local_photo *photo,
				       struct enrolment *enrolment, bool *attach,
				       struct fc_error *err)
{
	char text[FC_LOCAL_PERSON_TEXT];
	enum fc_duplicate_rule rule = run->request->rules.on_duplicate;
	*attach = rule == FC_DUPLICATE_ATTACH;
	if (rule == FC_DUPLICATE_NEW || rule == FC_DUPLICATE_ATTACH) {
		return FC_OK;
	}
	fc_local_describe(&enrolment->other, text);
	FC_IGNORE(fc_fail(&photo->error, FC_CONFLICT,
			  "'%s': duplicate: similarity %.4f to %s; use --on-duplicate attach to "
			  "store the face with that person, or new to store it as given",
			  photo->given.path, (double)enrolment->similarity, text));
	return refuse(run, photo, FC_REASON_DUPLICATE, err);
}

/* Whether a face is similar to a person with this many templates. */
static bool is_similar(const struct set_run *run, const struct fc_bands *bands, float similarity,
		       uint32_t templates)
{
	const struct fc_confidence_map map = fc_confidence_map_for(&run->map, templates);
	enum fc_result band = fc_confidence_band(&map, bands, (double)similarity);
	return band == FC_RESULT_EXACT || band == FC_RESULT_HA;
}

/* Find the nearest person other than the given one, if the face is similar to that person's. */
static enum fc_status find_duplicate(struct fc_gallery_txn *txn, const struct set_run *run,
				     struct fc_local_photo *photo, const struct fc_space *space,
				     struct enrolment *enrolment, struct fc_error *err)
{
	struct fc_search_hit hits[2];
	size_t count = 0;
	const struct fc_analysis *analysis = &photo->analysis;
	if (!run->finds_duplicates) {
		return FC_OK;
	}
	FC_TRY(fc_search(txn, space->id, fc_local_face(photo)->embedding, 1,
			 (uint32_t)analysis->dimension, FC_ARRAY_LENGTH(hits), hits, &count, err));
	for (size_t i = 0; i < count; i++) {
		FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
		if (!is_similar(run, &space->bands, hits[i].score, hits[i].templates)) {
			continue;
		}
		FC_TRY(fc_gallery_referred(txn, fc_person_get(txn, &hits[i].pid, &person, err),
					   err));
		if (!is_given_person(photo, &person)) {
			enrolment->other = FC_STEAL_STRUCT(person);
			enrolment->has_other = true;
			enrolment->similarity = hits[i].score;
			return FC_OK;
		}
	}
	return FC_OK;
}

/* ---- storing ---- */

/* Warn of a new person whose name differs from another one only by case. The names of a space are not read for a single photo. */
static enum fc_status find_twin(struct fc_gallery_txn *txn, struct set_run *run,
				struct enrolment *enrolment, struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *twin = NULL;
	const struct fc_person *person = &enrolment->person;
	if (!enrolment->is_new || !person->name || !run->request->rules.remember) {
		return FC_OK;
	}
	FC_TRY(fc_local_twins_add(txn, &run->twins, person->space, person->name, &twin, err));
	if (twin) {
		fc_buffer_printf(&enrolment->warning,
				 "the names of the persons '%s' and '%s' differ only by case",
				 person->name, twin);
	}
	return FC_OK;
}

static enum fc_status add_face(struct fc_gallery_txn *txn, struct set_run *run,
			       struct fc_local_photo *photo, const struct fc_local_space_view *view,
			       bool attach, struct enrolment *enrolment, struct fc_error *err)
{
	const struct fc_set_request *request = run->request;
	const struct fc_face *found = fc_local_face(photo);
	uint32_t space = view->space.id;
	if (attach) {
		const struct fc_identity other = fc_local_identity(&enrolment->other);
		FC_TRY(person_of(&other, &enrolment->person, err));
	} else {
		FC_TRY(fc_local_person_of_photo(txn, &photo->given, space, request->person_name,
						&enrolment->person, &enrolment->is_new, err));
		FC_TRY(find_twin(txn, run, enrolment, err));
	}
	const struct fc_uuid *pid = &enrolment->person.pid;
	struct fc_face_record face =
		fc_local_face_record(photo, photo->face, space, pid, view->origin);
	face.user_data = fc_lend(request->face_user_data);
	FC_TRY(fc_face_add(txn, &face, err));
	photo->result.action = attach ? FC_ACTION_ATTACHED : FC_ACTION_ENROLLED;
	photo->result.space = space;
	photo->result.pid = *pid;
	photo->result.face = face.id;
	if (request->keep_crops) {
		FC_TRY(fc_local_keep_crop(txn, space, face.id, found, err));
	}
	enum fc_result result = enrolment->is_new ? FC_RESULT_NEW : FC_RESULT_REINIT;
	if (request->no_entry || !fc_local_saves(view, result)) {
		return FC_OK;
	}
	struct fc_entry entry = fc_local_entry(run->local, photo, found, space, view->origin);
	entry.result = result;
	entry.has_pid = true;
	entry.pid = *pid;
	return fc_entry_add(txn, &entry, err);
}

static enum fc_status enrol(struct fc_gallery_txn *txn, struct set_run *run,
			    struct fc_local_photo *photo, struct fc_local_space_view *view,
			    struct enrolment *enrolment, struct fc_error *err)
{
	FC_CLEANUP(fc_face_record_release) struct fc_face_record known = { 0 };
	const struct fc_set_request *request = run->request;
	const struct fc_embedder_pin pin = fc_local_pin(run->local);
	const char *origin = photo->given.origin ? photo->given.origin : request->origin;
	FC_TRY(fc_local_check_pin(run->local, txn, err));
	FC_TRY(fc_gallery_set_pin(txn, &pin, err));
	FC_TRY(fc_local_space_view_find(txn, request->space, origin, true, true, view, err));
	enum fc_status status = fc_face_by_photo(txn, view->space.id, &photo->analysis.sha256,
						 (uint16_t)photo->face, &known, err);
	if (status == FC_OK) {
		FC_TRY(fc_gallery_referred(
			txn, fc_person_get(txn, &known.pid, &enrolment->person, err), err));
		photo->result.space = view->space.id;
		photo->result.pid = known.pid;
		photo->result.face = known.id;
		FC_TRY(handle_same_photo(run, photo, enrolment, err));
	} else if (status == FC_NOT_FOUND) {
		bool attach = false;
		FC_TRY(find_duplicate(txn, run, photo, &view->space, enrolment, err));
		if (enrolment->has_other) {
			photo->result.space = view->space.id;
			photo->result.pid = enrolment->other.pid;
			FC_TRY(handle_duplicate(run, photo, enrolment, &attach, err));
		}
		if (photo->result.action == FC_ACTION_NONE) {
			/* a later failure is not a conflict with the similar person */
			photo->result.space = 0;
			FC_TRY(add_face(txn, run, photo, view, attach, enrolment, err));
		}
	} else {
		return status;
	}
	return photo->result.action == FC_ACTION_SKIPPED
		       ? FC_OK
		       : fc_local_check_replaced(txn, &run->ledger, photo, &enrolment->person.pid,
						 err);
}

/* ---- dry run ---- */

/* Without a gallery every person is new. */
static enum fc_status enrol_without_gallery(const struct set_run *run, struct fc_local_photo *photo,
					    struct enrolment *enrolment, struct fc_error *err)
{
	const struct fc_photo *given = &photo->given;
	const struct fc_identity person = {
		.pid = given->pid,
		.has_number = given->has_number || (given->person && given->number_from > 0),
		.number = given->has_number ? given->number : given->number_from,
		.name = given->person ? given->person : run->request->person_name,
	};
	photo->result.action = FC_ACTION_ENROLLED;
	enrolment->is_new = true;
	return person_of(&person, &enrolment->person, err);
}

/* A new person given by name is the planned person with that name, or gets the next number after those of the plan. */
static void find_planned_person(const struct set_run *run, const struct fc_photo *given,
				struct enrolment *enrolment)
{
	struct fc_person *person = &enrolment->person;
	if (!enrolment->is_new || !given->person || given->has_number) {
		return;
	}
	const struct fc_local_planned *planned = fc_local_plan_named(&run->plan, given->person);
	if (planned) {
		person->pid = planned->person.pid;
		person->has_number = planned->person.has_number;
		person->number = planned->person.number;
	} else if (person->has_number && person->number <= run->plan.last_number) {
		person->number = run->plan.last_number + 1;
	}
}

/* Repeat the decision for a photo that would be stored, with the faces that the dry run would have stored so far. */
static enum fc_status apply_plan(struct set_run *run, struct fc_local_photo *photo,
				 const struct fc_bands *bands, struct enrolment *enrolment,
				 struct fc_error *err)
{
	find_planned_person(run, &photo->given, enrolment);
	struct fc_identity identity = fc_local_identity(&enrolment->person);
	const struct fc_local_planned *planned =
		fc_local_plan_photo(&run->plan, photo, photo->face);
	float similarity = 0;
	if (planned) {
		fc_person_release(&enrolment->person);
		identity = planned->person;
		FC_TRY(person_of(&identity, &enrolment->person, err));
		return handle_same_photo(run, photo, enrolment, err);
	}
	if (run->finds_duplicates && !enrolment->has_other) {
		planned = fc_local_plan_nearest(&run->plan, fc_local_face(photo)->embedding,
						&identity, &similarity);
	}
	if (planned && is_similar(run, bands, similarity, 1)) {
		const struct fc_identity other = planned->person;
		bool attach = false;
		enrolment->has_other = true;
		enrolment->similarity = similarity;
		FC_TRY(person_of(&other, &enrolment->other, err));
		FC_TRY(handle_duplicate(run, photo, enrolment, &attach, err));
		if (attach && photo->result.action == FC_ACTION_ENROLLED) {
			photo->result.action = FC_ACTION_ATTACHED;
			fc_person_release(&enrolment->person);
			FC_TRY(person_of(&other, &enrolment->person, err));
		}
	}
	if (photo->result.action == FC_ACTION_SKIPPED) {
		return FC_OK;
	}
	identity = fc_local_identity(&enrolment->person);
	return fc_local_plan_add(&run->plan, photo, photo->face, &identity, err);
}

/* ---- the verb ---- */

static void begin(void *context, struct fc_local_photo *photo, void *result)
{
	const struct set_run *run = context;
	const struct fc_ledger_item *item = &photo->ledger.item;
	enrolment_release(result);
	if (fc_local_is_known(photo)) {
		bool done = item->state == FC_LEDGER_DONE;
		photo->result.action = done ? FC_ACTION_UNCHANGED : FC_ACTION_SKIPPED;
		photo->reason = done ? FC_REASON_NONE : (enum fc_reason)item->reason;
		if (photo->reason == FC_REASON_CONFLICT) {
			/* the photo still has the face of another person: that is reported until it is resolved */
			photo->status = fc_fail(&photo->error, FC_CONFLICT, "%s",
						item->text ? item->text : "conflict");
		}
		return;
	}
	fc_local_choose_face(photo);
	if (photo->status == FC_OK && !fc_local_has_person(&photo->given)) {
		photo->status =
			fc_fail_code(&photo->error, FC_INVALID_ARGUMENT, FC_CODE_NO_PERSON_ID,
				     "'%s': no person was given for this photo", photo->given.path);
	}
	if (photo->status == FC_OK) {
		photo->status = fc_quality_check(&run->request->rules.quality, fc_local_face(photo),
						 photo->given.path, &photo->reason, &photo->error);
	}
}

static enum fc_status decide(struct fc_gallery_txn *txn, void *context,
			     struct fc_local_photo *photo, void *result, struct fc_error *err)
{
	struct set_run *run = context;
	struct fc_local_space_view view = { .space = { .bands = fc_bands_default() } };
	FC_TRY(txn ? enrol(txn, run, photo, &view, result, err)
		   : enrol_without_gallery(run, photo, result, err));
	enum fc_action action = photo->result.action;
	bool stores = action != FC_ACTION_UNCHANGED && action != FC_ACTION_SKIPPED;
	return run->request->dry_run && stores
		       ? apply_plan(run, photo, &view.space.bands, result, err)
		       : FC_OK;
}

static enum fc_status report(void *context, struct fc_local_photo *photo, void *result,
			     struct fc_error *err)
{
	const struct set_run *run = context;
	struct enrolment *enrolment = result;
	const struct fc_photo_sink *sink = &run->request->sink;
	struct fc_photo_outcome outcome = fc_local_outcome(photo);
	bool known = fc_local_is_known(photo);
	outcome.action = photo->result.action;
	outcome.warning =
		enrolment->warning.length > 0 ? fc_buffer_text(&enrolment->warning) : NULL;
	if (outcome.action == FC_ACTION_SKIPPED) {
		outcome.error = known ? photo->ledger.item.text : photo->error.text;
	} else if (photo->status == FC_OK) {
		outcome.identity = known ? fc_local_known_identity(&photo->ledger)
					 : fc_local_identity(&enrolment->person);
		outcome.face_id = known ? photo->ledger.item.face : photo->result.face;
		run->tally->faces++;
	}
	outcome.duplicate = (struct fc_duplicate){
		.found = enrolment->has_other,
		.person = fc_local_identity(&enrolment->other),
		.similarity = enrolment->similarity,
	};
	fc_tally_count(run->tally, photo->status);
	fc_tally_note(run->tally, outcome.action, outcome.reason);
	return sink->report(sink->context, &outcome, err);
}

static void run_release(struct set_run *run)
{
	fc_batch_ledger_release(&run->ledger);
	fc_local_plan_release(&run->plan);
	fc_local_twins_release(&run->twins);
}

enum fc_status fc_local_set(struct fc_service *service, const struct fc_set_request *request,
			    struct fc_tally *tally, struct fc_error *err)
{
	FC_CLEANUP(run_release)
	struct set_run run = {
		.local = fc_local_of(service),
		.request = request,
		.tally = tally,
	};
	const struct fc_local_verb verb = {
		.source = request->photos,
		.want = FC_WANT_ALONE | FC_WANT_TEMPLATES |
			(request->keep_crops ? FC_WANT_CROPS : FC_WANT_FACES),
		.ledger = &run.ledger,
		.mode = FC_GALLERY_CREATE,
		.dry_run = request->dry_run,
		.result_size = sizeof(struct enrolment),
		.context = &run,
		.begin = begin,
		.decide = decide,
		.report = report,
		.release = enrolment_release,
	};
	/* The rule `new` only reports faces that look like another person, so it does not need a calibration. */
	bool reports = request->rules.on_duplicate == FC_DUPLICATE_NEW;
	enum fc_status status = fc_local_confidence(run.local, &run.map, reports ? NULL : err);
	FC_TRY(reports ? FC_OK : status);
	run.finds_duplicates = status == FC_OK;
	FC_TRY(fc_local_set_ledger_init(run.local, request->space, request->origin, &request->rules,
					&run.ledger, err));
	FC_TRY(fc_local_run_verb(run.local, &verb, err));
	return request->root && run.ledger.enabled
		       ? fc_missing_photos_count(&run.ledger, request->origin, request->root, tally,
						 err)
		       : FC_OK;
}
