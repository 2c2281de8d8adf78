/* Copies of a request's photos. */
/* SPDX-License-Identifier: MIT */
#include "service/input/photo_copy.h"

#include <string.h>

#include "base/memory.h"

static const char *copy_text(const char *text, bool *failed)
{
	const char *copy = text ? strdup(text) : NULL;
	*failed = *failed || (text && !copy);
	return copy;
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
	fc_free(&copy->name);
	fc_free(&copy->path);
	fc_free(&copy->person);
	fc_free(&copy->origin);
	fc_free(&copy->user_data);
	fc_free(&copy->error);
	*copy = (struct fc_photo){ 0 };
}
