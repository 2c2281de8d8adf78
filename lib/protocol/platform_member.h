/*
 * Members of the platforms' answers, under either platform's name. The bool of a reader: the member is absent or valid. Private to
 * lib/protocol.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_PLATFORM_MEMBER_H
#define FC_PROTOCOL_PLATFORM_MEMBER_H

#include "protocol/platform.h"

/* The first of the members that is neither absent, null nor ""; NULL when both are. second may be NULL. */
const cJSON *fc_platform_member(const cJSON *json, const char *first, const char *second);

/* "result" or "conf", as a word or a number. False also when it is absent. */
bool fc_platform_member_result(const cJSON *json, enum fc_result *out);

/* "pid" or "person_id" */
bool fc_platform_member_pid(const cJSON *json, bool *has_pid, struct fc_uuid *out);

/* "confidence" or "distance" */
bool fc_platform_member_confidence(const cJSON *json, bool *has_confidence, double *out);

/* age, sex, mood and the member with the liveness */
bool fc_platform_member_attributes(const cJSON *json, const char *liveness,
				   struct fc_platform_attributes *out);

/* A whole number, at least 0. False also when it is absent. */
bool fc_platform_member_count(const cJSON *json, const char *name, uint64_t *out);

/* 0 when absent. */
bool fc_platform_member_time(const cJSON *json, const char *name, int64_t *out);

/* Any finite number; NaN when absent. */
bool fc_platform_member_real(const cJSON *json, const char *name, double *out);

/* NULL when absent. */
const char *fc_platform_member_text(const cJSON *json, const char *name);

#endif
