/* A remote service with a ledger: opening, closing, and the verbs that delete. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"

#include "service/wrap/resume_engine.h"

static void close_resume(struct fc_service *service)
{
	struct fc_resume *resume = fc_resume_of(service);
	fc_gallery_handle_close(&resume->gallery);
	fc_service_close(resume->remote);
	free(resume);
}

static void rest(struct fc_service *service)
{
	fc_gallery_handle_close(&fc_resume_of(service)->gallery);
}

struct fc_batch_ledger fc_resume_ledger(struct fc_resume *resume, const char *verb,
					const char *space)
{
	return (struct fc_batch_ledger){
		.gallery = &resume->gallery,
		.enabled = true,
		.verb = verb,
		.service = resume->options.name,
		.models = resume->account,
		.space = space ? space : "",
		.rule_reasons = UINT32_MAX,
		.photo_bytes = UINT64_MAX,
	};
}

/* ---- removing photos from the ledger ---- */

struct forgetting {
	const char *service, *space;
};

static enum fc_status forget_space(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct forgetting *forgetting = context;
	return fc_ledger_forget_space(txn, forgetting->service, forgetting->space, err);
}

/*
 * Check that the service has the verb, and remove the photos of a space from the ledger; all photos of the service if it is NULL.
 * Called before the service deletes: if that request fails, photos are sent once more. In the opposite order, the ledger could keep
 * photos that the service no longer has, and they would never be sent again.
 */
static enum fc_status forget(struct fc_resume *resume, enum fc_verb verb, bool dry_run,
			     const char *space, struct fc_error *err)
{
	struct forgetting forgetting = { resume->options.name, space };
	struct fc_gallery *gallery;
	FC_TRY(fc_service_need(resume->remote, verb, err));
	if (dry_run) {
		return FC_OK;
	}
	enum fc_status status =
		fc_gallery_handle_open(&resume->gallery, FC_GALLERY_WRITE, &gallery, err);
	if (status == FC_GALLERY_MISSING) {
		return FC_OK;
	}
	FC_TRY(status);
	return fc_gallery_write(gallery, forget_space, &forgetting, err);
}

/* The ledger does not store the space of a profile, so all photos of the service are removed. */
static enum fc_status delete_profiles(struct fc_service *service,
				      const struct fc_profile_delete_request *request,
				      struct fc_error *err)
{
	struct fc_resume *resume = fc_resume_of(service);
	FC_TRY(forget(resume, FC_VERB_PROFILES_DELETE, request->dry_run, NULL, err));
	return fc_service_profile_delete(resume->remote, request, err);
}

static enum fc_status delete_persons(struct fc_service *service,
				     const struct fc_delete_request *request, struct fc_error *err)
{
	struct fc_resume *resume = fc_resume_of(service);
	FC_TRY(forget(resume, FC_VERB_DELETE, request->dry_run, request->space, err));
	return fc_service_delete(resume->remote, request, err);
}

static enum fc_status truncate_space(struct fc_service *service,
				     const struct fc_truncate_request *request,
				     struct fc_truncate_result *out, struct fc_error *err)
{
	struct fc_resume *resume = fc_resume_of(service);
	FC_TRY(forget(resume, FC_VERB_TRUNCATE, request->dry_run, request->space, err));
	return fc_service_truncate(resume->remote, request, out, err);
}

static enum fc_status delete_space(struct fc_service *service, const char *space,
				   struct fc_error *err)
{
	struct fc_resume *resume = fc_resume_of(service);
	FC_TRY(forget(resume, FC_VERB_SPACES_DELETE, false, space, err));
	/* photos sent without naming a space may be in this one */
	FC_TRY(forget(resume, FC_VERB_SPACES_DELETE, false, "", err));
	return fc_service_space_delete(resume->remote, space, err);
}

/* profiles delete finds the persons that its operands name. */
static enum fc_status find_person(struct fc_service *service, const char *text, const char *space,
				  struct fc_profile_page *out, struct fc_error *err)
{
	return fc_service_person_find(fc_resume_of(service)->remote, text, space, out, err);
}

/* The command spaces delete shows the space before it asks for confirmation. */
static enum fc_status list_spaces(struct fc_service *service, struct fc_space_summary **out,
				  size_t *count, struct fc_error *err)
{
	return fc_service_space_list(fc_resume_of(service)->remote, out, count, err);
}

static const struct fc_photo_verbs photo_verbs = {
	.set = fc_resume_set,
	.delete = delete_persons,
	.truncate = truncate_space,
	.sync = fc_resume_sync,
};

static const struct fc_profile_verbs profile_verbs = {
	.create = fc_resume_profile_create,
	.find = find_person,
	.delete = delete_profiles,
};

static const struct fc_space_verbs space_verbs = {
	.list = list_spaces,
	.delete = delete_space,
};

static const struct fc_service_operations operations = {
	.type = "resume",
	.close = close_resume,
	.rest = rest,
	.photos = &photo_verbs,
	.profiles = &profile_verbs,
	.spaces = &space_verbs,
};

enum fc_status fc_resume_open(const struct fc_resume_options *options, struct fc_service *remote,
			      struct fc_service **out, struct fc_error *err)
{
	FC_CLEANUP(fc_service_closep) struct fc_service *owned = remote;
	struct fc_resume *resume = calloc(1, sizeof(*resume));
	if (!resume) {
		return fc_fail_memory(err);
	}
	resume->account = fc_sha256_of(options->account, strlen(options->account));
	resume->service.operations = &operations;
	resume->options = *options;
	resume->remote = FC_STEAL(owned);
	resume->gallery.options = (struct fc_gallery_options){
		.directory = options->gallery_directory,
		.server = options->gallery_server,
		.lock_timeout = options->lock_timeout,
	};
	*out = &resume->service;
	return FC_OK;
}
