/* Process the options shared by set, recognize, delete and truncate. */
/* SPDX-License-Identifier: MIT */
#include "photos/smarty_request.h"

#include <string.h>

#include "base/text.h"
#include "protocol/smarty.h"

/* by_rule: the document's rule applies, instead of that of our own options. */
static enum fc_status check_space(struct command_context *ctx, const char *space, bool by_rule,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer words = { 0 };
	struct fc_error answer = { 0 };
	char digit[2];
	if (by_rule ? fc_smarty_parse_space(space, digit) : fc_text_is_space_name(space)) {
		return FC_OK;
	}
	fc_smarty_wrong_space(space, &words);
	const char *text = fc_buffer_text(&words);
	if (!text) {
		return fc_fail_memory(err);
	}
	FC_IGNORE(fc_fail(&answer, FC_INVALID_ARGUMENT, "%s", text));
	command_answer_error(ctx, &answer);
	if (space[0] == '\0') {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "no space was given; give --space NAME, or \"space\" in --meta");
	}
	if (by_rule) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s' is not a space of the Smarty API: use 0 to 9, or --space with "
			       "a name that has a letter",
			       space);
	}
	return fc_fail(err, FC_INVALID_ARGUMENT,
		       "'%s' cannot be the name of a space: use 1 to 64 of a-z, 0-9, _ and -",
		       space);
}

enum fc_status smarty_request_init(struct smarty_request *request, struct command_context *ctx,
				   const char *meta, const char *space, const char *origin,
				   struct fc_error *err)
{
	if (meta) {
		FC_TRY(fc_smarty_request_parse(meta, strlen(meta), "--meta", &request->meta, err));
	}
	if (space && request->meta.space && strcmp(space, request->meta.space) != 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "--space is '%s', but --meta has '%s'",
			       space, request->meta.space);
	}
	bool by_rule =
		request->meta.space != NULL || (space && ctx->out->format == FORMAT_JSON &&
						strspn(space, "0123456789") == strlen(space));
	request->space = space ? space : request->meta.space;
	char digit[2];
	if (by_rule && fc_smarty_parse_space(request->space, digit)) {
		/* 05 is 5 */
		memcpy(request->digit, digit, sizeof(digit));
		request->space = request->digit;
	}
	if (!request->space && origin && strcmp(origin, "cli") != 0) {
		return FC_OK;
	}
	return check_space(ctx, request->space ? request->space : "", by_rule, err);
}

enum fc_status smarty_request_photos(struct smarty_request *request, struct command_context *ctx,
				     const struct photo_source_args *args, struct fc_error *err)
{
	FC_TRY(photo_source_open(&request->photos, args, ctx, err));
	if (request->photos.streams && request->meta.has_images) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"the images of --meta need photos on the command line, not a folder or list");
	}
	return photo_list_match(&request->photos.list, &request->meta, ctx, err);
}

void smarty_request_release(struct smarty_request *request)
{
	fc_smarty_request_release(&request->meta);
	photo_source_release(&request->photos);
	request->space = NULL;
}
