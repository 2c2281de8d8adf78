/* profiles create on a service with a ledger. */
/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "service/wrap/resume_photos.h"

struct create_run {
	struct fc_resume_run photos;
	const struct fc_profile_create_request *request;
	struct fc_tally *tally;
};

static enum fc_status report(const struct create_run *run, const struct fc_profile_outcome *outcome,
			     struct fc_error *err)
{
	const struct fc_profile_sink *sink = &run->request->input.sink;
	bool done = outcome->status == FC_OK;
	fc_tally_count(run->tally, outcome->status);
	fc_tally_note(run->tally, outcome->action, outcome->reason);
	run->tally->faces += done && outcome->result != FC_RESULT_NF;
	run->tally->known += done && outcome->has_profile;
	run->tally->created += done && outcome->result == FC_RESULT_NEW;
	return sink->report(sink->context, outcome, err);
}

static enum fc_status report_known(void *context, const struct fc_resume_photo *photo,
				   const struct fc_analysis *analysis, struct fc_error *err)
{
	const struct create_run *run = context;
	const struct fc_profile_photos *input = &run->request->input;
	const struct fc_ledger_item *item = &photo->ledger.item;
	bool done = item->state == FC_LEDGER_DONE;
	const struct fc_profile_outcome outcome = {
		.photo = &photo->given,
		.name = photo->given.name,
		.path = photo->given.path,
		.error = done ? NULL : item->text,
		.analysis = analysis,
		.space = input->space,
		.origin = photo->given.origin ? photo->given.origin : input->origin,
		.result = done ? fc_ledger_known_result(item) : FC_RESULT_NF,
		.has_profile = done,
		.profile = { .pid = item->pid },
		.other_id = done ? item->text : NULL,
		.similarity = NAN,
		.action = fc_resume_action_of_known(photo),
		.reason = done ? FC_REASON_NONE : (enum fc_reason)item->reason,
	};
	return report(run, &outcome, err);
}

static enum fc_status report_sent(void *context, const struct fc_profile_outcome *outcome,
				  struct fc_error *err)
{
	struct create_run *run = context;
	/* Without a profile, the next run may have a different result, so nothing is stored. */
	bool without = outcome->status == FC_OK && !outcome->has_profile;
	const struct fc_ledger_result result = {
		.action = without ? FC_ACTION_FAILED : outcome->action,
		.result = outcome->result,
		.reason = outcome->reason,
		.error = outcome->status == FC_OK ? outcome->other_id : outcome->error,
		.pid = outcome->profile.pid,
	};
	enum fc_status status = report(run, outcome, err);
	return fc_resume_finish(&run->photos, outcome->path, outcome->analysis, &result, status,
				err);
}

static enum fc_status send_new(void *context, struct fc_photo_source photos, struct fc_error *err)
{
	struct create_run *run = context;
	struct fc_profile_create_request request = *run->request;
	struct fc_tally tally = { 0 };
	request.input.photos = photos;
	request.input.sink = (struct fc_profile_sink){ report_sent, run };
	return fc_service_profile_create(run->photos.remote, &request, &tally, err);
}

enum fc_status fc_resume_profile_create(struct fc_service *service,
					const struct fc_profile_create_request *request,
					struct fc_tally *tally, struct fc_error *err)
{
	struct fc_resume *resume = fc_resume_of(service);
	const struct fc_profile_photos *input = &request->input;
	struct create_run run = { .request = request, .tally = tally };
	if (!request->rules.remember || input->dry_run) {
		return fc_service_profile_create(resume->remote, request, tally, err);
	}
	run.photos = (struct fc_resume_run){
		.remote = resume->remote,
		/* A token is valid for one space, so the origin is not part of the key. */
		.ledger = fc_resume_ledger(resume, "create", input->space),
		.photos = input->photos,
		.context = &run,
		.report_known = report_known,
		.send = send_new,
	};
	run.photos.ledger.retry_failed = request->rules.retry_failed;
	uint64_t least = input->has_min_facesize ? input->min_facesize + 1 : 0;
	run.photos.ledger.rules = least << 4 | (unsigned)request->create_on_ha << 2 |
				  (unsigned)request->create_on_junk;
	return fc_resume_carry_out(&run.photos, err);
}
