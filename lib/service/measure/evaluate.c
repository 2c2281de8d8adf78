/* Compare labelled templates with each other and search them. */
/* SPDX-License-Identifier: MIT */
#include "service/measure/evaluate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/vector.h"

void fc_labelled_release(struct fc_labelled *labelled)
{
	free(labelled->templates);
	free(labelled->persons);
	*labelled = (struct fc_labelled){ 0 };
}

enum fc_status fc_labelled_add(struct fc_labelled *labelled, uint16_t person,
			       const float *embedding, size_t dimension, struct fc_error *err)
{
	if (labelled->count == 0) {
		labelled->dimension = dimension;
	}
	if (dimension == 0 || dimension != labelled->dimension) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "templates of %zu and %zu floats cannot be compared",
			       labelled->dimension, dimension);
	}
	if (labelled->count == FC_LABELLED_MAXIMUM) {
		return fc_fail(err, FC_TOO_LARGE,
			       "too many photos with a face (maximum: %d); evaluate a subset",
			       FC_LABELLED_MAXIMUM);
	}
	if (labelled->count == labelled->capacity) {
		size_t capacity = 2 * labelled->capacity + 256;
		float *templates = realloc(labelled->templates,
					   capacity * labelled->dimension * sizeof(*templates));
		if (!templates) {
			return fc_fail_memory(err);
		}
		labelled->templates = templates;
		uint16_t *persons = realloc(labelled->persons, capacity * sizeof(*persons));
		if (!persons) {
			return fc_fail_memory(err);
		}
		labelled->persons = persons;
		labelled->capacity = capacity;
	}
	memcpy(labelled->templates + labelled->count * dimension, embedding,
	       dimension * sizeof(*embedding));
	labelled->persons[labelled->count++] = person;
	if (person >= labelled->person_count) {
		labelled->person_count = (size_t)person + 1;
	}
	return FC_OK;
}

const struct fc_face *fc_main_subject(const struct fc_analysis *analysis)
{
	const struct fc_face *subject = NULL;
	double best = 0;
	for (size_t i = 0; i < analysis->face_count; i++) {
		const struct fc_box *box = &analysis->faces[i].box;
		double width = (double)(box->right - box->left);
		double height = (double)(box->bottom - box->top);
		double x = (double)(box->left + box->right) / 2 - analysis->width / 2.0;
		double y = (double)(box->top + box->bottom) / 2 - analysis->height / 2.0;
		double merit = sqrt(width * height) - hypot(x, y);
		if (!subject || merit > best) {
			subject = &analysis->faces[i];
			best = merit;
		}
	}
	return subject;
}

static float score_of(const struct fc_labelled *labelled, size_t first, size_t second)
{
	return fc_dot(labelled->templates + first * labelled->dimension,
		      labelled->templates + second * labelled->dimension, labelled->dimension);
}

static enum fc_status comparisons_start(struct fc_comparisons *set, size_t genuine, size_t impostor,
					const struct fc_labelled *labelled, struct fc_error *err)
{
	set->genuine = calloc(genuine + 1, sizeof(*set->genuine));
	set->impostor = calloc(impostor + 1, sizeof(*set->impostor));
	set->persons = labelled->person_count;
	return set->genuine && set->impostor ? FC_OK : fc_fail_memory(err);
}

/* expected: total number of pairs of this kind; each tenth of them is one fold. */
static void put_pair(struct fc_comparison *pairs, size_t *count, size_t expected,
		     const struct fc_labelled *labelled, size_t first, size_t second)
{
	pairs[*count] = (struct fc_comparison){
		.score = score_of(labelled, first, second),
		.first = labelled->persons[first],
		.second = labelled->persons[second],
		.fold = (uint8_t)(*count * FC_METRICS_FOLDS / expected),
	};
	(*count)++;
}

