/* The answers of profiles and entries in the JSON of NeuroIO and SERP. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PLATFORM_JSON_H
#define FC_CMD_PLATFORM_JSON_H

#include "output/answer_shape.h"
#include "protocol/platform.h"
#include "service/entries.h"
#include "service/profiles.h"

/* Errors only: the documents differ too much from command to command. */
extern const struct answer_shape platform_shape;

/* The answer to creating and to searching. */
void platform_write_outcome(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
			    const struct fc_profile_outcome *outcome);

/* One profile of a list. */
void platform_write_profile(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
			    const struct fc_profile *profile);

void platform_write_entry(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
			  const struct fc_entry_row *row);

void platform_write_person_stats(struct fc_json_writer *json, const struct fc_uuid *pid,
				 const struct fc_entry_stats *stats);

/* id 0: the origin has no number. */
void platform_write_origin_stats(struct fc_json_writer *json, uint32_t id, const char *name,
				 const struct fc_entry_stats *stats);

#endif
