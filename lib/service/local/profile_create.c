/* profiles create on the local engine: the platform's bands exact, ha and junk decide whether a new profile is created for a face. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/memory.h"
#include "gallery/search/search.h"
#include "service/local/ledger.h"
#include "service/local/profile_compare.h"
#include "service/local/replaced.h"
#include "service/local/rules.h"

struct create_run {
	const struct fc_profile_create_request *request;
	struct fc_batch_ledger ledger;
	struct fc_local_plan plan; /* of a dry run */
};

static struct create_run *run_of(const struct fc_local_comparison *comparison)
{
	return comparison->verb->context;
}

static bool is_allowed(enum fc_choice choice, const struct fc_local_space_view *view,
		       enum fc_origin_flag flag)
{
	return choice == FC_CHOICE_OPEN ? (view->settings.flags & flag) != 0
					: choice == FC_CHOICE_YES;
}

/* Whether a new profile is created for a face of this band. */
static bool makes_profile(const struct fc_profile_create_request *request,
			  const struct fc_local_space_view *view, enum fc_result band)
{
	switch (band) {
	case FC_RESULT_EXACT:
		return false;
	case FC_RESULT_HA:
		return is_allowed(request->create_on_ha, view, FC_ORIGIN_CREATE_ON_HA);
	case FC_RESULT_JUNK:
		return is_allowed(request->create_on_junk, view, FC_ORIGIN_CREATE_ON_JUNK);
	default:
		return true;
	}
}

/* Whether the band is one in which a face looks like the person. */
static bool is_similar(enum fc_result band)
{
	return band == FC_RESULT_EXACT || band == FC_RESULT_HA;
}

/* nearest: the profile that the face looks like; NULL: none. */
static enum fc_status add_profile(struct fc_gallery_txn *txn,
				  struct fc_local_comparison *comparison,
				  const struct fc_uuid *nearest, struct fc_error *err)
{
	const struct fc_profile_create_request *request = run_of(comparison)->request;
	const struct fc_photo *given = &comparison->photo->given;
	struct fc_person person = {
		.space = comparison->view.space.id,
		.pid = given->pid,
		.has_number = given->has_number,
		.number = given->number,
		.name = fc_lend(given->person ? given->person : request->person_name),
		.user_data = fc_lend(given->user_data ? given->user_data : request->user_data),
	};
	if (nearest) {
		FC_TRY(fc_gallery_referred(
			txn, fc_person_get(txn, nearest, &comparison->nearest, err), err));
		comparison->outcome.duplicate = (struct fc_duplicate){
			.found = true,
			.person = fc_local_identity(&comparison->nearest),
			.similarity = comparison->outcome.similarity,
		};
	}
	FC_TRY(fc_person_add(txn, &person, err));
	FC_TRY(fc_local_comparison_set_profile(txn, comparison, &person.pid, err));
	comparison->outcome.result = FC_RESULT_NEW;
	comparison->outcome.action = FC_ACTION_ENROLLED;
	return fc_local_comparison_store(txn, comparison, err);
}

/* ---- the face belongs to a profile ---- */

/* The profile is not the one that the photo was given with: apply the rule for duplicates. */
static enum fc_status handle_duplicate(struct fc_local_comparison *comparison, struct fc_error *err)
{
	struct fc_profile_outcome *outcome = &comparison->outcome;
	struct fc_local_photo *photo = comparison->photo;
	enum fc_duplicate_rule rule = run_of(comparison)->request->rules.on_duplicate;
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
	enum fc_status status = fc_fail(&photo->error, FC_CONFLICT,
					"'%s': duplicate: similarity %.4f (%s) to profile %s; use "
					"--on-duplicate attach to store the face with that profile",
					photo->given.path, (double)outcome->similarity,
					fc_result_name(outcome->result), pid);
	photo->reason = FC_REASON_DUPLICATE;
	outcome->reason = FC_REASON_DUPLICATE;
	if (rule == FC_DUPLICATE_SKIP) {
		outcome->action = FC_ACTION_SKIPPED;
		outcome->error = photo->error.text;
		return FC_OK;
	}
	return fc_fail(err, status, "%s", photo->error.text);
}

