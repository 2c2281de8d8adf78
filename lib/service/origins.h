/* Origins: where photos come from, and how the faces of each are treated. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_ORIGINS_H
#define FC_SERVICE_ORIGINS_H

#include "gallery/rows/origin.h"
#include "service/service.h"

/* An origin with the name of its space. */
struct fc_origin_row {
	struct fc_origin origin;
	char space[65];
	uint64_t entries;
	bool uncounted; /* the service does not tell how many */
};

/* Which settings to change. */
struct fc_origin_update_request {
	const char *origin; /* its name or number */
	unsigned fields;    /* enum fc_origin_field, together */
	struct fc_origin_settings settings;
};

/*
 * The space is made when it is not there; NULL is the one that a service's token works in. Errors: FC_CONFLICT (the name is taken),
 * FC_INVALID_ARGUMENT (there is no such space).
 */
FC_MUST_USE enum fc_status fc_service_origin_create(struct fc_service *service, const char *name,
						    const char *space,
						    const struct fc_origin_settings *settings,
						    struct fc_origin_row *out,
						    struct fc_error *err);

/* space NULL: all. *out is the caller's to free(). */
FC_MUST_USE enum fc_status fc_service_origin_list(struct fc_service *service, const char *space,
						  struct fc_origin_row **out, size_t *count,
						  struct fc_error *err);
FC_MUST_USE enum fc_status fc_service_origin_show(struct fc_service *service, const char *origin,
						  struct fc_origin_row *out, struct fc_error *err);
FC_MUST_USE enum fc_status fc_service_origin_update(struct fc_service *service,
						    const struct fc_origin_update_request *request,
						    struct fc_origin_row *out,
						    struct fc_error *err);

/* Its faces and entries stay, with its name. */
FC_MUST_USE enum fc_status fc_service_origin_delete(struct fc_service *service, const char *origin,
						    struct fc_error *err);

#endif
