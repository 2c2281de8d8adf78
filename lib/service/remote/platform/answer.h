/* What NeuroIO and SERP answer. Every value is hostile until checked. Private to platform*.c. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_PLATFORM_ANSWER_H
#define FC_SERVICE_PLATFORM_ANSWER_H

#include <cjson/cJSON.h>

#include "net/http.h"
#include "service/entries.h"
#include "service/origins.h"
#include "service/remote/platform/dialect.h"
#include "service/remote/platform/member.h"

/*
 * The two platforms have other names for many members and the same meaning, and what SERP answers to a photo is published nowhere.
 * So both names are taken from either.
 */
struct fc_platform_answer {
	cJSON *json;       /* NULL when the body is empty */
	bool refused;      /* the service refused for good, so that nothing was carried out */
	bool blames_photo; /* and what it names is the photo */
};

void fc_platform_answer_release(struct fc_platform_answer *answer);

/*
 * Read an answer. A failure that the service tells of is one here, in its words. The answer is set in every case.
 * Errors: those of fc_http_failure, FC_NOT_FOUND for HTTP's 404, FC_BAD_IMAGE when the photo is blamed; FC_REFUSED when it is not
 * JSON.
 */
FC_MUST_USE enum fc_status fc_platform_read(const struct fc_http_response *response,
					    struct fc_platform_answer *out, struct fc_error *err);

/* FC_REFUSED: a 404 to a request for what every platform has, so that the address is wrong. Says so behind the failure. */
enum fc_status fc_platform_misdirected(struct fc_error *failure);

/* ---- who a photo shows ---- */

struct fc_platform_person {
	enum fc_result result;
	bool has_pid;
	struct fc_uuid pid;
	bool has_confidence;
	double confidence; /* 0 to 100 */
	struct fc_member_attributes attributes;
};

/* Errors: FC_REFUSED (it does not keep to the protocol; the text says where). */
FC_MUST_USE enum fc_status
fc_platform_read_person(const cJSON *json, struct fc_platform_person *out, struct fc_error *err);

/* ---- pages ---- */

struct fc_platform_page {
	const cJSON *items; /* an array, within the answer */
	bool has_total;
	uint64_t total;
	bool tells_next; /* it has a member for the next page ... */
	bool has_next;   /* ... and there is one */
};

FC_MUST_USE enum fc_status fc_platform_read_page(const cJSON *json, struct fc_platform_page *out,
						 struct fc_error *err);

/* ---- entries ---- */

/* An entry and the names that came with it. { 0 } is empty. Strings are borrowed from the answer, but for those of the entry. */
struct fc_platform_entry {
	struct fc_entry entry;
	struct fc_entry_row row; /* row.entry is the one above */
};

void fc_platform_entry_release(struct fc_platform_entry *entry);

FC_MUST_USE enum fc_status fc_platform_read_entry(const cJSON *json, struct fc_platform_entry *out,
						  struct fc_error *err);

FC_MUST_USE enum fc_status fc_platform_read_stats(const cJSON *json, struct fc_entry_stats *out,
						  struct fc_error *err);

/* ---- origins and spaces ---- */

FC_MUST_USE enum fc_status fc_platform_read_origin(const cJSON *json,
						   const struct fc_platform_settings *words,
						   struct fc_origin_row *out, struct fc_error *err);

/* A number and a name. The name is borrowed. */
FC_MUST_USE enum fc_status fc_platform_read_named(const cJSON *json, const char *what, uint64_t *id,
						  const char **name, struct fc_error *err);

FC_MUST_USE enum fc_status fc_platform_read_bands(const cJSON *json, struct fc_bands *out,
						  struct fc_error *err);

#endif
