/* --meta: the meta object of the Smarty documents, as a caller of the cloud service wrote it. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_META_H
#define FC_CMD_META_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* Person numbers are JSON numbers in the documents, so they stay where a double is exact. */
#define PERSON_NUMBER_MAXIMUM 9007199254740991.0

struct meta_image {
	char *name; /* NULL when the document's client would fill it in */
	bool has_number;
	uint64_t number;
};

/* { 0 } is what no --meta amounts to. */
struct meta {
	char *space; /* NULL when absent */
	bool create_new, update_embedding;
	bool has_images;
	struct meta_image *images;
	size_t image_count;
};

/*
 * Unknown members are passed over, as the service does; members of another type than the documents' are not.
 * Errors: FC_INVALID_ARGUMENT, FC_TOO_LARGE, FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status meta_parse(const char *text, struct meta *out, struct fc_error *err);
void meta_release(struct meta *meta);

#endif
