/* recognize on a Smarty service, which finds and identifies the faces. */
/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "service/remote/smarty/engine.h"

struct recognition {
	const struct fc_smarty *smarty;
	const struct fc_recognize_request *request;
	struct fc_tally *tally;
};

static enum fc_status handle(void *context, struct fc_remote_photo *photo, struct fc_error *err)
{
	FC_CLEANUP(fc_smarty_faces_release) struct fc_smarty_faces faces = { 0 };
	struct recognition *recognition = context;
	const struct fc_recognize_request *request = recognition->request;
	if (photo->status == FC_OK) {
		/* An object that violates the protocol fails its photo. */
		photo->status = fc_smarty_read_faces(photo->answer, &faces, &photo->error);
		if (photo->status != FC_OK) {
			fc_error_prefix(&photo->error, "'%.200s': service '%s'", photo->given.path,
					recognition->smarty->options.name);
		}
	}
	struct fc_photo_outcome outcome = fc_remote_photo_outcome(photo);
	struct fc_analysis analysis = photo->analysis;
	if (photo->status == FC_OK) {
		analysis.faces = faces.seen;
		analysis.face_count = faces.count;
		outcome.analysis = &analysis;
		outcome.faces = faces.faces;
		outcome.face_count = faces.count;
		outcome.service_object = photo->answer;
		outcome.threshold =
			(struct fc_threshold){ .value = NAN, .basis = FC_THRESHOLD_SERVICE };
		recognition->tally->faces += faces.count;
		for (size_t i = 0; i < faces.count; i++) {
			recognition->tally->known += faces.faces[i].known;
		}
	}
	fc_tally_count(recognition->tally, photo->status);
	return request->sink.report(request->sink.context, &outcome, err);
}

static enum fc_status refuse_unsupported(const struct fc_smarty *smarty,
					 const struct fc_recognize_request *request,
					 struct fc_error *err)
{
	const struct fc_threshold_choice *threshold = &request->threshold;
	bool chosen = threshold->has_threshold || threshold->has_fmr || threshold->has_fpir;
	FC_TRY(fc_smarty_check_space(smarty, request->space, err));
	FC_TRY(fc_smarty_refuse_origin(smarty, request->origin, err));
	FC_TRY(fc_smarty_refuse(smarty, request->allow_repeats,
				"choosing whether a person may occur twice", err));
	FC_TRY(fc_smarty_refuse(smarty, chosen, "choosing a threshold", err));
	FC_TRY(fc_smarty_refuse(smarty, request->want_templates, "templates", err));
	FC_TRY(fc_smarty_refuse(smarty, request->want_crops, "crops", err));
	FC_TRY(fc_smarty_refuse(smarty, request->want_liveness, "liveness", err));
	FC_TRY(fc_smarty_refuse(smarty, request->annotation.take, "annotated pictures", err));
	FC_TRY(fc_smarty_refuse(smarty, fc_quality_limits_ask(&request->quality),
				"limits on quality", err));
	return fc_smarty_refuse(smarty, request->dry_run, "dry runs", err);
}

enum fc_status fc_smarty_recognize(struct fc_service *service,
				   const struct fc_recognize_request *request,
				   struct fc_tally *tally, struct fc_error *err)
{
	struct fc_smarty *smarty = fc_smarty_of(service);
	struct recognition recognition = {
		.smarty = smarty,
		.request = request,
		.tally = tally,
	};
	struct fc_smarty_batch batch = {
		.verb = "recognize",
		.source = request->photos,
		.meta = {
			.space = request->space,
			.recognizes = true,
			.create_new = request->create_new,
			.update_embedding = request->update_embedding,
			.has_searcher = smarty->options.has_searcher,
			.searcher = smarty->options.searcher,
		},
		.repeatable = !request->create_new && !request->update_embedding,
		.in_turn = request->create_new,
		.notes = &tally->notes,
		.handle = handle,
		.context = &recognition,
	};
	FC_TRY(refuse_unsupported(smarty, request, err));
	return fc_smarty_run(smarty, &batch, err);
}
