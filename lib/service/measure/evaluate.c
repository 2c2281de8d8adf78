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
	free(labelled->labels);
	*labelled = (struct fc_labelled){ 0 };
}

enum fc_status fc_labelled_add(struct fc_labelled *labelled, struct fc_label label,
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
		struct fc_label *labels = realloc(labelled->labels, capacity * sizeof(*labels));
		if (!labels) {
			return fc_fail_memory(err);
		}
		labelled->labels = labels;
		labelled->capacity = capacity;
	}
	memcpy(labelled->templates + labelled->count * dimension, embedding,
	       dimension * sizeof(*embedding));
	labelled->labels[labelled->count++] = label;
	if (label.person >= labelled->person_count) {
		labelled->person_count = (size_t)label.person + 1;
	}
	return FC_OK;
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
	const struct fc_label *a = &labelled->labels[first];
	const struct fc_label *b = &labelled->labels[second];
	pairs[*count] = (struct fc_comparison){
		.score = score_of(labelled, first, second),
		.first = a->person,
		.second = b->person,
		.fold = (uint8_t)(*count * FC_METRICS_FOLDS / expected),
		.group = a->group == b->group ? a->group : FC_NO_GROUP,
	};
	(*count)++;
}

static size_t pairs_among(size_t count)
{
	return count > 0 ? count * (count - 1) / 2 : 0;
}

static bool is_genuine(const struct fc_labelled *labelled, size_t first, size_t second)
{
	return labelled->labels[first].person == labelled->labels[second].person;
}

