/* B-trees in the pages of a data file: every page is checked before it is used. */
/* SPDX-License-Identifier: MIT */
#include "gallery/store/pages.h"
#include "gallery/store/pages_format.h"

enum { KEY_MAXIMUM = 511 };

/* ---- nodes of a checked page ---- */

static const uint8_t *node_at(const uint8_t *page, unsigned index)
{
	return page + fc_page_u16(page + FC_PAGE_HEADER + 2 * index);
}

static MDB_val key_at(const uint8_t *page, unsigned index)
{
	const uint8_t *node = node_at(page, index);
	return (MDB_val){ fc_page_u16(node + FC_NODE_KEY_SIZE),
			  (void *)(uintptr_t)(node + FC_NODE_HEADER) };
}

static uint64_t child_at(const uint8_t *page, unsigned index)
{
	const uint8_t *node = node_at(page, index);
	return fc_page_u32(node) | (uint64_t)fc_page_u16(node + FC_NODE_FLAGS) << 32;
}

static int compare(const struct fc_tree *tree, const MDB_val *a, const MDB_val *b)
{
	if (tree->integer_keys) {
		uint64_t x = fc_page_u64(a->mv_data), y = fc_page_u64(b->mv_data);
		return (x > y) - (x < y);
	}
	size_t shorter = a->mv_size < b->mv_size ? a->mv_size : b->mv_size;
	int difference = memcmp(a->mv_data, b->mv_data, shorter);
	return difference != 0 ? difference : (a->mv_size > b->mv_size) - (a->mv_size < b->mv_size);
}

/* ---- checks ---- */

/* Bytes of a node in its page; 0 if it does not fit. */
static size_t node_size(const struct fc_tree *tree, const uint8_t *page, size_t page_size,
			unsigned index, bool leaf)
{
	size_t start = fc_page_u16(page + FC_PAGE_HEADER + 2 * index);
	if (start < fc_page_u16(page + FC_PAGE_UPPER) || start + FC_NODE_HEADER > page_size ||
	    start % 2 != 0) {
		return 0;
	}
	const uint8_t *node = page + start;
	size_t key = fc_page_u16(node + FC_NODE_KEY_SIZE);
	size_t size = FC_NODE_HEADER + key;
	bool implicit = !leaf && index == 0; /* the first key of a branch is never compared */
	if (key > KEY_MAXIMUM || (!implicit && tree->integer_keys && key != 8)) {
		return 0;
	}
	if (leaf) {
		unsigned flags = fc_page_u16(node + FC_NODE_FLAGS);
		if (flags & ~(unsigned)(FC_NODE_OVERFLOW | FC_NODE_TREE)) {
			return 0;
		}
		size += flags & FC_NODE_OVERFLOW ? sizeof(uint64_t) : fc_page_u32(node);
	}
	return start + size <= page_size ? (size + 1) & ~(size_t)1 : 0;
}

/* Nodes must be inside the page, must not overlap, and must be in the order of their keys. */
static bool is_sound(const struct fc_tree *tree, const uint8_t *page, size_t page_size,
		     uint64_t number, bool leaf)
{
	size_t lower = fc_page_u16(page + FC_PAGE_LOWER);
	size_t upper = fc_page_u16(page + FC_PAGE_UPPER);
	if (fc_page_u64(page) != number || lower <= FC_PAGE_HEADER || lower % 2 != 0 ||
	    lower > upper || upper > page_size) {
		return false;
	}
	unsigned count = (unsigned)(lower - FC_PAGE_HEADER) / 2;
	size_t used = 0;
	for (unsigned i = 0; i < count; i++) {
		size_t size = node_size(tree, page, page_size, i, leaf);
		used += size;
		if (size == 0 || used > page_size - upper) {
			return false;
		}
		if (i > (leaf ? 0U : 1U)) {
			MDB_val before = key_at(page, i - 1), key = key_at(page, i);
			if (compare(tree, &before, &key) >= 0) {
				return false;
			}
		}
	}
	return used == page_size - upper;
}

/* A page of the tree; NULL if it is damaged. */
static const uint8_t *page_of(const struct fc_snapshot *snapshot, const struct fc_tree *tree,
			      uint64_t number, bool leaf)
{
	if (number < 2 || number >= snapshot->pages) {
		return NULL;
	}
	const uint8_t *page = snapshot->base + number * snapshot->page_size;
	if (fc_page_u16(page + FC_PAGE_FLAGS) != (leaf ? FC_PAGE_LEAF : FC_PAGE_BRANCH)) {
		return NULL;
	}
	uint8_t *bits = &snapshot->checked[number / 8];
	uint8_t bit = (uint8_t)(1U << number % 8);
	if (!(*bits & bit)) {
		if (!is_sound(tree, page, snapshot->page_size, number, leaf)) {
			return NULL;
		}
		*bits |= bit;
	}
	return page;
}

