/* Compare one face of each photo with a space. */
/* SPDX-License-Identifier: MIT */
#include "service/local/profile_compare.h"

#include <stdlib.h>

#include "base/memory.h"
#include "gallery/search/search.h"
#include "service/local/group.h"
#include "vision/faces/choice.h"

void fc_local_comparison_release(struct fc_local_comparison *comparison)
{
	fc_person_release(&comparison->person);
	fc_person_release(&comparison->nearest);
	for (size_t i = 0; i < comparison->match_count; i++) {
		free(fc_lend(comparison->matches[i].profile.name));
	}
	free(comparison->matches);
	comparison->matches = NULL;
	comparison->match_count = 0;
}

/* ---- the face ---- */

enum fc_status fc_local_comparison_find_face(struct fc_local_comparison *comparison, bool for_new,
					     struct fc_error *err)
{
	const struct fc_analysis *analysis = &comparison->photo->analysis;
	const struct fc_profile_photos *input = comparison->verb->input;
	const struct fc_origin_settings *settings = &comparison->view.settings;
	const char *path = comparison->photo->given.path;
	uint64_t least = settings->min_facesize;
	if (input->has_min_facesize) {
		least = input->min_facesize;
	} else if (for_new && settings->create_min_facesize > 0) {
		least = settings->create_min_facesize;
	}
	bool leave_out[FC_FACES_MAXIMUM];
	size_t count = 0, fitting = 0;
	for (size_t i = 0; i < analysis->face_count; i++) {
		bool fits = fc_local_face_pixels(&analysis->faces[i]) >= least;
		bool alive = !input->liveness || analysis->faces[i].life == FC_LIVENESS_PASSED;
		leave_out[i] = !fits || !alive;
		fitting += fits;
		count += fits && alive;
	}
	if (count == 0 && fitting > 0) {
		return fc_fail(err, FC_NO_FACE, "'%s': no face passed the liveness check", path);
	}
	if (count == 0 && analysis->face_count > 0) {
		return fc_fail(err, FC_NO_FACE, "'%s': no face of at least %llu pixels found", path,
			       (unsigned long long)least);
	}
	FC_TRY_PREFIX(fc_face_choose(&comparison->photo->given.face, analysis, leave_out,
				     &comparison->face_index, err),
		      err, "'%.200s'", path);
	comparison->outcome.face = &analysis->faces[comparison->face_index];
	return FC_OK;
}

/* Use the result of the search for several photos. False if the photo was not among them. */
static bool take_found(const struct fc_local_comparison *comparison, struct fc_search_hit *hits,
		       size_t *count)
{
	FC_CLEANUP(fc_candidates_release) struct fc_candidates found = { 0 };
	if (fc_local_nearest_of(&comparison->verb->nearest, comparison->photo, &found, NULL) !=
	    FC_OK) {
		return false;
	}
	*count = found.counts[0];
	for (size_t i = 0; i < *count; i++) {
		hits[i] = (struct fc_search_hit){
			.pid = found.items[i].pid,
			.score = found.items[i].score,
			.templates = found.items[i].templates,
		};
	}
	return true;
}

enum fc_status fc_local_comparison_search(struct fc_gallery_txn *txn,
					  struct fc_local_comparison *comparison,
					  const float *probe, size_t top,
					  struct fc_search_hit *hits, size_t *count,
					  struct fc_error *err)
{
	*count = 0;
	FC_TRY(txn ? fc_local_check_pin(comparison->verb->local, txn, err) : FC_OK);
	if (!comparison->view.found) {
		return FC_OK;
	}
	if (top == comparison->verb->search_top && comparison->probe_templates == 1 &&
	    take_found(comparison, hits, count)) {
		return FC_OK;
	}
	return fc_search(txn, comparison->view.space.id, probe, 1,
			 (uint32_t)comparison->photo->analysis.dimension, top, hits, count, err);
}

/* The confidence map for a person with this many templates. */
static struct fc_confidence_map map_of(const struct fc_local_comparison *comparison,
				       uint32_t templates)
{
	struct fc_confidence_map map = fc_confidence_map_for(&comparison->verb->map, templates);
	return fc_confidence_map_for(&map, comparison->probe_templates);
}

