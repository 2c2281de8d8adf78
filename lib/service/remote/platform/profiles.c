/* Profiles on a platform: create, reinit, search, delete, show. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "service/remote/platform/photos.h"

/* ---- create ---- */

static void fill_choice(struct fc_platform_call *call, const char *name, enum fc_choice choice)
{
	if (choice != FC_CHOICE_OPEN) {
		fc_platform_field_truth(call, name, choice == FC_CHOICE_YES);
	}
}

static void fill_attributes(const struct fc_platform_look *look, struct fc_platform_call *call)
{
	if (look->platform->options.attributes) {
		fc_platform_field_truth(call, "identify_asm", true);
	}
}

static void fill_facesize(const struct fc_platform_look *look, const char *name,
			  struct fc_platform_call *call)
{
	if (look->input->has_min_facesize) {
		fc_platform_field_count(call, name, look->input->min_facesize);
	}
}

static void fill_create(const struct fc_platform_look *look, const struct fc_remote_photo *photo,
			struct fc_platform_call *call)
{
	const struct fc_platform_dialect *dialect = look->platform->dialect;
	const struct fc_profile_create_request *request = look->request;
	const char *path[] = { dialect->persons, NULL };
	fc_platform_call_begin(look->platform, FC_HTTP_POST, path, call);
	fc_platform_image(call, "image", photo);
	fc_platform_origin_field(look, photo, call);
	fill_facesize(look, dialect->create_facesize, call);
	fill_choice(call, dialect->on_ha, request->create_on_ha);
	fill_choice(call, dialect->on_junk, request->create_on_junk);
	fill_attributes(look, call);
}

enum fc_status fc_platform_profile_create(struct fc_service *service,
					  const struct fc_profile_create_request *request,
					  struct fc_tally *tally, struct fc_error *err)
{
	struct fc_platform *platform = fc_platform_of(service);
	struct fc_platform_look look = {
		.platform = platform,
		.input = &request->input,
		.tally = tally,
		.doubt = FC_DOUBT_CREATE,
		.tells_origin = true,
		.fill = fill_create,
		.request = request,
		.harm = "a profile may have been made, so it was not repeated: 'facectl profiles "
			"search' tells",
	};
	bool described = request->person_name || request->user_data || request->told_by_place;
	FC_TRY(fc_platform_refuse(platform, described, "names or user data for profiles", err));
	FC_TRY(fc_platform_refuse(platform, request->keep_crops, "crops to keep", err));
	FC_TRY(fc_platform_refuse(platform, request->rules.on_duplicate != FC_DUPLICATE_NEW,
				  "rules for duplicates", err));
	FC_TRY(fc_platform_refuse(platform, fc_quality_limits_ask(&request->rules.quality),
				  "limits on quality", err));
	return fc_platform_look_at_all(&look, err);
}

/* ---- reinit ---- */

static void fill_reinit(const struct fc_platform_look *look, const struct fc_remote_photo *photo,
			struct fc_platform_call *call)
{
	const struct fc_platform_dialect *dialect = look->platform->dialect;
	const struct fc_profile_reinit_request *request = look->request;
	bool first = dialect->reinit_before_id;
	char pid[FC_UUID_TEXT_SIZE];
	const char *path[] = { dialect->persons, first ? "reinit" : pid, first ? pid : "reinit",
			       NULL };
	fc_uuid_format(&request->pid, pid);
	fc_platform_call_begin(look->platform, FC_HTTP_POST, path, call);
	fc_platform_image(call, "image", photo);
	if (look->tells_origin) {
		fc_platform_origin_field(look, photo, call);
	}
	fill_facesize(look, dialect->reinit_facesize, call);
	fc_platform_field(call, dialect->least_result,
			  fc_platform_result_word(dialect, request->min_result));
	fill_attributes(look, call);
}

enum fc_status fc_platform_profile_reinit(struct fc_service *service,
					  const struct fc_profile_reinit_request *request,
					  struct fc_tally *tally, struct fc_error *err)
{
	struct fc_platform *platform = fc_platform_of(service);
	struct fc_platform_look look = {
		.platform = platform,
		.input = &request->input,
		.tally = tally,
		.doubt = FC_DOUBT_REINIT,
		.tells_origin = platform->dialect->origin_by_name,
		.pid = request->pid,
		.fill = fill_reinit,
		.request = request,
		.harm = "the profile may have been changed, so it was not repeated: 'facectl "
			"entries list --result reinit' tells",
	};
	FC_TRY(fc_platform_refuse(platform, request->force,
				  "way to reinitialise whoever the photo shows", err));
	FC_TRY(fc_platform_refuse(platform, request->keep_crops, "crops to keep", err));
	return fc_platform_look_at_all(&look, err);
}

