/* create of profiles on the local engine: the platform's rules of exact, ha and junk say whether a photo's face is somebody new. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "gallery/search/search.h"
#include "service/local/group.h"
#include "service/local/profile_compare.h"
#include "service/local/rules.h"

/* One request. */
struct create_run {
	const struct fc_profile_create_request *request;
	struct fc_local_look look; /* what the look at each photo begins as */
	struct fc_local_memory memory;
	struct fc_local_plan plan; /* of a dry run */
};

static struct create_run *run_of(const struct fc_local_look *look)
{
	struct create_run *run;
	memcpy(&run, &look->request, sizeof(run));
	return run;
}

static const struct fc_profile_create_request *request_of(const struct fc_local_look *look)
{
	return run_of(look)->request;
}

static bool is_allowed(enum fc_choice choice, const struct fc_local_scope *scope,
		       enum fc_origin_flag flag)
{
	return choice == FC_CHOICE_OPEN ? (scope->settings.flags & flag) != 0
					: choice == FC_CHOICE_YES;
}

/* Whether a face of this band becomes a profile of its own. */
static bool makes_profile(const struct fc_profile_create_request *request,
			  const struct fc_local_scope *scope, enum fc_result band)
{
	switch (band) {
	case FC_RESULT_EXACT:
		return false;
	case FC_RESULT_HA:
		return is_allowed(request->create_on_ha, scope, FC_ORIGIN_CREATE_ON_HA);
	case FC_RESULT_JUNK:
		return is_allowed(request->create_on_junk, scope, FC_ORIGIN_CREATE_ON_JUNK);
	default:
		return true;
	}
}

static enum fc_status add_profile(struct fc_gallery_txn *txn, struct fc_local_look *look,
				  struct fc_error *err)
{
	const struct fc_profile_create_request *request = request_of(look);
	const struct fc_local_photo *photo = look->photo;
	const char *name = photo->asked.person ? photo->asked.person : request->person_name;
	const char *user_data =
		photo->asked.user_data ? photo->asked.user_data : request->user_data;
	struct fc_person person = {
		.space = look->scope.space.id,
		.pid = photo->asked.pid,
		.has_number = photo->asked.has_number,
		.number = photo->asked.number,
	};
	/* The gallery copies them; the person only borrows. */
	memcpy(&person.name, &name, sizeof(name));
	memcpy(&person.user_data, &user_data, sizeof(user_data));
	FC_TRY(fc_person_add(txn, &person, err));
	FC_TRY(fc_local_look_name(txn, look, &person.pid, err));
	look->outcome.result = FC_RESULT_NEW;
	look->outcome.action = FC_ACTION_ENROLLED;
	return fc_local_look_store(txn, look, err);
}

/* ---- somebody is found ---- */

/* The face is that of a profile other than the one that was told: do what the rule says. */
static enum fc_status meet_duplicate(struct fc_local_look *look, struct fc_error *err)
{
	struct fc_profile_outcome *outcome = &look->outcome;
	struct fc_local_photo *photo = look->photo;
	enum fc_duplicate_rule rule = request_of(look)->rules.on_duplicate;
	char pid[FC_UUID_TEXT_SIZE];
	outcome->duplicate = (struct fc_duplicate){
		.found = true,
		.person = outcome->profile,
		.similarity = outcome->similarity,
	};
	if (rule == FC_DUPLICATE_NEW || rule == FC_DUPLICATE_ATTACH) {
		return FC_OK;
	}
	fc_uuid_format(&outcome->profile.pid, pid);
	FC_IGNORE(fc_fail(&photo->error, FC_CONFLICT,
			  "'%s': duplicate: similarity %.4f (%s) to profile %s; say "
			  "--on-duplicate attach to store it there",
			  photo->path, (double)outcome->similarity, fc_result_name(outcome->result),
			  pid));
	photo->reason = FC_REASON_DUPLICATE;
	outcome->reason = FC_REASON_DUPLICATE;
	if (rule == FC_DUPLICATE_SKIP) {
		outcome->action = FC_ACTION_SKIPPED;
		outcome->error = photo->error.text;
		return FC_OK;
	}
	return fc_fail(err, FC_CONFLICT, "%s", photo->error.text);
}

