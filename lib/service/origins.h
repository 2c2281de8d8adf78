/* Origins: the sources of photos, such as cameras, each with settings for its photos. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_ORIGINS_H
#define FC_SERVICE_ORIGINS_H

#include "gallery/rows/origin.h"
#include "service/verbs.h"

/* An origin with the name of its space. */
struct fc_origin_row {
	struct fc_origin origin;
	char space[FC_SPACE_NAME_SIZE];
	uint64_t entries;
	bool uncounted; /* the service does not report how many */
};

/* The settings to change. */
struct fc_origin_update_request {
	const char *origin; /* its name or number */
	unsigned fields;    /* bits of enum fc_origin_field */
	struct fc_origin_settings settings;
};

struct fc_origin_verbs {
	enum fc_status (*create)(struct fc_service *service, const char *name, const char *space,
				 const struct fc_origin_settings *settings,
				 struct fc_origin_row *out, struct fc_error *err);
	enum fc_status (*list)(struct fc_service *service, const char *space,
			       struct fc_origin_row **out, size_t *count, struct fc_error *err);
	enum fc_status (*show)(struct fc_service *service, const char *origin,
			       struct fc_origin_row *out, struct fc_error *err);
	enum fc_status (*update)(struct fc_service *service,
				 const struct fc_origin_update_request *request,
				 struct fc_origin_row *out, struct fc_error *err);
	enum fc_status (*delete)(struct fc_service *service, const char *origin,
				 struct fc_error *err);
};

/*
 * Create an origin. Creates the space if there is none of that name; NULL: the space of a remote service's token.
 * Errors: FC_CONFLICT (the name is taken), FC_INVALID_ARGUMENT (space).
 */
static inline enum fc_status fc_service_origin_create(struct fc_service *service, const char *name,
						      const char *space,
						      const struct fc_origin_settings *settings,
						      struct fc_origin_row *out,
						      struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_ORIGINS_CREATE, err));
	return service->operations->origins->create(service, name, space, settings, out, err);
}

/* space: NULL for the origins of all spaces. The caller frees *out. */
static inline enum fc_status fc_service_origin_list(struct fc_service *service, const char *space,
						    struct fc_origin_row **out, size_t *count,
						    struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_ORIGINS_LIST, err));
	return service->operations->origins->list(service, space, out, count, err);
}

static inline enum fc_status fc_service_origin_show(struct fc_service *service, const char *origin,
						    struct fc_origin_row *out, struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_ORIGINS_SHOW, err));
	return service->operations->origins->show(service, origin, out, err);
}

static inline enum fc_status
fc_service_origin_update(struct fc_service *service, const struct fc_origin_update_request *request,
			 struct fc_origin_row *out, struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_ORIGINS_UPDATE, err));
	return service->operations->origins->update(service, request, out, err);
}

/* Delete an origin. Its faces and entries are kept with its name. */
static inline enum fc_status fc_service_origin_delete(struct fc_service *service,
						      const char *origin, struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_ORIGINS_DELETE, err));
	return service->operations->origins->delete (service, origin, err);
}

#endif
