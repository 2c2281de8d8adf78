/* Parse --meta: the meta object of the Smarty API, in the format that clients of the cloud service send. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_SMARTY_REQUEST_H
#define FC_PROTOCOL_SMARTY_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* The largest person number: 2^53 - 1, since person numbers are JSON numbers and a double must hold them exactly. */
#define FC_SMARTY_NUMBER_MAXIMUM 9007199254740991.0

struct fc_smarty_request_image {
	char *name; /* NULL if absent */
	bool has_number;
	uint64_t number;
};

/* The parsed object. { 0 } is empty. */
struct fc_smarty_request {
	char *space; /* NULL if absent */
	bool create_new, update_embedding;
	bool has_images;
	struct fc_smarty_request_image *images;
	size_t image_count;
};

/*
 * Parse the object. Unknown members are ignored, as the service does; a member of the wrong type is an error. what: the name of the object in
 * messages. Errors: FC_INVALID_ARGUMENT, FC_TOO_LARGE, FC_NO_MEMORY.
 */
enum fc_status fc_smarty_request_parse(const char *text, size_t length, const char *what,
				       struct fc_smarty_request *out, struct fc_error *err);
void fc_smarty_request_release(struct fc_smarty_request *request);

/* Parse a space by the document's rule: a number from 0 to 9. out: its digit. */
bool fc_smarty_parse_space(const char *text, char out[2]);

#endif