/* Nothing is stored for who is found, unless the rule or the file's past wants the face there. */
static enum fc_status keep_found(struct fc_gallery_txn *txn, struct fc_local_look *look,
				 struct fc_error *err)
{
	struct create_run *run = run_of(look);
	struct fc_profile_outcome *outcome = &look->outcome;
	bool attach = run->request->rules.on_duplicate == FC_DUPLICATE_ATTACH;
	uint64_t replaced;
	if (!fc_local_tells(&look->photo->asked, &outcome->profile)) {
		FC_TRY(meet_duplicate(look, err));
	}
	if (outcome->action == FC_ACTION_SKIPPED) {
		return FC_OK;
	}
	FC_TRY(fc_local_memory_replaced(txn, &run->memory, look->photo, &outcome->profile.pid,
					&replaced, err));
	if (replaced != 0 || attach) {
		outcome->action = replaced != 0 ? FC_ACTION_REPLACED : FC_ACTION_ATTACHED;
		FC_TRY(fc_local_look_store(txn, look, err));
	}
	return replaced != 0 ? fc_face_delete(txn, look->scope.space.id, replaced, err) : FC_OK;
}

/* The same photo again: its face is there. */
static enum fc_status find_photo(struct fc_gallery_txn *txn, struct fc_local_look *look,
				 bool *found, struct fc_error *err)
{
	FC_CLEANUP(fc_face_record_release) struct fc_face_record known = { 0 };
	enum fc_status status =
		fc_face_by_photo(txn, look->scope.space.id, &look->photo->analysis.sha256,
				 (uint16_t)look->face_index, &known, err);
	*found = status == FC_OK;
	if (!*found) {
		return status == FC_NOT_FOUND ? FC_OK : status;
	}
	look->outcome.result = FC_RESULT_EXACT;
	FC_TRY(fc_local_look_name(txn, look, &known.pid, err));
	look->outcome.face_id = known.id;
	return FC_OK;
}

static enum fc_status judge(struct fc_local_look *look, struct fc_error *err)
{
	struct fc_local_photo *photo = look->photo;
	FC_TRY(fc_local_look_choose(look, true, err));
	return fc_local_check_quality(&request_of(look)->rules.quality, look->outcome.face,
				      photo->path, &photo->reason, err);
}

/* Search and add in one transaction, so that two processes at once make one profile. */
static enum fc_status find_or_create(struct fc_gallery_txn *txn, struct fc_local_look *look,
				     struct fc_error *err)
{
	const struct fc_profile_create_request *request = request_of(look);
	struct fc_search_hit hit;
	size_t count = 0;
	bool same_photo = false;
	FC_TRY(judge(look, err));
	FC_TRY(fc_local_look_search(txn, look, look->outcome.face->embedding, 1, &hit, &count,
				    err));
	look->outcome.result = FC_RESULT_NM;
	look->outcome.action = FC_ACTION_UNCHANGED;
	if (count > 0) {
		fc_local_look_compare(look, hit.score);
	}
	if (makes_profile(request, &look->scope, look->outcome.result)) {
		FC_TRY(add_profile(txn, look, err));
	} else {
		FC_TRY(find_photo(txn, look, &same_photo, err));
		if (!same_photo) {
			FC_TRY(fc_local_look_name(txn, look, &hit.pid, err));
			FC_TRY(keep_found(txn, look, err));
		}
	}
	return look->outcome.action == FC_ACTION_SKIPPED ? FC_OK
							 : fc_local_look_log(txn, look, err);
}

/* ---- a dry run ---- */