enum fc_status fc_compare_all(const struct fc_labelled *labelled, struct fc_comparisons *out,
			      struct fc_error *err)
{
	FC_CLEANUP(fc_comparisons_release) struct fc_comparisons set = { 0 };
	size_t pairs = labelled->count * (labelled->count - (labelled->count > 0)) / 2;
	size_t genuine = 0;
	for (size_t i = 0; i < labelled->count; i++) {
		for (size_t j = i + 1; j < labelled->count; j++) {
			genuine += labelled->persons[i] == labelled->persons[j];
		}
	}
	FC_TRY(comparisons_start(&set, genuine, pairs - genuine, labelled, err));
	for (size_t i = 0; i < labelled->count; i++) {
		for (size_t j = i + 1; j < labelled->count; j++) {
			if (labelled->persons[i] == labelled->persons[j]) {
				put_pair(set.genuine, &set.genuine_count, genuine, labelled, i, j);
			} else {
				put_pair(set.impostor, &set.impostor_count, pairs - genuine,
					 labelled, i, j);
			}
		}
	}
	*out = FC_STEAL_STRUCT(set);
	return FC_OK;
}

enum fc_status fc_compare_pairs(const struct fc_labelled *labelled,
				const struct fc_labelled_pair *pairs, size_t count,
				struct fc_comparisons *out, struct fc_error *err)
{
	FC_CLEANUP(fc_comparisons_release) struct fc_comparisons set = { 0 };
	size_t genuine = 0;
	for (size_t i = 0; i < count; i++) {
		genuine += pairs[i].same;
	}
	FC_TRY(comparisons_start(&set, genuine, count - genuine, labelled, err));
	for (size_t i = 0; i < count; i++) {
		size_t first = pairs[i].first;
		size_t second = pairs[i].second;
		if (pairs[i].same) {
			put_pair(set.genuine, &set.genuine_count, genuine, labelled, first, second);
		} else {
			put_pair(set.impostor, &set.impostor_count, count - genuine, labelled,
				 first, second);
		}
	}
	*out = FC_STEAL_STRUCT(set);
	return FC_OK;
}

/* Which templates are enrolled: the first of each person with two or more. */
static size_t choose_gallery(const struct fc_labelled *labelled, size_t *enrolled,
			     bool *is_enrolled, uint32_t *photos_of)
{
	size_t gallery = 0;
	for (size_t i = 0; i < labelled->count; i++) {
		photos_of[labelled->persons[i]]++;
	}
	for (size_t i = 0; i < labelled->count; i++) {
		uint16_t person = labelled->persons[i];
		if (photos_of[person] >= 2 && !is_enrolled[person]) {
			is_enrolled[person] = true;
			enrolled[gallery++] = i;
		}
	}
	return gallery;
}

static struct fc_identification search_one(const struct fc_labelled *labelled, size_t probe,
					   const size_t *enrolled, size_t gallery, bool mated)
{
	struct fc_identification search = {
		.mated = mated,
		.best_score = -2,
		.person = labelled->persons[probe],
	};
	for (size_t g = 0; g < gallery; g++) {
		float score = score_of(labelled, probe, enrolled[g]);
		if (score > search.best_score) {
			search.best_score = score;
			search.rank1 = labelled->persons[enrolled[g]] == search.person;
		}
	}
	return search;
}

enum fc_status fc_search_all(const struct fc_labelled *labelled,
			     struct fc_identification **searches, size_t *count,
			     size_t *gallery_count, struct fc_error *err)
{
	FC_CLEANUP(fc_free) size_t *enrolled = calloc(labelled->count + 1, sizeof(*enrolled));
	FC_CLEANUP(fc_free)
	bool *is_enrolled = calloc(labelled->person_count + 1, sizeof(*is_enrolled));
	FC_CLEANUP(fc_free)
	uint32_t *photos_of = calloc(labelled->person_count + 1, sizeof(*photos_of));
	FC_CLEANUP(fc_free)
	struct fc_identification *found = calloc(labelled->count + 1, sizeof(*found));
	if (!enrolled || !is_enrolled || !photos_of || !found) {
		return fc_fail_memory(err);
	}
	size_t gallery = choose_gallery(labelled, enrolled, is_enrolled, photos_of);
	size_t next_enrolled = 0;
	size_t done = 0;
	for (size_t i = 0; i < labelled->count; i++) {
		if (next_enrolled < gallery && enrolled[next_enrolled] == i) {
			next_enrolled++;
			continue;
		}
		found[done++] = search_one(labelled, i, enrolled, gallery,
					   is_enrolled[labelled->persons[i]]);
	}
	*searches = FC_STEAL(found);
	*count = done;
	*gallery_count = gallery;
	return FC_OK;
}