/* ---- the path of a cursor ---- */

static bool is_leaf(const struct fc_tree_cursor *cursor, unsigned level)
{
	return level + 1 == cursor->tree.depth;
}

/* Whether the keys of a page are within the limits that its parents set. */
static bool is_within(const struct fc_tree_cursor *cursor, unsigned level)
{
	const uint8_t *page = cursor->path[level].page;
	const MDB_val *low = &cursor->path[level].low, *high = &cursor->path[level].high;
	unsigned first = is_leaf(cursor, level) ? 0 : 1, count = cursor->path[level].count;
	if (first == count) {
		return true;
	}
	MDB_val smallest = key_at(page, first), largest = key_at(page, count - 1);
	return (!low->mv_data || compare(&cursor->tree, low, &smallest) <= 0) &&
	       (!high->mv_data || compare(&cursor->tree, &largest, high) < 0);
}

/* Put page `number` on the path. Its parent on the path, if it has one, is at the right index. */
static int enter(struct fc_tree_cursor *cursor, unsigned level, uint64_t number)
{
	const uint8_t *page =
		page_of(cursor->snapshot, &cursor->tree, number, is_leaf(cursor, level));
	if (!page) {
		return MDB_CORRUPTED;
	}
	MDB_val low = { 0 }, high = { 0 };
	if (level > 0) {
		const uint8_t *parent = cursor->path[level - 1].page;
		unsigned index = cursor->path[level - 1].index;
		low = index > 0 ? key_at(parent, index) : cursor->path[level - 1].low;
		high = index + 1 < cursor->path[level - 1].count ? key_at(parent, index + 1)
								 : cursor->path[level - 1].high;
	}
	cursor->path[level].page = page;
	cursor->path[level].index = 0;
	cursor->path[level].count = (fc_page_u16(page + FC_PAGE_LOWER) - FC_PAGE_HEADER) / 2U;
	cursor->path[level].low = low;
	cursor->path[level].high = high;
	return is_within(cursor, level) ? 0 : MDB_CORRUPTED;
}

/* From the page at `level` go down to a leaf: along the first or last children. */
static int descend(struct fc_tree_cursor *cursor, unsigned level, bool last)
{
	for (;; level++) {
		cursor->path[level].index = last ? cursor->path[level].count - 1 : 0;
		if (is_leaf(cursor, level)) {
			return 0;
		}
		int code = enter(cursor, level + 1,
				 child_at(cursor->path[level].page, cursor->path[level].index));
		if (code != 0) {
			return code;
		}
	}
}

static int enter_root(struct fc_tree_cursor *cursor)
{
	return cursor->tree.depth == 0 ? MDB_NOTFOUND : enter(cursor, 0, cursor->tree.root);
}

/* Go to the next or previous leaf. MDB_NOTFOUND: there is none, and the path is unchanged. */
static int move_leaf(struct fc_tree_cursor *cursor, bool back)
{
	unsigned level = cursor->tree.depth - 1U;
	do {
		if (level == 0) {
			return MDB_NOTFOUND;
		}
		level--;
	} while (back ? cursor->path[level].index == 0
		      : cursor->path[level].index + 1 == cursor->path[level].count);
	cursor->path[level].index += back ? -1U : 1U;
	int code = enter(cursor, level + 1,
			 child_at(cursor->path[level].page, cursor->path[level].index));
	return code != 0 ? code : descend(cursor, level + 1, back);
}

/* Index of the first node of a page whose key is not before `key`, among those from `first` on. */
static unsigned search_page(const struct fc_tree *tree, const uint8_t *page, unsigned first,
			    unsigned count, const MDB_val *key, bool *equal)
{
	unsigned low = first, high = count;
	*equal = false;
	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		MDB_val found = key_at(page, middle);
		int order = compare(tree, &found, key);
		if (order == 0) {
			*equal = true;
			return middle;
		}
		low = order < 0 ? middle + 1 : low;
		high = order < 0 ? high : middle;
	}
	return low;
}

/* Go to the leaf where the key is or would be. The index there may be the count, beyond the last node. */
static int find_leaf(struct fc_tree_cursor *cursor, const MDB_val *key, bool *equal)
{
	int code = enter_root(cursor);
	for (unsigned level = 0; code == 0; level++) {
		bool leaf = is_leaf(cursor, level);
		unsigned index = search_page(&cursor->tree, cursor->path[level].page, leaf ? 0 : 1,
					     cursor->path[level].count, key, equal);
		cursor->path[level].index = leaf || *equal ? index : index - 1;
		if (leaf) {
			return 0;
		}
		code = enter(cursor, level + 1,
			     child_at(cursor->path[level].page, cursor->path[level].index));
	}
	return code;
}

/* ---- cursors ---- */

