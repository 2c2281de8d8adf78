/* The persons that are most similar to the faces of photos. */
/* SPDX-License-Identifier: MIT */
#include "service/local/nearest.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gallery/search/search.h"

void fc_local_nearest_release(struct fc_local_nearest *nearest)
{
	free(nearest->photos);
	fc_candidates_release(&nearest->candidates);
	*nearest = (struct fc_local_nearest){ 0 };
}

/* Fill nearest->candidates, which are empty. */
static enum fc_status search(struct fc_gallery_txn *txn, uint32_t space,
			     struct fc_local_nearest *nearest, struct fc_error *err)
{
	size_t faces = nearest->candidates.faces, most = nearest->candidates.most;
	size_t dimension = nearest->photos[0]->analysis.dimension, count = 0;
	FC_CLEANUP(fc_free) float *probes = calloc(faces * dimension + 1, sizeof(*probes));
	FC_CLEANUP(fc_free) struct fc_search_hit *hits = calloc(faces * most + 1, sizeof(*hits));
	if (!probes || !hits) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < nearest->photo_count; i++) {
		const struct fc_analysis *analysis = &nearest->photos[i]->analysis;
		for (size_t k = 0; k < analysis->face_count; k++) {
			memcpy(probes + count++ * dimension, analysis->faces[k].embedding,
			       dimension * sizeof(*probes));
		}
	}
	FC_TRY(fc_search(txn, space, probes, faces, (uint32_t)dimension, most, hits,
			 nearest->candidates.counts, err));
	for (size_t i = 0; i < faces * most; i++) {
		nearest->candidates.items[i] = (struct fc_candidate){
			.pid = hits[i].pid,
			.score = hits[i].score,
			.templates = hits[i].templates,
		};
	}
	return FC_OK;
}

enum fc_status fc_local_nearest_search(struct fc_gallery_txn *txn, uint32_t space,
				       const struct fc_local_photo *const *photos, size_t count,
				       size_t most, struct fc_local_nearest *out,
				       struct fc_error *err)
{
	FC_CLEANUP(fc_local_nearest_release) struct fc_local_nearest nearest = { 0 };
	size_t faces = 0;
	nearest.photos = calloc(count + 1, sizeof(*nearest.photos));
	if (!nearest.photos) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		if (photos[i]->analysis.face_count > 0) {
			nearest.photos[nearest.photo_count++] = photos[i];
			faces += photos[i]->analysis.face_count;
		}
	}
	FC_TRY(fc_candidates_init(&nearest.candidates, faces, most, err));
	FC_TRY(faces > 0 ? search(txn, space, &nearest, err) : FC_OK);
	*out = FC_STEAL_STRUCT(nearest);
	return FC_OK;
}

enum fc_status fc_local_nearest_of(const struct fc_local_nearest *nearest,
				   const struct fc_local_photo *photo, struct fc_candidates *out,
				   struct fc_error *err)
{
	size_t first = 0, i = 0;
	while (i < nearest->photo_count && nearest->photos[i] != photo) {
		first += nearest->photos[i++]->analysis.face_count;
	}
	if (i == nearest->photo_count) {
		return FC_NOT_FOUND;
	}
	const struct fc_candidates *all = &nearest->candidates;
	size_t count = photo->analysis.face_count;
	FC_TRY(fc_candidates_init(out, count, all->most, err));
	memcpy(out->items, fc_candidates_of(all, first), count * all->most * sizeof(*out->items));
	memcpy(out->counts, all->counts + first, count * sizeof(*out->counts));
	return FC_OK;
}