enum fc_status fc_compare_all(const struct fc_labelled *labelled, struct fc_comparisons *out,
			      struct fc_error *err)
{
	FC_CLEANUP(fc_comparisons_release) struct fc_comparisons set = { 0 };
	size_t pairs = pairs_among(labelled->count);
	size_t genuine = 0;
	for (size_t i = 0; i < labelled->count; i++) {
		for (size_t j = i + 1; j < labelled->count; j++) {
			genuine += is_genuine(labelled, i, j);
		}
	}
	FC_TRY(comparisons_start(&set, genuine, pairs - genuine, labelled, err));
	for (size_t i = 0; i < labelled->count; i++) {
		for (size_t j = i + 1; j < labelled->count; j++) {
			if (is_genuine(labelled, i, j)) {
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
				size_t strangers, struct fc_comparisons *out, struct fc_error *err)
{
	FC_CLEANUP(fc_comparisons_release) struct fc_comparisons set = { 0 };
	size_t genuine = 0;
	for (size_t i = 0; i < count; i++) {
		genuine += pairs[i].same;
	}
	size_t impostor = count - genuine + pairs_among(labelled->count - strangers);
	FC_TRY(comparisons_start(&set, genuine, impostor, labelled, err));
	for (size_t i = 0; i < count; i++) {
		size_t first = pairs[i].first;
		size_t second = pairs[i].second;
		if (pairs[i].same) {
			put_pair(set.genuine, &set.genuine_count, genuine, labelled, first, second);
		} else {
			put_pair(set.impostor, &set.impostor_count, impostor, labelled, first,
				 second);
		}
	}
	for (size_t i = strangers; i < labelled->count; i++) {
		for (size_t j = i + 1; j < labelled->count; j++) {
			put_pair(set.impostor, &set.impostor_count, impostor, labelled, i, j);
		}
	}
	*out = FC_STEAL_STRUCT(set);
	return FC_OK;
}

/* ---- searches ---- */

/* What is known of each person. */
struct enrolment {
	uint32_t templates, enrolled; /* numbers */
	size_t place;                 /* in the gallery, if a template is enrolled */
};

/* One template for each enrolled person. */
struct gallery {
	float *means;
	uint16_t *persons;
	struct enrolment *enrolments; /* for each person */
	size_t count;
};

static void gallery_release(struct gallery *gallery)
{
	free(gallery->means);
	free(gallery->persons);
	free(gallery->enrolments);
}

/* Scale a sum of templates to length 1. A sum that is too short is replaced by the person's first template. */
static void normalise(float *sum, const float *first, size_t dimension)
{
	double length = sqrt((double)fc_dot(sum, sum, dimension));
	for (size_t i = 0; i < dimension; i++) {
		sum[i] = length < 0x1p-10 ? first[i] : (float)((double)sum[i] / length);
	}
}

void fc_labelled_mean(const struct fc_labelled *labelled, const size_t *indexes, size_t count,
		      float *out)
{
	size_t dimension = labelled->dimension;
	const float *first = labelled->templates + indexes[0] * dimension;
	memcpy(out, first, dimension * sizeof(*out));
	for (size_t i = 1; i < count; i++) {
		for (size_t k = 0; k < dimension; k++) {
			out[k] += labelled->templates[indexes[i] * dimension + k];
		}
	}
	if (count > 1) {
		normalise(out, first, dimension);
	}
}

static enum fc_status enrol(const struct fc_labelled *labelled, size_t photos, struct gallery *out,
			    struct fc_error *err)
{
	size_t dimension = labelled->dimension;
	FC_CLEANUP(fc_free) size_t *firsts = calloc(labelled->person_count + 1, sizeof(*firsts));
	FC_CLEANUP(gallery_release)
	struct gallery gallery = {
		.means = calloc((labelled->person_count + 1) * (dimension + 1), sizeof(float)),
		.persons = calloc(labelled->person_count + 1, sizeof(*gallery.persons)),
		.enrolments = calloc(labelled->person_count + 1, sizeof(*gallery.enrolments)),
	};
	if (!firsts || !gallery.means || !gallery.persons || !gallery.enrolments) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < labelled->count; i++) {
		gallery.enrolments[labelled->labels[i].person].templates++;
	}
	for (size_t i = 0; i < labelled->count; i++) {
		uint16_t person = labelled->labels[i].person;
		struct enrolment *enrolment = &gallery.enrolments[person];
		if (enrolment->templates <= photos || enrolment->enrolled == photos) {
			continue;
		}
		if (enrolment->enrolled++ == 0) {
			enrolment->place = gallery.count;
			firsts[gallery.count] = i;
			gallery.persons[gallery.count++] = person;
		}
		for (size_t k = 0; k < dimension; k++) {
			gallery.means[enrolment->place * dimension + k] +=
				labelled->templates[i * dimension + k];
		}
	}
	for (size_t g = 0; photos > 1 && g < gallery.count; g++) {
		normalise(gallery.means + g * dimension,
			  labelled->templates + firsts[g] * dimension, dimension);
	}
	*out = FC_STEAL_STRUCT(gallery);
	return FC_OK;
}

static struct fc_identification search_one(const struct fc_labelled *labelled, size_t probe,
					   const struct gallery *gallery)
{
	uint16_t person = labelled->labels[probe].person;
	struct fc_identification search = {
		.mated = gallery->enrolments[person].enrolled > 0,
		.best_score = -2,
		.person = person,
	};
	for (size_t g = 0; g < gallery->count; g++) {
		float score = fc_dot(labelled->templates + probe * labelled->dimension,
				     gallery->means + g * labelled->dimension, labelled->dimension);
		if (score > search.best_score) {
			search.best_score = score;
			search.rank1 = gallery->persons[g] == person;
		}
	}
	return search;
}

enum fc_status fc_search_all(const struct fc_labelled *labelled, size_t photos,
			     struct fc_identification **searches, size_t *count,
			     size_t *gallery_count, struct fc_error *err)
{
	FC_CLEANUP(gallery_release) struct gallery gallery = { 0 };
	FC_CLEANUP(fc_free) uint32_t *passed = calloc(labelled->person_count + 1, sizeof(*passed));
	FC_CLEANUP(fc_free)
	struct fc_identification *found = calloc(labelled->count + 1, sizeof(*found));
	if (!passed || !found) {
		return fc_fail_memory(err);
	}
	FC_TRY(enrol(labelled, photos, &gallery, err));
	size_t done = 0;
	for (size_t i = 0; i < labelled->count; i++) {
		uint16_t person = labelled->labels[i].person;
		const struct enrolment *enrolment = &gallery.enrolments[person];
		/* The first templates of an enrolled person are in the gallery. */
		if (passed[person]++ >= enrolment->enrolled &&
		    (enrolment->enrolled > 0 || enrolment->templates == 1)) {
			found[done++] = search_one(labelled, i, &gallery);
		}
	}
	*searches = FC_STEAL(found);
	*count = done;
	*gallery_count = gallery.count;
	return FC_OK;
}
