/* One face of each photo, compared with a space. */
/* SPDX-License-Identifier: MIT */
#include "service/local/profile_compare.h"

#include <stdlib.h>

void fc_local_look_release(struct fc_local_look *look)
{
	fc_person_release(&look->person);
	for (size_t i = 0; i < look->match_count; i++) {
		free(look->names[i]);
	}
	free(look->names);
	free(look->matches);
	look->names = NULL;
	look->matches = NULL;
	look->match_count = 0;
}

static void release_all(struct fc_local_look *look)
{
	fc_local_look_release(look);
	free(look->second);
	look->second = NULL;
}

/* ---- the face ---- */

static uint64_t least_pixels(const struct fc_local_look *look, bool for_new)
{
	const struct fc_origin_settings *settings = &look->scope.settings;
	if (look->input->has_min_facesize) {
		return look->input->min_facesize;
	}
	return for_new && settings->create_min_facesize > 0 ? settings->create_min_facesize
							    : settings->min_facesize;
}

enum fc_status fc_local_look_choose(struct fc_local_look *look, bool for_new, struct fc_error *err)
{
	const struct fc_analysis *analysis = &look->photo->analysis;
	const char *path = look->photo->path;
	uint64_t least = least_pixels(look, for_new);
	size_t count = 0, fitting = 0;
	for (size_t i = 0; i < analysis->face_count; i++) {
		bool fits = fc_local_face_pixels(&analysis->faces[i]) >= least;
		bool alive =
			!look->input->liveness || analysis->faces[i].life == FC_LIVENESS_PASSED;
		fitting += fits;
		if (fits && alive) {
			look->face_index = i;
			count++;
		}
	}
	if (count == 0 && fitting > 0) {
		return fc_fail(err, FC_NO_FACE, "'%s': no face passed as a living one", path);
	}
	if (count == 0 && analysis->face_count > 0) {
		return fc_fail(err, FC_NO_FACE, "'%s': no face of at least %llu pixels found", path,
			       (unsigned long long)least);
	}
	if (count == 0) {
		return fc_fail(err, FC_NO_FACE, "'%s': no face found", path);
	}
	if (count > 1) {
		return fc_fail(err, FC_SEVERAL_FACES,
			       "'%s': %zu faces found, exactly one is needed (--min-facesize "
			       "leaves small ones out)",
			       path, count);
	}
	look->outcome.face = &analysis->faces[look->face_index];
	return FC_OK;
}

enum fc_status fc_local_look_search(struct fc_gallery_txn *txn, struct fc_local_look *look,
				    const float *probe, size_t top, struct fc_search_hit *hits,
				    size_t *count, struct fc_error *err)
{
	*count = 0;
	FC_TRY(fc_local_check_pin(look->local, txn, err));
	if (!look->scope.found) {
		return FC_OK;
	}
	return fc_search(txn, look->scope.space.id, probe, 1,
			 (uint32_t)look->photo->analysis.dimension, top, hits, count, err);
}

void fc_local_look_compare(struct fc_local_look *look, float similarity)
{
	struct fc_profile_outcome *outcome = &look->outcome;
	outcome->has_similarity = true;
	outcome->similarity = similarity;
	outcome->confidence = fc_confidence_of(&look->map, (double)similarity);
	outcome->result =
		fc_confidence_band(&look->map, &look->scope.space.bands, (double)similarity);
}

enum fc_status fc_local_look_name(struct fc_gallery_txn *txn, struct fc_local_look *look,
				  const struct fc_uuid *pid, struct fc_error *err)
{
	fc_person_release(&look->person);
	FC_TRY(fc_person_get(txn, pid, &look->person, err));
	look->outcome.has_profile = true;
	look->outcome.profile = fc_local_identity(&look->person);
	return FC_OK;
}

enum fc_status fc_local_look_store(struct fc_gallery_txn *txn, struct fc_local_look *look,
				   struct fc_error *err)
{
	struct fc_embedder_pin pin = fc_local_pin(look->local);
	struct fc_face_record face =
		fc_local_face_record(look->photo, look->face_index, look->scope.space.id,
				     &look->outcome.profile.pid, look->scope.origin);
	FC_TRY(fc_gallery_set_pin(txn, &pin, err));
	FC_TRY(fc_face_add(txn, &face, err));
	look->outcome.face_id = face.id;
	return look->keep_crops
		       ? fc_local_keep_crop(txn, face.space, face.id, look->outcome.face, err)
		       : FC_OK;
}

