/* profiles create on a service with a ledger. */
/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "service/wrap/resume_photos.h"

struct create_run {
	struct fc_remembered_run photos;
	const struct fc_profile_create_request *request;
	struct fc_tally *tally;
};

/* What was told of the photo when it was sent. */
static void recount(const struct create_run *run, const struct fc_remembered_photo *photo,
		    struct fc_profile_outcome *outcome, struct fc_analysis *analysis)
{
	const struct fc_profile_outcome before = *outcome;
	const struct fc_profile_photos *input = &run->request->input;
	const struct fc_ledger_item *item = &photo->item;
	bool done = item->state == FC_LEDGER_DONE;
	*outcome = (struct fc_profile_outcome){
		.asked = before.asked,
		.name = before.name,
		.path = before.path,
		.status = FC_OK,
		.error = done ? NULL : item->text,
		.analysis = analysis,
		.space = input->space,
		.origin = before.asked->origin ? before.asked->origin : input->origin,
		.result = done ? FC_RESULT_EXACT : FC_RESULT_NF,
		.has_profile = done,
		.profile = { .pid = item->pid },
		.similarity = NAN,
		.action = fc_remembered_action(photo, analysis),
		.reason = (enum fc_reason)item->reason,
	};
}

static void count(struct fc_tally *tally, const struct fc_profile_outcome *outcome)
{
	bool is_new = outcome->status == FC_OK && outcome->result == FC_RESULT_NEW;
	fc_tally_count(tally, outcome->status);
	fc_tally_note(tally, outcome->action, outcome->reason);
	tally->faces += outcome->status == FC_OK && outcome->result != FC_RESULT_NF;
	tally->known += outcome->status == FC_OK && outcome->has_profile;
	tally->created += is_new;
}

static enum fc_status report(void *context, const struct fc_profile_outcome *outcome,
			     struct fc_error *err)
{
	struct create_run *run = context;
	const struct fc_profile_sink *sink = &run->request->input.sink;
	struct fc_remembered_photo *photo;
	FC_TRY(fc_remembered_take(&run->photos, outcome->path, &photo, err));
	struct fc_profile_outcome told = *outcome;
	struct fc_analysis analysis = { 0 };
	if (photo->known) {
		recount(run, photo, &told, &analysis);
	}
	count(run->tally, &told);
	enum fc_status status = sink->report(sink->context, &told, err);
	/* where nobody was made or found, somebody may be next time */
	bool nobody = told.status == FC_OK && !told.has_profile;
	const struct fc_remembered_told noted = { nobody ? FC_ACTION_FAILED : told.action,
						  told.reason, told.error, told.analysis,
						  &told.profile.pid };
	return fc_remembered_note(&run->photos, photo, &noted, status, err);
}

static enum fc_status tell(void *context, const struct fc_photo *asked, struct fc_error *err)
{
	const struct fc_profile_outcome outcome = { .asked = asked,
						    .name = asked->name,
						    .path = asked->path };
	return report(context, &outcome, err);
}

static enum fc_status send_rest(void *context, struct fc_photo_source photos, struct fc_error *err)
{
	struct create_run *run = context;
	struct fc_profile_create_request request = *run->request;
	struct fc_tally inner = { 0 };
	request.input.photos = photos;
	request.input.sink = (struct fc_profile_sink){ report, run };
	return fc_service_profile_create(run->photos.remembered->remote, &request, &inner, err);
}

/* A token works in one space, so that where photos come from is no part of the task. */
enum fc_status fc_remembered_profile_create(struct fc_service *service,
					    const struct fc_profile_create_request *request,
					    struct fc_tally *tally, struct fc_error *err)
{
	struct fc_remembered *remembered = fc_remembered_of(service);
	const struct fc_profile_photos *input = &request->input;
	struct create_run run = {
		.photos = { .remembered = remembered,
			    .task = { .verb = "create",
				      .service = remembered->options.name,
				      .space = input->space ? input->space : "" },
			    .rules = input->has_min_facesize ? input->min_facesize + 1 : 0,
			    .retry_failed = request->rules.retry_failed,
			    .photos = input->photos,
			    .context = &run,
			    .tell = tell,
			    .send = send_rest },
		.request = request,
		.tally = tally,
	};
	if (!request->rules.remember || input->dry_run) {
		return fc_service_profile_create(remembered->remote, request, tally, err);
	}
	enum fc_status status = fc_remembered_carry_out(&run.photos, err);
	fc_remembered_run_release(&run.photos);
	return status;
}
