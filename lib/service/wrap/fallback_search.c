/* profiles search by two services. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "service/wrap/fallback_engine.h"

struct search {
	const struct fc_policy_service *policy;
	const struct fc_profile_search_request *request;
	struct fc_policy_source source;
	struct fc_tally *tally;
};

struct second {
	struct search *search;
	const struct fc_profile_outcome *first; /* NULL when the remote service was not asked */
	const char *why; /* it failed as a whole, to be told with the next photo; or NULL */
	bool told;
};

static enum fc_status hand_on(const struct search *search, const struct fc_profile_outcome *outcome,
			      struct fc_answered answered, struct fc_error *err)
{
	const struct fc_profile_sink *sink = &search->request->input.sink;
	struct fc_profile_outcome told = *outcome;
	told.answered = answered;
	return sink->report(sink->context, &told, err);
}

static enum fc_status ask_local(const struct search *search, struct second *second,
				enum fc_status (*report)(void *context,
							 const struct fc_profile_outcome *outcome,
							 struct fc_error *err),
				struct fc_tally *tally, struct fc_error *err)
{
	struct fc_policy_single single = { second->first->asked };
	struct fc_profile_search_request request = *search->request;
	request.input.photos = fc_policy_one_photo(&single);
	request.input.sink = (struct fc_profile_sink){ report, second };
	return fc_service_profile_search(search->policy->local, &request, tally, err);
}

static enum fc_status take_fallback(void *context, const struct fc_profile_outcome *outcome,
				    struct fc_error *err)
{
	struct second *second = context;
	const struct fc_answered answered = {
		.by = FC_POLICY_LOCAL_NAME,
		.warning = second->first ? second->first->error : FC_STEAL(second->why),
	};
	second->told = true;
	return hand_on(second->search, outcome, answered, err);
}

/* The local engine answers; where it cannot, the remote service's failure is the photo's. */
static enum fc_status fall_back(struct search *search, const struct fc_profile_outcome *outcome,
				struct fc_error *err)
{
	struct second second = { .search = search, .first = outcome };
	struct fc_tally tally = { 0 };
	struct fc_error why = { 0 };
	enum fc_status status = ask_local(search, &second, take_fallback, &tally, &why);
	if (status == FC_OK || second.told) {
		fc_policy_add(search->tally, &tally);
		return status == FC_OK ? FC_OK : fc_fail(err, status, "%s", why.text);
	}
	const struct fc_answered answered = { .by = search->policy->name, .warning = why.text };
	fc_policy_stands_alone(&search->source);
	fc_tally_count(search->tally, outcome->status);
	return hand_on(search, outcome, answered, err);
}

static enum fc_agreement agreement_of(const struct fc_profile_outcome *a,
				      const struct fc_profile_outcome *b)
{
	if (a->status != FC_OK || b->status != FC_OK) {
		return FC_AGREEMENT_UNKNOWN;
	}
	bool same = a->has_profile == b->has_profile &&
		    (!a->has_profile || fc_uuid_equal(&a->profile.pid, &b->profile.pid));
	return same ? FC_AGREEMENT_YES : FC_AGREEMENT_NO;
}

static enum fc_status take_comparison(void *context, const struct fc_profile_outcome *outcome,
				      struct fc_error *err)
{
	struct second *second = context;
	struct search *search = second->search;
	enum fc_agreement agreement = agreement_of(second->first, outcome);
	struct fc_answered answered = { .by = search->policy->name, .agreement = agreement };
	second->told = true;
	search->tally->disagreed += agreement == FC_AGREEMENT_NO;
	FC_TRY(hand_on(search, second->first, answered, err));
	answered.by = FC_POLICY_LOCAL_NAME;
	answered.again = true;
	return hand_on(search, outcome, answered, err);
}

static enum fc_status take_remote(void *context, const struct fc_profile_outcome *outcome,
				  struct fc_error *err)
{
	struct search *search = context;
	struct second second = { .search = search, .first = outcome };
	const struct fc_answered answered = { .by = search->policy->name };
	bool compares = search->policy->policy == FC_POLICY_COMPARE;
	struct fc_tally ignored = { 0 };
	if (!compares && fc_policy_falls(&search->source, outcome->status, outcome->path)) {
		return fall_back(search, outcome, err);
	}
	fc_tally_count(search->tally, outcome->status);
	return compares && strcmp(outcome->path, "-") != 0
		       ? ask_local(search, &second, take_comparison, &ignored, err)
		       : hand_on(search, outcome, answered, err);
}

/* The photos that the remote service was not asked about; failed tells whether it failed as a whole, and then why. */
static enum fc_status answer_rest(struct search *search, enum fc_status failed,
				  const struct fc_error *why, struct fc_error *err)
{
	struct second second = { .search = search, .why = failed == FC_OK ? NULL : why->text };
	struct fc_error here = { 0 };
	struct fc_profile_search_request request = *search->request;
	struct fc_tally tally = { 0 };
	request.input.sink = (struct fc_profile_sink){ take_fallback, &second };
	enum fc_status status =
		fc_service_profile_search(search->policy->local, &request, &tally, &here);
	fc_policy_add(search->tally, &tally);
	return fc_policy_verdict(status, &here, second.why ? failed : FC_OK, why, err);
}

enum fc_status fc_policy_search(struct fc_service *service,
				const struct fc_profile_search_request *request,
				struct fc_tally *tally, struct fc_error *err)
{
	const struct fc_policy_service *policy = fc_policy_of(service);
	struct search search = {
		.policy = policy,
		.request = request,
		/* found out now and not on the day that the remote service is down */
		.source = { .source = &request->input.photos,
			    .needs_origins = !request->input.space && !request->input.origin },
		.tally = tally,
	};
	struct fc_profile_search_request remote = *request;
	struct fc_tally uncounted = { 0 };
	struct fc_error why = { 0 };
	remote.input.photos = fc_policy_photos(&search.source);
	remote.input.sink = (struct fc_profile_sink){ take_remote, &search };
	/* the local engine's log */
	remote.input.no_entry = false;
	remote.input.dry_run = false;
	enum fc_status status =
		fc_service_profile_search(policy->remote, &remote, &uncounted, &why);
	bool falls = policy->policy == FC_POLICY_FALLBACK &&
		     (status == FC_BUSY || (status == FC_OK && search.source.down));
	return falls ? answer_rest(&search, status, &why, err)
		     : fc_policy_verdict(status, &why, FC_OK, NULL, err);
}
