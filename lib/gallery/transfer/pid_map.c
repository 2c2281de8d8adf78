/* A map from pids to pids. */
/* SPDX-License-Identifier: MIT */
#include "gallery/transfer/pid_map.h"

#include <stdlib.h>
#include <string.h>

void fc_pid_map_release(struct fc_pid_map *map)
{
	free(map->slots);
	*map = (struct fc_pid_map){ 0 };
}

/*
 * The slot that contains this key, or the free slot where it would be inserted. Pids may be chosen by an attacker, so the hash uses all
 * bytes (FNV-1a).
 */
static struct fc_pid_pair *slot_of(const struct fc_pid_map *map, const struct fc_uuid *key)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < sizeof(key->bytes); i++) {
		hash = (hash ^ key->bytes[i]) * UINT64_C(0x100000001b3);
	}
	size_t index = (size_t)(hash ^ hash >> 32) & (map->room - 1);
	while (!fc_uuid_is_nil(&map->slots[index].key) &&
	       !fc_uuid_equal(&map->slots[index].key, key)) {
		index = (index + 1) & (map->room - 1);
	}
	return &map->slots[index];
}

static enum fc_status grow(struct fc_pid_map *map, struct fc_error *err)
{
	struct fc_pid_map larger = { .room = map->room > 0 ? 2 * map->room : 64,
				     .count = map->count };
	larger.slots = calloc(larger.room, sizeof(*larger.slots));
	if (!larger.slots) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < map->room; i++) {
		if (!fc_uuid_is_nil(&map->slots[i].key)) {
			*slot_of(&larger, &map->slots[i].key) = map->slots[i];
		}
	}
	free(map->slots);
	*map = larger;
	return FC_OK;
}

enum fc_status fc_pid_map_put(struct fc_pid_map *map, const struct fc_uuid *key,
			      const struct fc_uuid *value, struct fc_error *err)
{
	if (2 * (map->count + 1) > map->room) {
		FC_TRY(grow(map, err));
	}
	struct fc_pid_pair *slot = slot_of(map, key);
	map->count += !fc_uuid_equal(&slot->key, key);
	*slot = (struct fc_pid_pair){ *key, *value };
	return FC_OK;
}

const struct fc_uuid *fc_pid_map_get(const struct fc_pid_map *map, const struct fc_uuid *key)
{
	if (map->room == 0) {
		return NULL;
	}
	const struct fc_pid_pair *slot = slot_of(map, key);
	return fc_uuid_equal(&slot->key, key) && !fc_uuid_is_nil(key) ? &slot->value : NULL;
}
