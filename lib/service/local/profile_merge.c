/* profiles merge on the local engine: only persons with similar faces, unless forced. */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/search.h"
#include "service/local/engine.h"
#include "service/local/space_view.h"
#include "service/profiles.h"

struct merging {
	const struct fc_profile_merge_request *request;
	struct fc_confidence_map map; /* unless request->force */
	struct fc_profile_carried carried;
	struct fc_profile profile;
};

/*
 * Compare a person with the one that is kept. Refuse to merge them if their similarity is below the space's junk band, because they are
 * probably different people.
 */
static enum fc_status check_alike(struct fc_gallery_txn *txn, struct merging *merging,
				  const struct fc_uuid *other, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person kept_person = { 0 };
	FC_CLEANUP(fc_person_release) struct fc_person other_person = { 0 };
	const struct fc_uuid *kept = &merging->request->kept;
	struct fc_profile_carried *carried = &merging->carried;
	struct fc_space space;
	struct fc_two_persons two;
	FC_TRY(fc_person_get(txn, kept, &kept_person, err));
	FC_TRY(fc_person_get(txn, other, &other_person, err));
	if (kept_person.space != other_person.space || fc_uuid_equal(kept, other)) {
		return FC_OK; /* fc_person_merge refuses */
	}
	FC_TRY(fc_gallery_referred(txn, fc_space_read(txn, kept_person.space, &space, err), err));
	enum fc_status status = fc_search_two_persons(txn, kept, other, &two, err);
	if (status == FC_NOT_FOUND) {
		return FC_OK; /* nothing to compare */
	}
	FC_TRY(status);
	if (!carried->has_similarity || two.similarity < carried->similarity) {
		carried->has_similarity = true;
		carried->similarity = two.similarity;
	}
	if (merging->request->force) {
		return FC_OK;
	}
	struct fc_confidence_map map = fc_confidence_map_for(&merging->map, two.templates[0]);
	map = fc_confidence_map_for(&map, two.templates[1]);
	if (fc_confidence_band(&map, &space.bands, (double)two.similarity) != FC_RESULT_NM) {
		return FC_OK;
	}
	char kept_pid[FC_UUID_TEXT_SIZE], other_pid[FC_UUID_TEXT_SIZE];
	fc_uuid_format(kept, kept_pid);
	fc_uuid_format(other, other_pid);
	return fc_fail(err, FC_CONFLICT,
		       "persons %s and %s do not look alike: similarity %.4f (confidence "
		       "%.2f, junk begins at %.2f); --force merges them",
		       other_pid, kept_pid, (double)two.similarity,
		       fc_confidence_of(&map, (double)two.similarity), space.bands.junk);
}

static enum fc_status merge_profiles(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	struct merging *merging = context;
	const struct fc_profile_merge_request *request = merging->request;
	merging->carried = (struct fc_profile_carried){ 0 };
	for (size_t i = 0; i < request->other_count; i++) {
		uint64_t faces = 0, entries = 0;
		FC_TRY(check_alike(txn, merging, &request->others[i], err));
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
