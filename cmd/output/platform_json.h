/* Write the output of profiles and entries as the JSON of NeuroIO and SERP. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OUTPUT_PLATFORM_JSON_H
#define FC_CMD_OUTPUT_PLATFORM_JSON_H

#include "output/answer_shape.h"
#include "protocol/platform.h"
#include "service/entries.h"
#include "service/profiles.h"

/* Has only the error document: the other documents differ from command to command. */
extern const struct answer_shape platform_shape;

/* Write the response to creating or searching a profile. attributes: with those that facectl estimated. */
void platform_write_outcome(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
			    const struct fc_profile_outcome *outcome, bool attributes);

/* Write one profile of a list. */
void platform_write_profile(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
			    const struct fc_profile *profile);

void platform_write_entry(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
			  const struct fc_entry_row *row);

void platform_write_person_stats(struct fc_json_writer *json, const struct fc_uuid *pid,
				 const struct fc_entry_stats *stats);

/* Write the statistics of an origin. id 0: the origin has no number. */
void platform_write_origin_stats(struct fc_json_writer *json, uint32_t id, const char *name,
				 const struct fc_entry_stats *stats);

#endif
