/* Bodies of type multipart/form-data (RFC 7578). */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_MULTIPART_H
#define FC_PROTOCOL_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

/* The data is borrowed from the body, and the texts belong to the form. */
struct fc_form_part {
	const char *name;
	const char *filename;     /* NULL: the part is a value, not a file */
	const char *content_type; /* NULL when absent */
	const void *data;
	size_t length;
};

/* { 0 } is empty. */
struct fc_form {
	struct fc_form_part *parts;
	size_t count, capacity;
	char **texts;
	size_t text_count, text_capacity;
};

void fc_form_release(struct fc_form *form);

/*
 * Read a body. content_type: the header of the request, or NULL. Errors: FC_UNSUPPORTED (another type), FC_INVALID_ARGUMENT (not well-formed,
 * or two parts with one name), FC_TOO_LARGE (more than `most` parts), FC_NO_MEMORY.
 */
enum fc_status fc_form_read(const char *content_type, const void *body, size_t length, size_t most,
			    struct fc_form *out, struct fc_error *err);

/* The part of that name, or NULL. */
const struct fc_form_part *fc_form_find(const struct fc_form *form, const char *name);

/* Append a part to a body. The boundary must not occur in its data; after the last part, append "--BOUNDARY--" and CR LF. */
void fc_form_append(struct fc_buffer *out, const char *boundary, const struct fc_form_part *part);

#endif
