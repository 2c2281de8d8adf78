/* Photos of a request that outlive the source's next one. */
/* SPDX-License-Identifier: MIT */
#include "service/photo_copy.h"

#include <stdlib.h>
#include <string.h>

static const char *copy_text(const char *text, bool *failed)
{
	const char *copy = text ? strdup(text) : NULL;
	*failed = *failed || (text && !copy);
	return copy;
}

static void free_text(const char *text)
{
	char *own;
	memcpy(&own, &text, sizeof(own));
	free(own);
}

enum fc_status fc_photo_copy(const struct fc_photo *photo, struct fc_photo *out,
			     struct fc_error *err)
{
	bool failed = false;
	*out = *photo;
	out->name = copy_text(photo->name, &failed);
	out->path = copy_text(photo->path, &failed);
	out->person = copy_text(photo->person, &failed);
	out->origin = copy_text(photo->origin, &failed);
	out->user_data = copy_text(photo->user_data, &failed);
	out->error = copy_text(photo->error, &failed);
	return failed ? fc_fail_memory(err) : FC_OK;
}

void fc_photo_copy_release(struct fc_photo *copy)
{
	free_text(copy->name);
	free_text(copy->path);
	free_text(copy->person);
	free_text(copy->origin);
	free_text(copy->user_data);
	free_text(copy->error);
	*copy = (struct fc_photo){ 0 };
}
