/* The plan of a dry run. Private to the local engine. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_RULES_H
#define FC_SERVICE_LOCAL_RULES_H

#include "service/local/engine.h"

/* The faces that a dry run would have stored so far. */

struct fc_local_planned {
	struct fc_sha256 photo;
	uint32_t photo_index;
	struct fc_identity person; /* borrows name */
	char *name;                /* may be NULL */
	float *embedding;
};

struct fc_local_plan {
	struct fc_local_planned *items;
	size_t count, room;
	size_t dimension;
	uint64_t last_number; /* highest number of the planned persons; 0: none has a number */
};

void fc_local_plan_release(struct fc_local_plan *plan);

/* Add a face with the person that it would be stored with. Errors: FC_NO_MEMORY. */
enum fc_status fc_local_plan_add(struct fc_local_plan *plan, const struct fc_local_photo *photo,
				 size_t face_index, const struct fc_identity *person,
				 struct fc_error *err);

/* The planned face of the same photo, or NULL. */
const struct fc_local_planned *fc_local_plan_photo(const struct fc_local_plan *plan,
						   const struct fc_local_photo *photo,
						   size_t face_index);

/* A planned face of the person with this name, or NULL. */
const struct fc_local_planned *fc_local_plan_named(const struct fc_local_plan *plan,
						   const char *name);

/* The planned face with the most similar template, of any person other than `except` (may be NULL); NULL if there is none. */
const struct fc_local_planned *fc_local_plan_nearest(const struct fc_local_plan *plan,
						     const float *embedding,
						     const struct fc_identity *except,
						     float *similarity);

#endif
