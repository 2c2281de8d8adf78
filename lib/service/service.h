/*
 * The header for commands that use a service: a command fills in a request, calls the verb's function and shows the result. It does not
 * depend on the type of the service. Further verbs are in profiles.h, entries.h, origins.h, survey.h and reembed.h.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_SERVICE_H
#define FC_SERVICE_SERVICE_H

#include "service/faces.h"
#include "service/photos.h"
#include "service/spaces.h"
#include "service/verbs.h"

struct fc_model_verbs {
	const struct fc_model *(*in_use)(const struct fc_service *service, enum fc_model_role role);
};

struct fc_service_verbs {
	enum fc_status (*probe)(struct fc_service *service, struct fc_error *err);
};

/* The model in use for a role, or NULL if the service has none or does not report it. Lives as long as the service. */
static inline const struct fc_model *fc_service_model(const struct fc_service *service,
						      enum fc_model_role role)
{
	const struct fc_model_verbs *models = service->operations->models;
	return models ? models->in_use(service, role) : NULL;
}

/*
 * Send a request that changes nothing, to find out whether the service is reachable and accepts the credentials. Errors: FC_BUSY
 * (unreachable or failing), FC_PERMISSION (token or certificate), FC_REFUSED (the response does not follow the protocol).
 */
static inline enum fc_status fc_service_probe(struct fc_service *service, struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_SERVICES_CHECK, err));
	return service->operations->services->probe(service, err);
}

/* A text that identifies the account whose token a remote service uses, and does not reveal the token. NULL for the local engine. */
static inline const char *fc_service_account(const struct fc_service *service)
{
	return service->operations->account ? service->operations->account(service) : NULL;
}

#endif
