/* A remote service with the local engine as fallback: opening, closing, and what the verbs share. */
/* SPDX-License-Identifier: MIT */
#include "service/wrap/fallback_engine.h"

#include <stdlib.h>
#include <string.h>

/* After this many consecutive photos that it could not process, the remote service counts as down. */
enum { FAILURES_MAXIMUM = 3 };

static void close_fallback(struct fc_service *service)
{
	struct fc_fallback *fallback = fc_fallback_of(service);
	fc_service_close(fallback->remote);
	fc_service_close(fallback->local);
	free(fallback);
}

static void rest(struct fc_service *service)
{
	fc_service_rest(fc_fallback_of(service)->local);
}

static const struct fc_photo_verbs photo_verbs = { .recognize = fc_fallback_recognize };

static const struct fc_profile_verbs profile_verbs = { .search = fc_fallback_search };

static const struct fc_service_operations operations = {
	.type = "fallback",
	.close = close_fallback,
	.rest = rest,
	.photos = &photo_verbs,
	.profiles = &profile_verbs,
};

enum fc_status fc_fallback_open(enum fc_policy policy, const char *name, struct fc_service *remote,
				struct fc_service *local, struct fc_service **out,
				struct fc_error *err)
{
	struct fc_fallback *fallback = calloc(1, sizeof(*fallback));
	if (!fallback) {
		fc_service_close(remote);
		fc_service_close(local);
		return fc_fail_memory(err);
	}
	*fallback = (struct fc_fallback){
		.service = { &operations },
		.policy = policy,
		.name = name,
		.remote = remote,
		.local = local,
	};
	*out = &fallback->service;
	return FC_OK;
}

/* ---- the photos for the remote service ---- */

static enum fc_status next_until_down(void *context, struct fc_photo *out, bool *end,
				      struct fc_error *err)
{
	const struct fc_fallback_run *run = context;
	if (run->down) {
		*end = true;
		return FC_OK;
	}
	FC_TRY(run->source->next(run->source->context, out, end, err));
	if (run->needs_origins && !*end && out->status == FC_OK && !out->origin) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"--policy fallback and compare also search with the local engine, which "
			"requires a space; give --space or --origin");
	}
	return FC_OK;
}

static bool is_ready(void *context)
{
	const struct fc_fallback_run *run = context;
	return run->down || !run->source->ready || run->source->ready(run->source->context);
}

/* ---- outcomes ---- */

static const char local_name[] = "local";

/* Send the photo of an outcome to the local engine. */
static enum fc_status send_again(struct fc_fallback_part *part, struct fc_tally *tally,
				 struct fc_error *err)
{
	struct fc_photo_array photo = { part->first->photo, 1 };
	return part->run->send(part->run, false, fc_photo_array_source(&photo), part, tally, err);
}

static enum fc_status take_fallback(struct fc_fallback_part *part,
				    const struct fc_fallback_outcome *outcome, struct fc_error *err)
{
	const struct fc_answered answered = {
		.by = local_name,
		.warning = part->first ? part->first->error : FC_STEAL(part->why),
	};
	part->reported = true;
	return part->run->report(part->run, outcome->whole, answered, err);
}

/* Process the photo with the local engine; if that fails, too, the photo fails with the remote service's error. */
static enum fc_status fall_back(struct fc_fallback_run *run,
				const struct fc_fallback_outcome *outcome, struct fc_error *err)
{
	struct fc_fallback_part part = { .run = run, .take = take_fallback, .first = outcome };
	struct fc_tally tally = { 0 };
	struct fc_error why = { 0 };
	enum fc_status status = send_again(&part, &tally, &why);
	if (status == FC_OK || part.reported) {
		fc_tally_add(run->tally, &tally);
		return status == FC_OK ? FC_OK : fc_fail(err, status, "%s", why.text);
	}
	const struct fc_answered answered = { .by = run->fallback->name, .warning = why.text };
	/* neither service works: send further photos to the remote service again */
	run->failures = 0;
	run->down = false;
	fc_tally_count(run->tally, outcome->status);
	return run->report(run, outcome->whole, answered, err);
}

/* Called while the remote outcome is still valid, so that both can be compared. */
static enum fc_status take_comparison(struct fc_fallback_part *part,
				      const struct fc_fallback_outcome *outcome,
				      struct fc_error *err)
{
	struct fc_fallback_run *run = part->run;
	const struct fc_fallback_outcome *first = part->first;
	enum fc_agreement agreement = FC_AGREEMENT_UNKNOWN;
	if (first->status == FC_OK && outcome->status == FC_OK) {
		bool same = run->is_same(first->whole, outcome->whole);
		agreement = same ? FC_AGREEMENT_YES : FC_AGREEMENT_NO;
	}
	struct fc_answered answered = { .by = run->fallback->name, .agreement = agreement };
	part->reported = true;
	run->tally->disagreed += agreement == FC_AGREEMENT_NO;
	FC_TRY(run->report(run, first->whole, answered, err));
	answered.by = local_name;
	answered.again = true;
	return run->report(run, outcome->whole, answered, err);
}

static enum fc_status take_remote(struct fc_fallback_part *part,
				  const struct fc_fallback_outcome *outcome, struct fc_error *err)
{
	struct fc_fallback_run *run = part->run;
	struct fc_fallback_part second = { .run = run, .take = take_comparison, .first = outcome };
	const struct fc_answered answered = { .by = run->fallback->name };
	struct fc_tally ignored = { 0 };
	bool compares = run->fallback->policy == FC_POLICY_COMPARE;
	bool is_input = strcmp(outcome->path, "-") == 0;
	if (!compares) {
		bool applies = outcome->status == FC_BUSY && !is_input;
		run->failures = applies ? run->failures + 1 : 0;
		run->down = run->down || run->failures >= FAILURES_MAXIMUM;
		if (applies) {
			return fall_back(run, outcome, err);
		}
	}
	fc_tally_count(run->tally, outcome->status);
	return compares && !is_input ? send_again(&second, &ignored, err)
				     : run->report(run, outcome->whole, answered, err);
}

enum fc_status fc_fallback_carry_out(struct fc_fallback_run *run, struct fc_error *err)
{
	const struct fc_photo_source photos = {
		.next = next_until_down,
		.context = run,
		.ready = is_ready,
		.any_order = run->source->any_order,
	};
	struct fc_fallback_part part = { .run = run, .take = take_remote };
	struct fc_tally uncounted = { 0 };
	struct fc_error why = { 0 };
	enum fc_status status = run->send(run, true, photos, &part, &uncounted, &why);
	bool applies = run->fallback->policy == FC_POLICY_FALLBACK &&
		       (status == FC_BUSY || (status == FC_OK && run->down));
	if (!applies) {
		return status == FC_OK ? FC_OK : fc_fail(err, status, "%s", why.text);
	}

	/* process the photos that were not sent to the remote service with the local engine */
	struct fc_fallback_part rest = { .run = run,
					 .take = take_fallback,
					 .why = status == FC_OK ? NULL : why.text };
	struct fc_tally tally = { 0 };
	struct fc_error local_why = { 0 };
	enum fc_status local_status =
		run->send(run, false, *run->source, &rest, &tally, &local_why);
	fc_tally_add(run->tally, &tally);
	if (local_status == FC_OK) {
		return FC_OK;
	}
	return rest.why ? fc_fail(err, status, "%s; no fallback: %s", why.text, local_why.text)
			: fc_fail(err, local_status, "%s", local_why.text);
}
