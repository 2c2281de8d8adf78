/* What NeuroIO and SERP name differently, as tables, and the words of both. SERP is a fork of the NeuroIO platform. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_PLATFORM_DIALECT_H
#define FC_PROTOCOL_PLATFORM_DIALECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/words.h"

enum fc_platform_kind { FC_PLATFORM_NEUROIO, FC_PLATFORM_SERP };

/* Settings of an origin; NULL where the platform has none. */
struct fc_platform_settings {
	const char *min_facesize, *create_min_facesize, *on_ha, *on_junk;
	const char *save_entries, *storage_days;
};

struct fc_platform_dialect {
	enum fc_platform_kind kind;
	const char *name; /* "neuroio" */
	/* paths */
	const char *persons;   /* the path of profiles */
	const char *origins;   /* the path of origins */
	bool reinit_before_id; /* persons/reinit/{pid}/, else profiles/{id}/reinit/ */
	bool person_stats;     /* GET entries/stats/pid/{pid}/ */
	/* members of answers */
	const char *pid, *result, *confidence;
	bool numbered_results; /* 1 to 8, else words */
	unsigned results;      /* bits: the results that exist */
	/* fields of requests with a photo */
	const char *origin_field;
	bool origin_by_name;                           /* else by number */
	const char *create_facesize, *reinit_facesize; /* least area of a face's box */
	const char *on_ha, *on_junk; /* create a profile although one is similar */
	const char *least_result;    /* reinit: the least result of the photo for the profile */
	const char *second_image;    /* NULL: a search has one photo */
	/* filters of entries */
	const char *pids, *result_filter, *origin_filter;
	const char *liveness; /* NULL: none */
	bool sexes_listed;    /* else one sex at a time */
	struct fc_platform_settings settings;
};

extern const struct fc_platform_dialect fc_platform_neuroio, fc_platform_serp;

const struct fc_platform_dialect *fc_platform_dialect_of(enum fc_platform_kind kind);

/* "5" or "ha" */
const char *fc_platform_result_word(const struct fc_platform_dialect *dialect,
				    enum fc_result result);

/* NULL for an unknown mood, and for contempt in SERP, which has no word for it. */
const char *fc_platform_mood_word(const struct fc_platform_dialect *dialect, enum fc_mood mood);

/* Words of either platform: results and sexes also as their numbers (0 is male). False for any other text. */
bool fc_platform_parse_result(const char *text, enum fc_result *out);
bool fc_platform_parse_sex(const char *text, enum fc_sex *out);
bool fc_platform_parse_mood(const char *text, enum fc_mood *out);

/* "2022-09-06T08:52:01+00:00", for requests: microseconds only where there are some. */
enum { FC_PLATFORM_TIME_SIZE = 40 };
void fc_platform_format_time(int64_t time, char out[FC_PLATFORM_TIME_SIZE]);

#endif
