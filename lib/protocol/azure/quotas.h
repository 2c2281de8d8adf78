/* The quotas of the Azure Face API, which depend on what an account pays for. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_AZURE_QUOTAS_H
#define FC_PROTOCOL_AZURE_QUOTAS_H

#include <stdint.h>

#include "base/error.h"
#include "protocol/azure/operations.h"

/* 0: no limit. */
struct fc_azure_quotas {
	struct {
		uint64_t containers; /* of the kind */
		uint64_t members;    /* of each: the persons of a group, the faces of a list */
	} of[FC_AZURE_KIND_COUNT];
	/* operations of a subscription within 24 hours and 30 days: snapshots that are taken, and applied */
	struct fc_azure_rate {
		uint64_t per_day, per_month;
	} takes, applies;
};

/*
 * Read words with commas between them: "off", "free" or "s0", the documented quotas of a tier, and NAME=N, of which the last one counts, such as
 * "free,person-groups=5". Errors: FC_INVALID_ARGUMENT; the text names the words.
 */
enum fc_status fc_azure_quotas_parse(const char *text, struct fc_azure_quotas *out,
				     struct fc_error *err);

#endif
