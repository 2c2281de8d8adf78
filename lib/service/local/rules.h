/* The rules of a request to enrol: limits of a face's quality, and the plan of a dry run. Private to the local engine. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_RULES_H
#define FC_SERVICE_LOCAL_RULES_H

#include "service/local/engine.h"

/* FC_POOR_QUALITY, with the name of the first limit that is violated, the measured value and the limit. */
FC_MUST_USE enum fc_status fc_local_check_quality(const struct fc_quality_limits *limits,
						  const struct fc_face *face, const char *path,
						  enum fc_reason *reason, struct fc_error *err);

/* ---- the faces that a dry run would have stored; the gallery does not have them ---- */

struct fc_local_planned {
	struct fc_sha256 photo;
	uint32_t photo_index;
	struct fc_uuid pid;
	bool has_number;
	uint64_t number;
	char *name; /* NULL */
	float *embedding;
};

struct fc_local_plan {
	struct fc_local_planned *items;
	size_t count, room;
	size_t dimension;
	uint64_t last_number; /* the highest of the planned persons; 0: none has a number */
};

void fc_local_plan_release(struct fc_local_plan *plan);

/* Add a face with the person that it would be stored with. Errors: FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_local_plan_add(struct fc_local_plan *plan,
					     const struct fc_local_photo *photo, size_t face_index,
					     const struct fc_identity *person,
					     struct fc_error *err);

/* The planned face of the same photo; NULL. */
const struct fc_local_planned *fc_local_plan_photo(const struct fc_local_plan *plan,
						   const struct fc_local_photo *photo,
						   size_t face_index);

/* A planned face of the person of that name; NULL. */
const struct fc_local_planned *fc_local_plan_named(const struct fc_local_plan *plan,
						   const char *name);

/* The planned face most similar to this one, of any person except this one (NULL: of any); NULL when there is none. */
const struct fc_local_planned *fc_local_plan_nearest(const struct fc_local_plan *plan,
						     const float *embedding,
						     const struct fc_identity *except,
						     float *similarity);

/* A planned person as an identity that borrows from the plan. */
struct fc_identity fc_local_plan_identity(const struct fc_local_planned *planned);

#endif
