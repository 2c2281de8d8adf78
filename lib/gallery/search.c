/*
 * Search: every template of a space against the probes, in f32, straight from the records. Exact and simple: its cost is
 * that of reading the space once.
 */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "gallery/parts.h"

/*
 * The same bits on every processor: sixteen sums that each take every sixteenth product, added up in one order. Sixteen is what
 * one AVX-512 or two AVX2 registers hold; no clone has fused multiply-add, which would round differently.
 */
enum { LANES = 16 };

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
__attribute__((target_clones("avx2", "default")))
#endif
static float
dot(const float *restrict a, const float *restrict b, size_t count)
{
	float sums[LANES] = { 0 };
	size_t i = 0;
	for (; i + LANES <= count; i += LANES) {
		for (size_t lane = 0; lane < LANES; lane++) {
			sums[lane] += a[i + lane] * b[i + lane];
		}
	}
	for (size_t lane = 0; i + lane < count; lane++) {
		sums[lane] += a[i + lane] * b[i + lane];
	}
	for (size_t width = LANES / 2; width > 0; width /= 2) {
		for (size_t lane = 0; lane < width; lane++) {
			sums[lane] += sums[lane + width];
		}
	}
	return sums[0];
}

/* The best persons so far for one probe, by falling score. */
struct ranking {
	struct fc_search_hit *hits;
	size_t count, room;
};

static size_t place_of(const struct ranking *ranking, const struct fc_uuid *pid)
{
	size_t place = 0;
	while (place < ranking->count && !fc_uuid_equal(&ranking->hits[place].pid, pid)) {
		place++;
	}
	return place;
}

/*
 * Faces come by rising id, so among equal scores the one that is there already stays before the new one. A person that fell
 * off the end comes back when a better face of it does, and so the ranking is exact.
 */
static void consider(struct ranking *ranking, const struct fc_search_hit *hit)
{
	bool full = ranking->count == ranking->room;
	if (full && (ranking->room == 0 || hit->score <= ranking->hits[ranking->count - 1].score)) {
		return;
	}
	size_t place = place_of(ranking, &hit->pid);
	if (place < ranking->count) {
		if (hit->score <= ranking->hits[place].score) {
			return;
		}
	} else if (full) {
		place = ranking->count - 1;
	} else {
		ranking->count++;
	}
	for (; place > 0 && ranking->hits[place - 1].score < hit->score; place--) {
		ranking->hits[place] = ranking->hits[place - 1];
	}
	ranking->hits[place] = *hit;
}

static enum fc_status read_template(const struct fc_store_cursor *cursor, const struct fc_key *key,
				    struct fc_reader *payload, uint32_t dimension,
				    struct fc_search_hit *hit, float *embedding,
				    struct fc_error *err)
{
	struct fc_face_template stored;
	enum fc_status status = fc_record_get_template(payload, &stored);
	FC_TRY(fc_store_decoded(cursor->txn, FC_DB_FACE, key, status, err));
	if (stored.dimension != dimension) {
		return fc_store_contradiction(cursor->txn, FC_DB_FACE, key,
					      "its template has another dimension", err);
	}
	fc_record_copy_floats(embedding, stored.embedding, dimension);
	hit->pid = stored.pid;
	hit->face_id = fc_key_get_u64(key, 4);
	return FC_OK;
}

static enum fc_status scan(struct fc_gallery_txn *txn, uint32_t space, const float *probes,
			   size_t probe_count, uint32_t dimension, size_t top,
			   struct fc_search_hit *hits, size_t *counts, struct fc_error *err)
{
	_Alignas(64) float embedding[FC_DIMENSION_MAXIMUM];
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key prefix = fc_key_space(space), key;
	struct fc_reader payload;
	FC_TRY(fc_store_walk(txn, FC_DB_FACE, &prefix, NULL, &cursor, err));
	for (;;) {
		struct fc_search_hit hit = { 0 };
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		FC_TRY(status);
		FC_TRY(read_template(&cursor, &key, &payload, dimension, &hit, embedding, err));
		for (size_t i = 0; i < probe_count; i++) {
			struct ranking ranking = { hits + i * top, counts[i], top };
			hit.score = dot(probes + i * dimension, embedding, dimension);
			consider(&ranking, &hit);
			counts[i] = ranking.count;
		}
	}
}

enum fc_status fc_search(struct fc_gallery_txn *txn, uint32_t space, const float *probes,
			 size_t probe_count, uint32_t dimension, size_t top,
			 struct fc_search_hit *hits, size_t *counts, struct fc_error *err)
{
	struct fc_embedder_pin pin;
	memset(counts, 0, probe_count * sizeof(*counts));
	enum fc_status status = fc_gallery_pin(txn, &pin, err);
	if (status == FC_NOT_FOUND) {
		return FC_OK; /* not pinned: there is no face to find */
	}
	FC_TRY(status);
	if (dimension != pin.dimension) {
		return fc_fail(err, FC_INCOMPATIBLE,
			       "the gallery's templates have %u dimensions and the probe has %u",
			       pin.dimension, dimension);
	}
	if (!fc_is_finite(probes, probe_count * dimension)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "a probe's values are numbers");
	}
	return scan(txn, space, probes, probe_count, dimension, top, hits, counts, err);
}
