/* Hands the verbs of profiles to the service that was opened. */
/* SPDX-License-Identifier: MIT */
#include "service/profiles.h"

#include <stdlib.h>

#include "service/operations.h"

void fc_profile_release(struct fc_profile *profile)
{
	free(profile->name);
	free(profile->user_data);
	*profile = (struct fc_profile){ 0 };
}

void fc_profile_page_release(struct fc_profile_page *page)
{
	for (size_t i = 0; i < page->count; i++) {
		fc_profile_release(&page->items[i]);
	}
	free(page->items);
	*page = (struct fc_profile_page){ 0 };
}

void fc_profile_detail_release(struct fc_profile_detail *detail)
{
	for (size_t i = 0; i < detail->face_count; i++) {
		fc_face_record_release(&detail->faces[i]);
	}
	free(detail->faces);
	free(detail->crops);
	fc_profile_release(&detail->profile);
	fc_entry_stats_release(&detail->stats);
	detail->faces = NULL;
	detail->crops = NULL;
	detail->face_count = 0;
}

enum fc_status fc_service_profile_create(struct fc_service *service,
					 const struct fc_profile_create_request *request,
					 struct fc_tally *tally, struct fc_error *err)
{
	*tally = (struct fc_tally){ 0 };
	if (!service->operations->profile_create) {
		return fc_service_lacks(service, "profiles create", err);
	}
	return service->operations->profile_create(service, request, tally, err);
}

enum fc_status fc_service_profile_reinit(struct fc_service *service,
					 const struct fc_profile_reinit_request *request,
					 struct fc_tally *tally, struct fc_error *err)
{
	*tally = (struct fc_tally){ 0 };
	if (!service->operations->profile_reinit) {
		return fc_service_lacks(service, "profiles reinit", err);
	}
	return service->operations->profile_reinit(service, request, tally, err);
}

enum fc_status fc_service_profile_search(struct fc_service *service,
					 const struct fc_profile_search_request *request,
					 struct fc_tally *tally, struct fc_error *err)
{
	*tally = (struct fc_tally){ 0 };
	if (!service->operations->profile_search) {
		return fc_service_lacks(service, "profiles search", err);
	}
	return service->operations->profile_search(service, request, tally, err);
}

enum fc_status fc_service_template_search(struct fc_service *service,
					  const struct fc_template_search_request *request,
					  struct fc_tally *tally, struct fc_error *err)
{
	*tally = (struct fc_tally){ 0 };
	if (!service->operations->template_search) {
		return fc_service_lacks(service, "profiles search --template", err);
	}
	return service->operations->template_search(service, request, tally, err);
}

enum fc_status fc_service_profile_delete(struct fc_service *service,
					 const struct fc_profile_delete_request *request,
					 struct fc_error *err)
{
	if (!service->operations->profile_delete) {
		return fc_service_lacks(service, "profiles delete", err);
	}
	return service->operations->profile_delete(service, request, err);
}

enum fc_status fc_service_profile_list(struct fc_service *service,
				       const struct fc_profile_filter *filter,
				       struct fc_profile_page *out, struct fc_error *err)
{
	if (!service->operations->profile_list) {
		return fc_service_lacks(service, "profiles list", err);
	}
	return service->operations->profile_list(service, filter, out, err);
}

enum fc_status fc_service_profile_show(struct fc_service *service, const struct fc_uuid *pid,
				       struct fc_profile_detail *out, struct fc_error *err)
{
	if (!service->operations->profile_show) {
		return fc_service_lacks(service, "profiles show", err);
	}
	return service->operations->profile_show(service, pid, out, err);
}

enum fc_status fc_service_person_find(struct fc_service *service, const char *text,
				      const char *space, struct fc_profile_page *out,
				      struct fc_error *err)
{
	if (!service->operations->person_find) {
		return fc_service_lacks(service, "persons by number, name or prefix", err);
	}
	return service->operations->person_find(service, text, space, out, err);
}

enum fc_status fc_service_profile_update(struct fc_service *service,
					 const struct fc_profile_update_request *request,
					 struct fc_profile *out, struct fc_error *err)
{
	if (!service->operations->profile_update) {
		return fc_service_lacks(service, "profiles update", err);
	}
	return service->operations->profile_update(service, request, out, err);
}

enum fc_status fc_service_profile_merge(struct fc_service *service, const struct fc_uuid *kept,
					const struct fc_uuid *other,
					struct fc_profile_carried *carried, struct fc_profile *out,
					struct fc_error *err)
{
	if (!service->operations->profile_merge) {
		return fc_service_lacks(service, "profiles merge", err);
	}
	return service->operations->profile_merge(service, kept, other, carried, out, err);
}

enum fc_status fc_service_profile_move(struct fc_service *service, const struct fc_uuid *pid,
				       const char *space, struct fc_profile_carried *carried,
				       struct fc_profile *out, struct fc_error *err)
{
	if (!service->operations->profile_move) {
		return fc_service_lacks(service, "profiles move", err);
	}
	return service->operations->profile_move(service, pid, space, carried, out, err);
}

enum fc_status fc_service_profile_crops(struct fc_service *service, const struct fc_uuid *pid,
					fc_profile_crop_visit *visit, void *context, size_t *count,
					struct fc_error *err)
{
	if (!service->operations->profile_crops) {
		return fc_service_lacks(service, "profiles export-faces", err);
	}
	return service->operations->profile_crops(service, pid, visit, context, count, err);
}
