/* The mapping of a data file, its snapshots, and the checks of its pages. */
/* SPDX-License-Identifier: MIT */
#include "gallery/store/pages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/file.h"
#include "gallery/store/pages_format.h"

/* ---- the mapping ---- */

static int map(struct fc_pages *pages, size_t length)
{
	void *base = mmap(NULL, length, PROT_READ, MAP_SHARED, pages->fd, 0);
	if (base == MAP_FAILED) {
		return errno;
	}
	pages->base = base;
	pages->length = length;
	return 0;
}

static void unmap(struct fc_pages *pages)
{
	if (pages->base) {
		FC_IGNORE(munmap((void *)(uintptr_t)pages->base, pages->length));
	}
	pages->base = NULL;
	pages->length = 0;
}

int fc_pages_open(int fd, size_t length, size_t page_size, struct fc_pages *out)
{
	*out = (struct fc_pages){ .fd = fd, .page_size = page_size };
	return map(out, length);
}

int fc_pages_resize(struct fc_pages *pages, size_t length)
{
	unmap(pages);
	return map(pages, length);
}

void fc_pages_close(struct fc_pages *pages)
{
	unmap(pages);
	free(pages->checked);
	pages->checked = NULL;
	fc_fd_close(&pages->fd);
}

/* ---- snapshots ---- */

enum { META_BYTES = 136, META_TREES = 24, META_LAST_PAGE = 120, META_TRANSACTION = 128 };
enum {
	TREE_BYTES = 48,
	TREE_FLAGS = 4,
	TREE_DEPTH = 6,
	TREE_PAGES = 8,
	TREE_ENTRIES = 32,
	TREE_ROOT = 40
};
enum { META_VERSION = 1, INTEGER_KEYS = 8 };
static const uint32_t meta_magic = 0xbeefc0de;

static bool read_tree(const uint8_t *bytes, const struct fc_snapshot *snapshot, struct fc_tree *out)
{
	*out = (struct fc_tree){
		.root = fc_page_u64(bytes + TREE_ROOT),
		.entries = fc_page_u64(bytes + TREE_ENTRIES),
		.pages = fc_page_u64(bytes + TREE_PAGES) + fc_page_u64(bytes + TREE_PAGES + 8) +
			 fc_page_u64(bytes + TREE_PAGES + 16),
		.depth = fc_page_u16(bytes + TREE_DEPTH),
		.integer_keys = (fc_page_u16(bytes + TREE_FLAGS) & INTEGER_KEYS) != 0,
	};
	if (out->root == UINT64_MAX) {
		return out->depth == 0 && out->entries == 0;
	}
	return out->depth > 0 && out->depth <= FC_TREE_DEPTH && out->root < snapshot->pages &&
	       out->entries > 0;
}

/* The two first pages of the file contain the metadata of the last two transactions. */
int fc_snapshot_take(struct fc_pages *pages, uint64_t transaction, struct fc_snapshot *out)
{
	uint8_t meta[META_BYTES];
	const uint8_t *place = pages->base + (transaction & 1) * pages->page_size + FC_PAGE_HEADER;
	struct stat info;
	if (fstat(pages->fd, &info) != 0) {
		return errno;
	}
	uint64_t length = (uint64_t)info.st_size;
	length = length < pages->length ? length : pages->length;
	struct fc_snapshot snapshot = {
		.base = pages->base,
		.page_size = pages->page_size,
		.pages = length / pages->page_size,
		.transaction = transaction,
	};
	if (snapshot.pages < 2) {
		return MDB_CORRUPTED;
	}
	memcpy(meta, place, sizeof(meta));
	if (fc_page_u64(meta + META_TRANSACTION) != transaction ||
	    fc_page_u64(place + META_TRANSACTION) != transaction) {
		return MDB_BAD_TXN;
	}
	snapshot.last_page = fc_page_u64(meta + META_LAST_PAGE);
	if (snapshot.last_page < snapshot.pages) {
		snapshot.pages = snapshot.last_page + 1;
	}
	if (fc_page_u32(meta) != meta_magic || fc_page_u32(meta + 4) != META_VERSION ||
	    !read_tree(meta + META_TREES, &snapshot, &snapshot.free_list) ||
	    !read_tree(meta + META_TREES + TREE_BYTES, &snapshot, &snapshot.main) ||
	    !snapshot.free_list.integer_keys || snapshot.main.integer_keys) {
		return MDB_CORRUPTED;
	}
	/* No writer changes the pages of the newest transaction. */
	bool continues = pages->checked && pages->checked_transaction == transaction &&
			 pages->checked_pages == snapshot.pages;
	snapshot.checked = continues ? FC_STEAL(pages->checked) : calloc(snapshot.pages / 8 + 1, 1);
	if (!snapshot.checked) {
		return ENOMEM;
	}
	*out = snapshot;
	return 0;
}

