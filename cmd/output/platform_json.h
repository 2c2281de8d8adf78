/* The JSON of the NeuroIO and SERP documents: profiles, entries, statistics, pages, errors. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PLATFORM_JSON_H
#define FC_CMD_PLATFORM_JSON_H

#include "base/json_writer.h"
#include "option/option.h"
#include "service/entries.h"
#include "service/profiles.h"

enum platform_dialect { DIALECT_NEUROIO, DIALECT_SERP };

/* NULL behind the last; the index is the enum. */
extern const char *const platform_dialects[];

/* clang-format off */
#define OPTION_ROW_DIALECT(args)                                                                   \
	{ OPTION_CHOICE, 0, "dialect", "DIALECT", offsetof(struct args, dialect),                  \
	  "whose JSON: neuroio (the default) or serp", .choices = platform_dialects }
/* clang-format on */

/* {"error_codes":[400],"message":"Text.","fields":[]} or {"detail":[{"loc":["body"],"msg":"text","code":400}]}, a line behind it. */
void platform_append_error(struct fc_buffer *out, enum platform_dialect dialect,
			   enum fc_status status, const char *words);
/* The same as a value within a document. */
void platform_error(struct fc_json_writer *json, enum platform_dialect dialect,
		    enum fc_status status, const char *words);

/* The answer to creating and to searching. */
void platform_profile_outcome(struct fc_json_writer *json, enum platform_dialect dialect,
			      const struct fc_profile_outcome *outcome);

/* One profile of a list. */
void platform_profile(struct fc_json_writer *json, enum platform_dialect dialect,
		      const struct fc_profile *profile);

void platform_entry(struct fc_json_writer *json, enum platform_dialect dialect,
		    const struct fc_entry_row *row);

/* The statistics of a person; the same object in both dialects. */
void platform_person_stats(struct fc_json_writer *json, const struct fc_uuid *pid,
			   const struct fc_entry_stats *stats);

/* The statistics of an origin; id 0 stands for one without a number. */
void platform_origin_stats(struct fc_json_writer *json, uint32_t id, const char *name,
			   const struct fc_entry_stats *stats);

/* A page of a list: what was asked for, and how many there are on all pages. */
struct platform_page {
	const char *path; /* "/v1/entries/" */
	uint64_t limit, offset, total;
};

/* The members around the items, which the caller appends in between. */
void platform_begin_page(struct fc_json_writer *json, enum platform_dialect dialect,
			 const struct platform_page *page);
void platform_end_page(struct fc_json_writer *json);

#endif
