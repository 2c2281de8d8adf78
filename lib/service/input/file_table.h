/* A table of files by a 64-bit key, from which files that were not seen for some time are removed. Private to watching a folder. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_INPUT_FILE_TABLE_H
#define FC_SERVICE_INPUT_FILE_TABLE_H

#include "gallery/rows/ledger.h"

struct fc_table_file {
	bool used;
	uint8_t state;  /* of the owner; 0 in a new file */
	uint32_t round; /* when it was last seen; see fc_file_table_remove_before */
	uint64_t key;
	int64_t since; /* of the owner */
	struct fc_file_identity identity;
};

/* Zero at first. */
struct fc_file_table {
	struct fc_table_file *files; /* a hash table with open addressing */
	size_t count, capacity;      /* capacity: 0 or a power of two */
};

void fc_file_table_release(struct fc_file_table *table);

/* The key of a name in a folder that a number identifies. Collisions cannot be provoked without about 2^32 attempts. */
uint64_t fc_file_table_key(int64_t folder, const char *name);

/* The file with this key; NULL if the table does not have it. */
struct fc_table_file *fc_file_table_find(const struct fc_file_table *table, uint64_t key);

/* The file with this key, added if the table does not have it. Invalidates other pointers into the table. Errors: FC_NO_MEMORY. */
enum fc_status fc_file_table_add(struct fc_file_table *table, uint64_t key,
				 struct fc_table_file **out, struct fc_error *err);

/* Remove the files that were last seen before a round. Errors: FC_NO_MEMORY. */
enum fc_status fc_file_table_remove_before(struct fc_file_table *table, uint32_t round,
					   struct fc_error *err);

#endif
