/* set on a Smarty service: link the face of each photo to a person's number. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>

#include "service/remote/smarty/engine.h"

struct enrolment {
	const struct fc_set_request *request;
	struct fc_tally *tally;
};

static enum fc_status handle(void *context, struct fc_remote_photo *photo, struct fc_error *err)
{
	struct enrolment *enrolment = context;
	struct fc_photo_outcome outcome = fc_remote_photo_outcome(photo);
	char number[24];
	outcome.action = fc_action_of(photo->status, outcome.reason);
	if (photo->status == FC_OK) {
		outcome.action = FC_ACTION_ENROLLED;
		outcome.identity =
			(struct fc_identity){ .has_number = true, .number = photo->given.number };
		outcome.service_object = photo->answer;
		snprintf(number, sizeof(number), "%" PRIu64, photo->given.number);
		outcome.reference = number;
		enrolment->tally->faces++;
	}
	fc_tally_count(enrolment->tally, photo->status);
	fc_tally_note(enrolment->tally, outcome.action, outcome.reason);
	return enrolment->request->sink.report(enrolment->request->sink.context, &outcome, err);
}

enum fc_status fc_smarty_check_set(struct fc_service *service, const struct fc_set_request *request,
				   struct fc_error *err)
{
	const struct fc_smarty *smarty = fc_smarty_of(service);
	FC_TRY(fc_smarty_check_space(smarty, request->space, err));
	FC_TRY(fc_smarty_refuse(smarty, request->person_name, "names of persons", err));
	FC_TRY(fc_smarty_refuse(smarty, request->keep_crops, "crops", err));
	FC_TRY(fc_smarty_refuse_origin(smarty, request->origin, err));
	FC_TRY(fc_smarty_refuse(smarty, request->rules.on_duplicate != FC_DUPLICATE_NEW,
				"rules for duplicates", err));
	return fc_smarty_refuse(smarty, fc_quality_limits_ask(&request->rules.quality),
				"limits on quality", err);
}

enum fc_status fc_smarty_set(struct fc_service *service, const struct fc_set_request *request,
			     struct fc_tally *tally, struct fc_error *err)
{
	struct fc_smarty *smarty = fc_smarty_of(service);
	struct enrolment enrolment = { .request = request, .tally = tally };
	struct fc_smarty_batch batch = {
		.verb = "set",
		.source = request->photos,
		.meta = { .space = request->space },
		.numbered = true,
		/* linking a face twice has the same result as linking it once */
		.repeatable = true,
		.notes = &tally->notes,
		.handle = handle,
		.context = &enrolment,
	};
	FC_TRY(fc_smarty_check_set(service, request, err));
	FC_TRY(fc_smarty_refuse(smarty, request->dry_run, "dry runs", err));
	return fc_smarty_run(smarty, &batch, err);
}
