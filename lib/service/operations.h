/* What a service is made of: the functions that carry out the verbs. Only services and service.c include this. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_OPERATIONS_H
#define FC_SERVICE_OPERATIONS_H

#include "service/entries.h"
#include "service/origins.h"
#include "service/profiles.h"
#include "service/reembed.h"
#include "service/service.h"
#include "service/survey.h"

/* A verb that a service does not have is NULL; service.c answers FC_UNSUPPORTED for it. */
struct fc_service_operations {
	const char *name; /* of the service's kind, for messages */
	void (*close)(struct fc_service *service);
	const struct fc_model *(*model)(const struct fc_service *service, enum fc_model_role role);
	enum fc_status (*probe)(struct fc_service *service, struct fc_error *err);
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
	enum fc_status (*space_bands)(struct fc_service *service, const char *space,
				      const struct fc_bands_change *change,
				      struct fc_space_bands *out, struct fc_error *err);
	enum fc_status (*space_calibrate)(struct fc_service *service, const char *space,
					  const struct fc_calibration *calibration,
					  struct fc_error *err);
	enum fc_status (*reembed)(struct fc_service *service,
				  const struct fc_reembed_request *request,
				  struct fc_reembed_result *out, struct fc_error *err);
	enum fc_status (*profile_create)(struct fc_service *service,
					 const struct fc_profile_create_request *request,
					 struct fc_tally *tally, struct fc_error *err);
	enum fc_status (*profile_reinit)(struct fc_service *service,
					 const struct fc_profile_reinit_request *request,
					 struct fc_tally *tally, struct fc_error *err);
	enum fc_status (*profile_search)(struct fc_service *service,
					 const struct fc_profile_search_request *request,
					 struct fc_tally *tally, struct fc_error *err);
	enum fc_status (*template_search)(struct fc_service *service,
					  const struct fc_template_search_request *request,
					  struct fc_tally *tally, struct fc_error *err);
	enum fc_status (*profile_delete)(struct fc_service *service,
					 const struct fc_profile_delete_request *request,
					 struct fc_error *err);
	enum fc_status (*profile_list)(struct fc_service *service,
				       const struct fc_profile_filter *filter,
				       struct fc_profile_page *out, struct fc_error *err);
	enum fc_status (*profile_show)(struct fc_service *service, const struct fc_uuid *pid,
				       struct fc_profile_detail *out, struct fc_error *err);
	enum fc_status (*person_find)(struct fc_service *service, const char *text,
				      const char *space, struct fc_profile_page *out,
				      struct fc_error *err);
	enum fc_status (*profile_update)(struct fc_service *service,
					 const struct fc_profile_update_request *request,
					 struct fc_profile *out, struct fc_error *err);
	enum fc_status (*profile_merge)(struct fc_service *service, const struct fc_uuid *kept,
					const struct fc_uuid *other,
					struct fc_profile_carried *carried, struct fc_profile *out,
					struct fc_error *err);
	enum fc_status (*profile_move)(struct fc_service *service, const struct fc_uuid *pid,
				       const char *space, struct fc_profile_carried *carried,
				       struct fc_profile *out, struct fc_error *err);
	enum fc_status (*profile_crops)(struct fc_service *service, const struct fc_uuid *pid,
					fc_profile_crop_visit *visit, void *context, size_t *count,
					struct fc_error *err);
	enum fc_status (*entry_list)(struct fc_service *service,
				     const struct fc_entry_list_request *request,
				     const struct fc_entry_sink *sink,
				     struct fc_entry_list_result *out, struct fc_error *err);
	enum fc_status (*entry_stats)(struct fc_service *service,
				      const struct fc_entry_filter *filter,
				      struct fc_entry_stats *out, struct fc_error *err);
	enum fc_status (*entry_show)(struct fc_service *service, uint64_t id,
				     const struct fc_entry_sink *sink, struct fc_error *err);
	enum fc_status (*entry_delete)(struct fc_service *service,
				       struct fc_entry_delete_item *items, size_t count,
				       bool dry_run, struct fc_error *err);
	enum fc_status (*entry_prune)(struct fc_service *service,
				      const struct fc_entry_prune_request *request,
				      uint64_t *removed, struct fc_error *err);
	enum fc_status (*origin_create)(struct fc_service *service, const char *name,
					const char *space,
					const struct fc_origin_settings *settings,
					struct fc_origin_row *out, struct fc_error *err);
	enum fc_status (*origin_list)(struct fc_service *service, const char *space,
				      struct fc_origin_row **out, size_t *count,
				      struct fc_error *err);
	enum fc_status (*origin_show)(struct fc_service *service, const char *origin,
				      struct fc_origin_row *out, struct fc_error *err);
	enum fc_status (*origin_update)(struct fc_service *service,
					const struct fc_origin_update_request *request,
					struct fc_origin_row *out, struct fc_error *err);
	enum fc_status (*origin_delete)(struct fc_service *service, const char *origin,
					struct fc_error *err);
	enum fc_status (*survey)(struct fc_service *service,
				 const struct fc_survey_request *request,
				 struct fc_survey_counts *counts, struct fc_error *err);
};

/* The first member of every service's own struct. */
struct fc_service {
	const struct fc_service_operations *operations;
};

/* Count one photo and what became of it. */
void fc_tally_count(struct fc_tally *tally, enum fc_status status);

/* And, in a verb that enrols, what it is called. */
void fc_tally_note(struct fc_tally *tally, enum fc_action action, enum fc_reason reason);

/* FC_UNSUPPORTED, in words. */
enum fc_status fc_service_lacks(const struct fc_service *service, const char *verb,
				struct fc_error *err);

#endif
