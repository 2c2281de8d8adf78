/* Parse --meta: the meta object of the Smarty API, in the format that clients of the cloud service send. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OPTION_META_H
#define FC_CMD_OPTION_META_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* The largest person number: 2^53 - 1, since person numbers are JSON numbers and a double must hold them exactly. */
#define PERSON_NUMBER_MAXIMUM 9007199254740991.0

struct meta_image {
	char *name; /* NULL if absent */
	bool has_number;
	uint64_t number;
};

/* The parsed object; { 0 } without --meta. */
struct meta {
	char *space; /* NULL if absent */
	bool create_new, update_embedding;
	bool has_images;
	struct meta_image *images;
	size_t image_count;
};

/*
 * Parse the object. Unknown members are ignored, as the service does; a member of the wrong type is an error. Errors:
 * FC_INVALID_ARGUMENT, FC_TOO_LARGE, FC_NO_MEMORY.
 */
enum fc_status meta_parse(const char *text, struct meta *out, struct fc_error *err);
void meta_release(struct meta *meta);

#endif
