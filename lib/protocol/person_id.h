/* The id of a person at a service of NeuroIO or SERP: a UUID, or another short text, such as "7" or the documents' "abcdef01-abcd-abcd01-abcdef01". */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_PERSON_ID_H
#define FC_PROTOCOL_PERSON_ID_H

#include "base/uuid.h"

enum { FC_PERSON_ID_SIZE = 65 };

struct fc_person_id {
	struct fc_uuid pid; /* of another text: derived from it, so that ids can be compared */
	char other[FC_PERSON_ID_SIZE]; /* the id if it is not a UUID, else empty */
};

/*
 * Parse an id: a UUID, or 1 to 64 letters, digits, '-' and '_' with at least one digit. So it is one piece of a path or an item of a list, and no
 * name of an operation.
 */
FC_MUST_USE bool fc_person_id_parse(const char *text, struct fc_person_id *out);

/* An id of its parts. other may be NULL or empty. */
struct fc_person_id fc_person_id_of(const struct fc_uuid *pid, const char *other);

/* The text of an id. other may be NULL or empty. */
const char *fc_person_id_text(const struct fc_uuid *pid, const char *other,
			      char storage[FC_UUID_TEXT_SIZE]);

#endif
