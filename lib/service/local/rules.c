/* The rules of a request to enrol. */
/* SPDX-License-Identifier: MIT */
#include "service/local/rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/vector.h"

/* ---- quality ---- */

struct measure {
	enum fc_reason reason;
	float measured, limit;
	bool at_most;
	const char *what; /* unit or label printed after the value */
	const char *fix;
};

/* Number of decimals that shows the limit as it was given, and the measured value as different from it. */
static int decimals_of(const struct measure *measure)
{
	enum { ENOUGH = 4 };
	bool whole = measure->reason == FC_REASON_FACE_TOO_SMALL ||
		     measure->reason == FC_REASON_TURNED_AWAY;
	int decimals = whole ? 0 : 2;
	for (; decimals < ENOUGH; decimals++) {
		float unit = powf(10, (float)-decimals);
		float limit = roundf(measure->limit / unit) * unit;
		float measured = roundf(fabsf(measure->measured) / unit) * unit;
		if (fabsf(limit - measure->limit) < 1e-5F && fabsf(limit - measured) > unit / 2) {
			break;
		}
	}
	return decimals;
}

enum fc_status fc_local_check_quality(const struct fc_quality_limits *limits,
				      const struct fc_face *face, const char *path,
				      enum fc_reason *reason, struct fc_error *err)
{
	const struct fc_quality *quality = &face->quality;
	const struct measure measures[] = {
		{ FC_REASON_FACE_TOO_SMALL, quality->eye_distance, limits->eye_distance, false,
		  "px between the eyes", "take the photo from closer, or with more pixels" },
		{ FC_REASON_CUT_OFF, quality->visibility, limits->visibility, false,
		  "of the face inside the photo", "take a photo that shows the whole face" },
		{ FC_REASON_TOO_BLURRED, quality->sharpness, limits->sharpness, false,
		  "of sharpness", "take a sharper photo" },
		{ FC_REASON_BADLY_EXPOSED, quality->exposure, limits->exposure, false,
		  "of exposure", "take a photo in even light" },
		{ FC_REASON_TURNED_AWAY, quality->pan, limits->pan, true, "degrees to the side",
		  "take a photo from the front" },
		{ FC_REASON_TURNED_AWAY, quality->tilt, limits->tilt, true, "degrees up or down",
		  "take a photo at the height of the eyes" },
		{ FC_REASON_POOR_QUALITY, quality->awesomeness, limits->awesomeness, false,
		  "of quality", "take a better photo" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(measures); i++) {
		const struct measure *measure = &measures[i];
		float limit = measure->limit, measured = measure->measured;
		if (limit <= 0 ||
		    (measure->at_most ? fabsf(measured) <= limit : measured >= limit)) {
			continue;
		}
		int decimals = decimals_of(measure);
		*reason = measure->reason;
		return fc_fail(err, FC_POOR_QUALITY, "'%.200s': %s: %.*f %s, %s%.*f required; %s",
			       path, fc_reason_name(measure->reason), decimals, (double)measured,
			       measure->what, measure->at_most ? "at most " : "", decimals,
			       (double)limit, measure->fix);
	}
	return FC_OK;
}

/* ---- plan ---- */

void fc_local_plan_release(struct fc_local_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		free(plan->items[i].name);
		free(plan->items[i].embedding);
	}
	free(plan->items);
	*plan = (struct fc_local_plan){ 0 };
}

enum fc_status fc_local_plan_add(struct fc_local_plan *plan, const struct fc_local_photo *photo,
				 size_t face_index, const struct fc_identity *person,
				 struct fc_error *err)
{
	FC_TRY(fc_array_grow(&plan->items, sizeof(*plan->items), plan->count, &plan->room, err));
	plan->dimension = photo->analysis.dimension;
	size_t bytes = plan->dimension * sizeof(float);
	struct fc_local_planned planned = {
		.photo = photo->analysis.sha256,
		.photo_index = (uint32_t)face_index,
		.person = *person,
		.name = person->name ? strdup(person->name) : NULL,
		.embedding = malloc(bytes),
	};
	if (!planned.embedding || (person->name && !planned.name)) {
		free(planned.embedding);
		free(planned.name);
		return fc_fail_memory(err);
	}
	planned.person.name = planned.name;
	memcpy(planned.embedding, photo->analysis.faces[face_index].embedding, bytes);
	plan->items[plan->count++] = planned;
	if (person->has_number && person->number > plan->last_number) {
		plan->last_number = person->number;
	}
	return FC_OK;
}

const struct fc_local_planned *fc_local_plan_photo(const struct fc_local_plan *plan,
						   const struct fc_local_photo *photo,
						   size_t face_index)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct fc_local_planned *planned = &plan->items[i];
		if (planned->photo_index == face_index &&
		    fc_sha256_equal(&planned->photo, &photo->analysis.sha256)) {
			return planned;
		}
	}
	return NULL;
}

const struct fc_local_planned *fc_local_plan_named(const struct fc_local_plan *plan,
						   const char *name)
{
	for (size_t i = 0; i < plan->count; i++) {
		const char *planned = plan->items[i].name;
		if (planned && strcmp(planned, name) == 0) {
			return &plan->items[i];
		}
	}
	return NULL;
}

/* Compares the number if there is one, else the name, else the pid. */
static bool is_same_person(const struct fc_identity *planned, const struct fc_identity *person)
{
	if (planned->has_number || person->has_number) {
		return planned->has_number && person->has_number &&
		       planned->number == person->number;
	}
	if (planned->name || person->name) {
		return planned->name && person->name && strcmp(planned->name, person->name) == 0;
	}
	return fc_uuid_equal(&planned->pid, &person->pid);
}

const struct fc_local_planned *fc_local_plan_nearest(const struct fc_local_plan *plan,
						     const float *embedding,
						     const struct fc_identity *except,
						     float *similarity)
{
	const struct fc_local_planned *nearest = NULL;
	for (size_t i = 0; i < plan->count; i++) {
		const struct fc_local_planned *planned = &plan->items[i];
		if (except && is_same_person(&planned->person, except)) {
			continue;
		}
		float cosine = fc_dot(planned->embedding, embedding, plan->dimension);
		if (!nearest || cosine > *similarity) {
			nearest = planned;
			*similarity = cosine;
		}
	}
	return nearest;
}