void fc_local_comparison_set_similarity(struct fc_local_comparison *comparison, float similarity,
					uint32_t templates)
{
	struct fc_profile_outcome *outcome = &comparison->outcome;
	const struct fc_confidence_map map = map_of(comparison, templates);
	outcome->has_similarity = true;
	outcome->similarity = similarity;
	outcome->confidence = fc_confidence_of(&map, (double)similarity);
	outcome->result =
		fc_confidence_band(&map, &comparison->view.space.bands, (double)similarity);
}

enum fc_status fc_local_comparison_set_profile(struct fc_gallery_txn *txn,
					       struct fc_local_comparison *comparison,
					       const struct fc_uuid *pid, struct fc_error *err)
{
	fc_person_release(&comparison->person);
	FC_TRY(fc_person_get(txn, pid, &comparison->person, err));
	comparison->outcome.has_profile = true;
	comparison->outcome.profile = fc_local_identity(&comparison->person);
	return FC_OK;
}

enum fc_status fc_local_comparison_store(struct fc_gallery_txn *txn,
					 struct fc_local_comparison *comparison,
					 struct fc_error *err)
{
	struct fc_embedder_pin pin = fc_local_pin(comparison->verb->local);
	struct fc_face_record face = fc_local_face_record(
		comparison->photo, comparison->face_index, comparison->view.space.id,
		&comparison->outcome.profile.pid, comparison->view.origin);
	FC_TRY(fc_gallery_set_pin(txn, &pin, err));
	FC_TRY(fc_face_add(txn, &face, err));
	comparison->outcome.face_id = face.id;
	return comparison->verb->keep_crops
		       ? fc_local_keep_crop(txn, face.space, face.id, comparison->outcome.face, err)
		       : FC_OK;
}

enum fc_status fc_local_comparison_log(struct fc_gallery_txn *txn,
				       struct fc_local_comparison *comparison, struct fc_error *err)
{
	struct fc_profile_outcome *outcome = &comparison->outcome;
	const struct fc_local_space_view *view = &comparison->view;
	if (comparison->verb->input->no_entry || !view->found ||
	    !fc_local_saves(view, outcome->result)) {
		return FC_OK;
	}
	struct fc_entry entry = fc_local_entry(comparison->verb->local, comparison->photo,
					       outcome->face, view->space.id, view->origin);
	entry.result = outcome->result;
	entry.has_pid = outcome->has_profile;
	entry.pid = outcome->profile.pid;
	if (outcome->has_profile && outcome->result != FC_RESULT_NEW && outcome->has_similarity) {
		entry.has_similarity = entry.has_match = true;
		entry.similarity = outcome->similarity;
		entry.match = (float)outcome->confidence;
	}
	FC_TRY(fc_entry_add(txn, &entry, err));
	outcome->has_entry = true;
	outcome->entry_id = entry.id;
	return FC_OK;
}

/* The face of a person that is most similar to the probe. */
static enum fc_status find_best_face(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				     const float *probe, uint32_t dimension,
				     struct fc_best_face *out, struct fc_error *err)
{
	struct fc_person_similarity similarity;
	FC_TRY(fc_gallery_referred(
		txn, fc_search_person(txn, pid, probe, dimension, &similarity, err), err));
	*out = (struct fc_best_face){ similarity.face, similarity.face_score };
	return FC_OK;
}

static enum fc_status list_matches(struct fc_gallery_txn *txn,
				   struct fc_local_comparison *comparison, const float *probe,
				   uint32_t dimension, const struct fc_search_hit *hits,
				   size_t count, struct fc_error *err)
{
	const struct fc_bands *bands = &comparison->view.space.bands;
	comparison->matches = calloc(count + 1, sizeof(*comparison->matches));
	if (!comparison->matches) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
		const struct fc_confidence_map map = map_of(comparison, hits[i].templates);
		struct fc_best_face best;
		double similarity = (double)hits[i].score;
		FC_TRY(fc_gallery_referred(txn, fc_person_get(txn, &hits[i].pid, &person, err),
					   err));
		FC_TRY(find_best_face(txn, &hits[i].pid, probe, dimension, &best, err));
		comparison->matches[comparison->match_count] = (struct fc_profile_match){
			.profile = fc_local_identity(&person),
			.result = fc_confidence_band(&map, bands, similarity),
			.similarity = hits[i].score,
			.confidence = fc_confidence_of(&map, similarity),
			.best = best,
		};
		comparison->match_count++;
		person.name = NULL; /* it belongs to the match */
	}
	comparison->outcome.matches = comparison->matches;
	comparison->outcome.match_count = comparison->match_count;
	return FC_OK;
}

