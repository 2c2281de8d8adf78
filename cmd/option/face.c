/* Find the faces that FACE arguments name. */
/* SPDX-License-Identifier: MIT */
#include "option/face.h"

#include <inttypes.h>

enum fc_status face_find(struct command_context *ctx, const char *text, const struct fc_uuid *pid,
			 struct fc_stored_face *out, struct fc_error *err)
{
	FC_CLEANUP(fc_stored_face_page_release) struct fc_stored_face_page page = { 0 };
	FC_TRY(fc_service_face_find(ctx->service, text, &page, err));
	if (page.total == 0) {
		return fc_fail(err, FC_NOT_FOUND, "there is no face '%s'", text);
	}
	if (page.total == 1 && pid && !fc_uuid_equal(&page.items[0].record.pid, pid)) {
		return fc_fail(err, FC_NOT_FOUND, "face '%s' is not one of that person", text);
	}
	if (page.total == 1) {
		*out = page.items[0];
		page.items[0] = (struct fc_stored_face){ 0 };
		return FC_OK;
	}
	for (size_t i = 0; i < page.count; i++) {
		const struct fc_stored_face *face = &page.items[i];
		char uuid[FC_UUID_TEXT_SIZE];
		fc_uuid_format(&face->record.uuid, uuid);
		out_message(ctx->out, "%s  %s  %s", uuid, face->person.space,
			    face->record.path ? face->record.path : "");
	}
	if (page.total > page.count) {
		out_message(ctx->out, "and %" PRIu64 " more", page.total - page.count);
	}
	return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' is ambiguous: it matches %" PRIu64 " faces",
		       text, page.total);
}
