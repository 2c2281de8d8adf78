/* Two services behind one: opening, closing, and what the verbs share. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "service/wrap/fallback_engine.h"

/* Photos in a row that the remote service could not answer before it counts as down. */
enum { FAILURES_MAXIMUM = 3 };

static void close_policy(struct fc_service *service)
{
	struct fc_policy_service *policy = fc_policy_of(service);
	fc_service_close(policy->remote);
	fc_service_close(policy->local);
	free(policy);
}

static const struct fc_photo_verbs photo_verbs = { .recognize = fc_policy_recognize };

static const struct fc_profile_verbs profile_verbs = { .search = fc_policy_search };

static const struct fc_service_operations operations = {
	.type = "fallback",
	.close = close_policy,
	.photos = &photo_verbs,
	.profiles = &profile_verbs,
};

enum fc_status fc_policy_open(enum fc_policy policy, const char *name, struct fc_service *remote,
			      struct fc_service *local, struct fc_service **out,
			      struct fc_error *err)
{
	struct fc_policy_service *both = calloc(1, sizeof(*both));
	if (!both) {
		fc_service_close(remote);
		fc_service_close(local);
		return fc_fail_memory(err);
	}
	*both = (struct fc_policy_service){
		.service = { &operations },
		.policy = policy,
		.name = name,
		.remote = remote,
		.local = local,
	};
	*out = &both->service;
	return FC_OK;
}

/* ---- photos ---- */

static enum fc_status next_until_down(void *context, struct fc_photo *out, bool *end,
				      struct fc_error *err)
{
	const struct fc_policy_source *source = context;
	if (source->down) {
		*end = true;
		return FC_OK;
	}
	FC_TRY(source->source->next(source->source->context, out, end, err));
	if (source->needs_origins && !*end && out->status == FC_OK && !out->origin) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "with --policy fallback or compare the local engine answers too, "
			       "which must be told where to search; give --space or --origin");
	}
	return FC_OK;
}

static bool is_ready(void *context)
{
	const struct fc_policy_source *source = context;
	const struct fc_photo_source *from = source->source;
	return source->down || !from->ready || from->ready(from->context);
}

struct fc_photo_source fc_policy_photos(struct fc_policy_source *source)
{
	return (struct fc_photo_source){
		.next = next_until_down,
		.context = source,
		.ready = is_ready,
		.any_order = source->source->any_order,
	};
}

bool fc_policy_falls(struct fc_policy_source *source, enum fc_status status, const char *path)
{
	bool falls = status == FC_BUSY && strcmp(path, "-") != 0;
	source->failures = falls ? source->failures + 1 : 0;
	source->down = source->down || source->failures >= FAILURES_MAXIMUM;
	return falls;
}

void fc_policy_stands_alone(struct fc_policy_source *source)
{
	source->failures = 0;
	source->down = false;
}

static enum fc_status next_of_one(void *context, struct fc_photo *out, bool *end,
				  struct fc_error *err)
{
	struct fc_policy_single *single = context;
	(void)err;
	*end = single->photo == NULL;
	if (!*end) {
		*out = *FC_STEAL(single->photo);
	}
	return FC_OK;
}

struct fc_photo_source fc_policy_one_photo(struct fc_policy_single *single)
{
	return (struct fc_photo_source){ .next = next_of_one, .context = single };
}

/* ---- sums ---- */

void fc_policy_add(struct fc_tally *tally, const struct fc_tally *more)
{
	tally->first_failure = tally->failed == 0 ? more->first_failure : tally->first_failure;
	tally->photos += more->photos;
	tally->done += more->done;
	tally->failed += more->failed;
	tally->faces += more->faces;
	tally->known += more->known;
	tally->created += more->created;
}

enum fc_status fc_policy_verdict(enum fc_status status, const struct fc_error *why,
				 enum fc_status failed, const struct fc_error *remote,
				 struct fc_error *err)
{
	if (status == FC_OK) {
		return FC_OK;
	}
	return failed == FC_OK
		       ? fc_fail(err, status, "%s", why->text)
		       : fc_fail(err, failed, "%s; nobody stands in: %s", remote->text, why->text);
}

enum fc_status fc_policy_refuse(bool asked, const char *what, struct fc_error *err)
{
	return asked ? fc_fail(err, FC_UNSUPPORTED,
			       "%s changes persons, and with --policy fallback or compare nothing "
			       "is changed; use --policy remote or local",
			       what)
		     : FC_OK;
}
