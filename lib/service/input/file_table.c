/* A table of files by a 64-bit key. */
/* SPDX-License-Identifier: MIT */
#include "service/input/file_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { CAPACITY_MINIMUM = 256 };

void fc_file_table_release(struct fc_file_table *table)
{
	free(table->files);
	*table = (struct fc_file_table){ 0 };
}

uint64_t fc_file_table_key(int64_t folder, const char *name)
{
	struct fc_sha256_stream stream;
	uint64_t key;
	fc_sha256_begin(&stream);
	fc_sha256_add(&stream, &folder, sizeof(folder));
	fc_sha256_add(&stream, name, strlen(name));
	struct fc_sha256 digest = fc_sha256_end(&stream);
	memcpy(&key, digest.bytes, sizeof(key));
	return key;
}

/* The place of a key: its file, or the free place where it would be added. */
static struct fc_table_file *place_of(const struct fc_file_table *table, uint64_t key)
{
	size_t i = (size_t)key & (table->capacity - 1);
	while (table->files[i].used && table->files[i].key != key) {
		i = (i + 1) & (table->capacity - 1);
	}
	return &table->files[i];
}

struct fc_table_file *fc_file_table_find(const struct fc_file_table *table, uint64_t key)
{
	struct fc_table_file *file = table->capacity > 0 ? place_of(table, key) : NULL;
	return file && file->used ? file : NULL;
}

/* Copy the files last seen in a round from `from` to a table of this capacity. */
static enum fc_status rebuild(struct fc_file_table *table, size_t capacity, uint32_t from,
			      struct fc_error *err)
{
	struct fc_file_table old = *table;
	struct fc_file_table larger = { .capacity = capacity };
	larger.files = calloc(capacity, sizeof(*larger.files));
	if (!larger.files) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < old.capacity; i++) {
		if (old.files[i].used && old.files[i].round >= from) {
			*place_of(&larger, old.files[i].key) = old.files[i];
			larger.count++;
		}
	}
	free(old.files);
	*table = larger;
	return FC_OK;
}

enum fc_status fc_file_table_add(struct fc_file_table *table, uint64_t key,
				 struct fc_table_file **out, struct fc_error *err)
{
	*out = fc_file_table_find(table, key);
	if (*out) {
		return FC_OK;
	}
	if (table->count >= table->capacity / 2) {
		size_t capacity = table->capacity > 0 ? table->capacity * 2 : CAPACITY_MINIMUM;
		FC_TRY(rebuild(table, capacity, 0, err));
	}
	*out = place_of(table, key);
	**out = (struct fc_table_file){ .used = true, .key = key };
	table->count++;
	return FC_OK;
}

enum fc_status fc_file_table_remove_before(struct fc_file_table *table, uint32_t round,
					   struct fc_error *err)
{
	bool found = false;
	for (size_t i = 0; i < table->capacity && !found; i++) {
		found = table->files[i].used && table->files[i].round < round;
	}
	return found ? rebuild(table, table->capacity, round, err) : FC_OK;
}
