/*
 * Two services behind one: a remote one that is asked, and the local engine that stands in for it or is asked as well. They share the
 * verbs that only ask, recognize and profiles search; nothing is ever enrolled by both.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_POLICY_H
#define FC_SERVICE_POLICY_H

#include "service/service.h"

enum fc_policy {
	FC_POLICY_REMOTE, /* the remote service alone */
	FC_POLICY_LOCAL,  /* the local engine alone */
	FC_POLICY_FALLBACK, /* the local engine for photos that the remote service cannot answer for now */
	FC_POLICY_COMPARE, /* both, each photo told twice */
};

/*
 * Put both behind one service that carries out FALLBACK or COMPARE; name is the remote one's, borrowed. Both belong to it from now on,
 * also when it fails. Errors: FC_NO_MEMORY.
 *
 * Outcomes say who answered, and whether both agree: the same persons were recognised in the photo. Under FALLBACK a photo falls
 * to the local engine when the remote service's failure is FC_BUSY, and once three in a row did so, all that follow. What can change
 * a person (create_new, update_embedding) is FC_UNSUPPORTED. Standard input is not read twice.
 */
FC_MUST_USE enum fc_status fc_policy_open(enum fc_policy policy, const char *name,
					  struct fc_service *remote, struct fc_service *local,
					  struct fc_service **out, struct fc_error *err);

#endif
