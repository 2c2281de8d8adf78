/* The segments of a space: packed copies of its means, made for search. */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/segments.h"
#include "gallery/store/engine.h"

/* Whether the tail can be packed is checked when the id of an added mean passes a multiple of this. */
enum { SEAL_STEP = 1024 };

/* ---- segments ---- */

/* Read the next segment of a walk over FC_DB_SEGMENT. FC_NOT_FOUND at the end. */
static enum fc_status next_segment(struct fc_store_cursor *cursor, struct fc_segment *out,
				   struct fc_error *err)
{
	struct fc_key key;
	struct fc_reader payload;
	FC_TRY(fc_store_next(cursor, &key, &payload, err));
	struct fc_segment segment = { .first = fc_key_get_u64(&key, sizeof(uint32_t)) };
	enum fc_status status = fc_record_get_segment(&payload, &segment);
	FC_TRY(fc_store_decoded(cursor->txn, FC_DB_SEGMENT, &key, status, err));
	*out = segment;
	return FC_OK;
}

enum fc_status fc_segments_each(struct fc_gallery_txn *txn, uint32_t space,
				fc_segments_visit *visit, void *context, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key prefix = fc_key_space(space);
	FC_TRY(fc_store_walk(txn, FC_DB_SEGMENT, &prefix, NULL, &cursor, err));
	for (bool more = true; more;) {
		struct fc_segment segment;
		enum fc_status status = next_segment(&cursor, &segment, err);
		if (status == FC_NOT_FOUND) {
			break;
		}
		FC_TRY(status);
		FC_TRY(visit(context, &segment, &more, err));
	}
	return FC_OK;
}

/* Find the last segment that begins before `end`. FC_NOT_FOUND if there is none. */
static enum fc_status segment_before(struct fc_gallery_txn *txn, uint32_t space, uint64_t end,
				     struct fc_segment *out, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key prefix = fc_key_space(space);
	struct fc_key end_key = fc_key_in_space(space, end);
	FC_TRY(fc_store_walk_back(txn, FC_DB_SEGMENT, &prefix, &end_key, &cursor, err));
	return next_segment(&cursor, out, err);
}

/* The lowest id that a mean of the tail can have. */
static enum fc_status tail_of(struct fc_gallery_txn *txn, uint32_t space, uint64_t *first,
			      struct fc_error *err)
{
	struct fc_segment last;
	enum fc_status status = segment_before(txn, space, UINT64_MAX, &last, err);
	if (status == FC_NOT_FOUND) {
		*first = 0;
		return FC_OK;
	}
	FC_TRY(status);
	*first = last.last + 1;
	return FC_OK;
}

static enum fc_status walk_from(struct fc_gallery_txn *txn, uint32_t space, uint64_t first,
				struct fc_store_cursor *out, struct fc_error *err)
{
	struct fc_key prefix = fc_key_space(space);
	struct fc_key start = fc_key_in_space(space, first);
	return fc_store_walk(txn, FC_DB_MEAN, &prefix, &start, out, err);
}

enum fc_status fc_segments_walk_tail(struct fc_gallery_txn *txn, uint32_t space,
				     struct fc_store_cursor *out, struct fc_error *err)
{
	uint64_t first;
	FC_TRY(tail_of(txn, space, &first, err));
	return walk_from(txn, space, first, out, err);
}

enum fc_status fc_segments_view(struct fc_gallery_txn *txn, uint32_t space,
				const struct fc_segment *segment, struct fc_scan_set *out,
				struct fc_error *err)
{
	struct fc_key key = fc_key_in_space(space, segment->first);
	const uint8_t *payload;
	enum fc_status status =
		fc_store_peek(txn, FC_DB_CODES, &key, fc_segment_length(segment), &payload, err);
	FC_TRY(fc_store_followed(txn, FC_DB_SEGMENT, &key, status, "its codes are missing", err));
	return fc_segment_view(segment, payload, out)
		       ? FC_OK
		       : fc_store_contradiction(txn, FC_DB_CODES, &key, "its checksums are wrong",
						err);
}

static enum fc_status remove_segment(struct fc_gallery_txn *txn, uint32_t space, uint64_t first,
				     struct fc_error *err)
{
	struct fc_key key = fc_key_in_space(space, first);
	FC_TRY(fc_store_delete(txn, FC_DB_SEGMENT, &key, err));
	return fc_store_delete(txn, FC_DB_CODES, &key, err);
}

static enum fc_status put_segment(struct fc_gallery_txn *txn, uint32_t space,
				  const struct fc_segment *segment, enum fc_store_put_mode mode,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	struct fc_key key = fc_key_in_space(space, segment->first);
	fc_record_put_segment(&payload, segment);
	return fc_store_put(txn, FC_DB_SEGMENT, &key, &payload, mode, err);
}

