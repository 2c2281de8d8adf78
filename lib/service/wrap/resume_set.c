/* set on a service with a ledger. */
/* SPDX-License-Identifier: MIT */
#include "service/wrap/resume_photos.h"

struct set_run {
	struct fc_resume_run photos;
	const struct fc_set_request *request;
	struct fc_tally *tally;
};

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
	const struct fc_ledger_result result = {
		.action = outcome->action,
		.reason = outcome->reason,
		.error = outcome->error,
		.pid = outcome->identity.pid,
	};
	enum fc_status status = report(run, outcome, err);
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

enum fc_status fc_resume_set(struct fc_service *service, const struct fc_set_request *request,
			     struct fc_tally *tally, struct fc_error *err)
{
	struct fc_resume *resume = fc_resume_of(service);
	struct set_run run = { .request = request, .tally = tally };
	if (!request->rules.remember || request->dry_run) {
		return fc_service_set(resume->remote, request, tally, err);
	}
	run.photos = (struct fc_resume_run){
		.remote = resume->remote,
		.ledger = fc_resume_ledger(resume, "set", request->space),
		.photos = request->photos,
		.context = &run,
		.report_known = report_known,
		.send = send_new,
		.has_last_step = true,
	};
	run.photos.ledger.retry_failed = request->rules.retry_failed;
	return fc_resume_carry_out(&run.photos, err);
}
