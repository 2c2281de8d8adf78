/* set on a service with a ledger. */
/* SPDX-License-Identifier: MIT */
#include "service/batch/missing.h"
#include "service/wrap/resume_photos.h"

struct set_run {
	struct fc_resume_run photos;
	const struct fc_set_request *request;
	struct fc_tally *tally;
};

/* A photo that the service had for another person was moved, or its person was renamed. */
static enum fc_action action_of(const struct fc_photo_outcome *outcome)
{
	const struct fc_stored_at *at = outcome->photo->stored_at;
	if (!at || !at->may_move || outcome->status != FC_OK) {
		return outcome->action;
	}
	bool same = !fc_uuid_is_nil(&at->pid) && fc_uuid_equal(&at->pid, &outcome->identity.pid);
	return !same ? FC_ACTION_MOVED : at->renamed ? FC_ACTION_RENAMED : FC_ACTION_UNCHANGED;
}

static enum fc_status report(const struct set_run *run, const struct fc_photo_outcome *outcome,
			     struct fc_error *err)
{
	fc_tally_count(run->tally, outcome->status);
	fc_tally_note(run->tally, outcome->action, outcome->reason);
	return run->request->sink.report(run->request->sink.context, outcome, err);
}

static enum fc_status report_known(void *context, const struct fc_resume_photo *photo,
				   const struct fc_analysis *analysis, struct fc_error *err)
{
	const struct fc_photo *given = &photo->given;
	const struct fc_ledger_item *item = &photo->ledger.item;
	enum fc_action action = fc_resume_action_of_known(photo);
	const struct fc_photo_outcome outcome = {
		.photo = given,
		.name = given->name,
		.path = given->path,
		.error = action == FC_ACTION_SKIPPED ? item->text : NULL,
		.analysis = analysis,
		.action = action,
		.reason = (enum fc_reason)item->reason,
		.identity = { .pid = item->pid,
			      .has_number = given->has_number,
			      .number = given->number,
			      .name = given->person },
	};
	return report(context, &outcome, err);
}

static enum fc_status report_sent(void *context, const struct fc_photo_outcome *outcome,
				  struct fc_error *err)
{
	struct set_run *run = context;
	struct fc_photo_outcome shown = *outcome;
	const struct fc_ledger_result result = {
		.action = outcome->action,
		.reason = outcome->reason,
		.error = outcome->status == FC_OK ? outcome->reference : outcome->error,
		.pid = outcome->identity.pid,
	};
	shown.action = action_of(outcome);
	enum fc_status status = report(run, &shown, err);
	return fc_resume_finish(&run->photos, outcome->path, outcome->analysis, &result, status,
				err);
}

static enum fc_status send_new(void *context, struct fc_photo_source photos, struct fc_error *err)
{
	struct set_run *run = context;
	struct fc_set_request request = *run->request;
	struct fc_tally tally = { 0 };
	request.photos = photos;
	request.sink = (struct fc_photo_sink){ report_sent, run };
	request.unfinished = run->photos.unfinished;
	enum fc_status status = fc_service_set(run->photos.remote, &request, &tally, err);
	run->tally->faces = tally.faces;
	return status;
}

/* In a dry run no photo is sent: report each as if the service stored it. */
static enum fc_status plan_new(void *context, struct fc_photo_source photos, struct fc_error *err)
{
	static const struct fc_analysis not_analysed;
	static const struct fc_uuid unknown;
	for (;;) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
		struct fc_photo photo = { 0 };
		bool end = false;
		FC_TRY(photos.next(photos.context, &photo, &end, err));
		if (end) {
			return FC_OK;
		}
		const struct fc_stored_at *at = photo.stored_at;
		bool conflict = photo.status == FC_OK && at && !at->may_move;
		fc_buffer_printf(&text, "'%s': this photo is already a face of another person",
				 photo.path);
		struct fc_photo_outcome outcome = {
			.photo = &photo,
			.name = photo.name,
			.path = photo.path,
			.status = conflict ? FC_CONFLICT : photo.status,
			.error = conflict ? fc_buffer_text(&text) : photo.error,
			.analysis = &not_analysed,
			.identity = { .pid = at && at->renamed ? at->pid : unknown,
				      .has_number = photo.has_number,
				      .number = photo.number,
				      .name = photo.person },
		};
		outcome.reason = fc_reason_of(outcome.status);
		outcome.action = outcome.status == FC_OK
					 ? FC_ACTION_ENROLLED
					 : fc_action_of(outcome.status, outcome.reason);
		FC_TRY(report_sent(context, &outcome, err));
	}
}

enum fc_status fc_resume_send(struct fc_resume *resume, const struct fc_set_request *request,
			      bool syncs, struct fc_tally *tally, struct fc_error *err)
{
	struct set_run run = { .request = request, .tally = tally };
	run.photos = (struct fc_resume_run){
		.remote = resume->remote,
		.ledger = fc_resume_ledger(resume, "set", request->space),
		.photos = request->photos,
		.context = &run,
		.report_known = report_known,
		.send = request->dry_run ? plan_new : send_new,
		.has_last_step = !request->dry_run,
		.tracks_faces = resume->remote->operations->sync != NULL,
		.notes_sent = syncs && !request->dry_run,
		.dry_run = request->dry_run,
	};
	run.photos.ledger.retry_failed = request->rules.retry_failed;
	FC_TRY(fc_resume_carry_out(&run.photos, err));
	if (!request->root) {
		return FC_OK;
	}
	FC_CLEANUP(fc_batch_ledger_release) struct fc_batch_ledger ledger = run.photos.ledger;
	FC_TRY(fc_batch_ledger_init(&ledger, err));
	return fc_missing_photos_count(&ledger, NULL, request->root, tally, err);
}

enum fc_status fc_resume_set(struct fc_service *service, const struct fc_set_request *request,
			     struct fc_tally *tally, struct fc_error *err)
{
	struct fc_resume *resume = fc_resume_of(service);
	if (!request->rules.remember || request->dry_run) {
		return fc_service_set(resume->remote, request, tally, err);
	}
	return fc_resume_send(resume, request, false, tally, err);
}
