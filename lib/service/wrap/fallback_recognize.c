/* recognize by two services. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "service/wrap/fallback_engine.h"

struct recognition {
	const struct fc_policy_service *policy;
	const struct fc_recognize_request *request;
	struct fc_policy_source source;
	struct fc_tally *tally;
};

/* ---- the local engine's answer to one photo ---- */

struct second {
	struct recognition *recognition;
	const struct fc_photo_outcome *first; /* the remote service's; NULL when it was not asked */
	const char *why; /* it failed as a whole, to be told with the next photo; or NULL */
	bool told;
};

static enum fc_status hand_on(const struct recognition *recognition,
			      const struct fc_photo_outcome *outcome, struct fc_answered answered,
			      struct fc_error *err)
{
	struct fc_photo_outcome told = *outcome;
	told.answered = answered;
	return recognition->request->sink.report(recognition->request->sink.context, &told, err);
}

/* Ask the local engine about the photo of an outcome. */
static enum fc_status ask_local(struct recognition *recognition, struct second *second,
				enum fc_status (*report)(void *context,
							 const struct fc_photo_outcome *outcome,
							 struct fc_error *err),
				struct fc_tally *tally, struct fc_error *err)
{
	struct fc_policy_single single = { second->first->asked };
	struct fc_recognize_request request = *recognition->request;
	request.photos = fc_policy_one_photo(&single);
	request.sink = (struct fc_photo_sink){ report, second };
	return fc_service_recognize(recognition->policy->local, &request, tally, err);
}

/* ---- fallback ---- */

static enum fc_status take_fallback(void *context, const struct fc_photo_outcome *outcome,
				    struct fc_error *err)
{
	struct second *second = context;
	const struct fc_answered answered = {
		.by = FC_POLICY_LOCAL_NAME,
		.warning = second->first ? second->first->error : FC_STEAL(second->why),
	};
	second->told = true;
	return hand_on(second->recognition, outcome, answered, err);
}

/* The local engine answers; where it cannot, the remote service's failure is the photo's. */
static enum fc_status fall_back(struct recognition *recognition,
				const struct fc_photo_outcome *outcome, struct fc_error *err)
{
	struct second second = { .recognition = recognition, .first = outcome };
	struct fc_tally tally = { 0 };
	struct fc_error why = { 0 };
	enum fc_status status = ask_local(recognition, &second, take_fallback, &tally, &why);
	if (status == FC_OK || second.told) {
		fc_policy_add(recognition->tally, &tally);
		return status == FC_OK ? FC_OK : fc_fail(err, status, "%s", why.text);
	}
	const struct fc_answered answered = { .by = recognition->policy->name,
					      .warning = why.text };
	fc_policy_stands_alone(&recognition->source);
	fc_tally_count(recognition->tally, outcome->status);
	return hand_on(recognition, outcome, answered, err);
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

/* Every person that one knows in the photo is known to the other. */
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

static enum fc_agreement agreement_of(const struct fc_photo_outcome *a,
				      const struct fc_photo_outcome *b)
{
	if (a->status != FC_OK || b->status != FC_OK) {
		return FC_AGREEMENT_UNKNOWN;
	}
	return includes(a, b) && includes(b, a) ? FC_AGREEMENT_YES : FC_AGREEMENT_NO;
}

/* Both outcomes are there while the local engine reports its own. */
static enum fc_status take_comparison(void *context, const struct fc_photo_outcome *outcome,
				      struct fc_error *err)
{
	struct second *second = context;
	struct recognition *recognition = second->recognition;
	enum fc_agreement agreement = agreement_of(second->first, outcome);
	struct fc_answered answered = { .by = recognition->policy->name, .agreement = agreement };
	second->told = true;
	recognition->tally->disagreed += agreement == FC_AGREEMENT_NO;
	FC_TRY(hand_on(recognition, second->first, answered, err));
	answered.by = FC_POLICY_LOCAL_NAME;
	answered.again = true;
	return hand_on(recognition, outcome, answered, err);
}

static enum fc_status compare(struct recognition *recognition,
			      const struct fc_photo_outcome *outcome, struct fc_error *err)
{
	struct second second = { .recognition = recognition, .first = outcome };
	const struct fc_answered answered = { .by = recognition->policy->name };
	struct fc_tally ignored = { 0 };
	fc_tally_count(recognition->tally, outcome->status);
	if (strcmp(outcome->path, "-") == 0) {
		return hand_on(recognition, outcome, answered, err);
	}
	return ask_local(recognition, &second, take_comparison, &ignored, err);
}

/* ---- the verb ---- */

static enum fc_status take_remote(void *context, const struct fc_photo_outcome *outcome,
				  struct fc_error *err)
{
	struct recognition *recognition = context;
	const struct fc_answered answered = { .by = recognition->policy->name };
	if (recognition->policy->policy == FC_POLICY_COMPARE) {
		return compare(recognition, outcome, err);
	}
	if (fc_policy_falls(&recognition->source, outcome->status, outcome->path)) {
		return fall_back(recognition, outcome, err);
	}
	fc_tally_count(recognition->tally, outcome->status);
	return hand_on(recognition, outcome, answered, err);
}

/* The photos that the remote service was not asked about; failed tells whether it failed as a whole, and then why. */
static enum fc_status answer_rest(struct recognition *recognition, enum fc_status failed,
				  const struct fc_error *why, struct fc_error *err)
{
	struct second second = { .recognition = recognition,
				 .why = failed == FC_OK ? NULL : why->text };
	struct fc_error here = { 0 };
	struct fc_recognize_request request = *recognition->request;
	struct fc_tally tally = { 0 };
	request.sink = (struct fc_photo_sink){ take_fallback, &second };
	enum fc_status status =
		fc_service_recognize(recognition->policy->local, &request, &tally, &here);
	fc_policy_add(recognition->tally, &tally);
	return fc_policy_verdict(status, &here, second.why ? failed : FC_OK, why, err);
}

enum fc_status fc_policy_recognize(struct fc_service *service,
				   const struct fc_recognize_request *request,
				   struct fc_tally *tally, struct fc_error *err)
{
	const struct fc_policy_service *policy = fc_policy_of(service);
	struct recognition recognition = {
		.policy = policy,
		.request = request,
		.source = { .source = &request->photos },
		.tally = tally,
	};
	struct fc_recognize_request remote = *request;
	struct fc_tally uncounted = { 0 };
	struct fc_error why = { 0 };
	FC_TRY(fc_policy_refuse(request->create_new, "--create-new", err));
	FC_TRY(fc_policy_refuse(request->update_embedding, "--update-embedding", err));
	remote.photos = fc_policy_photos(&recognition.source);
	remote.sink = (struct fc_photo_sink){ take_remote, &recognition };
	/* a threshold is for the local engine's similarities, and so is its log */
	remote.threshold = (struct fc_threshold_choice){ 0 };
	remote.no_entry = false;
	remote.dry_run = false;
	enum fc_status status = fc_service_recognize(policy->remote, &remote, &uncounted, &why);
	bool falls = policy->policy == FC_POLICY_FALLBACK &&
		     (status == FC_BUSY || (status == FC_OK && recognition.source.down));
	return falls ? answer_rest(&recognition, status, &why, err)
		     : fc_policy_verdict(status, &why, FC_OK, NULL, err);
}
