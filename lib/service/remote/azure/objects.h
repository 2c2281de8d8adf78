/* Ids of objects of the service. Private to lib/service/remote/azure. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_AZURE_OBJECTS_H
#define FC_SERVICE_REMOTE_AZURE_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/uuid.h"

/* Ids of objects. { 0 } is empty. */
struct fc_azure_objects {
	struct fc_uuid *ids;
	size_t count, capacity;
};

void fc_azure_objects_release(struct fc_azure_objects *objects);
bool fc_azure_objects_has(const struct fc_azure_objects *objects, const struct fc_uuid *id);
enum fc_status fc_azure_objects_add(struct fc_azure_objects *objects, const struct fc_uuid *id,
				    struct fc_error *err);

#endif
