/* Copies of a request's photos. */
/* SPDX-License-Identifier: MIT */
#include "service/input/photo_copy.h"

#include <string.h>

enum fc_status fc_photo_copy(const struct fc_photo *photo, struct fc_photo *out,
			     struct fc_buffer *texts, struct fc_error *err)
{
	const char **fields[] = { &out->name,   &out->path,      &out->person,
				  &out->origin, &out->user_data, &out->error };
	size_t places[FC_ARRAY_LENGTH(fields)];
	*out = *photo;
	fc_buffer_clear(texts);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(fields); i++) {
		const char *text = *fields[i];
		places[i] = texts->length;
		fc_buffer_append(texts, text, text ? strlen(text) + 1 : 0);
	}
	if (!fc_buffer_ok(texts)) {
		*out = (struct fc_photo){ 0 };
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < FC_ARRAY_LENGTH(fields); i++) {
		*fields[i] = *fields[i] ? (const char *)texts->data + places[i] : NULL;
	}
	return FC_OK;
}
