/* What a service is made of: the functions that carry out the verbs. Only services and service.c include this. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_OPERATIONS_H
#define FC_SERVICE_OPERATIONS_H

#include "service/service.h"

/* A verb that a service does not have is NULL; service.c answers FC_UNSUPPORTED for it. */
struct fc_service_operations {
	const char *name; /* of the service's kind, for messages */
	void (*close)(struct fc_service *service);
	const struct fc_model *(*model)(const struct fc_service *service, enum fc_model_role role);
	enum fc_status (*set)(struct fc_service *service, const struct fc_set_request *request,
			      struct fc_tally *tally, struct fc_error *err);
	enum fc_status (*recognize)(struct fc_service *service,
				    const struct fc_recognize_request *request,
				    struct fc_tally *tally, struct fc_error *err);
	enum fc_status (*delete)(struct fc_service *service,
				 const struct fc_delete_request *request, struct fc_error *err);
	enum fc_status (*truncate)(struct fc_service *service,
				   const struct fc_truncate_request *request,
				   struct fc_truncate_result *out, struct fc_error *err);
	enum fc_status (*detect)(struct fc_service *service,
				 const struct fc_detect_request *request, struct fc_tally *tally,
				 struct fc_error *err);
	enum fc_status (*verify)(struct fc_service *service,
				 const struct fc_verify_request *request,
				 struct fc_verify_result *out, struct fc_error *err);
	enum fc_status (*space_list)(struct fc_service *service, struct fc_space_summary **out,
				     size_t *count, struct fc_error *err);
	enum fc_status (*space_delete)(struct fc_service *service, const char *space,
				       struct fc_error *err);
};

/* The first member of every service's own struct. */
struct fc_service {
	const struct fc_service_operations *operations;
};

/* Count one photo and what became of it. */
void fc_tally_count(struct fc_tally *tally, enum fc_status status);

#endif