/* Where there is no gallery yet, whoever it is would be new. */
static enum fc_status pretend(struct fc_local_look *look, struct fc_error *err)
{
	FC_TRY(judge(look, err));
	look->scope.space.bands = fc_bands_default();
	look->outcome.result = FC_RESULT_NEW;
	look->outcome.action = FC_ACTION_ENROLLED;
	return FC_OK;
}

static enum fc_status plan_face(struct create_run *run, const struct fc_local_look *look,
				struct fc_error *err)
{
	const struct fc_photo *asked = &look->photo->asked;
	struct fc_identity profile = look->outcome.profile;
	if (!look->outcome.has_profile) {
		profile = (struct fc_identity){
			.pid = fc_uuid_new(),
			.has_number = asked->has_number,
			.number = asked->number,
			.name = asked->person ? asked->person : run->request->person_name,
		};
	}
	return fc_local_plan_add(&run->plan, look->photo, look->face_index, &profile, err);
}

/* Decide again, with what the dry run would have stored by now. */
static enum fc_status consult_plan(struct create_run *run, struct fc_local_look *look,
				   struct fc_error *err)
{
	struct fc_profile_outcome *outcome = &look->outcome;
	float similarity = 0;
	const struct fc_local_planned *planned =
		fc_local_plan_nearest(&run->plan, outcome->face->embedding, NULL, &similarity);
	if (planned && (!outcome->has_similarity || similarity > outcome->similarity)) {
		fc_local_look_compare(look, similarity);
		if (makes_profile(run->request, &look->scope, outcome->result)) {
			outcome->result = FC_RESULT_NEW;
			outcome->action = FC_ACTION_ENROLLED;
		} else {
			outcome->has_profile = true;
			outcome->profile = fc_local_plan_identity(planned);
			outcome->action = FC_ACTION_UNCHANGED;
			bool same = fc_sha256_equal(&planned->photo, &look->photo->analysis.sha256);
			bool told = fc_local_tells(&look->photo->asked, &outcome->profile);
			FC_TRY(same || told ? FC_OK : meet_duplicate(look, err));
			if (!same && outcome->action == FC_ACTION_UNCHANGED &&
			    run->request->rules.on_duplicate == FC_DUPLICATE_ATTACH) {
				outcome->action = FC_ACTION_ATTACHED;
			}
		}
	}
	bool stores = outcome->action == FC_ACTION_ENROLLED ||
		      outcome->action == FC_ACTION_ATTACHED ||
		      outcome->action == FC_ACTION_REPLACED;
	return stores ? plan_face(run, look, err) : FC_OK;
}

/* ---- the verb ---- */

static void begin_known(struct fc_local_look *look)
{
	struct fc_local_photo *photo = look->photo;
	const struct fc_ledger_item *item = &photo->recall.item;
	struct fc_profile_outcome *outcome = &look->outcome;
	outcome->looked_at = false;
	outcome->space = look->input->space;
	outcome->origin = look->input->origin;
	if (item->state != FC_LEDGER_DONE) {
		outcome->action = FC_ACTION_SKIPPED;
		outcome->reason = (enum fc_reason)item->reason;
		outcome->error = item->text;
		return;
	}
	outcome->action = FC_ACTION_UNCHANGED;
	outcome->result = FC_RESULT_EXACT;
	outcome->has_profile = true;
	outcome->profile = fc_local_recalled(&photo->recall);
	outcome->face_id = item->face;
}

static void begin(void *context, struct fc_local_photo *photo, void *result)
{
	const struct create_run *run = context;
	struct fc_local_look *look = result;
	fc_local_look_release(look);
	*look = run->look;
	look->photo = photo;
	fc_local_look_begin(look);
	if (photo->recall.known) {
		begin_known(look);
	}
}

static enum fc_status store(struct fc_gallery_txn *txn, void *context, struct fc_local_photo *photo,
			    void *result, struct fc_error *err)
{
	struct create_run *run = context;
	struct fc_local_look *look = result;
	(void)photo;
	FC_TRY(txn ? fc_local_look_decide(txn, look, err) : pretend(look, err));
	return run->request->input.dry_run && look->outcome.action != FC_ACTION_SKIPPED
		       ? consult_plan(run, look, err)
		       : FC_OK;
}

