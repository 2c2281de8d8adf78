/* Build one request of the Smarty protocol. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "service/remote/smarty/engine.h"

void fc_smarty_call_release(struct fc_smarty_call *call)
{
	fc_buffer_release(&call->meta);
	free(call->parts);
	free(call->names);
	*call = (struct fc_smarty_call){ 0 };
}

enum fc_status fc_smarty_call_fill(const struct fc_smarty *smarty, const char *verb,
				   const struct fc_smarty_meta *meta,
				   const char *const *wanted_names,
				   const struct fc_smarty_image *images,
				   struct fc_smarty_call *call, struct fc_error *err)
{
	size_t count = images ? meta->count : 0;
	struct fc_smarty_meta named = *meta;
	call->parts = calloc(count + 1, sizeof(*call->parts));
	call->names = calloc(meta->count + 1, sizeof(*call->names));
	if (!call->parts || !call->names) {
		return fc_fail_memory(err);
	}
	fc_smarty_choose_names(wanted_names, meta->count, call->names);
	named.names = call->names;
	fc_smarty_write_meta(&named, &call->meta);
	if (!fc_buffer_ok(&call->meta)) {
		return fc_fail_memory(err);
	}
	call->parts[0] = (struct fc_http_part){
		.name = "meta",
		.content = { .data = call->meta.data, .length = call->meta.length },
	};
	for (size_t i = 0; i < count; i++) {
		call->parts[i + 1] = (struct fc_http_part){
			.name = call->names[i].text,
			.filename = call->names[i].text,
			.content_type = fc_remote_photo_type(images[i].format),
			.content = images[i].content,
		};
	}
	call->path[0] = "api";
	call->path[1] = "v1";
	call->path[2] = "persons";
	call->path[3] = verb;
	call->request = (struct fc_http_request){
		.method = FC_HTTP_POST,
		.path = call->path,
		.path_count = FC_ARRAY_LENGTH(call->path),
		.query = smarty->query,
		.query_count = FC_ARRAY_LENGTH(smarty->query),
		.parts = call->parts,
		.part_count = count + 1,
		.judge = fc_smarty_judge,
	};
	return FC_OK;
}

enum fc_status fc_smarty_check_space(const struct fc_smarty *smarty, const char *space,
				     struct fc_error *err)
{
	if (!space) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "service '%s' has no origins; give --space", smarty->options.name);
	}
	if (strlen(space) == 1 && space[0] >= '0' && space[0] <= '9') {
		return FC_OK;
	}
	return fc_fail(err, FC_INVALID_ARGUMENT,
		       "'%s' is not a space of service '%s'; its spaces are 0 to 9", space,
		       smarty->options.name);
}
