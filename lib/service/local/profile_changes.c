/* Profiles on the local engine: the verbs update, delete, erase and move, which need no photo. */
/* SPDX-License-Identifier: MIT */
#include "base/memory.h"
#include "service/local/engine.h"
#include "service/profiles.h"

/* ---- delete ---- */

static enum fc_status delete_profiles(struct fc_gallery_txn *txn, void *context,
				      struct fc_error *err)
{
	const struct fc_profile_delete_request *request = context;
	for (size_t i = 0; i < request->count; i++) {
		FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
		struct fc_profile_delete_item *item = &request->items[i];
		item->faces = item->entries = 0;
		item->status = fc_person_get(txn, &item->person.pid, &person, err);
		if (item->status == FC_NOT_FOUND) {
			continue;
		}
		FC_TRY(item->status);
		item->faces = person.face_count;
		if (request->erase) {
			FC_TRY(fc_entry_delete_of_person(txn, &item->person.pid, &item->entries,
							 err));
		}
		FC_TRY(fc_person_delete(txn, &item->person.pid, err));
	}
	return FC_OK;
}

enum fc_status fc_local_profile_delete(struct fc_service *service,
				       const struct fc_profile_delete_request *request,
				       struct fc_error *err)
{
	struct fc_profile_delete_request copy = *request;
	return fc_local_change(fc_local_of(service), FC_GALLERY_WRITE, request->dry_run,
			       delete_profiles, &copy, err);
}

enum fc_status fc_local_erase(struct fc_service *service, const struct fc_erase_request *request,
			      struct fc_erase_report *out, struct fc_error *err)
{
	struct fc_gallery *gallery;
	FC_TRY(fc_local_gallery(fc_local_of(service), FC_GALLERY_WRITE, &gallery, err));
	return fc_gallery_erase(gallery, request, out, err);
}

/* ---- update, move ---- */

/* A change of a profile, and the profile after the change. */
struct revision {
	const struct fc_uuid *pid;
	const char *space;
	bool dry_run;
	const struct fc_profile_update_request *update;
	struct fc_profile_carried carried;
	struct fc_profile profile;
};

static enum fc_status revise(struct fc_service *service, fc_gallery_change *change,
			     struct revision *revision, struct fc_profile *out,
			     struct fc_error *err)
{
	enum fc_status status = fc_local_change(fc_local_of(service), FC_GALLERY_WRITE,
						revision->dry_run, change, revision, err);
	if (status != FC_OK) {
		fc_profile_release(&revision->profile);
		return status;
	}
	*out = revision->profile;
	return FC_OK;
}

static enum fc_status read_again(struct fc_gallery_txn *txn, struct revision *revision,
				 struct fc_error *err)
{
	fc_profile_release(&revision->profile);
	return fc_local_read_profile(txn, revision->pid, &revision->profile, err);
}

static enum fc_status update_profile(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	struct revision *revision = context;
	const struct fc_profile_update_request *update = revision->update;
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_TRY(fc_person_get(txn, &update->pid, &person, err));
	struct fc_person changed = person;
	/* the gallery copies the strings of the request */
	if (update->has_name) {
		changed.name = fc_lend(update->name);
		changed.title = NULL;
	}
	if (update->has_user_data) {
		changed.user_data = fc_lend(update->user_data);
	}
	FC_TRY(fc_person_update(txn, &changed, err));
	return read_again(txn, revision, err);
}

enum fc_status fc_local_profile_update(struct fc_service *service,
				       const struct fc_profile_update_request *request,
				       struct fc_profile *out, struct fc_error *err)
{
	struct revision revision = { .pid = &request->pid, .update = request };
	return revise(service, update_profile, &revision, out, err);
}

static enum fc_status move_profile(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct revision *revision = context;
	struct fc_space space;
	revision->carried = (struct fc_profile_carried){ 0 };
	FC_TRY(fc_space_ensure(txn, revision->space, &space, err));
	FC_TRY(fc_person_move(txn, revision->pid, space.id, &revision->carried.faces,
			      &revision->carried.entries, err));
	return read_again(txn, revision, err);
}

enum fc_status fc_local_profile_move(struct fc_service *service, const struct fc_uuid *pid,
				     const char *space, bool dry_run,
				     struct fc_profile_carried *carried, struct fc_profile *out,
				     struct fc_error *err)
{
	struct revision revision = { .pid = pid, .space = space, .dry_run = dry_run };
	FC_TRY(revise(service, move_profile, &revision, out, err));
	*carried = revision.carried;
	return FC_OK;
}
