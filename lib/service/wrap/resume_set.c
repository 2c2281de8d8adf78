/* set on a service with a ledger. */
/* SPDX-License-Identifier: MIT */
#include "service/wrap/resume_photos.h"

struct set_run {
	struct fc_remembered_run photos;
	const struct fc_set_request *request;
	struct fc_tally *tally;
};

/* What was told of the photo when it was sent. */
static void recount(const struct fc_remembered_photo *photo, struct fc_photo_outcome *outcome,
		    struct fc_analysis *analysis)
{
	const struct fc_photo *asked = outcome->asked;
	outcome->action = fc_remembered_action(photo, analysis);
	outcome->analysis = analysis;
	outcome->status = FC_OK;
	outcome->error = outcome->action == FC_ACTION_SKIPPED ? photo->item.text : NULL;
	outcome->service_error = NULL;
	outcome->looked_at = false;
	outcome->reason = (enum fc_reason)photo->item.reason;
	outcome->identity = (struct fc_identity){ .pid = photo->item.pid,
						  .has_number = asked->has_number,
						  .number = asked->number,
						  .name = asked->person };
}

static enum fc_status report(void *context, const struct fc_photo_outcome *outcome,
			     struct fc_error *err)
{
	struct set_run *run = context;
	struct fc_remembered_photo *photo;
	FC_TRY(fc_remembered_take(&run->photos, outcome->path, &photo, err));
	struct fc_photo_outcome told = *outcome;
	struct fc_analysis analysis = { 0 };
	if (photo->known) {
		recount(photo, &told, &analysis);
	}
	fc_tally_count(run->tally, told.status);
	fc_tally_note(run->tally, told.action, told.reason);
	enum fc_status status = run->request->sink.report(run->request->sink.context, &told, err);
	const struct fc_remembered_told noted = { told.action, told.reason, told.error,
						  told.analysis, &told.identity.pid };
	return fc_remembered_note(&run->photos, photo, &noted, status, err);
}

static enum fc_status tell(void *context, const struct fc_photo *asked, struct fc_error *err)
{
	const struct fc_photo_outcome outcome = { .asked = asked,
						  .name = asked->name,
						  .path = asked->path };
	return report(context, &outcome, err);
}

static enum fc_status send_rest(void *context, struct fc_photo_source photos, struct fc_error *err)
{
	struct set_run *run = context;
	struct fc_set_request request = *run->request;
	struct fc_tally inner = { 0 };
	request.photos = photos;
	request.sink = (struct fc_photo_sink){ report, run };
	enum fc_status status =
		fc_service_set(run->photos.remembered->remote, &request, &inner, err);
	run->tally->faces = inner.faces;
	return status;
}

enum fc_status fc_remembered_set(struct fc_service *service, const struct fc_set_request *request,
				 struct fc_tally *tally, struct fc_error *err)
{
	struct fc_remembered *remembered = fc_remembered_of(service);
	struct set_run run = {
		.photos = { .remembered = remembered,
			    .task = { .verb = "set",
				      .service = remembered->options.name,
				      .space = request->space ? request->space : "" },
			    .retry_failed = request->rules.retry_failed,
			    .photos = request->photos,
			    .context = &run,
			    .tell = tell,
			    .send = send_rest },
		.request = request,
		.tally = tally,
	};
	if (!request->rules.remember || request->dry_run) {
		return fc_service_set(remembered->remote, request, tally, err);
	}
	enum fc_status status = fc_remembered_carry_out(&run.photos, err);
	fc_remembered_run_release(&run.photos);
	return status;
}
