/*
 * The JSON of NeuroIO and SERP: errors, pages, persons, profiles, entries, statistics, origins. Many members have different
 * names in the two platforms but the same meaning, and SERP's responses to photos are not published, so the readers accept both
 * names from either platform. They check every value, because the JSON may be hostile. Strings that they return are borrowed
 * from the JSON.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_PLATFORM_H
#define FC_PROTOCOL_PLATFORM_H

#include <cjson/cJSON.h>

#include "base/error.h"
#include "base/json_writer.h"
#include "protocol/person_id.h"
#include "protocol/platform_dialect.h"

/* ---- errors ---- */

struct fc_platform_error {
	/* the messages of all fields in one line, without a full stop at its end; "" when there are none */
	char message[200];
	bool blames_photo; /* the field with the photo is invalid */
};

void fc_platform_read_error(const cJSON *json, struct fc_platform_error *out);

struct fc_platform_fault {
	int code;            /* of HTTP */
	const char *field;   /* the invalid parameter or field; NULL: the request as a whole */
	const char *place;   /* of the field: "body" (NULL) or "query" */
	const char *message; /* a sentence */
};

/* Write an error of a request, such as {"error_codes":[400],"message":"Text.","fields":[]}. */
void fc_platform_write_fault(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
			     const struct fc_platform_fault *fault);

/* Write {"error_codes":[400],"message":"Text.","fields":[]} or {"detail":[{"loc":["body"],"msg":"text","code":400}]}. */
void fc_platform_write_error(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
			     enum fc_status status, const char *message);

/* ---- pages ---- */

struct fc_platform_page {
	const cJSON *items; /* an array */
	bool has_total;
	uint64_t total;
	bool has_next_member; /* the page has a member that links to the next page */
	bool has_next;        /* that member is not null: this is not the last page */
};

/* Read a page. Errors: FC_REFUSED (it has no list). */
enum fc_status fc_platform_read_page(const cJSON *json, struct fc_platform_page *out,
				     struct fc_error *err);

/* The request for which a page is written. total: number of items on all pages. */
struct fc_platform_page_request {
	const char *path;    /* "/v1/entries/" */
	const char *filters; /* "&result=ha", or NULL */
	uint64_t limit, offset, total;
};

/* Write the members before and after the items. The caller writes the items between the two calls. */
void fc_platform_begin_page(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
			    const struct fc_platform_page_request *page);
void fc_platform_end_page(struct fc_json_writer *json);

/* ---- persons: the response to creating and searching ---- */

/* Estimated attributes of a face. */
struct fc_platform_attributes {
	bool has_age;
	uint8_t age; /* years */
	enum fc_sex sex;
	enum fc_mood mood;
	enum fc_liveness liveness;
};

/* One of the nearest profiles: an extension by facectl, which is only written. */
struct fc_platform_match {
	struct fc_uuid pid;
	enum fc_result result;
	double confidence; /* [0, 100] */
	double similarity;
};

struct fc_platform_person {
	enum fc_result result;
	bool has_pid;
	struct fc_person_id person;
	bool has_confidence;
	double confidence; /* [0, 100] */
	struct fc_platform_attributes attributes;
	const struct fc_platform_match *matches;
	size_t match_count;
};

/* Errors of this and all readers below: FC_REFUSED (it violates the protocol; the text says where). */
enum fc_status fc_platform_read_person(const cJSON *json, struct fc_platform_person *out,
				       struct fc_error *err);

/* Read the profile of a person whose other members may be missing or invalid. Returns false if there is none. */
bool fc_platform_read_person_id(const cJSON *json, struct fc_person_id *out);

void fc_platform_write_person(struct fc_json_writer *json,
			      const struct fc_platform_dialect *dialect,
			      const struct fc_platform_person *person);

/* ---- profiles: a list that only facectl has ---- */

struct fc_platform_profile {
	struct fc_person_id person;
	const char *name, *user_data, *space; /* NULL for none */
	bool has_number, has_faces;
	uint64_t number, faces;
	int64_t created, updated; /* microseconds since the epoch; 0: unknown */
};

/* Write the members of a profile. The caller may add others, and calls fc_json_end_object. */
void fc_platform_begin_profile(struct fc_json_writer *json,
			       const struct fc_platform_dialect *dialect,
			       const struct fc_platform_profile *profile);

/* ---- entries ---- */

/* An origin or a space: {"id":1,"name":"door"}; in SERP only the number. */
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
	struct fc_person_id person;
	bool has_confidence;
	double confidence; /* [0, 100] */
	struct fc_platform_attributes attributes;
	double alive_probability; /* [0, 1] */
	uint32_t face_pixels;     /* area of the face's box; 0 when absent */
	double exposure, blur, pan, tilt;
	const char *face_image, *full_image, *initial_face_image, *initial_full_image;
};

enum fc_status fc_platform_read_entry(const cJSON *json, struct fc_platform_entry *out,
				      struct fc_error *err);
void fc_platform_write_entry(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
			     const struct fc_platform_entry *entry);

/* ---- statistics ---- */

struct fc_platform_stats {
	uint64_t total;
	uint64_t results[FC_RESULT_END];
	uint64_t livenesses[FC_LIVENESS_END];
	/* for statistics of a person: values of its first entry */
	bool has_pid;
	struct fc_person_id person;
	int64_t person_created;
	struct fc_platform_place origin;
	struct fc_platform_attributes attributes;
	bool has_face_pixels;
	uint32_t face_pixels;
	const char *face_image, *full_image;
};

/* Read the statistics of a person; the object is the same in both dialects. */
enum fc_status fc_platform_read_person_stats(const cJSON *json, struct fc_platform_stats *out,
					     struct fc_error *err);
void fc_platform_write_person_stats(struct fc_json_writer *json,
				    const struct fc_platform_stats *stats);

/* Write the statistics of stats->origin. */
void fc_platform_write_origin_stats(struct fc_json_writer *json,
				    const struct fc_platform_stats *stats);

/* ---- origins, spaces, thresholds ---- */

/* Read the number of an item. Returns false when it has none. */
bool fc_platform_read_id(const cJSON *json, uint64_t *out);

/* Read an item's number and name. what: the item in error texts, following "a": "n origin", " space". */
enum fc_status fc_platform_read_named(const cJSON *json, const char *what, uint64_t *id,
				      const char **name, struct fc_error *err);

struct fc_platform_origin {
	uint32_t id;
	const char *name;
	int64_t created;
	uint64_t min_facesize, create_min_facesize;
	bool on_ha, on_junk;
	bool has_save_entries;
	unsigned save_entries; /* bits 1 << enum fc_result: the results that create entries */
	uint32_t storage_days; /* 0: for ever */
};

/*
 * Read the settings; those that are absent or null are not changed, and has_save_entries says whether the results are there. Returns the name of
 * an invalid member, NULL if there is none.
 */
const char *fc_platform_read_settings(const cJSON *json, const struct fc_platform_dialect *dialect,
				      struct fc_platform_origin *out);

void fc_platform_write_origin(struct fc_json_writer *json,
			      const struct fc_platform_dialect *dialect,
			      const struct fc_platform_origin *origin);

enum fc_status fc_platform_read_origin(const cJSON *json, const struct fc_platform_dialect *dialect,
				       struct fc_platform_origin *out, struct fc_error *err);

struct fc_platform_thresholds {
	double exact, ha, junk; /* [0, 100] */
};

enum fc_status fc_platform_read_thresholds(const cJSON *json, struct fc_platform_thresholds *out,
					   struct fc_error *err);

#endif
