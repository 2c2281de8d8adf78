/*
 * Read members of the platforms' responses by the name of either platform. Unless stated otherwise, a reader returns true if the
 * member is absent or valid. Private to lib/protocol.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_PLATFORM_MEMBER_H
#define FC_PROTOCOL_PLATFORM_MEMBER_H

#include "protocol/platform.h"

/* The first of the two members that is not absent, null or ""; NULL if there is none. second may be NULL. */
const cJSON *fc_platform_member(const cJSON *json, const char *first, const char *second);

/* Read "result" or "conf", a word or a number. Returns false also when it is absent. */
bool fc_platform_member_result(const cJSON *json, enum fc_result *out);

/* Read "pid" or "person_id", a text or a number. */
bool fc_platform_member_pid(const cJSON *json, bool *has_pid, struct fc_person_id *out);

/* Read an id of a person. Returns false also when it is absent. */
bool fc_platform_person_id(const cJSON *value, struct fc_person_id *out);

/* Read "confidence" or "distance". */
bool fc_platform_member_confidence(const cJSON *json, bool *has_confidence, double *out);

/* Read age, sex, mood, and the liveness in the member of that name. */
bool fc_platform_member_attributes(const cJSON *json, const char *liveness,
				   struct fc_platform_attributes *out);

/* Read a whole number, at least 0. Returns false also when it is absent. */
bool fc_platform_member_count(const cJSON *json, const char *name, uint64_t *out);

/* Read a time; 0 when absent. */
bool fc_platform_member_time(const cJSON *json, const char *name, int64_t *out);

/* Read a finite number; NaN when absent. */
bool fc_platform_member_real(const cJSON *json, const char *name, double *out);

/* The text of a member; NULL when absent. */
const char *fc_platform_member_text(const cJSON *json, const char *name);

#endif
