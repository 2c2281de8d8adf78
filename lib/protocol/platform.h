/*
 * The JSON of NeuroIO and SERP: errors, pages, persons, profiles, entries, statistics, origins. The platforms name many members
 * differently with the same meaning, and SERP's answers to photos are not published: readers accept both names from either.
 * Values that are read are hostile until checked. Strings that are read are borrowed from the JSON.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_PLATFORM_H
#define FC_PROTOCOL_PLATFORM_H

#include <cjson/cJSON.h>

#include "base/error.h"
#include "base/json_writer.h"
#include "base/uuid.h"
#include "protocol/platform_dialect.h"

/* ---- errors ---- */

struct fc_platform_error {
	char message[200]; /* of all fields, one line without a full stop at its end; "" for none */
	bool blames_photo; /* a field with the photo is wrong */
};

void fc_platform_read_error(const cJSON *json, struct fc_platform_error *out);

/* {"error_codes":[400],"message":"Text.","fields":[]} or {"detail":[{"loc":["body"],"msg":"text","code":400}]} */
void fc_platform_write_error(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
			     enum fc_status status, const char *message);

/* ---- pages ---- */

struct fc_platform_page {
	const cJSON *items; /* an array */
	bool has_total;
	uint64_t total;
	bool has_next_member; /* it has a member for the next page ... */
	bool has_next;        /* ... and that is not the last one */
};

/* Errors: FC_REFUSED (it has no list). */
FC_MUST_USE enum fc_status fc_platform_read_page(const cJSON *json, struct fc_platform_page *out,
						 struct fc_error *err);

/* What a page answers; total: on all pages. */
struct fc_platform_page_request {
	const char *path; /* "/v1/entries/" */
	uint64_t limit, offset, total;
};

/* The members around the items, which are written in between. */
void fc_platform_begin_page(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
			    const struct fc_platform_page_request *page);
void fc_platform_end_page(struct fc_json_writer *json);

/* ---- persons: the answer to creating and searching ---- */

/* What is estimated of a face. */
struct fc_platform_attributes {
	bool has_age;
	uint8_t age; /* years */
	enum fc_sex sex;
	enum fc_mood mood;
	enum fc_liveness liveness;
};

/* An extension of facectl's, written only: one of the nearest profiles. */
struct fc_platform_match {
	struct fc_uuid pid;
	enum fc_result result;
	double confidence; /* [0, 100] */
	double similarity;
};

struct fc_platform_person {
	enum fc_result result;
	bool has_pid;
	struct fc_uuid pid;
	bool has_confidence;
	double confidence; /* [0, 100] */
	struct fc_platform_attributes attributes;
	const struct fc_platform_match *matches;
	size_t match_count;
};

/* Errors: FC_REFUSED (it violates the protocol; the text says where), as for all readers below. */
FC_MUST_USE enum fc_status
fc_platform_read_person(const cJSON *json, struct fc_platform_person *out, struct fc_error *err);
void fc_platform_write_person(struct fc_json_writer *json,
			      const struct fc_platform_dialect *dialect,
			      const struct fc_platform_person *person);

/* ---- profiles: facectl's own list ---- */

struct fc_platform_profile {
	struct fc_uuid pid;
	const char *name, *user_data, *space; /* NULL for none */
	bool has_number, has_faces;
	uint64_t number, faces;
	int64_t created, updated; /* microseconds since the epoch; 0: unknown */
};

void fc_platform_write_profile(struct fc_json_writer *json,
			       const struct fc_platform_dialect *dialect,
			       const struct fc_platform_profile *profile);

/* ---- entries ---- */

/* An origin or a space: {"id":1,"name":"door"}, in SERP the number alone. */
struct fc_platform_place {
	bool has_id;
	uint32_t id;
	const char *name; /* NULL when absent */
};

/* Absent reals are NaN, absent times 0, absent texts NULL. */
struct fc_platform_entry {
	uint64_t id;
	int64_t created, person_created; /* microseconds since the epoch */
	struct fc_platform_place origin, space;
	enum fc_result result;
	bool has_pid;
	struct fc_uuid pid;
	bool has_confidence;
	double confidence; /* [0, 100] */
	struct fc_platform_attributes attributes;
	double alive_probability; /* [0, 1] */
	uint32_t face_pixels;     /* area of the face's box; 0 when absent */
	double exposure, blur, pan, tilt;
	const char *face_image, *full_image, *initial_face_image, *initial_full_image;
};

FC_MUST_USE enum fc_status fc_platform_read_entry(const cJSON *json, struct fc_platform_entry *out,
						  struct fc_error *err);
void fc_platform_write_entry(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
			     const struct fc_platform_entry *entry);

/* ---- statistics ---- */

struct fc_platform_stats {
	uint64_t total;
	uint64_t results[FC_RESULT_END];
	uint64_t livenesses[FC_LIVENESS_END];
	/* of a person: its first entry */
	bool has_pid;
	struct fc_uuid pid;
	int64_t person_created;
	struct fc_platform_place origin;
	struct fc_platform_attributes attributes;
	bool has_face_pixels;
	uint32_t face_pixels;
	const char *face_image, *full_image;
};

/* The statistics of a person; the same object in both dialects. */
FC_MUST_USE enum fc_status fc_platform_read_person_stats(const cJSON *json,
							 struct fc_platform_stats *out,
							 struct fc_error *err);
void fc_platform_write_person_stats(struct fc_json_writer *json,
				    const struct fc_platform_stats *stats);

/* The statistics of stats->origin. */
void fc_platform_write_origin_stats(struct fc_json_writer *json,
				    const struct fc_platform_stats *stats);

/* ---- origins, spaces, thresholds ---- */

/* The number of an item. False when it has none. */
bool fc_platform_read_id(const cJSON *json, uint64_t *out);

/* A number and a name. what: "n origin", " space". */
FC_MUST_USE enum fc_status fc_platform_read_named(const cJSON *json, const char *what, uint64_t *id,
						  const char **name, struct fc_error *err);

struct fc_platform_origin {
	uint32_t id;
	const char *name;
	int64_t created;
	uint64_t min_facesize, create_min_facesize;
	bool on_ha, on_junk;
	bool has_save_entries;
	unsigned save_entries; /* bits 1 << enum fc_result: the results that make entries */
	uint32_t storage_days; /* 0: for ever */
};

FC_MUST_USE enum fc_status fc_platform_read_origin(const cJSON *json,
						   const struct fc_platform_dialect *dialect,
						   struct fc_platform_origin *out,
						   struct fc_error *err);

struct fc_platform_thresholds {
	double exact, ha, junk; /* [0, 100] */
};

FC_MUST_USE enum fc_status fc_platform_read_thresholds(const cJSON *json,
						       struct fc_platform_thresholds *out,
						       struct fc_error *err);

#endif
