/* Which kind of service has which verb, known without any of them at hand: for whoever asked the wrong one. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_ABILITIES_H
#define FC_SERVICE_ABILITIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/* Each the name of its kind: "local", "smarty", ...; NULL behind the last. */
extern const char *const fc_service_kinds[];

/* One verb, and where its function stands in struct fc_service_operations. */
struct fc_ability {
	const char *verb; /* as the command is called: "profiles search" */
	size_t offset;
	unsigned kinds; /* bits 1 << index into fc_service_kinds */
};

/* verb is NULL behind the last. */
extern const struct fc_ability fc_abilities[];

/* Whether a service of that kind has the verb. */
bool fc_kind_has(const char *kind, const char *verb);

/*
 * "the local engine (--service local) and services of type smarty and azure have it": what can be asked for the verb instead. What is
 * no verb, an option's words, is the local engine's.
 */
void fc_abilities_describe(const char *verb, struct fc_buffer *out);

#endif