enum fc_status fc_local_comparison_set_hits(struct fc_gallery_txn *txn,
					    struct fc_local_comparison *comparison,
					    const float *probe, uint32_t dimension,
					    const struct fc_search_hit *hits, size_t count,
					    bool with_matches, struct fc_error *err)
{
	comparison->outcome.result = FC_RESULT_NM;
	if (count > 0) {
		fc_local_comparison_set_similarity(comparison, hits[0].score, hits[0].templates);
	}
	if (count > 0 && comparison->outcome.result == FC_RESULT_NM) {
		FC_TRY(fc_gallery_referred(
			txn, fc_person_get(txn, &hits[0].pid, &comparison->nearest, err), err));
		comparison->outcome.has_nearest = true;
		comparison->outcome.nearest = fc_local_identity(&comparison->nearest);
		const struct fc_confidence_map map = map_of(comparison, hits[0].templates);
		comparison->outcome.threshold =
			fc_similarity_at(&map, comparison->view.space.bands.junk);
	} else if (count > 0) {
		FC_TRY(fc_gallery_referred(
			txn, fc_local_comparison_set_profile(txn, comparison, &hits[0].pid, err),
			err));
		FC_TRY(find_best_face(txn, &hits[0].pid, probe, dimension,
				      &comparison->outcome.best, err));
	}
	return with_matches ? list_matches(txn, comparison, probe, dimension, hits, count, err)
			    : FC_OK;
}

/* ---- the verb ---- */

static void begin_outcome(struct fc_local_comparison *comparison)
{
	const struct fc_local_photo *photo = comparison->photo;
	enum fc_reason reason = fc_local_reason(photo);
	comparison->outcome = (struct fc_profile_outcome){
		.photo = &photo->given,
		.name = photo->given.name,
		.path = photo->given.path,
		.status = photo->status,
		.error = photo->status == FC_OK ? NULL : photo->error.text,
		.analysis = &photo->analysis,
		.space = comparison->view.space.name,
		.origin = comparison->view.origin,
		.result = FC_RESULT_NF,
		.examined = !fc_local_is_known(photo),
		.reason = reason,
		.action = fc_action_of(photo->status, reason),
	};
}

static void begin(void *context, struct fc_local_photo *photo, void *result)
{
	const struct fc_local_profile_verb *verb = context;
	const struct fc_ledger_item *item = &photo->ledger.item;
	struct fc_local_comparison *comparison = result;
	struct fc_profile_outcome *outcome = &comparison->outcome;
	fc_local_comparison_release(comparison);
	*comparison = (struct fc_local_comparison){ .verb = verb, .photo = photo };
	begin_outcome(comparison);
	if (!fc_local_is_known(photo)) {
		return;
	}

	outcome->space = verb->input->space;
	outcome->origin = verb->input->origin;
	if (item->state == FC_LEDGER_DONE) {
		outcome->action = FC_ACTION_UNCHANGED;
		outcome->result = fc_ledger_known_result(item);
		outcome->has_profile = true;
		outcome->profile = fc_local_known_identity(&photo->ledger);
		outcome->face_id = item->face;
	} else {
		outcome->action = FC_ACTION_SKIPPED;
		outcome->reason = (enum fc_reason)item->reason;
		outcome->error = item->text;
	}
	photo->result.action = outcome->action;
}

static enum fc_status decide(struct fc_gallery_txn *txn, void *context,
			     struct fc_local_photo *photo, void *result, struct fc_error *err)
{
	const struct fc_local_profile_verb *verb = context;
	struct fc_local_comparison *comparison = result;
	const struct fc_profile_outcome *outcome = &comparison->outcome;
	const char *space = verb->input->space;
	const char *origin = photo->given.origin ? photo->given.origin : verb->input->origin;
	if (txn && (space || origin || !verb->finds_space)) {
		bool need_origin = verb->adds_space || verb->finds_space ||
				   !verb->local->options.unknown_origin_is_empty;
		FC_TRY(fc_local_space_view_find(txn, space, origin, verb->adds_space, need_origin,
						&comparison->view, err));
	}
	enum fc_status status = verb->decide(txn, comparison, err);
	photo->result = (struct fc_ledger_result){
		.action = outcome->action,
		.result = outcome->result,
		.space = outcome->has_profile ? comparison->view.space.id : 0,
		.pid = outcome->profile.pid,
		.face = outcome->face_id,
	};
	return status;
}

