/* recognize on a remote service with the local engine as fallback. */
/* SPDX-License-Identifier: MIT */
#include "service/wrap/fallback_engine.h"

#include <string.h>

static enum fc_status report(const struct fc_fallback_run *run, const void *outcome,
			     struct fc_answered answered, struct fc_error *err)
{
	const struct fc_recognize_request *request = run->request;
	struct fc_photo_outcome copy = *(const struct fc_photo_outcome *)outcome;
	copy.answered = answered;
	return request->sink.report(request->sink.context, &copy, err);
}

static enum fc_status take(void *context, const struct fc_photo_outcome *outcome,
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
	struct fc_recognize_request request = *(const struct fc_recognize_request *)run->request;
	request.photos = photos;
	request.sink = (struct fc_photo_sink){ take, part };
	if (remote) {
		/* the threshold and the entries are the local engine's */
		request.threshold = (struct fc_threshold_choice){ 0 };
		request.no_entry = false;
		request.dry_run = false;
	}
	return fc_service_recognize(remote ? run->fallback->remote : run->fallback->local, &request,
				    tally, err);
}

static bool is_same_person(const struct fc_identity *a, const struct fc_identity *b)
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
				is_same_person(&all->faces[k].identity, &face->identity);
		}
		if (!found) {
			return false;
		}
	}
	return true;
}

static bool is_same(const void *first, const void *second)
{
	return includes(first, second) && includes(second, first);
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
	struct fc_fallback_run run = {
		.fallback = fc_fallback_of(service),
		.request = request,
		.source = &request->photos,
		.tally = tally,
		.send = send,
		.report = report,
		.is_same = is_same,
	};
	FC_TRY(refuse_change(request->create_new, "--create-new", err));
	FC_TRY(refuse_change(request->update_embedding, "--update-embedding", err));
	return fc_fallback_carry_out(&run, err);
}
