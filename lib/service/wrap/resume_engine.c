/* A remote service with a ledger: opening, closing, and forgetting. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "service/wrap/resume_engine.h"

static void close_remembered(struct fc_service *service)
{
	struct fc_remembered *remembered = fc_remembered_of(service);
	fc_gallery_close(remembered->gallery);
	fc_service_close(remembered->remote);
	free(remembered->folder);
	free(remembered);
}

enum fc_status fc_remembered_gallery(struct fc_remembered *remembered, enum fc_gallery_mode mode,
				     struct fc_error *err)
{
	if (remembered->gallery && mode > remembered->mode) {
		fc_gallery_closep(&remembered->gallery);
	}
	if (!remembered->gallery) {
		const struct fc_gallery_options options = {
			.directory = remembered->options.gallery_directory,
			.mode = mode,
			.lock_timeout = remembered->options.lock_timeout,
		};
		FC_TRY(fc_gallery_open(&options, &remembered->gallery, err));
		remembered->mode = mode;
	}
	return FC_OK;
}

/* ---- forgetting ---- */

struct forgetting {
	const char *service, *space;
};

static enum fc_status forget_space(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct forgetting *forgetting = context;
	return fc_ledger_forget_space(txn, forgetting->service, forgetting->space, err);
}

/*
 * Called before the service deletes: if the request fails then, photos are sent once more. The other way round the ledger could list
 * photos that the service no longer has, and they would never be sent again.
 */
static enum fc_status forget(struct fc_remembered *remembered, const char *space,
			     struct fc_error *err)
{
	struct forgetting forgetting = { remembered->options.name, space };
	enum fc_status status = fc_remembered_gallery(remembered, FC_GALLERY_WRITE, err);
	if (status == FC_GALLERY_MISSING) {
		return FC_OK;
	}
	FC_TRY(status);
	return fc_gallery_write(remembered->gallery, forget_space, &forgetting, err);
}

/* The ledger does not know the space of a profile, so everything of the service is forgotten. */
static enum fc_status delete_profiles(struct fc_service *service,
				      const struct fc_profile_delete_request *request,
				      struct fc_error *err)
{
	struct fc_remembered *remembered = fc_remembered_of(service);
	FC_TRY(fc_service_need(remembered->remote, FC_VERB_PROFILES_DELETE, err));
	if (!request->dry_run) {
		FC_TRY(forget(remembered, NULL, err));
	}
	return fc_service_profile_delete(remembered->remote, request, err);
}

static enum fc_status delete_persons(struct fc_service *service,
				     const struct fc_delete_request *request, struct fc_error *err)
{
	struct fc_remembered *remembered = fc_remembered_of(service);
	FC_TRY(fc_service_need(remembered->remote, FC_VERB_DELETE, err));
	if (!request->dry_run) {
		FC_TRY(forget(remembered, request->space, err));
	}
	return fc_service_delete(remembered->remote, request, err);
}

static enum fc_status truncate_space(struct fc_service *service,
				     const struct fc_truncate_request *request,
				     struct fc_truncate_result *out, struct fc_error *err)
{
	struct fc_remembered *remembered = fc_remembered_of(service);
	FC_TRY(fc_service_need(remembered->remote, FC_VERB_TRUNCATE, err));
	if (!request->dry_run) {
		FC_TRY(forget(remembered, request->space, err));
	}
	return fc_service_truncate(remembered->remote, request, out, err);
}

static enum fc_status delete_space(struct fc_service *service, const char *space,
				   struct fc_error *err)
{
	struct fc_remembered *remembered = fc_remembered_of(service);
	FC_TRY(fc_service_need(remembered->remote, FC_VERB_SPACES_DELETE, err));
	FC_TRY(forget(remembered, space, err));
	FC_TRY(forget(remembered, "",
		      err)); /* photos sent without naming a space, perhaps to this one */
	return fc_service_space_delete(remembered->remote, space, err);
}

/* spaces delete shows the space before it asks for confirmation. */
static enum fc_status list_spaces(struct fc_service *service, struct fc_space_summary **out,
				  size_t *count, struct fc_error *err)
{
	return fc_service_space_list(fc_remembered_of(service)->remote, out, count, err);
}

static const struct fc_photo_verbs photo_verbs = {
	.set = fc_remembered_set,
	.delete = delete_persons,
	.truncate = truncate_space,
};

static const struct fc_profile_verbs profile_verbs = {
	.create = fc_remembered_profile_create,
	.delete = delete_profiles,
};

static const struct fc_space_verbs space_verbs = {
	.list = list_spaces,
	.delete = delete_space,
};

static const struct fc_service_operations operations = {
	.type = "resume",
	.close = close_remembered,
	.photos = &photo_verbs,
	.profiles = &profile_verbs,
	.spaces = &space_verbs,
};

enum fc_status fc_remembered_open(const struct fc_remembered_options *options,
				  struct fc_service *remote, struct fc_service **out,
				  struct fc_error *err)
{
	struct fc_remembered *remembered = calloc(1, sizeof(*remembered));
	char *folder = getcwd(NULL, 0);
	if (!remembered || !folder) {
		int os_errno = errno;
		free(remembered);
		free(folder);
		fc_service_close(remote);
		return fc_fail_errno(err, FC_IO, os_errno, "cannot tell the current folder");
	}
	*remembered = (struct fc_remembered){
		.service = { &operations },
		.options = *options,
		.remote = remote,
		.folder = folder,
	};
	*out = &remembered->service;
	return FC_OK;
}