int fc_tree_seek(struct fc_tree_cursor *cursor, const MDB_val *key)
{
	bool equal;
	int code = find_leaf(cursor, key, &equal);
	unsigned leaf = cursor->tree.depth - 1U;
	if (code == 0 && cursor->path[leaf].index == cursor->path[leaf].count) {
		cursor->path[leaf].index--;
		code = fc_tree_next(cursor);
	}
	return code;
}

int fc_tree_first(struct fc_tree_cursor *cursor)
{
	int code = enter_root(cursor);
	return code != 0 ? code : descend(cursor, 0, false);
}

int fc_tree_last(struct fc_tree_cursor *cursor)
{
	int code = enter_root(cursor);
	return code != 0 ? code : descend(cursor, 0, true);
}

int fc_tree_next(struct fc_tree_cursor *cursor)
{
	unsigned leaf = cursor->tree.depth - 1U;
	if (cursor->path[leaf].index + 1 < cursor->path[leaf].count) {
		cursor->path[leaf].index++;
		return 0;
	}
	return move_leaf(cursor, false);
}

int fc_tree_previous(struct fc_tree_cursor *cursor)
{
	unsigned leaf = cursor->tree.depth - 1U;
	if (cursor->path[leaf].index > 0) {
		cursor->path[leaf].index--;
		return 0;
	}
	return move_leaf(cursor, true);
}

/* A value that is too large for a leaf has pages of its own. */
static int overflow_value(const struct fc_snapshot *snapshot, uint64_t number, MDB_val *value)
{
	uint64_t pages =
		(FC_PAGE_HEADER + value->mv_size + snapshot->page_size - 1) / snapshot->page_size;
	if (number < 2 || number >= snapshot->pages) {
		return MDB_CORRUPTED;
	}
	const uint8_t *page = snapshot->base + number * snapshot->page_size;
	uint64_t count = fc_page_u32(page + FC_PAGE_COUNT);
	if (fc_page_u64(page) != number || fc_page_u16(page + FC_PAGE_FLAGS) != FC_PAGE_OVERFLOW ||
	    count < pages || count > snapshot->pages - number) {
		return MDB_CORRUPTED;
	}
	value->mv_data = (void *)(uintptr_t)(page + FC_PAGE_HEADER);
	return 0;
}

int fc_tree_read(const struct fc_tree_cursor *cursor, MDB_val *key, MDB_val *value)
{
	unsigned leaf = cursor->tree.depth - 1U;
	const uint8_t *node = node_at(cursor->path[leaf].page, cursor->path[leaf].index);
	*key = key_at(cursor->path[leaf].page, cursor->path[leaf].index);
	const uint8_t *data = node + FC_NODE_HEADER + key->mv_size;
	*value = (MDB_val){ fc_page_u32(node), (void *)(uintptr_t)data };
	return fc_page_u16(node + FC_NODE_FLAGS) & FC_NODE_OVERFLOW
		       ? overflow_value(cursor->snapshot, fc_page_u64(data), value)
		       : 0;
}

int fc_tree_get(const struct fc_snapshot *snapshot, const struct fc_tree *tree, const MDB_val *key,
		MDB_val *value)
{
	struct fc_tree_cursor cursor;
	MDB_val found;
	bool equal;
	cursor.snapshot = snapshot;
	cursor.tree = *tree;
	int code = find_leaf(&cursor, key, &equal);
	if (code != 0) {
		return code;
	}
	return equal ? fc_tree_read(&cursor, &found, value) : MDB_NOTFOUND;
}

/* LMDB may merge a page with its neighbours that have the same parent, and a cursor may step to any neighbour. */
int fc_tree_check(const struct fc_snapshot *snapshot, const struct fc_tree *tree,
		  const MDB_val *key)
{
	struct fc_tree_cursor cursor;
	MDB_val found, value;
	bool equal;
	cursor.snapshot = snapshot;
	cursor.tree = *tree;
	int code = find_leaf(&cursor, key, &equal);
	if (code == 0 && equal) {
		code = fc_tree_read(&cursor, &found, &value);
	}
	for (unsigned level = 0; code == 0 && level + 1 < tree->depth; level++) {
		unsigned index = cursor.path[level].index;
		unsigned end = index + 1 < cursor.path[level].count ? index + 2 : index + 1;
		for (unsigned i = index > 0 ? index - 1 : 0; code == 0 && i < end; i++) {
			bool leaf = is_leaf(&cursor, level + 1);
			uint64_t child = child_at(cursor.path[level].page, i);
			code = page_of(snapshot, tree, child, leaf) ? 0 : MDB_CORRUPTED;
		}
	}
	for (int back = 0; code == 0 && back < 2; back++) {
		struct fc_tree_cursor other = cursor;
		code = move_leaf(&other, back);
		code = code == MDB_NOTFOUND ? 0 : code;
	}
	return code == MDB_NOTFOUND ? 0 : code;
}
