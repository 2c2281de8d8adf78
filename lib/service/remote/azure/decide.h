/* Assigns the faces of a photo to persons, from the candidates of an Azure service. Private to lib/service/remote/azure. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_AZURE_DECIDE_H
#define FC_SERVICE_REMOTE_AZURE_DECIDE_H

#include "service/remote/azure/engine.h"

/* The result for one photo. Strings are borrowed from the fc_azure_sight and from the group's persons. */
struct fc_azure_decision {
	struct fc_azure_sight sight;
	struct fc_recognized_face *faces; /* sight.count of them */
	struct fc_azure_person **persons; /* the person of each face; NULL if unknown */
	struct fc_identity *aliases;
};

void fc_azure_decision_free(struct fc_azure_decision *decision);

/*
 * Choose a person for each face. Deleted persons are ignored; unless repeats are allowed, a person gets at most one face of a photo.
 * The similarity is the service's confidence. Errors: FC_NO_MEMORY.
 */
enum fc_status fc_azure_decide(const struct fc_azure *azure, bool allow_repeats,
			       struct fc_azure_decision *decision, struct fc_error *err);

/* Update the decision after a face was added to a person, or to a new person if the face was unknown. */
void fc_azure_decision_added(struct fc_azure_decision *decision, size_t face,
			     struct fc_azure_person *person);

void fc_azure_decision_count(const struct fc_azure_decision *decision, struct fc_tally *tally);

#endif
