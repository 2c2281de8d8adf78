/* Profiles on a platform: create, reinit, search, delete, show. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "service/remote/platform/upload.h"

/* ---- create ---- */

static void fill_choice(struct fc_platform_call *call, const char *name, enum fc_choice choice)
{
	if (choice != FC_CHOICE_OPEN) {
		fc_platform_field_truth(call, name, choice == FC_CHOICE_YES);
	}
}

static void fill_attributes(const struct fc_platform_upload *upload, struct fc_platform_call *call)
{
	if (fc_platform_asks_attributes(upload)) {
		fc_platform_field_truth(call, "identify_asm", true);
	}
}

static void fill_facesize(const struct fc_platform_upload *upload, const char *name,
			  struct fc_platform_call *call)
{
	if (upload->input->has_min_facesize) {
		fc_platform_field_count(call, name, upload->input->min_facesize);
	}
}

static void fill_create(const struct fc_platform_upload *upload,
			const struct fc_remote_photo *photo, struct fc_platform_call *call)
{
	const struct fc_platform_dialect *dialect = upload->platform->dialect;
	const struct fc_profile_create_request *request = upload->request;
	const char *path[] = { dialect->persons, NULL };
	fc_platform_call_begin(upload->platform, FC_HTTP_POST, path, call);
	fc_platform_image(call, "image", photo);
	fc_platform_origin_field(upload, photo, call);
	fill_facesize(upload, dialect->create_facesize, call);
	fill_choice(call, dialect->on_ha, request->create_on_ha);
	fill_choice(call, dialect->on_junk, request->create_on_junk);
	fill_attributes(upload, call);
}

static enum fc_status profile_create(struct fc_service *service,
				     const struct fc_profile_create_request *request,
				     struct fc_tally *tally, struct fc_error *err)
{
	struct fc_platform *platform = fc_platform_of(service);
	struct fc_platform_upload upload = {
		.platform = platform,
		.input = &request->input,
		.tally = tally,
		.recovery = FC_RECOVERY_CREATE,
		.sends_origin = true,
		.fill = fill_create,
		.request = request,
		.unclear_advice =
			"a profile may have been created, so it was not repeated; check with "
			"'facectl profiles search'",
	};
	bool described = request->person_name || request->user_data || request->person_from_path;
	FC_TRY(fc_platform_refuse(platform, described, "names or user data of profiles", err));
	FC_TRY(fc_platform_refuse(platform, request->keep_crops, "crops", err));
	FC_TRY(fc_platform_refuse(platform, request->rules.on_duplicate != FC_DUPLICATE_NEW,
				  "rules for duplicates", err));
	FC_TRY(fc_platform_refuse(platform, fc_quality_limits_ask(&request->rules.quality),
				  "limits on quality", err));
	return fc_platform_upload_all(&upload, err);
}

/* ---- reinit ---- */

static void fill_reinit(const struct fc_platform_upload *upload,
			const struct fc_remote_photo *photo, struct fc_platform_call *call)
{
	const struct fc_platform_dialect *dialect = upload->platform->dialect;
	const struct fc_profile_reinit_request *request = upload->request;
	bool first = dialect->reinit_before_id;
	char text[FC_UUID_TEXT_SIZE];
	const char *pid = fc_person_id_text(&request->person.pid, request->person.other, text);
	const char *path[] = { dialect->persons, first ? "reinit" : pid, first ? pid : "reinit",
			       NULL };
	fc_platform_call_begin(upload->platform, FC_HTTP_POST, path, call);
	fc_platform_image(call, "image", photo);
	if (upload->sends_origin) {
		fc_platform_origin_field(upload, photo, call);
	}
	fill_facesize(upload, dialect->reinit_facesize, call);
	fc_platform_field(call, dialect->least_result,
			  fc_platform_result_word(dialect, request->min_result));
	fill_attributes(upload, call);
}

static enum fc_status profile_reinit(struct fc_service *service,
				     const struct fc_profile_reinit_request *request,
				     struct fc_tally *tally, struct fc_error *err)
{
	struct fc_platform *platform = fc_platform_of(service);
	struct fc_platform_upload upload = {
		.platform = platform,
		.input = &request->input,
		.tally = tally,
		.recovery = FC_RECOVERY_REINIT,
		.sends_origin = platform->dialect->origin_by_name,
		.person = request->person,
		.fill = fill_reinit,
		.request = request,
		.unclear_advice =
			"the profile may have been changed, so it was not repeated; check with "
			"'facectl entries list --result reinit'",
	};
	FC_TRY(fc_platform_refuse(platform, request->force,
				  "reinit without comparing the photo to the profile", err));
	FC_TRY(fc_platform_refuse(platform, fc_quality_limits_ask(&request->quality),
				  "limits on quality", err));
	FC_TRY(fc_platform_refuse(platform, request->keep_crops, "crops", err));
	return fc_platform_upload_all(&upload, err);
}

/* ---- search ---- */