enum fc_status fc_local_look_log(struct fc_gallery_txn *txn, struct fc_local_look *look,
				 struct fc_error *err)
{
	struct fc_profile_outcome *outcome = &look->outcome;
	const struct fc_local_scope *scope = &look->scope;
	if (look->input->no_entry || !scope->found || !fc_local_saves(scope, outcome->result)) {
		return FC_OK;
	}
	struct fc_entry entry = fc_local_entry(look->local, look->photo, outcome->face,
					       scope->space.id, scope->origin);
	entry.result = outcome->result;
	entry.has_pid = outcome->has_profile;
	entry.pid = outcome->profile.pid;
	if (outcome->has_profile && outcome->result != FC_RESULT_NEW && outcome->has_similarity) {
		fc_local_note_match(look->local, &entry, outcome->similarity);
	}
	FC_TRY(fc_entry_add(txn, &entry, err));
	outcome->has_entry = true;
	outcome->entry_id = entry.id;
	return FC_OK;
}

/* ---- photos ---- */

void fc_local_look_begin(struct fc_local_look *look)
{
	const struct fc_local_photo *photo = look->photo;
	enum fc_reason reason = fc_local_reason(photo);
	fc_local_look_release(look);
	look->outcome = (struct fc_profile_outcome){
		.asked = &photo->asked,
		.name = photo->name,
		.path = photo->path,
		.status = photo->status,
		.error = photo->status == FC_OK ? NULL : photo->error.text,
		.analysis = &photo->analysis,
		.space = look->scope.space.name,
		.origin = look->scope.origin,
		.result = FC_RESULT_NF,
		.looked_at = true,
		.reason = reason,
		.action = fc_action_of(photo->status, reason),
	};
}

enum fc_status fc_local_look_decide(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct fc_local_look *look = context;
	const struct fc_profile_photos *input = look->input;
	const char *origin = look->photo->asked.origin ? look->photo->asked.origin : input->origin;
	if (input->space || origin || !look->profile_decides) {
		FC_TRY(fc_local_scope_find(txn, input->space, origin, look->makes_space,
					   &look->scope, err));
	}
	fc_local_look_begin(look);
	return look->decide(txn, look, err);
}

static enum fc_status decide_reading(struct fc_local_look *look, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	struct fc_gallery *gallery;
	FC_TRY(fc_local_gallery(look->local, FC_GALLERY_READ, &gallery, err));
	FC_TRY(fc_gallery_begin_read(gallery, &txn, err));
	return fc_local_look_decide(txn, look, err);
}

static enum fc_status decide(struct fc_local_look *look, struct fc_error *err)
{
	if (!look->input->dry_run && look->input->no_entry && !look->profile_decides) {
		return decide_reading(look, err);
	}
	return fc_local_change(look->local, FC_GALLERY_WRITE, look->input->dry_run,
			       fc_local_look_decide, look, err);
}

/* What speaks against this photo alone; everything else would meet every further photo too. */
bool fc_local_look_is_the_photos(const struct fc_local_photo *photo, enum fc_status status)
{
	bool tells = photo->asked.origin || photo->asked.person || photo->asked.user_data;
	return status == FC_CONFLICT || status == FC_NO_FACE || status == FC_SEVERAL_FACES ||
	       status == FC_POOR_QUALITY || (tells && status == FC_INVALID_ARGUMENT);
}

static enum fc_status handle(void *context, struct fc_local_photo *photo, struct fc_error *err)
{
	struct fc_local_look *look = context;
	look->photo = photo;
	fc_local_look_begin(look);
	if (photo->status == FC_OK) {
		photo->status = decide(look, &photo->error);
		if (photo->status != FC_OK && !fc_local_look_is_the_photos(photo, photo->status)) {
			return fc_fail(err, photo->status, "%s", photo->error.text);
		}
	}
	if (photo->status != FC_OK) {
		fc_local_look_begin(look);
	}
	return fc_local_look_report(look, err);
}

enum fc_status fc_local_look_report(struct fc_local_look *look, struct fc_error *err)
{
	const struct fc_profile_sink *sink = &look->input->sink;
	fc_tally_count(look->tally, look->outcome.status);
	look->tally->faces += look->outcome.face != NULL;
	look->tally->known += look->outcome.has_profile;
	fc_tally_note(look->tally, look->outcome.action, look->outcome.reason);
	look->tally->created += look->outcome.result == FC_RESULT_NEW;
	return sink->report(sink->context, &look->outcome, err);
}

enum fc_want fc_local_look_wants(const struct fc_local_look *look)
{
	return FC_WANT_TEMPLATES | (look->keep_crops ? FC_WANT_CROPS : FC_WANT_FACES) |
	       (look->input->liveness ? FC_WANT_LIVENESS : FC_WANT_FACES);
}

enum fc_status fc_local_look_at_all(struct fc_local_look *look, struct fc_error *err)
{
	const struct fc_local_batch batch = {
		.source = look->input->photos,
		.want = fc_local_look_wants(look),
		.handle = handle,
		.context = look,
	};
	FC_TRY(fc_local_check_liveness(look->local, look->input->liveness, err));
	FC_TRY(fc_local_confidence(look->local, &look->map, err));
	enum fc_status status = fc_local_run(look->local, &batch, err);
	release_all(look);
	return status;
}
