/* set on the local engine: a photo with exactly one face becomes a face of the person that it was said to show. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "gallery/search/search.h"
#include "service/local/group.h"
#include "service/local/rules.h"
#include "service/local/space_view.h"

/* One request. */
struct set_run {
	struct fc_local *local;
	const struct fc_set_request *request;
	struct fc_tally *tally;
	struct fc_local_memory memory;
	bool finds_duplicates;
	struct fc_confidence_map map; /* then */
	struct fc_local_plan plan;    /* of a dry run */
};

/* One photo. */
struct enrolment {
	enum fc_action action;
	uint32_t space;
	struct fc_person person; /* whose face it is */
	bool is_new;             /* who was nobody before */
	uint64_t face_id;
	bool has_other; /* somebody else whom the face looks like, or who has the photo */
	struct fc_person other;
	float similarity;
};

static void enrolment_release(void *result)
{
	struct enrolment *enrolment = result;
	fc_person_release(&enrolment->person);
	fc_person_release(&enrolment->other);
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

static bool is_told(const struct fc_local_photo *photo, const struct fc_person *person)
{
	const struct fc_identity identity = fc_local_identity(person);
	return fc_local_tells(&photo->asked, &identity);
}

enum { WHO_SIZE = 320 };

/* "person 7 (anna)", "profile 0b77... (anna)"; in a plan without a gallery nobody has a UUID yet: "person (anna)". */
static void describe(const struct fc_person *person, char *out)
{
	char pid[FC_UUID_TEXT_SIZE];
	const char *name = person->name;
	int length;
	fc_uuid_format(&person->pid, pid);
	if (person->has_number) {
		length = snprintf(out, WHO_SIZE, "person %" PRIu64, person->number);
	} else if (!fc_uuid_is_nil(&person->pid)) {
		length = snprintf(out, WHO_SIZE, "profile %s", pid);
	} else {
		length = snprintf(out, WHO_SIZE, "person");
	}
	if (name && length > 0 && length < WHO_SIZE) {
		snprintf(out + length, (size_t)(WHO_SIZE - length), " (%s)", name);
	}
}

/* ---- a photo, or a face, that is somebody else's ---- */

static void skip(struct fc_local_photo *photo, struct enrolment *enrolment)
{
	enrolment->action = FC_ACTION_SKIPPED;
	photo->reason = FC_REASON_DUPLICATE;
}

/* The same photo again, as a face of enrolment->person: fine for the same person, else a duplicate of the plainest kind. */
static enum fc_status meet_known_photo(const struct set_run *run, struct fc_local_photo *photo,
				       struct enrolment *enrolment, struct fc_error *err)
{
	enum fc_duplicate_rule rule = run->request->rules.on_duplicate;
	char who[WHO_SIZE];
	if (is_told(photo, &enrolment->person) || rule == FC_DUPLICATE_ATTACH) {
		enrolment->action = FC_ACTION_UNCHANGED;
		return FC_OK;
	}
	enrolment->other = enrolment->person;
	enrolment->person = (struct fc_person){ 0 };
	enrolment->has_other = true;
	enrolment->similarity = 1;
	enrolment->face_id = 0;
	describe(&enrolment->other, who);
	enum fc_status status = fc_fail(&photo->error, FC_CONFLICT,
					"'%s': this photo is a face of %s already; delete that "
					"person first if it is wrong",
					photo->path, who);
	if (rule == FC_DUPLICATE_SKIP) {
		skip(photo, enrolment);
		return FC_OK;
	}
	photo->reason = rule == FC_DUPLICATE_ERROR ? FC_REASON_DUPLICATE : FC_REASON_CONFLICT;
	return fc_fail(err, status, "%s", photo->error.text);
}

/* The face looks like enrolment->other: do what the rule says. *attach: it becomes a face of that person. */
static enum fc_status meet_duplicate(const struct set_run *run, struct fc_local_photo *photo,
				     struct enrolment *enrolment, bool *attach,
				     struct fc_error *err)
{
	char who[WHO_SIZE];
	enum fc_duplicate_rule rule = run->request->rules.on_duplicate;
	*attach = rule == FC_DUPLICATE_ATTACH;
	if (rule == FC_DUPLICATE_NEW || rule == FC_DUPLICATE_ATTACH) {
		return FC_OK;
	}
	describe(&enrolment->other, who);
	FC_IGNORE(fc_fail(&photo->error, FC_CONFLICT,
			  "'%s': duplicate: similarity %.4f to %s; say --on-duplicate attach to "
			  "store it there, or new to store it all the same",
			  photo->path, (double)enrolment->similarity, who));
	if (rule == FC_DUPLICATE_SKIP) {
		skip(photo, enrolment);
		return FC_OK;
	}
	photo->reason = FC_REASON_DUPLICATE;
	return fc_fail(err, FC_CONFLICT, "%s", photo->error.text);
}

static bool is_alike(const struct set_run *run, const struct fc_bands *bands, float similarity)
{
	enum fc_result band = fc_confidence_band(&run->map, bands, (double)similarity);
	return band == FC_RESULT_EXACT || band == FC_RESULT_HA;
}

/* The nearest person other than the one that is told, if the face is that person's with high accuracy. */
static enum fc_status find_duplicate(struct fc_gallery_txn *txn, const struct set_run *run,
				     const struct fc_local_photo *photo,
				     const struct fc_space *space, struct enrolment *enrolment,
				     struct fc_error *err)
{
	struct fc_search_hit hits[2];
	size_t count = 0;
	const struct fc_analysis *analysis = &photo->analysis;
	if (!run->finds_duplicates) {
		return FC_OK;
	}
	FC_TRY(fc_search(txn, space->id, analysis->faces[0].embedding, 1,
			 (uint32_t)analysis->dimension, FC_ARRAY_LENGTH(hits), hits, &count, err));
	for (size_t i = 0; i < count && !enrolment->has_other; i++) {
		FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
		if (!is_alike(run, &space->bands, hits[i].score)) {
			break;
		}
		FC_TRY(fc_person_get(txn, &hits[i].pid, &person, err));
		if (!is_told(photo, &person)) {
			enrolment->other = person;
			enrolment->has_other = true;
			enrolment->similarity = hits[i].score;
			person = (struct fc_person){ 0 };
		}
	}
	return FC_OK;
}

/* ---- storing ---- */

static enum fc_status log_entry(struct fc_gallery_txn *txn, const struct set_run *run,
				const struct fc_local_photo *photo,
				const struct fc_local_scope *scope, const struct fc_uuid *pid,
				bool is_new, struct fc_error *err)
{
	enum fc_result result = is_new ? FC_RESULT_NEW : FC_RESULT_REINIT;
	if (run->request->no_entry || !fc_local_saves(scope, result)) {
		return FC_OK;
	}
	struct fc_entry entry = fc_local_entry(run->local, photo, &photo->analysis.faces[0],
					       scope->space.id, scope->origin);
	entry.result = result;
	entry.has_pid = true;
	entry.pid = *pid;
	return fc_entry_add(txn, &entry, err);
}

/* The face that the file held before goes, if the file alone held it. */
static enum fc_status remove_replaced(struct fc_gallery_txn *txn, struct set_run *run,
				      const struct fc_local_photo *photo,
				      struct enrolment *enrolment, struct fc_error *err)
{
	uint64_t face;
	FC_TRY(fc_local_memory_replaced(txn, &run->memory, photo, &enrolment->person.pid, &face,
					err));
	if (face == 0 || face == enrolment->face_id) {
		return FC_OK;
	}
	enrolment->action = FC_ACTION_REPLACED;
	return fc_face_delete(txn, enrolment->space, face, err);
}

static enum fc_status add_face(struct fc_gallery_txn *txn, struct set_run *run,
			       const struct fc_local_photo *photo,
			       const struct fc_local_scope *scope, bool attach,
			       struct enrolment *enrolment, struct fc_error *err)
{
	const struct fc_set_request *request = run->request;
	uint32_t space = scope->space.id;
	if (attach) {
		enrolment->action = FC_ACTION_ATTACHED;
		const struct fc_identity other = fc_local_identity(&enrolment->other);
		FC_TRY(person_of(&other, &enrolment->person, err));
	} else {
		enrolment->action = FC_ACTION_ENROLLED;
		FC_TRY(fc_local_told_person(txn, photo, space, request->person_name,
					    &enrolment->person, &enrolment->is_new, err));
	}
	struct fc_face_record face =
		fc_local_face_record(photo, 0, space, &enrolment->person.pid, scope->origin);
	FC_TRY(fc_face_add(txn, &face, err));
	enrolment->face_id = face.id;
	if (request->keep_crops) {
		FC_TRY(fc_local_keep_crop(txn, space, face.id, &photo->analysis.faces[0], err));
	}
	return log_entry(txn, run, photo, scope, &enrolment->person.pid, enrolment->is_new, err);
}

static enum fc_status enrol_in(struct fc_gallery_txn *txn, struct set_run *run,
			       struct fc_local_photo *photo, struct fc_local_scope *scope,
			       struct enrolment *enrolment, struct fc_error *err)
{
	FC_CLEANUP(fc_face_record_release) struct fc_face_record known = { 0 };
	const struct fc_set_request *request = run->request;
	const struct fc_embedder_pin pin = fc_local_pin(run->local);
	const char *origin = photo->asked.origin ? photo->asked.origin : request->origin;
	bool attach = false;
	FC_TRY(fc_local_check_pin(run->local, txn, err));
	FC_TRY(fc_gallery_set_pin(txn, &pin, err));
	FC_TRY(fc_local_scope_find(txn, request->space, origin, true, scope, err));
	enrolment->space = scope->space.id;
	enum fc_status status =
		fc_face_by_photo(txn, scope->space.id, &photo->analysis.sha256, 0, &known, err);
	if (status == FC_OK) {
		FC_TRY(fc_person_get(txn, &known.pid, &enrolment->person, err));
		enrolment->face_id = known.id;
		FC_TRY(meet_known_photo(run, photo, enrolment, err));
	} else if (status != FC_NOT_FOUND) {
		return status;
	} else {
		FC_TRY(find_duplicate(txn, run, photo, &scope->space, enrolment, err));
		if (enrolment->has_other) {
			FC_TRY(meet_duplicate(run, photo, enrolment, &attach, err));
		}
		if (enrolment->action == FC_ACTION_NONE) {
			FC_TRY(add_face(txn, run, photo, scope, attach, enrolment, err));
		}
	}
	return enrolment->action == FC_ACTION_SKIPPED
		       ? FC_OK
		       : remove_replaced(txn, run, photo, enrolment, err);
}

/* ---- a dry run ---- */

/* Where there is no gallery yet, everybody is new. */
static enum fc_status pretend(const struct set_run *run, const struct fc_local_photo *photo,
			      struct enrolment *enrolment, struct fc_error *err)
{
	const struct fc_photo *asked = &photo->asked;
	const struct fc_identity told = {
		.pid = asked->pid,
		.has_number = asked->has_number || (asked->person && asked->number_from > 0),
		.number = asked->has_number ? asked->number : asked->number_from,
		.name = asked->person ? asked->person : run->request->person_name,
	};
	enrolment->action = FC_ACTION_ENROLLED;
	enrolment->is_new = true;
	return person_of(&told, &enrolment->person, err);
}

/* Somebody new by name is whoever of the plan bears it, or gets a number that nobody of the plan has. */
static void meet_planned_person(const struct set_run *run, const struct fc_photo *asked,
				struct enrolment *enrolment)
{
	struct fc_person *person = &enrolment->person;
	if (!enrolment->is_new || !asked->person || asked->has_number) {
		return;
	}
	const struct fc_local_planned *planned = fc_local_plan_named(&run->plan, asked->person);
	if (planned) {
		person->pid = planned->pid;
		person->has_number = planned->has_number;
		person->number = planned->number;
	} else if (person->has_number && person->number <= run->plan.last_number) {
		person->number = run->plan.last_number + 1;
	}
}

/* Decide again about a photo that would be stored, with what the dry run would have stored by now. */
static enum fc_status consult_plan(struct set_run *run, struct fc_local_photo *photo,
				   const struct fc_bands *bands, struct enrolment *enrolment,
				   struct fc_error *err)
{
	meet_planned_person(run, &photo->asked, enrolment);
	struct fc_identity identity = fc_local_identity(&enrolment->person);
	const struct fc_local_planned *planned = fc_local_plan_photo(&run->plan, photo, 0);
	float similarity = 0;
	bool attach = false;
	if (planned) {
		struct fc_person told = enrolment->person;
		enrolment->person = (struct fc_person){ 0 };
		identity = fc_local_plan_identity(planned);
		enum fc_status status = person_of(&identity, &enrolment->person, err);
		fc_person_release(&told);
		return status == FC_OK ? meet_known_photo(run, photo, enrolment, err) : status;
	}
	if (run->finds_duplicates && !enrolment->has_other) {
		planned = fc_local_plan_nearest(&run->plan, photo->analysis.faces[0].embedding,
						&identity, &similarity);
	}
	if (planned && is_alike(run, bands, similarity)) {
		const struct fc_identity other = fc_local_plan_identity(planned);
		enrolment->has_other = true;
		enrolment->similarity = similarity;
		FC_TRY(person_of(&other, &enrolment->other, err));
		enum fc_action before = enrolment->action;
		FC_TRY(meet_duplicate(run, photo, enrolment, &attach, err));
		if (attach && before == FC_ACTION_ENROLLED) {
			enrolment->action = FC_ACTION_ATTACHED;
			fc_person_release(&enrolment->person);
			FC_TRY(person_of(&other, &enrolment->person, err));
		}
	}
	if (enrolment->action == FC_ACTION_SKIPPED) {
		return FC_OK;
	}
	identity = fc_local_identity(&enrolment->person);
	return fc_local_plan_add(&run->plan, photo, 0, &identity, err);
}

static bool would_store(const struct enrolment *enrolment)
{
	return enrolment->action == FC_ACTION_ENROLLED || enrolment->action == FC_ACTION_REPLACED ||
	       enrolment->action == FC_ACTION_ATTACHED;
}

/* ---- the verb ---- */

static void begin(void *context, struct fc_local_photo *photo, void *result)
{
	const struct set_run *run = context;
	struct enrolment *enrolment = result;
	const struct fc_ledger_item *item = &photo->recall.item;
	enrolment_release(enrolment);
	if (photo->recall.known) {
		bool done = item->state == FC_LEDGER_DONE;
		enrolment->action = done ? FC_ACTION_UNCHANGED : FC_ACTION_SKIPPED;
		photo->reason = done ? FC_REASON_NONE : (enum fc_reason)item->reason;
		return;
	}
	fc_local_require_one_face(photo);
	if (photo->status == FC_OK && !fc_local_is_told(photo)) {
		photo->status =
			fc_fail_code(&photo->error, FC_INVALID_ARGUMENT, FC_CODE_NO_PERSON_ID,
				     "'%s': the photo has no person", photo->path);
	}
	if (photo->status == FC_OK) {
		photo->status = fc_local_check_quality(&run->request->rules.quality,
						       &photo->analysis.faces[0], photo->path,
						       &photo->reason, &photo->error);
	}
}

static enum fc_status store(struct fc_gallery_txn *txn, void *context, struct fc_local_photo *photo,
			    void *result, struct fc_error *err)
{
	struct set_run *run = context;
	struct enrolment *enrolment = result;
	struct fc_local_scope scope = { .space = { .bands = fc_bands_default() } };
	FC_TRY(txn ? enrol_in(txn, run, photo, &scope, enrolment, err)
		   : pretend(run, photo, enrolment, err));
	return run->request->dry_run && would_store(enrolment)
		       ? consult_plan(run, photo, &scope.space.bands, enrolment, err)
		       : FC_OK;
}

/* What speaks against this photo alone; everything else would meet every further photo too. */
static bool is_the_photos(const struct fc_local_photo *photo, enum fc_status status)
{
	const struct fc_photo *asked = &photo->asked;
	bool tells = asked->origin || asked->person || asked->user_data;
	return status == FC_CONFLICT || (tells && status == FC_INVALID_ARGUMENT);
}

static enum fc_action action_of(const struct fc_local_photo *photo,
				const struct enrolment *enrolment)
{
	if (photo->recall.replaces) {
		return FC_ACTION_REPLACED;
	}
	return photo->status == FC_OK ? enrolment->action
				      : fc_action_of(photo->status, fc_local_reason(photo));
}

static struct fc_local_result result_of(const struct fc_local_photo *photo, const void *result)
{
	const struct enrolment *enrolment = result;
	struct fc_local_result out = {
		.action = action_of(photo, enrolment),
		.reason = fc_local_reason(photo),
		.error = photo->error.text,
	};
	if (enrolment->face_id != 0) {
		out.space = enrolment->space;
		out.pid = enrolment->person.pid;
		out.face = enrolment->face_id;
	} else if (enrolment->has_other) {
		out.space = enrolment->space;
		out.pid = enrolment->other.pid;
	}
	return out;
}

/* Whose face it is: as stored, or as remembered. */
static void tell_person(const struct fc_local_photo *photo, const struct enrolment *enrolment,
			struct fc_photo_outcome *outcome)
{
	const struct fc_local_recall *recall = &photo->recall;
	if (outcome->action == FC_ACTION_SKIPPED || outcome->status != FC_OK) {
		return;
	}
	if (!recall->known) {
		outcome->identity = fc_local_identity(&enrolment->person);
		outcome->face_id = enrolment->face_id;
		return;
	}
	outcome->identity = fc_local_recalled(recall);
	outcome->face_id = recall->item.face;
}

static enum fc_status report(void *context, struct fc_local_photo *photo, void *result,
			     struct fc_error *err)
{
	const struct set_run *run = context;
	const struct enrolment *enrolment = result;
	const struct fc_photo_sink *sink = &run->request->sink;
	struct fc_photo_outcome outcome = fc_local_outcome(photo);
	outcome.action = action_of(photo, enrolment);
	tell_person(photo, enrolment, &outcome);
	if (outcome.action == FC_ACTION_SKIPPED) {
		outcome.error = photo->recall.known ? photo->recall.item.text : photo->error.text;
	}
	outcome.duplicate = (struct fc_duplicate){
		.found = enrolment->has_other,
		.person = fc_local_identity(&enrolment->other),
		.similarity = enrolment->similarity,
	};
	run->tally->faces += photo->status == FC_OK && outcome.action != FC_ACTION_SKIPPED;
	fc_tally_count(run->tally, photo->status);
	fc_tally_note(run->tally, outcome.action, outcome.reason);
	return sink->report(sink->context, &outcome, err);
}

/* A photo without exactly one face has none whatever is asked; what a limit refused another may let pass. */
static bool hangs_on_rules(enum fc_reason reason)
{
	return reason != FC_REASON_BAD_IMAGE && reason != FC_REASON_NO_FACE &&
	       reason != FC_REASON_SEVERAL_FACES && reason != FC_REASON_CONFLICT &&
	       reason != FC_REASON_DECODER_CRASHED && reason != FC_REASON_TIMED_OUT;
}

struct fc_local_memory fc_local_set_memory(struct fc_local *local, const char *space,
					   const char *origin, const struct fc_enrol_rules *rules)
{
	return (struct fc_local_memory){
		.local = local,
		.verb = "set",
		.space = space,
		.origin = origin,
		.rules = *rules,
		.hangs_on_rules = hangs_on_rules,
	};
}

/* A dry run tells duplicates whatever the rule, where that can be told. */
static enum fc_status prepare(struct set_run *run, struct fc_error *err)
{
	bool wanted = run->request->rules.on_duplicate != FC_DUPLICATE_NEW;
	if (wanted) {
		FC_TRY(fc_local_confidence(run->local, &run->map, err));
	}
	run->finds_duplicates =
		wanted || (run->request->dry_run &&
			   fc_local_confidence(run->local, &run->map, NULL) == FC_OK);
	return fc_local_memory_init(&run->memory, NULL, err);
}

enum fc_status fc_local_set(struct fc_service *service, const struct fc_set_request *request,
			    struct fc_tally *tally, struct fc_error *err)
{
	struct set_run run = {
		.local = fc_local_of(service),
		.request = request,
		.tally = tally,
		.memory = fc_local_set_memory(fc_local_of(service), request->space, request->origin,
					      &request->rules),
	};
	const struct fc_local_verb verb = {
		.result_size = sizeof(struct enrolment),
		.begin = begin,
		.store = store,
		.is_the_photos = is_the_photos,
		.result_of = result_of,
		.report = report,
		.release = enrolment_release,
		.context = &run,
	};
	enum fc_want want = FC_WANT_ALONE | FC_WANT_TEMPLATES |
			    (request->keep_crops ? FC_WANT_CROPS : FC_WANT_FACES);
	enum fc_status status = prepare(&run, err);
	if (status == FC_OK) {
		status = fc_local_enrol(run.local, request->photos, want, request->dry_run,
					&run.memory, &verb, err);
	}
	fc_local_memory_release(&run.memory);
	fc_local_plan_release(&run.plan);
	return status;
}
