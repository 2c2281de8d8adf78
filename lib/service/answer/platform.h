/* Write results of the verbs on profiles and entries as the JSON of NeuroIO and SERP. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_ANSWER_PLATFORM_H
#define FC_SERVICE_ANSWER_PLATFORM_H

#include "protocol/platform.h"
#include "service/entries.h"
#include "service/profiles.h"

/* Write the response to creating or searching a profile. attributes: with those that facectl estimated. */
void fc_answer_profile_outcome(struct fc_json_writer *json,
			       const struct fc_platform_dialect *dialect,
			       const struct fc_profile_outcome *outcome, bool attributes);

/* Write the members of a profile. The caller may add others, and calls fc_json_end_object. */
void fc_answer_begin_profile(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
			     const struct fc_profile *profile);

/* Write one profile of a list. */
void fc_answer_profile(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
		       const struct fc_profile *profile);

void fc_answer_entry(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
		     const struct fc_entry_row *row);

void fc_answer_person_stats(struct fc_json_writer *json, const struct fc_person_id *person,
			    const struct fc_entry_stats *stats);

/*
 * Append the query parameters of a filter, "&sources_ids=3&...", as the links of a page of entries have them. Names are replaced by numbers,
 * which the service is asked for; the origin cli has the number 0.
 */
enum fc_status fc_answer_entry_filters(struct fc_service *service,
				       const struct fc_platform_dialect *dialect,
				       const struct fc_entry_filter *filter, struct fc_buffer *out,
				       struct fc_error *err);

/* Write the statistics of an origin. id 0: the origin has no number. */
void fc_answer_origin_stats(struct fc_json_writer *json, uint32_t id, const char *name,
			    const struct fc_entry_stats *stats);

/* Write an error as a value. If a service of a platform returned one, it is passed on. */
void fc_answer_platform_failure(struct fc_json_writer *json,
				const struct fc_platform_dialect *dialect,
				const struct fc_error *err);

/* Write the document of a request that failed. */
void fc_answer_platform_error(struct fc_buffer *out, const struct fc_platform_dialect *dialect,
			      const struct fc_error *err);

#endif
