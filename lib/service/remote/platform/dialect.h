/* What NeuroIO and SERP say differently: the words of requests, as tables. Private to services. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_PLATFORM_DIALECT_H
#define FC_SERVICE_PLATFORM_DIALECT_H

#include <stdbool.h>

#include "gallery/gallery.h"

/* A setting of an origin; NULL where the platform has none. */
struct fc_platform_settings {
	const char *min_facesize, *create_min_facesize, *on_ha, *on_junk;
	const char *save_entries, *storage_days;
};

struct fc_platform_dialect {
	const char *name;         /* "neuroio" */
	const char *persons;      /* what the path calls profiles */
	bool reinit_before_id;    /* persons/reinit/{pid}/, else profiles/{id}/reinit/ */
	const char *origins;      /* what the path calls origins */
	const char *origin_field; /* where a photo comes from ... */
	bool origin_by_name;      /* ... told by name, else by number */
	const char *create_facesize, *reinit_facesize; /* least area of a face's box */
	const char *on_ha, *on_junk;                   /* make a profile all the same */
	const char *least_result; /* reinit: what the photo must be to the profile */
	const char *second_image; /* NULL: a search has one photo */
	bool numbered_results;    /* 1 to 8, else words */
	unsigned results;         /* bits: those that there are */
	const char *const *moods; /* by enum fc_mood; NULL: there is none such */
	/* filters of entries */
	const char *pids, *result_filter, *origin_filter;
	const char *liveness; /* NULL: none */
	bool sexes_listed;    /* else one sex at a time */
	bool person_stats;    /* GET entries/stats/pid/{pid}/ */
	struct fc_platform_settings settings;
};

extern const struct fc_platform_dialect fc_platform_neuroio, fc_platform_serp;

#endif
