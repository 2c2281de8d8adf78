/* recognize on a remote service with the local engine as fallback. */
/* SPDX-License-Identifier: MIT */
#include "service/wrap/fallback_engine.h"

#include <string.h>

struct recognition {
	const struct fc_fallback *fallback;
	const struct fc_recognize_request *request;
	struct fc_fallback_photos photos;
	struct fc_tally *tally;
};

/* A photo that is sent to the local engine, too. */
struct second {
	struct recognition *recognition;
	const struct fc_photo_outcome *first; /* the remote service's; NULL when it was not used */
	const char *why; /* the error that ended the remote request; reported once; may be NULL */
	bool reported;
};

static enum fc_status report_as(const struct recognition *recognition,
				const struct fc_photo_outcome *outcome, struct fc_answered answered,
				struct fc_error *err)
{
	const struct fc_photo_sink *sink = &recognition->request->sink;
	struct fc_photo_outcome copy = *outcome;
	copy.answered = answered;
	return sink->report(sink->context, &copy, err);
}

/* Send the photo of an outcome to the local engine. */
static enum fc_status
recognize_locally(struct recognition *recognition, struct second *second,
		  enum fc_status (*report)(void *context, const struct fc_photo_outcome *outcome,
					   struct fc_error *err),
		  struct fc_tally *tally, struct fc_error *err)
{
	struct fc_photo_array photo = { second->first->photo, 1 };
	struct fc_recognize_request request = *recognition->request;
	request.photos = fc_photo_array_source(&photo);
	request.sink = (struct fc_photo_sink){ report, second };
	return fc_service_recognize(recognition->fallback->local, &request, tally, err);
}

/* ---- fallback ---- */

static enum fc_status report_fallback(void *context, const struct fc_photo_outcome *outcome,
				      struct fc_error *err)
{
	struct second *second = context;
	const struct fc_answered answered = {
		.by = FC_FALLBACK_LOCAL_NAME,
		.warning = second->first ? second->first->error : FC_STEAL(second->why),
	};
	second->reported = true;
	return report_as(second->recognition, outcome, answered, err);
}

/* Process the photo with the local engine; if that fails, too, the photo fails with the remote service's error. */
static enum fc_status fall_back(struct recognition *recognition,
				const struct fc_photo_outcome *outcome, struct fc_error *err)
{
	struct second second = { .recognition = recognition, .first = outcome };
	struct fc_tally tally = { 0 };
	struct fc_error why = { 0 };
	enum fc_status status =
		recognize_locally(recognition, &second, report_fallback, &tally, &why);
	if (status == FC_OK || second.reported) {
		fc_tally_add(recognition->tally, &tally);
		return status == FC_OK ? FC_OK : fc_fail(err, status, "%s", why.text);
	}
	const struct fc_answered answered = { .by = recognition->fallback->name,
					      .warning = why.text };
	fc_fallback_use_remote(&recognition->photos);
	fc_tally_count(recognition->tally, outcome->status);
	return report_as(recognition, outcome, answered, err);
}

/* ---- compare ---- */

static bool is_same(const struct fc_identity *a, const struct fc_identity *b)
{
	if (a->has_number && b->has_number) {
		return a->number == b->number;
	}
	return (a->name && b->name && strcmp(a->name, b->name) == 0) ||
	       (!fc_uuid_is_nil(&a->pid) && fc_uuid_equal(&a->pid, &b->pid));
}

/* Whether `all` has every person of `some`. */
static bool includes(const struct fc_photo_outcome *all, const struct fc_photo_outcome *some)
{
	for (size_t i = 0; i < some->face_count; i++) {
		const struct fc_recognized_face *face = &some->faces[i];
		bool found = !face->known;
		for (size_t k = 0; k < all->face_count && !found; k++) {
			found = all->faces[k].known &&
				is_same(&all->faces[k].identity, &face->identity);
		}
		if (!found) {
			return false;
		}
	}
	return true;
}

