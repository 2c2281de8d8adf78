/* The plan of a dry run. */
/* SPDX-License-Identifier: MIT */
#include "service/local/rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/vector.h"

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
