/*
 * A service that combines a remote service and the local engine: the local engine answers when the remote service fails, or both
 * answer and are compared. It supports the verbs that change no person: recognize and profiles search.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_FALLBACK_H
#define FC_SERVICE_FALLBACK_H

#include "service/service.h"

enum fc_policy {
	FC_POLICY_REMOTE, /* the remote service alone */
	FC_POLICY_LOCAL,  /* the local engine alone */
	FC_POLICY_FALLBACK, /* the local engine for photos that the remote service cannot answer now */
	FC_POLICY_COMPARE, /* both: two outcomes for each photo */
};

/*
 * policy: FALLBACK or COMPARE. name: of the remote service; borrowed. Takes ownership of both services, also on errors.
 * Errors: FC_NO_MEMORY.
 *
 * Each outcome says which service answered, and with COMPARE whether both recognized the same persons. With FALLBACK the local
 * engine answers for a photo when the remote service fails with FC_BUSY; after three such photos in a row it answers for all that
 * follow. Options that change persons (create_new, update_embedding) are FC_UNSUPPORTED. Standard input cannot be read twice, so
 * the local engine never answers for it.
 */
FC_MUST_USE enum fc_status fc_fallback_open(enum fc_policy policy, const char *name,
					    struct fc_service *remote, struct fc_service *local,
					    struct fc_service **out, struct fc_error *err);

#endif