/* ---- search ---- */

static void fill_search(const struct fc_platform_look *look, const struct fc_remote_photo *photo,
			struct fc_platform_call *call)
{
	const struct fc_platform_dialect *dialect = look->platform->dialect;
	const char *path[] = { dialect->persons, "search", NULL };
	fc_platform_call_begin(look->platform, FC_HTTP_POST, path, call);
	fc_platform_image(call, "image", photo);
	if (look->second) {
		fc_platform_image(call, dialect->second_image, look->second);
	}
	fc_platform_field_truth(call, "identify_asm", look->platform->options.attributes);
}

/* The photo beside those of the request. What is wrong with it is wrong with the request. */
static enum fc_status open_second(const struct fc_platform *platform, const struct fc_photo *photo,
				  struct fc_remote_photo *out, struct fc_error *err)
{
	FC_TRY(fc_remote_photo_open(platform->options.name, &platform->options.photo, photo, out,
				    err));
	return out->status == FC_OK ? FC_OK : fc_fail(err, out->status, "%s", out->error.text);
}

enum fc_status fc_platform_profile_search(struct fc_service *service,
					  const struct fc_profile_search_request *request,
					  struct fc_tally *tally, struct fc_error *err)
{
	FC_CLEANUP(fc_remote_photo_release) struct fc_remote_photo second = { .fd = -1 };
	struct fc_platform *platform = fc_platform_of(service);
	struct fc_platform_look look = {
		.platform = platform,
		.input = &request->input,
		.tally = tally,
		.fill = fill_search,
		.request = request,
	};
	FC_TRY(fc_platform_refuse(platform, request->top > 0, "list of the nearest profiles", err));
	if (request->second) {
		FC_TRY(fc_platform_refuse(platform, !platform->dialect->second_image,
					  "search with two photos", err));
		FC_TRY(open_second(platform, request->second, &second, err));
		look.second = &second;
	}
	return fc_platform_look_at_all(&look, err);
}

/* ---- delete ---- */

static enum fc_status delete_profile(struct fc_platform *platform,
				     struct fc_profile_delete_item *item, bool erase,
				     struct fc_error *err)
{
	FC_CLEANUP(fc_platform_call_release) struct fc_platform_call call = { 0 };
	FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
	char pid[FC_UUID_TEXT_SIZE];
	const char *path[] = { platform->dialect->persons, pid, NULL };
	fc_uuid_format(&item->pid, pid);
	if (erase) {
		FC_TRY(fc_platform_erase_entries(platform, &item->pid, &item->entries, err));
	}
	fc_platform_call_begin(platform, FC_HTTP_DELETE, path, &call);
	call.may_miss = true;
	FC_TRY(fc_platform_call_end(&call, err));
	return fc_platform_perform(platform, platform->http, &call, &answer, err);
}

enum fc_status fc_platform_profile_delete(struct fc_service *service,
					  const struct fc_profile_delete_request *request,
					  struct fc_error *err)
{
	struct fc_platform *platform = fc_platform_of(service);
	struct fc_error failure = { 0 };
	size_t done = 0;
	FC_TRY(fc_platform_refuse(platform, request->dry_run, "dry run", err));
	for (size_t i = 0; i < request->count; i++) {
		struct fc_profile_delete_item *item = &request->items[i];
		struct fc_error why = { 0 };
		/* who may not delete one may not delete the others */
		bool barred = failure.status == FC_PERMISSION;
		item->uncounted = true;
		item->status = barred ? FC_PERMISSION
				      : delete_profile(platform, item, request->erase, &why);
		done += item->status == FC_OK;
		if (why.status != FC_OK && why.status != FC_NOT_FOUND && failure.status == FC_OK) {
			failure = why;
		}
	}
	if (failure.status == FC_OK) {
		return FC_OK;
	}
	return fc_fail(err, done > 0 ? FC_PARTIAL : failure.status, "%s", failure.text);
}

/* ---- show ---- */

/* What the platform tells of a profile is what its log tells. */
enum fc_status fc_platform_profile_show(struct fc_service *service, const struct fc_uuid *pid,
					struct fc_profile_detail *out, struct fc_error *err)
{
	FC_CLEANUP(fc_profile_detail_release) struct fc_profile_detail detail = { 0 };
	detail.profile.pid = *pid;
	detail.profile.uncounted = true;
	FC_TRY(fc_platform_person_stats(fc_platform_of(service), pid, &detail.stats, err));
	detail.profile.created = detail.stats.first_seen;
	*out = detail;
	detail = (struct fc_profile_detail){ 0 };
	return FC_OK;
}