/* Called while the remote outcome is still valid, so that both can be compared. */
static enum fc_status report_comparison(void *context, const struct fc_photo_outcome *outcome,
					struct fc_error *err)
{
	struct second *second = context;
	struct recognition *recognition = second->recognition;
	const struct fc_photo_outcome *first = second->first;
	enum fc_agreement agreement = FC_AGREEMENT_UNKNOWN;
	if (first->status == FC_OK && outcome->status == FC_OK) {
		bool same = includes(first, outcome) && includes(outcome, first);
		agreement = same ? FC_AGREEMENT_YES : FC_AGREEMENT_NO;
	}
	struct fc_answered answered = { .by = recognition->fallback->name, .agreement = agreement };
	second->reported = true;
	recognition->tally->disagreed += agreement == FC_AGREEMENT_NO;
	FC_TRY(report_as(recognition, first, answered, err));
	answered.by = FC_FALLBACK_LOCAL_NAME;
	answered.again = true;
	return report_as(recognition, outcome, answered, err);
}

static enum fc_status compare(struct recognition *recognition,
			      const struct fc_photo_outcome *outcome, struct fc_error *err)
{
	struct second second = { .recognition = recognition, .first = outcome };
	const struct fc_answered answered = { .by = recognition->fallback->name };
	struct fc_tally ignored = { 0 };
	fc_tally_count(recognition->tally, outcome->status);
	if (strcmp(outcome->path, "-") == 0) {
		return report_as(recognition, outcome, answered, err);
	}
	return recognize_locally(recognition, &second, report_comparison, &ignored, err);
}

/* ---- the verb ---- */

static enum fc_status report_remote(void *context, const struct fc_photo_outcome *outcome,
				    struct fc_error *err)
{
	struct recognition *recognition = context;
	const struct fc_answered answered = { .by = recognition->fallback->name };
	if (recognition->fallback->policy == FC_POLICY_COMPARE) {
		return compare(recognition, outcome, err);
	}
	if (fc_fallback_applies(&recognition->photos, outcome->status, outcome->path)) {
		return fall_back(recognition, outcome, err);
	}
	fc_tally_count(recognition->tally, outcome->status);
	return report_as(recognition, outcome, answered, err);
}

/* Process the photos that were not sent to the remote service with the local engine. remote_status: of the request as a whole. */
static enum fc_status answer_rest(struct recognition *recognition, enum fc_status remote_status,
				  const struct fc_error *remote_error, struct fc_error *err)
{
	struct second second = { .recognition = recognition,
				 .why = remote_status == FC_OK ? NULL : remote_error->text };
	struct fc_error why = { 0 };
	struct fc_recognize_request request = *recognition->request;
	struct fc_tally tally = { 0 };
	request.sink = (struct fc_photo_sink){ report_fallback, &second };
	enum fc_status status =
		fc_service_recognize(recognition->fallback->local, &request, &tally, &why);
	fc_tally_add(recognition->tally, &tally);
	return fc_fallback_end(status, &why, second.why ? remote_status : FC_OK, remote_error, err);
}

static enum fc_status refuse_change(bool requested, const char *option, struct fc_error *err)
{
	return requested ? fc_fail(err, FC_UNSUPPORTED,
				   "%s changes persons, which --policy fallback and compare do "
				   "not support; use --policy remote or local",
				   option)
			 : FC_OK;
}

enum fc_status fc_fallback_recognize(struct fc_service *service,
				     const struct fc_recognize_request *request,
				     struct fc_tally *tally, struct fc_error *err)
{
	const struct fc_fallback *fallback = fc_fallback_of(service);
	struct recognition recognition = {
		.fallback = fallback,
		.request = request,
		.photos = { .source = &request->photos },
		.tally = tally,
	};
	struct fc_recognize_request remote = *request;
	struct fc_tally uncounted = { 0 };
	struct fc_error why = { 0 };
	FC_TRY(refuse_change(request->create_new, "--create-new", err));
	FC_TRY(refuse_change(request->update_embedding, "--update-embedding", err));
	remote.photos = fc_fallback_source(&recognition.photos);
	remote.sink = (struct fc_photo_sink){ report_remote, &recognition };
	/* the threshold and the entries are the local engine's */
	remote.threshold = (struct fc_threshold_choice){ 0 };
	remote.no_entry = false;
	remote.dry_run = false;
	enum fc_status status = fc_service_recognize(fallback->remote, &remote, &uncounted, &why);
	bool applies = fallback->policy == FC_POLICY_FALLBACK &&
		       (status == FC_BUSY || (status == FC_OK && recognition.photos.down));
	return applies ? answer_rest(&recognition, status, &why, err)
		       : fc_fallback_end(status, &why, FC_OK, NULL, err);
}
