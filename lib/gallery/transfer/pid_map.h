/* A map from pids to pids. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_TRANSFER_PID_MAP_H
#define FC_GALLERY_TRANSFER_PID_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/uuid.h"

struct fc_pid_pair {
	struct fc_uuid key, value;
};

/* An empty map is { 0 }. The all-zero pid cannot be a key. */
struct fc_pid_map {
	struct fc_pid_pair *slots; /* a power of two of them, at most half in use */
	size_t room, count;
};

void fc_pid_map_release(struct fc_pid_map *map);

/* Add or replace the value of a key. Errors: FC_NO_MEMORY. */
enum fc_status fc_pid_map_put(struct fc_pid_map *map, const struct fc_uuid *key,
			      const struct fc_uuid *value, struct fc_error *err);

/* Find the value of a key. NULL if the key is missing. Valid until the next put. */
const struct fc_uuid *fc_pid_map_get(const struct fc_pid_map *map, const struct fc_uuid *key);

#endif
