/* profiles search on a remote service with the local engine as fallback. */
/* SPDX-License-Identifier: MIT */
#include "service/wrap/fallback_engine.h"

static enum fc_status report(const struct fc_fallback_run *run, const void *outcome,
			     struct fc_answered answered, struct fc_error *err)
{
	const struct fc_profile_search_request *request = run->request;
	const struct fc_profile_sink *sink = &request->input.sink;
	struct fc_profile_outcome copy = *(const struct fc_profile_outcome *)outcome;
	copy.answered = answered;
	return sink->report(sink->context, &copy, err);
}

static enum fc_status take(void *context, const struct fc_profile_outcome *outcome,
			   struct fc_error *err)
{
	struct fc_fallback_part *part = context;
	const struct fc_fallback_outcome common = { outcome, outcome->photo, outcome->path,
						    outcome->error, outcome->status };
	return part->take(part, &common, err);
}

static enum fc_status send(const struct fc_fallback_run *run, bool remote,
			   struct fc_photo_source photos, struct fc_fallback_part *part,
			   struct fc_tally *tally, struct fc_error *err)
{
	struct fc_profile_search_request request =
		*(const struct fc_profile_search_request *)run->request;
	request.input.photos = photos;
	request.input.sink = (struct fc_profile_sink){ take, part };
	if (remote) {
		/* the entries are the local engine's */
		request.input.no_entry = false;
		request.input.dry_run = false;
	}
	return fc_service_profile_search(remote ? run->fallback->remote : run->fallback->local,
					 &request, tally, err);
}

static bool is_same(const void *first, const void *second)
{
	const struct fc_profile_outcome *a = first;
	const struct fc_profile_outcome *b = second;
	return a->has_profile == b->has_profile &&
	       (!a->has_profile || fc_uuid_equal(&a->profile.pid, &b->profile.pid));
}

enum fc_status fc_fallback_search(struct fc_service *service,
				  const struct fc_profile_search_request *request,
				  struct fc_tally *tally, struct fc_error *err)
{
	struct fc_fallback_run run = {
		.fallback = fc_fallback_of(service),
		.request = request,
		.source = &request->input.photos,
		.tally = tally,
		/* checked from the first photo on, not only when the remote service is down */
		.needs_origins = !request->input.space && !request->input.origin,
		.send = send,
		.report = report,
		.is_same = is_same,
	};
	return fc_fallback_carry_out(&run, err);
}
