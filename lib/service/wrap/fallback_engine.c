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

static const struct fc_photo_verbs photo_verbs = { .recognize = fc_fallback_recognize };

static const struct fc_profile_verbs profile_verbs = { .search = fc_fallback_search };

static const struct fc_service_operations operations = {
	.type = "fallback",
	.close = close_fallback,
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

static enum fc_status next_until_down(void *context, struct fc_photo *out, bool *end,
				      struct fc_error *err)
{
	const struct fc_fallback_photos *photos = context;
	if (photos->down) {
		*end = true;
		return FC_OK;
	}
	FC_TRY(photos->source->next(photos->source->context, out, end, err));
	if (photos->needs_origins && !*end && out->status == FC_OK && !out->origin) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"--policy fallback and compare also search with the local engine, which "
			"requires a space; give --space or --origin");
	}
	return FC_OK;
}

static bool is_ready(void *context)
{
	const struct fc_fallback_photos *photos = context;
	const struct fc_photo_source *source = photos->source;
	return photos->down || !source->ready || source->ready(source->context);
}

struct fc_photo_source fc_fallback_source(struct fc_fallback_photos *photos)
{
	return (struct fc_photo_source){
		.next = next_until_down,
		.context = photos,
		.ready = is_ready,
		.any_order = photos->source->any_order,
	};
}

bool fc_fallback_applies(struct fc_fallback_photos *photos, enum fc_status status, const char *path)
{
	bool applies = status == FC_BUSY && strcmp(path, "-") != 0;
	photos->failures = applies ? photos->failures + 1 : 0;
	photos->down = photos->down || photos->failures >= FAILURES_MAXIMUM;
	return applies;
}

void fc_fallback_use_remote(struct fc_fallback_photos *photos)
{
	photos->failures = 0;
	photos->down = false;
}

enum fc_status fc_fallback_end(enum fc_status status, const struct fc_error *why,
			       enum fc_status remote_status, const struct fc_error *remote_error,
			       struct fc_error *err)
{
	if (status == FC_OK) {
		return FC_OK;
	}
	return remote_status == FC_OK ? fc_fail(err, status, "%s", why->text)
				      : fc_fail(err, remote_status, "%s; no fallback: %s",
						remote_error->text, why->text);
}