/* ---- creating a segment ---- */

/* Add segment->count means to the builder, starting at the id segment->first. FC_NOT_FOUND if there are fewer means. */
static enum fc_status fill(struct fc_gallery_txn *txn, uint32_t space, struct fc_segment *segment,
			   struct fc_segment_builder *builder, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_mean mean;
	FC_TRY(walk_from(txn, space, segment->first, &cursor, err));
	for (size_t i = 0; i < segment->count; i++) {
		FC_TRY(fc_mean_next(&cursor, &mean, err));
		if (mean.dimension != segment->dimension) {
			struct fc_key key = fc_key_in_space(space, mean.id);
			return fc_store_contradiction(txn, FC_DB_MEAN, &key,
						      "it has another dimension", err);
		}
		fc_segment_builder_put(builder, i, mean.id, mean.vector);
	}
	segment->first = builder->ids[0];
	segment->last = mean.id;
	return FC_OK;
}

/*
 * Create a segment of `count` means, starting at the id `from`, and remove the segments that begin among these means. FC_NOT_FOUND if there
 * are fewer means; nothing is changed then.
 */
static enum fc_status make_segment(struct fc_gallery_txn *txn, uint32_t space, uint64_t from,
				   uint32_t count, struct fc_segment *made, struct fc_error *err)
{
	FC_CLEANUP(fc_segment_builder_release) struct fc_segment_builder builder = { 0 };
	struct fc_embedder_pin pin;
	struct fc_segment segment = { .first = from, .count = count };
	struct fc_segment old;
	FC_TRY(fc_gallery_pin(txn, &pin, err));
	segment.dimension = pin.dimension;
	FC_TRY(fc_segment_builder_init(&builder, &segment, err));
	FC_TRY(fill(txn, space, &segment, &builder, err));
	segment.check = fc_segment_builder_seal(&builder);

	enum fc_status status;
	while ((status = segment_before(txn, space, segment.last + 1, &old, err)) == FC_OK &&
	       old.first >= from) {
		FC_TRY(remove_segment(txn, space, old.first, err));
	}
	if (status != FC_OK && status != FC_NOT_FOUND) {
		return status;
	}
	const struct fc_buffer payload = { .data = builder.payload, .length = builder.length };
	struct fc_key key = fc_key_in_space(space, segment.first);
	FC_TRY(fc_store_put(txn, FC_DB_CODES, &key, &payload, FC_STORE_ADD, err));
	FC_TRY(put_segment(txn, space, &segment, FC_STORE_ADD, err));
	*made = segment;
	return FC_OK;
}

/* Create segments from the tail as long as it has enough means for one. */
static enum fc_status seal_tail(struct fc_gallery_txn *txn, uint32_t space, uint64_t newest,
				struct fc_error *err)
{
	struct fc_segment made;
	uint64_t first;
	enum fc_status status = FC_OK;
	FC_TRY(tail_of(txn, space, &first, err));
	/* Ids count the means of the whole gallery, so the tail has at most newest + 1 - first means. */
	while (status == FC_OK && newest + 1 - first >= FC_SEGMENT_MEANS) {
		status = make_segment(txn, space, first, FC_SEGMENT_MEANS, &made, err);
		first = made.last + 1;
	}
	return status == FC_NOT_FOUND ? FC_OK : status;
}

/* ---- merging sparse segments ---- */

/* Neighbouring segments whose means fit into one segment. */
struct window {
	uint64_t first, last; /* ids of means */
	uint32_t segments, live;
	bool sparse; /* at least half of the means of the last segment are removed */
};

static bool is_worth_merging(const struct window *window)
{
	return window->segments > 1 || window->sparse;
}

static bool add_to_window(struct window *window, const struct fc_segment *segment)
{
	uint32_t live = segment->count - segment->deleted;
	if (window->segments > 0 && window->live + live > FC_SEGMENT_MEANS) {
		return false;
	}
	if (window->segments == 0) {
		window->first = segment->first;
	}
	window->last = segment->last;
	window->live += live;
	window->segments++;
	window->sparse = live <= segment->count / 2;
	return true;
}

/* Add a segment to the window, or start a new window. Stops after the first window that is worth merging. */
static enum fc_status extend_window(void *context, const struct fc_segment *segment, bool *more,
				    struct fc_error *err)
{
	struct window *window = context;
	(void)err;
	if (add_to_window(window, segment)) {
		return FC_OK;
	}
	*more = !is_worth_merging(window);
	if (*more) {
		*window = (struct window){ 0 };
		FC_IGNORE(add_to_window(window, segment));
	}
	return FC_OK;
}

