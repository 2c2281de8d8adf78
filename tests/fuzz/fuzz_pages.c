/* Any bytes as the data file of a gallery: every tree and free list is read to its end without a crash or an endless loop. */
/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "fuzz.h"
#include "gallery/store/pages.h"

enum { PAGE = 4096 };

static void read_tree(const struct fc_snapshot *snapshot, const struct fc_tree *tree, int depth)
{
	struct fc_tree_cursor cursor = { .snapshot = snapshot, .tree = *tree };
	uint64_t read = 0;
	for (int code = fc_tree_first(&cursor); code == 0; code = fc_tree_next(&cursor)) {
		MDB_val key, value;
		struct fc_tree named;
		/* A tree may refer to a page more than once, but not deeper than its depth. */
		if (++read > snapshot->pages * PAGE || fc_tree_read(&cursor, &key, &value) != 0) {
			return;
		}
		char name[64] = "";
		if (depth > 0 && key.mv_size < sizeof(name)) {
			memcpy(name, key.mv_data, key.mv_size);
			if (fc_snapshot_tree(snapshot, name, &named) == 0) {
				read_tree(snapshot, &named, depth - 1);
			}
		}
		FC_IGNORE(fc_tree_check(snapshot, tree, &key));
	}
}

static void read_snapshot(struct fc_pages *pages, uint64_t transaction)
{
	struct fc_snapshot snapshot;
	uint64_t free_pages;
	if (fc_snapshot_take(pages, transaction, &snapshot) != 0) {
		return;
	}
	FC_IGNORE(fc_snapshot_check_lists(&snapshot));
	FC_IGNORE(fc_snapshot_check_end(&snapshot));
	FC_IGNORE(fc_snapshot_count_free(&snapshot, &free_pages));
	read_tree(&snapshot, &snapshot.main, 1);
	fc_snapshot_release(pages, &snapshot);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fc_pages pages;
	int fd = memfd_create("pages", MFD_CLOEXEC);
	if (size < 2 * PAGE || fd < 0 || write(fd, data, size) != (ssize_t)size ||
	    fc_pages_open(fd, size, PAGE, &pages) != 0) {
		close(fd);
		return 0;
	}
	for (uint64_t transaction = 0; transaction < 8; transaction++) {
		read_snapshot(&pages, transaction);
	}
	fc_pages_close(&pages);
	return 0;
}
