/* Members that several answers have, under either platform's name. False: it is there and makes no sense. Private to platform*.c. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_PLATFORM_MEMBER_H
#define FC_SERVICE_PLATFORM_MEMBER_H

#include <cjson/cJSON.h>

#include "gallery/gallery.h"

/* The first of the members that is there and not null; NULL without any. second may be NULL. */
const cJSON *fc_member(const cJSON *json, const char *first, const char *second);

/* "result" or "conf", as a word or a number. False also when there is none. */
bool fc_member_result(const cJSON *json, enum fc_result *out);

/* "pid" or "person_id"; absent, null and "" are nobody. */
bool fc_member_pid(const cJSON *json, bool *has_pid, struct fc_uuid *out);

/* "confidence" or "distance", 0 to 100. */
bool fc_member_confidence(const cJSON *json, bool *told, double *out);

/* What is estimated of a face. */
struct fc_member_attributes {
	bool has_age;
	uint8_t age; /* years */
	enum fc_sex sex;
	enum fc_mood mood;
	enum fc_liveness liveness;
};

/* age, sex, mood and the member that holds liveness; each may be absent, null or "". */
bool fc_member_attributes(const cJSON *json, const char *liveness,
			  struct fc_member_attributes *out);

/* A whole number, from 0 on. */
bool fc_member_count(const cJSON *json, const char *name, uint64_t *out);

/* A point in time, as microseconds since the epoch; 0 when it is absent, null or "". */
bool fc_member_time(const cJSON *json, const char *name, int64_t *out);

/* Any finite number; NaN when it is absent or null. */
bool fc_member_real(const cJSON *json, const char *name, float *out);

#endif