static enum fc_status report(void *context, struct fc_local_photo *photo, void *result,
			     struct fc_error *err)
{
	const struct fc_local_profile_verb *verb = context;
	struct fc_local_comparison *comparison = result;
	struct fc_profile_outcome *outcome = &comparison->outcome;
	const struct fc_recognized_face face = {
		.face = outcome->face,
		.known = outcome->has_profile,
		.identity = outcome->profile,
		.has_similarity = outcome->has_similarity,
		.similarity = outcome->similarity,
	};
	FC_TRY(fc_local_annotate(verb->local, photo, &face, outcome->face != NULL,
				 &verb->input->annotation, err));
	if (photo->status != FC_OK) {
		const struct fc_duplicate duplicate = outcome->duplicate;
		begin_outcome(comparison);
		outcome->duplicate = duplicate;
	}
	outcome->action = photo->result.action;
	fc_tally_count(verb->tally, outcome->status);
	fc_tally_note(verb->tally, outcome->action, outcome->reason);
	verb->tally->faces += outcome->face != NULL;
	verb->tally->known += outcome->has_profile;
	verb->tally->created += outcome->result == FC_RESULT_NEW;
	return verb->input->sink.report(verb->input->sink.context, outcome, err);
}

static void release(void *result)
{
	fc_local_comparison_release(result);
}

/*
 * Search for the photos with one face at once, which is much faster than one search for each. Errors are not reported here: the photos are
 * searched for on their own then.
 */
static void prepare(struct fc_gallery_txn *txn, void *context,
		    const struct fc_local_photo *const *photos, size_t count)
{
	struct fc_local_profile_verb *verb = context;
	const char *name = verb->input->space;
	struct fc_space space;
	size_t simple = 0;
	FC_CLEANUP(fc_free) const struct fc_local_photo **list = calloc(count + 1, sizeof(*list));
	fc_local_nearest_release(&verb->nearest);
	for (size_t i = 0; list && i < count; i++) {
		if (photos[i]->analysis.face_count == 1) {
			list[simple++] = photos[i];
		}
	}
	if (txn && name && simple > 1 && fc_local_check_pin(verb->local, txn, NULL) == FC_OK &&
	    fc_space_find(txn, name, &space, NULL) == FC_OK && space.face_count > 0) {
		FC_IGNORE(fc_local_nearest_search(txn, space.id, list, simple, verb->search_top,
						  &verb->nearest, NULL));
	}
}

enum fc_status fc_local_compare_photos(struct fc_local_profile_verb *verb, struct fc_error *err)
{
	bool answers = verb->ledger && verb->ledger->answers_below;
	bool writes =
		verb->input->dry_run || !verb->input->no_entry || verb->finds_space || answers;
	enum fc_gallery_mode mode = writes ? FC_GALLERY_WRITE : FC_GALLERY_READ;
	const struct fc_local_verb run = {
		.source = verb->input->photos,
		.want = FC_WANT_TEMPLATES |
			(verb->keep_crops || verb->input->want_crops ? FC_WANT_CROPS
								     : FC_WANT_FACES) |
			(verb->input->liveness ? FC_WANT_LIVENESS : FC_WANT_FACES),
		.keep_descriptor = verb->input->annotation.take != NULL,
		.ledger = verb->ledger,
		.mode = verb->adds_space ? FC_GALLERY_CREATE : mode,
		.empty_without_gallery = !verb->adds_space && !verb->finds_space && !answers &&
					 verb->local->options.missing_gallery_is_empty,
		.dry_run = verb->input->dry_run,
		.result_size = sizeof(struct fc_local_comparison),
		.context = verb,
		.begin = begin,
		.prepare = verb->search_top > 0 ? prepare : NULL,
		.decide = decide,
		.report = report,
		.release = release,
	};
	FC_TRY(fc_local_check_liveness(verb->local, verb->input->liveness, err));
	FC_TRY(fc_local_confidence(verb->local, &verb->map, err));
	enum fc_status status = fc_local_run_verb(verb->local, &run, err);
	fc_local_nearest_release(&verb->nearest);
	return status;
}
