/* Hands the verbs of origins to the service that was opened. */
/* SPDX-License-Identifier: MIT */
#include "service/origins.h"

#include "service/operations.h"

enum fc_status fc_service_origin_create(struct fc_service *service, const char *name,
					const char *space,
					const struct fc_origin_settings *settings,
					struct fc_origin_row *out, struct fc_error *err)
{
	if (!service->operations->origin_create) {
		return fc_service_lacks(service, "origins create", err);
	}
	return service->operations->origin_create(service, name, space, settings, out, err);
}

enum fc_status fc_service_origin_list(struct fc_service *service, const char *space,
				      struct fc_origin_row **out, size_t *count,
				      struct fc_error *err)
{
	if (!service->operations->origin_list) {
		return fc_service_lacks(service, "origins list", err);
	}
	return service->operations->origin_list(service, space, out, count, err);
}

enum fc_status fc_service_origin_show(struct fc_service *service, const char *origin,
				      struct fc_origin_row *out, struct fc_error *err)
{
	if (!service->operations->origin_show) {
		return fc_service_lacks(service, "origins show", err);
	}
	return service->operations->origin_show(service, origin, out, err);
}

enum fc_status fc_service_origin_update(struct fc_service *service,
					const struct fc_origin_update_request *request,
					struct fc_origin_row *out, struct fc_error *err)
{
	if (!service->operations->origin_update) {
		return fc_service_lacks(service, "origins update", err);
	}
	return service->operations->origin_update(service, request, out, err);
}

enum fc_status fc_service_origin_delete(struct fc_service *service, const char *origin,
					struct fc_error *err)
{
	if (!service->operations->origin_delete) {
		return fc_service_lacks(service, "origins delete", err);
	}
	return service->operations->origin_delete(service, origin, err);
}
