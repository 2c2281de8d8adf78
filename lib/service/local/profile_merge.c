/* profiles merge on the local engine: only persons with similar faces, unless forced. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "service/local/engine.h"
#include "service/local/space_view.h"
#include "service/profiles.h"

struct templates {
	float *values; /* count * dimension floats */
	size_t count, room;
	uint32_t dimension;
};

static void templates_release(struct templates *templates)
{
	free(templates->values);
}

static bool copy_template(const struct fc_face_record *face, void *context)
{
	struct templates *templates = context;
	if (face->dimension > 0 && face->dimension <= FC_TEMPLATE_MAXIMUM) {
		templates->dimension = face->dimension;
		memcpy(templates->values + templates->count++ * face->dimension, face->embedding,
		       face->dimension * sizeof(float));
	}
	return templates->count < templates->room;
}

static enum fc_status read_templates(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				     struct templates *out, struct fc_person *person,
				     struct fc_error *err)
{
	FC_TRY(fc_person_get(txn, pid, person, err));
	out->room = person->face_count;
	out->values = calloc(out->room + 1, FC_TEMPLATE_MAXIMUM * sizeof(float));
	if (!out->values) {
		return fc_fail_memory(err);
	}
	return out->room == 0 ? FC_OK : fc_face_each_of_person(txn, pid, copy_template, out, err);
}

/* The cosine of the two most similar faces; -2 when one side has none. */
static double best_similarity(const struct templates *a, const struct templates *b)
{
	double best = -2;
	for (size_t i = 0; i < a->count; i++) {
		for (size_t j = 0; j < b->count; j++) {
			double sum = 0;
			for (size_t k = 0; k < a->dimension; k++) {
				sum += (double)a->values[i * a->dimension + k] *
				       (double)b->values[j * b->dimension + k];
			}
			best = sum > best ? sum : best;
		}
	}
	return best;
}

struct merging {
	const struct fc_profile_merge_request *request;
	struct fc_confidence_map map; /* unless request->force */
	struct fc_profile_carried carried;
	struct fc_profile profile;
};

/* Refuse to merge persons whose most similar faces are below the space's junk band: they are probably different people. */
static enum fc_status check_alike(struct fc_gallery_txn *txn, const struct merging *merging,
				  const struct fc_uuid *other, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person kept_person = { 0 };
	FC_CLEANUP(fc_person_release) struct fc_person other_person = { 0 };
	FC_CLEANUP(templates_release) struct templates kept_faces = { 0 };
	FC_CLEANUP(templates_release) struct templates other_faces = { 0 };
	const struct fc_uuid *kept = &merging->request->kept;
	struct fc_space space;
	FC_TRY(read_templates(txn, kept, &kept_faces, &kept_person, err));
	FC_TRY(read_templates(txn, other, &other_faces, &other_person, err));
	FC_TRY(fc_gallery_referred(txn, fc_space_read(txn, kept_person.space, &space, err), err));
	double similarity = best_similarity(&kept_faces, &other_faces);
	bool one_space = kept_person.space == other_person.space; /* else fc_person_merge refuses */
	if (one_space && similarity >= -1 &&
	    fc_confidence_band(&merging->map, &space.bands, similarity) == FC_RESULT_NM) {
		char kept_pid[FC_UUID_TEXT_SIZE], other_pid[FC_UUID_TEXT_SIZE];
		fc_uuid_format(kept, kept_pid);
		fc_uuid_format(other, other_pid);
		return fc_fail(err, FC_CONFLICT,
			       "persons %s and %s do not look alike: similarity %.4f (confidence "
			       "%.2f, junk begins at %.2f); --force merges them",
			       other_pid, kept_pid, similarity,
			       fc_confidence_of(&merging->map, similarity), space.bands.junk);
	}
	return FC_OK;
}

static enum fc_status merge_profiles(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	struct merging *merging = context;
	const struct fc_profile_merge_request *request = merging->request;
	merging->carried = (struct fc_profile_carried){ 0 };
	for (size_t i = 0; i < request->other_count; i++) {
		uint64_t faces = 0, entries = 0;
		if (!request->force) {
			FC_TRY(check_alike(txn, merging, &request->others[i], err));
		}
		FC_TRY(fc_person_merge(txn, &request->kept, &request->others[i], &faces, &entries,
				       err));
		merging->carried.faces += faces;
		merging->carried.entries += entries;
	}
	fc_profile_release(&merging->profile);
	return fc_local_read_profile(txn, &request->kept, &merging->profile, err);
}

enum fc_status fc_local_profile_merge(struct fc_service *service,
				      const struct fc_profile_merge_request *request,
				      struct fc_profile_carried *carried, struct fc_profile *out,
				      struct fc_error *err)
{
	struct fc_local *local = fc_local_of(service);
	struct merging merging = { .request = request };
	if (!request->force) {
		FC_TRY(fc_local_confidence(local, &merging.map, err));
	}
	enum fc_status status = fc_local_change(local, FC_GALLERY_WRITE, request->dry_run,
						merge_profiles, &merging, err);
	if (status != FC_OK) {
		fc_profile_release(&merging.profile);
		return status;
	}
	*carried = merging.carried;
	*out = merging.profile;
	return FC_OK;
}
