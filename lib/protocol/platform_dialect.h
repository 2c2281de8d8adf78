/* Tables of the names that differ between NeuroIO and SERP, and the words of both. SERP is a fork of the NeuroIO platform. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_PLATFORM_DIALECT_H
#define FC_PROTOCOL_PLATFORM_DIALECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/words.h"

enum fc_platform_kind { FC_PLATFORM_NEUROIO, FC_PLATFORM_SERP };

/* Names of an origin's settings; NULL where the platform has no such setting. */
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
	bool from_entry;       /* persons/entry/ and persons/reinit/: the photo of an entry */
	bool person_stats;     /* GET entries/stats/pid/{pid}/ */
	/* members of responses */
	const char *pid, *result, *confidence;
	bool numbered_results; /* results are numbers 1 to 8, else words */
	unsigned results;      /* bits 1 << enum fc_result: the results that the platform has */
	/* fields of requests with a photo */
	const char *origin_field;
	bool origin_by_name; /* origins are given by name, else by number */
	const char *create_facesize, *reinit_facesize; /* least area of a face's box */
	/* create a profile even if an existing one matches as ha or junk */
	const char *on_ha, *on_junk;
	/* reinit: the lowest result at which the photo is accepted for the profile */
	const char *least_result;
	const char *second_image; /* NULL: a search with two photos is not supported */
	/* filters of entries */
	const char *pids, *result_filter, *origin_filter;
	const char *liveness; /* NULL: entries cannot be filtered by liveness */
	bool sexes_listed;    /* the filter accepts a list of sexes, else one sex */
	struct fc_platform_settings settings;
};

extern const struct fc_platform_dialect fc_platform_neuroio, fc_platform_serp;

const struct fc_platform_dialect *fc_platform_dialect_of(enum fc_platform_kind kind);

/* The platform's word or number of a result: "5" or "ha". */
const char *fc_platform_result_word(const struct fc_platform_dialect *dialect,
				    enum fc_result result);

/* The platform's word for a mood. NULL for an unknown mood, and for contempt in SERP, which has no word for it. */
const char *fc_platform_mood_word(const struct fc_platform_dialect *dialect, enum fc_mood mood);

/* Parse a word of either platform. Results and sexes may also be numbers (0 is male). Returns false for any other text. */
bool fc_platform_parse_result(const char *text, enum fc_result *out);
bool fc_platform_parse_sex(const char *text, enum fc_sex *out);
bool fc_platform_parse_mood(const char *text, enum fc_mood *out);

/* Size of a time in a request, such as "2022-09-06T08:52:01+00:00"; it has microseconds only if they are not 0. */
enum { FC_PLATFORM_TIME_SIZE = 40 };
void fc_platform_format_time(int64_t time, char out[FC_PLATFORM_TIME_SIZE]);

#endif
