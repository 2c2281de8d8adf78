/* Hands the verbs of entries to the service that was opened. */
/* SPDX-License-Identifier: MIT */
#include "service/entries.h"

#include <stdlib.h>

#include "service/operations.h"

void fc_entry_stats_release(struct fc_entry_stats *stats)
{
	fc_entry_release(&stats->initial);
	free(stats->initial_face_image);
	*stats = (struct fc_entry_stats){ 0 };
}

enum fc_status fc_service_entry_list(struct fc_service *service,
				     const struct fc_entry_list_request *request,
				     const struct fc_entry_sink *sink,
				     struct fc_entry_list_result *out, struct fc_error *err)
{
	if (!service->operations->entry_list) {
		return fc_service_lacks(service, "entries list", err);
	}
	return service->operations->entry_list(service, request, sink, out, err);
}

enum fc_status fc_service_entry_stats(struct fc_service *service,
				      const struct fc_entry_filter *filter,
				      struct fc_entry_stats *out, struct fc_error *err)
{
	if (!service->operations->entry_stats) {
		return fc_service_lacks(service, "entries stats", err);
	}
	return service->operations->entry_stats(service, filter, out, err);
}

enum fc_status fc_service_entry_show(struct fc_service *service, uint64_t id,
				     const struct fc_entry_sink *sink, struct fc_error *err)
{
	if (!service->operations->entry_show) {
		return fc_service_lacks(service, "entries show", err);
	}
	return service->operations->entry_show(service, id, sink, err);
}

enum fc_status fc_service_entry_delete(struct fc_service *service,
				       struct fc_entry_delete_item *items, size_t count,
				       bool dry_run, struct fc_error *err)
{
	if (!service->operations->entry_delete) {
		return fc_service_lacks(service, "entries delete", err);
	}
	return service->operations->entry_delete(service, items, count, dry_run, err);
}

enum fc_status fc_service_entry_prune(struct fc_service *service,
				      const struct fc_entry_prune_request *request,
				      uint64_t *removed, struct fc_error *err)
{
	if (!service->operations->entry_prune) {
		return fc_service_lacks(service, "entries prune", err);
	}
	return service->operations->entry_prune(service, request, removed, err);
}