static enum fc_status count_means(struct fc_gallery_txn *txn, uint32_t space,
				  const struct window *window, uint32_t *out, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key key;
	struct fc_reader payload;
	FC_TRY(walk_from(txn, space, window->first, &cursor, err));
	for (*out = 0; *out <= FC_SEGMENT_MEANS; (*out)++) {
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND ||
		    (status == FC_OK && fc_key_get_u64(&key, sizeof(uint32_t)) > window->last)) {
			break;
		}
		FC_TRY(status);
	}
	return FC_OK;
}

/* Merge only the first window that is worth merging, so that adding a mean never takes long. */
static enum fc_status merge_sparse(struct fc_gallery_txn *txn, uint32_t space, struct fc_error *err)
{
	struct window window = { 0 };
	struct fc_segment made;
	uint32_t count;
	FC_TRY(fc_segments_each(txn, space, extend_window, &window, err));
	if (!is_worth_merging(&window)) {
		return FC_OK;
	}
	FC_TRY(count_means(txn, space, &window, &count, err));
	if (count != window.live) {
		struct fc_key key = fc_key_in_space(space, window.first);
		return fc_store_contradiction(txn, FC_DB_SEGMENT, &key,
					      "its count of means is wrong", err);
	}
	return make_segment(txn, space, window.first, count, &made, err);
}

/* ---- adding and removing means ---- */

/* Find the id of the mean before this one, even if its record is damaged; 0 if there is none. */
static enum fc_status mean_before(struct fc_gallery_txn *txn, uint32_t space, uint64_t mean,
				  uint64_t *out, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key prefix = fc_key_space(space), key = { 0 };
	struct fc_key end = fc_key_in_space(space, mean);
	struct fc_reader payload;
	FC_TRY(fc_store_walk_back(txn, FC_DB_MEAN, &prefix, &end, &cursor, err));
	enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
	if (status == FC_OK || status == FC_DAMAGED || status == FC_NOT_FOUND) {
		*out = status == FC_NOT_FOUND ? 0 : fc_key_get_u64(&key, sizeof(uint32_t));
		return FC_OK;
	}
	return status;
}

enum fc_status fc_segments_mean_added(struct fc_gallery_txn *txn, uint32_t space, uint64_t mean,
				      uint64_t before, struct fc_error *err)
{
	if (fc_engine_in(txn)) {
		return FC_OK;
	}
	uint64_t newest;
	FC_TRY(mean_before(txn, space, mean, &newest, err));
	/* The previous mean of the person may have been the newest one. */
	newest = before > newest ? before : newest;
	if (newest / SEAL_STEP == mean / SEAL_STEP) {
		return FC_OK;
	}
	enum fc_status status = seal_tail(txn, space, mean, err);
	if (status == FC_OK) {
		status = merge_sparse(txn, space, err);
	}
	/* Searches and the check report damage elsewhere; it does not prevent the addition. */
	return status == FC_DAMAGED ? FC_OK : status;
}

enum fc_status fc_segments_mean_removed(struct fc_gallery_txn *txn, uint32_t space, uint64_t mean,
					struct fc_error *err)
{
	if (fc_engine_in(txn)) {
		return FC_OK;
	}
	struct fc_segment segment;
	enum fc_status status = segment_before(txn, space, mean + 1, &segment, err);
	if (status == FC_NOT_FOUND || status == FC_DAMAGED ||
	    (status == FC_OK && segment.last < mean)) {
		return FC_OK; /* in the tail, or in a segment that must be rebuilt anyway */
	}
	FC_TRY(status);
	segment.deleted++;
	return segment.deleted == segment.count
		       ? remove_segment(txn, space, segment.first, err)
		       : put_segment(txn, space, &segment, FC_STORE_REPLACE, err);
}

/* ---- all segments ---- */

enum fc_status fc_segments_drop(struct fc_gallery_txn *txn, uint32_t space, struct fc_error *err)
{
	if (fc_engine_in(txn)) {
		return FC_OK;
	}
	struct fc_key prefix = fc_key_space(space);
	FC_TRY(fc_store_delete_all(txn, FC_DB_SEGMENT, &prefix, err));
	return fc_store_delete_all(txn, FC_DB_CODES, &prefix, err);
}

enum fc_status fc_segments_rebuild(struct fc_gallery_txn *txn, uint32_t space, struct fc_error *err)
{
	if (fc_engine_in(txn)) {
		return FC_OK;
	}
	FC_TRY(fc_segments_drop(txn, space, err));
	return seal_tail(txn, space, UINT64_MAX - 1, err);
}