/* Store the face only if the rule for duplicates says so, or if it replaces the face of the file's previous content. */
static enum fc_status attach_or_replace(struct fc_gallery_txn *txn,
					struct fc_local_comparison *comparison,
					struct fc_error *err)
{
	struct create_run *run = run_of(comparison);
	struct fc_profile_outcome *outcome = &comparison->outcome;
	struct fc_local_photo *photo = comparison->photo;
	if (!fc_local_is_person_of(&photo->given, &outcome->profile)) {
		FC_TRY(handle_duplicate(comparison, err));
	}
	if (outcome->action == FC_ACTION_SKIPPED) {
		return FC_OK;
	}
	FC_TRY(fc_local_check_replaced(txn, &run->ledger, photo, &outcome->profile.pid, err));
	bool replaces = photo->result.action == FC_ACTION_REPLACED;
	if (replaces || run->request->rules.on_duplicate == FC_DUPLICATE_ATTACH) {
		outcome->action = replaces ? FC_ACTION_REPLACED : FC_ACTION_ATTACHED;
		return fc_local_comparison_store(txn, comparison, err);
	}
	return FC_OK;
}

static enum fc_status use_profile(struct fc_gallery_txn *txn,
				  struct fc_local_comparison *comparison, const struct fc_uuid *pid,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_face_record_release) struct fc_face_record known = { 0 };
	enum fc_status status = fc_face_by_photo(txn, comparison->view.space.id,
						 &comparison->photo->analysis.sha256,
						 (uint16_t)comparison->face_index, &known, err);
	if (status == FC_NOT_FOUND) {
		FC_TRY(fc_local_comparison_set_profile(txn, comparison, pid, err));
		return attach_or_replace(txn, comparison, err);
	}
	FC_TRY(status);
	/* the same photo again */
	comparison->outcome.result = FC_RESULT_EXACT;
	comparison->outcome.face_id = known.id;
	return fc_local_comparison_set_profile(txn, comparison, &known.pid, err);
}

/* Search and add in one transaction, so that two concurrent processes do not both add the profile. */
static enum fc_status find_or_add(struct fc_gallery_txn *txn,
				  struct fc_local_comparison *comparison, struct fc_error *err)
{
	struct fc_profile_outcome *outcome = &comparison->outcome;
	struct fc_search_hit hit;
	size_t count = 0;
	FC_TRY(fc_local_comparison_search(txn, comparison, outcome->face->embedding, 1, &hit,
					  &count, err));
	outcome->result = FC_RESULT_NM;
	outcome->action = FC_ACTION_UNCHANGED;
	if (count > 0) {
		fc_local_comparison_set_similarity(comparison, hit.score, hit.templates);
	}
	const struct fc_uuid *nearest = is_similar(outcome->result) ? &hit.pid : NULL;
	FC_TRY(makes_profile(run_of(comparison)->request, &comparison->view, outcome->result)
		       ? add_profile(txn, comparison, nearest, err)
		       : use_profile(txn, comparison, &hit.pid, err));
	return outcome->action == FC_ACTION_SKIPPED ? FC_OK
						    : fc_local_comparison_log(txn, comparison, err);
}

/* ---- dry run ---- */

static enum fc_status plan_face(struct create_run *run,
				const struct fc_local_comparison *comparison, struct fc_error *err)
{
	const struct fc_photo *given = &comparison->photo->given;
	struct fc_identity profile = comparison->outcome.profile;
	if (!comparison->outcome.has_profile) {
		profile = (struct fc_identity){
			.pid = fc_uuid_new(),
			.has_number = given->has_number,
			.number = given->number,
			.name = given->person ? given->person : run->request->person_name,
		};
	}
	return fc_local_plan_add(&run->plan, comparison->photo, comparison->face_index, &profile,
				 err);
}

