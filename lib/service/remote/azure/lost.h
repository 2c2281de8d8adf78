/* Finds out whether a creation happened whose answer was lost. Private to lib/service/remote/azure. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_AZURE_LOST_H
#define FC_SERVICE_REMOTE_AZURE_LOST_H

#include "protocol/azure/operations.h"
#include "service/remote/azure/engine.h"

/* A request that creates a person, a face or a snapshot: its path in decoded parts, and its JSON body unless that is an image. */
struct fc_azure_creation {
	const struct fc_azure_operation *operation;
	const char *const *path;
	size_t path_count;
	const void *body;
	size_t length;
};

/*
 * List the existing objects that the created one could be: the faces of the same person or list, the persons of the group with the same name
 * and user data, or the snapshots with the same type and user data. Errors: those of fc_azure_perform, FC_UNSUPPORTED (the group or list has
 * more than 1000 persons or faces).
 */
enum fc_status fc_azure_objects_list(struct fc_azure *azure,
				     const struct fc_azure_creation *creation, uint64_t delay_ms,
				     struct fc_azure_objects *out, struct fc_error *err);

#endif
