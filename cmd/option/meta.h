/* --meta: the meta object of the Smarty documents, as a caller of the cloud service wrote it. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_META_H
#define FC_CMD_META_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* Person numbers are JSON numbers in the documents: the largest one that a double holds exactly. */
#define PERSON_NUMBER_MAXIMUM 9007199254740991.0

struct meta_image {
	char *name; /* NULL: without a name */
	bool has_number;
	uint64_t number;
};

/* { 0 } without --meta. */
struct meta {
	char *space; /* NULL when absent */
	bool create_new, update_embedding;
	bool has_images;
	struct meta_image *images;
	size_t image_count;
};

/*
 * Unknown members are ignored, as by the service; a member of the wrong type is an error.
 * Errors: FC_INVALID_ARGUMENT, FC_TOO_LARGE, FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status meta_parse(const char *text, struct meta *out, struct fc_error *err);
void meta_release(struct meta *meta);

#endif