static void fill_search(const struct fc_platform_upload *upload,
			const struct fc_remote_photo *photo, struct fc_platform_call *call)
{
	const struct fc_platform_dialect *dialect = upload->platform->dialect;
	const char *path[] = { dialect->persons, "search", NULL };
	fc_platform_call_begin(upload->platform, FC_HTTP_POST, path, call);
	fc_platform_image(call, "image", photo);
	if (upload->second) {
		fc_platform_image(call, dialect->second_image, upload->second);
	}
	fc_platform_field_truth(call, "identify_asm", fc_platform_asks_attributes(upload));
}

static enum fc_status profile_search(struct fc_service *service,
				     const struct fc_profile_search_request *request,
				     struct fc_tally *tally, struct fc_error *err)
{
	FC_CLEANUP(fc_remote_photo_release) struct fc_remote_photo second = { .fd = -1 };
	struct fc_platform *platform = fc_platform_of(service);
	struct fc_platform_upload upload = {
		.platform = platform,
		.input = &request->input,
		.tally = tally,
		.fill = fill_search,
		.request = request,
	};
	FC_TRY(fc_platform_refuse(platform, request->top > 0, "listing the nearest profiles", err));
	if (request->second) {
		FC_TRY(fc_platform_refuse(platform, !platform->dialect->second_image,
					  "searching with two photos", err));
		FC_TRY(fc_remote_photo_open(platform->options.name, &platform->options.photo,
					    request->second, &second, err));
		if (second.status == FC_OK) {
			FC_TRY(fc_remote_photo_choose_face(&second, platform->options.name,
							   &platform->options.photo,
							   &platform->options.cutter, err));
		}
		if (second.status != FC_OK) {
			return fc_fail(err, second.status, "%s", second.error.text);
		}
		upload.second = &second;
	}
	return fc_platform_upload_all(&upload, err);
}

/* ---- delete ---- */

static enum fc_status delete_profile(struct fc_platform *platform,
				     struct fc_profile_delete_item *item, bool erase,
				     struct fc_error *err)
{
	FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
	FC_CLEANUP(fc_platform_ids_release) struct fc_platform_ids entries = { 0 };
	char text[FC_UUID_TEXT_SIZE];
	const char *pid = fc_person_id_text(&item->person.pid, item->person.other, text);
	const char *path[] = { platform->dialect->persons, pid, NULL };
	if (erase) {
		FC_TRY(fc_platform_find_entries(platform, &item->person, &entries, err));
	}
	enum fc_status status = fc_platform_ask_item(platform, platform->client.http,
						     FC_HTTP_DELETE, path, &answer, err);
	if (status == FC_NOT_FOUND && entries.count > 0) {
		return fc_fail(err, FC_REFUSED,
			       "service '%s' has no profile %s, but %zu entries of it; delete them "
			       "with 'facectl entries delete'",
			       platform->options.name, pid, entries.count);
	}
	FC_TRY(status);
	FC_TRY_PREFIX(fc_platform_delete_entries(platform, &entries, &item->entries, err), err,
		      "profile %s was deleted, but not all of its entries", pid);
	return FC_OK;
}

static enum fc_status profile_delete(struct fc_service *service,
				     const struct fc_profile_delete_request *request,
				     struct fc_error *err)
{
	struct fc_platform *platform = fc_platform_of(service);
	struct fc_error failure = { 0 };
	size_t done = 0;
	FC_TRY(fc_platform_refuse(platform, request->dry_run, "dry runs", err));
	for (size_t i = 0; i < request->count; i++) {
		struct fc_profile_delete_item *item = &request->items[i];
		struct fc_error why = { 0 };
		/* a token without permission to delete one has none for the others either */
		bool barred = failure.status == FC_PERMISSION;
		item->uncounted = true;
		item->status = barred ? FC_PERMISSION
				      : delete_profile(platform, item, request->erase, &why);
		done += item->status == FC_OK;
		if (why.status == FC_NOT_FOUND && err && err->answer[0] == '\0') {
			fc_error_copy_answer(err, &why);
		} else if (why.status != FC_OK && why.status != FC_NOT_FOUND &&
			   failure.status == FC_OK) {
			failure = why;
		}
	}
	if (failure.status == FC_OK) {
		return FC_OK;
	}
	FC_IGNORE(fc_fail(err, failure.status, "%s", failure.text));
	fc_error_copy_answer(err, &failure);
	return done > 0 ? FC_PARTIAL : failure.status;
}

/* ---- show ---- */

/* The only data that the platform has about a profile are its entries. */
static enum fc_status profile_show(struct fc_service *service, const struct fc_person_id *person,
				   struct fc_profile_detail *out, struct fc_error *err)
{
	FC_CLEANUP(fc_profile_detail_release) struct fc_profile_detail detail = { 0 };
	detail.profile.pid = person->pid;
	memcpy(detail.profile.other_id, person->other, sizeof(detail.profile.other_id));
	detail.profile.uncounted = true;
	FC_TRY(fc_platform_person_stats(fc_platform_of(service), person, &detail.stats, err));
	detail.profile.created = detail.stats.first_seen;
	*out = FC_STEAL_STRUCT(detail);
	return FC_OK;
}

const struct fc_profile_verbs fc_platform_profile_verbs = {
	.create = profile_create,
	.reinit = profile_reinit,
	.search = profile_search,
	.show = profile_show,
	.delete = profile_delete,
};
