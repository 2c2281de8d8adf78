/* profiles search on a remote service with the local engine as fallback. */
/* SPDX-License-Identifier: MIT */
#include "service/wrap/fallback_engine.h"

#include <string.h>

struct search {
	const struct fc_fallback *fallback;
	const struct fc_profile_search_request *request;
	struct fc_fallback_photos photos;
	struct fc_tally *tally;
};

/* A photo that is sent to the local engine, too. */
struct second {
	struct search *search;
	const struct fc_profile_outcome *first; /* NULL when the remote service was not used */
	const char *why; /* the error that ended the remote request; reported once; may be NULL */
	bool reported;
};

static enum fc_status report_as(const struct search *search,
				const struct fc_profile_outcome *outcome,
				struct fc_answered answered, struct fc_error *err)
{
	const struct fc_profile_sink *sink = &search->request->input.sink;
	struct fc_profile_outcome copy = *outcome;
	copy.answered = answered;
	return sink->report(sink->context, &copy, err);
}

/* Send the photo of an outcome to the local engine. */
static enum fc_status
search_locally(const struct search *search, struct second *second,
	       enum fc_status (*report)(void *context, const struct fc_profile_outcome *outcome,
					struct fc_error *err),
	       struct fc_tally *tally, struct fc_error *err)
{
	struct fc_photo_array photo = { second->first->photo, 1 };
	struct fc_profile_search_request request = *search->request;
	request.input.photos = fc_photo_array_source(&photo);
	request.input.sink = (struct fc_profile_sink){ report, second };
	return fc_service_profile_search(search->fallback->local, &request, tally, err);
}

static enum fc_status report_fallback(void *context, const struct fc_profile_outcome *outcome,
				      struct fc_error *err)
{
	struct second *second = context;
	const struct fc_answered answered = {
		.by = FC_FALLBACK_LOCAL_NAME,
		.warning = second->first ? second->first->error : FC_STEAL(second->why),
	};
	second->reported = true;
	return report_as(second->search, outcome, answered, err);
}

/* Process the photo with the local engine; if that fails, too, the photo fails with the remote service's error. */
static enum fc_status fall_back(struct search *search, const struct fc_profile_outcome *outcome,
				struct fc_error *err)
{
	struct second second = { .search = search, .first = outcome };
	struct fc_tally tally = { 0 };
	struct fc_error why = { 0 };
	enum fc_status status = search_locally(search, &second, report_fallback, &tally, &why);
	if (status == FC_OK || second.reported) {
		fc_tally_add(search->tally, &tally);
		return status == FC_OK ? FC_OK : fc_fail(err, status, "%s", why.text);
	}
	const struct fc_answered answered = { .by = search->fallback->name, .warning = why.text };
	fc_fallback_use_remote(&search->photos);
	fc_tally_count(search->tally, outcome->status);
	return report_as(search, outcome, answered, err);
}

static enum fc_status report_comparison(void *context, const struct fc_profile_outcome *outcome,
					struct fc_error *err)
{
	struct second *second = context;
	struct search *search = second->search;
	const struct fc_profile_outcome *first = second->first;
	enum fc_agreement agreement = FC_AGREEMENT_UNKNOWN;
	if (first->status == FC_OK && outcome->status == FC_OK) {
		bool same = first->has_profile == outcome->has_profile &&
			    (!first->has_profile ||
			     fc_uuid_equal(&first->profile.pid, &outcome->profile.pid));
		agreement = same ? FC_AGREEMENT_YES : FC_AGREEMENT_NO;
	}
	struct fc_answered answered = { .by = search->fallback->name, .agreement = agreement };
	second->reported = true;
	search->tally->disagreed += agreement == FC_AGREEMENT_NO;
	FC_TRY(report_as(search, first, answered, err));
	answered.by = FC_FALLBACK_LOCAL_NAME;
	answered.again = true;
	return report_as(search, outcome, answered, err);
}

static enum fc_status report_remote(void *context, const struct fc_profile_outcome *outcome,
				    struct fc_error *err)
{
	struct search *search = context;
	struct second second = { .search = search, .first = outcome };
	const struct fc_answered answered = { .by = search->fallback->name };
	bool compares = search->fallback->policy == FC_POLICY_COMPARE;
	struct fc_tally ignored = { 0 };
	if (!compares && fc_fallback_applies(&search->photos, outcome->status, outcome->path)) {
		return fall_back(search, outcome, err);
	}
	fc_tally_count(search->tally, outcome->status);
	return compares && strcmp(outcome->path, "-") != 0
		       ? search_locally(search, &second, report_comparison, &ignored, err)
		       : report_as(search, outcome, answered, err);
}

/* Process the photos that were not sent to the remote service with the local engine. remote_status: of the request as a whole. */
static enum fc_status answer_rest(struct search *search, enum fc_status remote_status,
				  const struct fc_error *remote_error, struct fc_error *err)
{
	struct second second = { .search = search,
				 .why = remote_status == FC_OK ? NULL : remote_error->text };
	struct fc_error why = { 0 };
	struct fc_profile_search_request request = *search->request;
	struct fc_tally tally = { 0 };
	request.input.sink = (struct fc_profile_sink){ report_fallback, &second };
	enum fc_status status =
		fc_service_profile_search(search->fallback->local, &request, &tally, &why);
	fc_tally_add(search->tally, &tally);
	return fc_fallback_end(status, &why, second.why ? remote_status : FC_OK, remote_error, err);
}

enum fc_status fc_fallback_search(struct fc_service *service,
				  const struct fc_profile_search_request *request,
				  struct fc_tally *tally, struct fc_error *err)
{
	const struct fc_fallback *fallback = fc_fallback_of(service);
	struct search search = {
		.fallback = fallback,
		.request = request,
		/* checked from the first photo on, not only when the remote service is down */
		.photos = { .source = &request->input.photos,
			    .needs_origins = !request->input.space && !request->input.origin },
		.tally = tally,
	};
	struct fc_profile_search_request remote = *request;
	struct fc_tally uncounted = { 0 };
	struct fc_error why = { 0 };
	remote.input.photos = fc_fallback_source(&search.photos);
	remote.input.sink = (struct fc_profile_sink){ report_remote, &search };
	/* the entries are the local engine's */
	remote.input.no_entry = false;
	remote.input.dry_run = false;
	enum fc_status status =
		fc_service_profile_search(fallback->remote, &remote, &uncounted, &why);
	bool applies = fallback->policy == FC_POLICY_FALLBACK &&
		       (status == FC_BUSY || (status == FC_OK && search.photos.down));
	return applies ? answer_rest(&search, status, &why, err)
		       : fc_fallback_end(status, &why, FC_OK, NULL, err);
}
