/*
 * A service that combines a remote service and the local engine: the local engine processes a photo when the remote service fails,
 * or both process it and the results are compared. It supports the verbs that change no person: recognize and profiles search.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_WRAP_FALLBACK_H
#define FC_SERVICE_WRAP_FALLBACK_H

#include "service/service.h"

enum fc_policy {
	FC_POLICY_REMOTE, /* the remote service alone */
	FC_POLICY_LOCAL,  /* the local engine alone */
	FC_POLICY_FALLBACK, /* the local engine for photos that the remote service cannot process now */
	FC_POLICY_COMPARE, /* both: two outcomes for each photo */
};

/*
 * policy: FALLBACK or COMPARE. name: the remote service's name; borrowed. Takes ownership of both services, also on errors.
 * Errors: FC_NO_MEMORY.
 *
 * Each outcome has the name of the service that produced it, and with COMPARE whether both services recognized the same persons. With
 * FALLBACK the local engine processes a photo if the remote service fails with FC_BUSY; after three such photos in a row it processes
 * all further photos. Options that change persons (create_new, update_embedding) fail with FC_UNSUPPORTED. Standard input is never
 * processed by the local engine, because it cannot be read twice.
 */
enum fc_status fc_fallback_open(enum fc_policy policy, const char *name, struct fc_service *remote,
				struct fc_service *local, struct fc_service **out,
				struct fc_error *err);

#endif