static struct fc_local_result result_of(const struct fc_local_photo *photo, const void *result)
{
	const struct fc_local_look *look = result;
	const struct fc_profile_outcome *outcome = &look->outcome;
	enum fc_reason reason = fc_local_reason(photo);
	return (struct fc_local_result){
		.action = photo->status == FC_OK ? outcome->action
						 : fc_action_of(photo->status, reason),
		.reason = reason,
		.error = photo->error.text,
		.space = outcome->has_profile ? look->scope.space.id : 0,
		.pid = outcome->profile.pid,
		.face = outcome->face_id,
	};
}

static enum fc_status report(void *context, struct fc_local_photo *photo, void *result,
			     struct fc_error *err)
{
	struct fc_local_look *look = result;
	(void)context;
	if (photo->status != FC_OK) {
		struct fc_duplicate duplicate = look->outcome.duplicate;
		FC_CLEANUP(fc_person_release) struct fc_person person = look->person;
		look->person = (struct fc_person){ 0 };
		fc_local_look_begin(look);
		look->outcome.duplicate = duplicate;
		return fc_local_look_report(look, err);
	}
	if (photo->recall.replaces) {
		look->outcome.action = FC_ACTION_REPLACED;
	}
	return fc_local_look_report(look, err);
}

static void release(void *result)
{
	fc_local_look_release(result);
}

/* Which faces count hangs on the request, so little is certain of a photo that was refused. */
static bool hangs_on_rules(enum fc_reason reason)
{
	return reason != FC_REASON_BAD_IMAGE && reason != FC_REASON_DECODER_CRASHED &&
	       reason != FC_REASON_TIMED_OUT;
}

static enum fc_status prepare(struct create_run *run, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer rules = { 0 };
	const struct fc_profile_photos *input = &run->request->input;
	fc_buffer_put_u8(&rules, input->has_min_facesize);
	fc_buffer_put_u64(&rules, input->min_facesize);
	fc_buffer_put_u8(&rules, input->liveness);
	fc_buffer_put_u8(&rules, (uint8_t)run->request->create_on_ha);
	fc_buffer_put_u8(&rules, (uint8_t)run->request->create_on_junk);
	FC_TRY(fc_local_check_liveness(run->look.local, input->liveness, err));
	FC_TRY(fc_local_confidence(run->look.local, &run->look.map, err));
	return fc_buffer_ok(&rules) ? fc_local_memory_init(&run->memory, &rules, err)
				    : fc_fail_memory(err);
}

enum fc_status fc_local_profile_create(struct fc_service *service,
				       const struct fc_profile_create_request *request,
				       struct fc_tally *tally, struct fc_error *err)
{
	struct fc_local *local = fc_local_of(service);
	struct create_run run = {
		.request = request,
		.look = { .local = local,
			  .input = &request->input,
			  .tally = tally,
			  .decide = find_or_create,
			  .makes_space = true,
			  .keep_crops = request->keep_crops },
		.memory = { .local = local,
			    .verb = "create",
			    .space = request->input.space,
			    .origin = request->input.origin,
			    .rules = request->rules,
			    .hangs_on_rules = hangs_on_rules },
	};
	const struct fc_local_verb verb = {
		.result_size = sizeof(struct fc_local_look),
		.begin = begin,
		.store = store,
		.is_the_photos = fc_local_look_is_the_photos,
		.result_of = result_of,
		.report = report,
		.release = release,
		.context = &run,
	};
	run.look.request = &run;
	enum fc_status status = prepare(&run, err);
	if (status == FC_OK) {
		status =
			fc_local_enrol(local, request->input.photos, fc_local_look_wants(&run.look),
				       request->input.dry_run, &run.memory, &verb, err);
	}
	fc_local_memory_release(&run.memory);
	fc_local_plan_release(&run.plan);
	return status;
}