/* Repeat the decision with the faces that the dry run would have stored so far. */
static enum fc_status apply_plan(struct create_run *run, struct fc_local_comparison *comparison,
				 struct fc_error *err)
{
	struct fc_profile_outcome *outcome = &comparison->outcome;
	const struct fc_local_photo *photo = comparison->photo;
	float similarity = 0;
	const struct fc_local_planned *planned =
		fc_local_plan_nearest(&run->plan, outcome->face->embedding, NULL, &similarity);
	if (planned && (!outcome->has_similarity || similarity > outcome->similarity)) {
		fc_local_comparison_set_similarity(comparison, similarity, 1);
		if (makes_profile(run->request, &comparison->view, outcome->result)) {
			outcome->duplicate = (struct fc_duplicate){
				.found = is_similar(outcome->result),
				.person = planned->person,
				.similarity = similarity,
			};
			outcome->result = FC_RESULT_NEW;
			outcome->action = FC_ACTION_ENROLLED;
		} else {
			outcome->has_profile = true;
			outcome->profile = planned->person;
			outcome->action = FC_ACTION_UNCHANGED;
			bool same = fc_sha256_equal(&planned->photo, &photo->analysis.sha256);
			if (!same && !fc_local_is_person_of(&photo->given, &outcome->profile)) {
				FC_TRY(handle_duplicate(comparison, err));
			}
			if (!same && outcome->action == FC_ACTION_UNCHANGED &&
			    run->request->rules.on_duplicate == FC_DUPLICATE_ATTACH) {
				outcome->action = FC_ACTION_ATTACHED;
			}
		}
	}
	bool stores =
		outcome->action != FC_ACTION_UNCHANGED && outcome->action != FC_ACTION_SKIPPED;
	return stores ? plan_face(run, comparison, err) : FC_OK;
}

/* ---- the verb ---- */

static enum fc_status decide(struct fc_gallery_txn *txn, struct fc_local_comparison *comparison,
			     struct fc_error *err)
{
	struct create_run *run = run_of(comparison);
	struct fc_local_photo *photo = comparison->photo;
	FC_TRY(fc_local_comparison_find_face(comparison, true, err));
	FC_TRY(fc_quality_check(&run->request->rules.quality, comparison->outcome.face,
				photo->given.path, &photo->reason, err));
	if (txn) {
		FC_TRY(find_or_add(txn, comparison, err));
	} else {
		/* a dry run without a gallery: every profile is new */
		comparison->view.space.bands = fc_bands_default();
		comparison->outcome.result = FC_RESULT_NEW;
		comparison->outcome.action = FC_ACTION_ENROLLED;
	}
	bool planned =
		run->request->input.dry_run && comparison->outcome.action != FC_ACTION_SKIPPED;
	return planned ? apply_plan(run, comparison, err) : FC_OK;
}

/* Most refusals depend on the options, because these determine which faces of a photo count. */
static enum fc_status init_ledger(struct create_run *run, struct fc_local *local,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer rules = { 0 };
	const struct fc_profile_photos *input = &run->request->input;
	fc_buffer_put_u8(&rules, input->has_min_facesize);
	fc_buffer_put_u64(&rules, input->min_facesize);
	fc_buffer_put_u8(&rules, input->liveness);
	fc_buffer_put_u8(&rules, (uint8_t)run->request->create_on_ha);
	fc_buffer_put_u8(&rules, (uint8_t)run->request->create_on_junk);
	if (!fc_buffer_ok(&rules)) {
		return fc_fail_memory(err);
	}
	const struct fc_local_ledger_options options = {
		.verb = "create",
		.space = input->space,
		.origin = input->origin,
		.rules = &run->request->rules,
		.more_rules = &rules,
		.rule_reasons = ~(FC_REASON_BIT(FC_REASON_BAD_IMAGE) |
				  FC_REASON_BIT(FC_REASON_DECODER_CRASHED) |
				  FC_REASON_BIT(FC_REASON_TIMED_OUT)),
	};
	return fc_local_ledger_init(local, &options, &run->ledger, err);
}

static void run_release(struct create_run *run)
{
	fc_batch_ledger_release(&run->ledger);
	fc_local_plan_release(&run->plan);
}

enum fc_status fc_local_profile_create(struct fc_service *service,
				       const struct fc_profile_create_request *request,
				       struct fc_tally *tally, struct fc_error *err)
{
	FC_CLEANUP(run_release) struct create_run run = { .request = request };
	struct fc_local_profile_verb verb = {
		.local = fc_local_of(service),
		.input = &request->input,
		.tally = tally,
		.decide = decide,
		.context = &run,
		.ledger = &run.ledger,
		.adds_space = true,
		.keep_crops = request->keep_crops,
	};
	FC_TRY(fc_local_check_liveness(verb.local, request->input.liveness, err));
	FC_TRY(init_ledger(&run, verb.local, err));
	return fc_local_compare_photos(&verb, err);
}
