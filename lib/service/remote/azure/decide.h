/* Who the faces of a photo are, by the candidates that an Azure service names. Private to azure*.c. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_AZURE_DECIDE_H
#define FC_SERVICE_AZURE_DECIDE_H

#include "service/remote/azure/engine.h"

/* Of one photo. Strings are borrowed from the sight and the group's persons. */
struct fc_azure_decision {
	struct fc_azure_sight sight;
	struct fc_recognized_face *faces; /* sight.count of them */
	struct fc_azure_person **persons; /* of each face; NULL for nobody */
	struct fc_identity *aliases;
};

void fc_azure_decision_free(struct fc_azure_decision *decision);

/*
 * Decide by the sight: persons who are gone do not count, and unless repeats are allowed nobody is two faces of a photo. What
 * matters to the similarity is the service's confidence. Errors: FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_azure_decide(const struct fc_azure *azure, bool allow_repeats,
					   struct fc_azure_decision *decision,
					   struct fc_error *err);

/* A face was added to a person, who was made for it if it was nobody's. */
void fc_azure_decision_added(struct fc_azure_decision *decision, size_t face,
			     struct fc_azure_person *person);

void fc_azure_decision_count(const struct fc_azure_decision *decision, struct fc_tally *tally);

#endif
