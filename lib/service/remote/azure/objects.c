/* Ids of objects of the service. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/azure/objects.h"

#include <stdlib.h>

#include "base/memory.h"

void fc_azure_objects_release(struct fc_azure_objects *objects)
{
	free(objects->ids);
	*objects = (struct fc_azure_objects){ 0 };
}

enum fc_status fc_azure_objects_add(struct fc_azure_objects *objects, const struct fc_uuid *id,
				    struct fc_error *err)
{
	FC_TRY(fc_array_grow(&objects->ids, sizeof(*objects->ids), objects->count,
			     &objects->capacity, err));
	objects->ids[objects->count++] = *id;
	return FC_OK;
}

bool fc_azure_objects_has(const struct fc_azure_objects *objects, const struct fc_uuid *id)
{
	for (size_t i = 0; i < objects->count; i++) {
		if (fc_uuid_equal(&objects->ids[i], id)) {
			return true;
		}
	}
	return false;
}