void fc_snapshot_release(struct fc_pages *pages, struct fc_snapshot *snapshot)
{
	if (snapshot->checked) {
		free(pages->checked);
		pages->checked = snapshot->checked;
		pages->checked_transaction = snapshot->transaction;
		pages->checked_pages = snapshot->pages;
	}
	*snapshot = (struct fc_snapshot){ 0 };
}

int fc_snapshot_tree(const struct fc_snapshot *snapshot, const char *name, struct fc_tree *out)
{
	MDB_val key = { strlen(name), (void *)(uintptr_t)name };
	MDB_val value;
	int code = fc_tree_get(snapshot, &snapshot->main, &key, &value);
	if (code != 0) {
		return code;
	}
	return value.mv_size == TREE_BYTES && read_tree(value.mv_data, snapshot, out) &&
			       !out->integer_keys
		       ? 0
		       : MDB_CORRUPTED;
}

/* A list of free pages: its length, then page numbers from high to low. */
static bool is_free_list(const struct fc_snapshot *snapshot, const MDB_val *value)
{
	const uint8_t *numbers = value->mv_data;
	uint64_t count = value->mv_size < 8 ? UINT64_MAX : fc_page_u64(numbers);
	uint64_t before = snapshot->last_page + 1;
	if (count > value->mv_size / 8 - 1) {
		return false;
	}
	for (uint64_t i = 1; i <= count; i++) {
		uint64_t number = fc_page_u64(numbers + 8 * i);
		if (number >= before || number < 2) {
			return false;
		}
		before = number;
	}
	return true;
}

/* Free pages: all, and those beyond the end of the file. */
struct free_pages {
	uint64_t all, beyond_end;
};

static void count_free(const struct fc_snapshot *snapshot, const MDB_val *value,
		       struct free_pages *free_pages)
{
	const uint8_t *numbers = value->mv_data;
	uint64_t count = fc_page_u64(numbers);
	free_pages->all += count;
	for (uint64_t i = 1; i <= count && fc_page_u64(numbers + 8 * i) >= snapshot->pages; i++) {
		free_pages->beyond_end++;
	}
}

/* free_pages: NULL if the records are not lists of free pages. */
static int walk_tree(const struct fc_snapshot *snapshot, const struct fc_tree *tree,
		     struct free_pages *free_pages)
{
	struct fc_tree_cursor cursor = { .snapshot = snapshot, .tree = *tree };
	uint64_t found = 0;
	int code = fc_tree_first(&cursor);
	while (code == 0) {
		MDB_val key, value;
		code = fc_tree_read(&cursor, &key, &value);
		if (code == 0 && free_pages) {
			if (!is_free_list(snapshot, &value)) {
				return MDB_CORRUPTED;
			}
			count_free(snapshot, &value, free_pages);
		}
		if (code == 0) {
			found++;
			code = fc_tree_next(&cursor);
		}
	}
	return code == MDB_NOTFOUND ? (found == tree->entries ? 0 : MDB_CORRUPTED) : code;
}

int fc_snapshot_check_lists(const struct fc_snapshot *snapshot)
{
	struct free_pages free_pages = { 0 };
	int code = walk_tree(snapshot, &snapshot->main, NULL);
	return code != 0 ? code : walk_tree(snapshot, &snapshot->free_list, &free_pages);
}

int fc_snapshot_count_free(const struct fc_snapshot *snapshot, uint64_t *out)
{
	struct free_pages free_pages = { 0 };
	int code = walk_tree(snapshot, &snapshot->free_list, &free_pages);
	*out = free_pages.all;
	return code;
}

int fc_snapshot_check_end(const struct fc_snapshot *snapshot)
{
	struct free_pages free_pages = { 0 };
	if (snapshot->pages > snapshot->last_page) {
		return 0;
	}
	int code = walk_tree(snapshot, &snapshot->free_list, &free_pages);
	bool all_free = free_pages.beyond_end == snapshot->last_page + 1 - snapshot->pages;
	return code != 0 || all_free ? code : MDB_CORRUPTED;
}
