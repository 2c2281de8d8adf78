/* gallery share: let a group of accounts use the gallery, or make it private again. */
/* SPDX-License-Identifier: MIT */
#include <grp.h>

#include "base/number.h"
#include "command.h"
#include "commands/gallery/open.h"
#include "commands/gallery/unix_group.h"
#include "gallery/maintain/maintain.h"
#include "output/record.h"

struct share_args {
	struct option_texts group;
	bool is_private;
};

static const struct option_row options[] = {
	{ OPTION_FLAG, 0, "private", NULL, offsetof(struct share_args, is_private),
	  "only you can use the gallery again" },
	{ OPTION_OPERANDS, 0, NULL, "UNIXGROUP", offsetof(struct share_args, group),
	  "group of accounts, by name or number", .maximum = 1 },
	{ OPTION_END },
};

struct share_record {
	const char *gallery, *group;
	enum record_flag shared;
};

static const struct record_field fields[] = {
	{ RECORD_TEXT, "gallery", offsetof(struct share_record, gallery), 0, "gallery" },
	{ RECORD_FLAG, "shared", offsetof(struct share_record, shared), 0, "shared" },
	{ RECORD_TEXT, "group", offsetof(struct share_record, group), 0, "group" },
	{ RECORD_END },
};

static enum fc_status find_group(const char *text, uint32_t *out, struct fc_error *err)
{
	uint64_t number = 0;
	const struct group *found = getgrnam(text);
	if (found) {
		*out = found->gr_gid;
		return FC_OK;
	}
	if (fc_parse_u64(text, 0, UINT32_MAX - 1, "group", &number, NULL) == FC_OK) {
		*out = (uint32_t)number;
		return FC_OK;
	}
	return fc_fail(err, FC_NOT_FOUND, "there is no group '%s' on this machine", text);
}

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct share_args *args = parsed;
	(void)ctx;
	return args->is_private == (args->group.count == 0)
		       ? FC_OK
		       : fc_fail(err, FC_INVALID_ARGUMENT, "give a group or --private");
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct share_args *args = parsed;
	FC_CLEANUP(fc_gallery_closep) struct fc_gallery *gallery = NULL;
	char name[UNIX_GROUP_SIZE];
	uint32_t group = 0;
	struct share_record record = { .gallery = ctx->settings->gallery };
	FC_TRY(args->is_private ? FC_OK : find_group(args->group.items[0], &group, err));
	FC_TRY(gallery_open(ctx, FC_GALLERY_WRITE, &gallery, err));
	FC_TRY(args->is_private ? fc_gallery_unshare(gallery, err)
				: fc_gallery_share(gallery, group, err));
	record.shared = args->is_private ? RECORD_FALSE : RECORD_TRUE;
	record.group = args->is_private ? NULL : unix_group_name(group, name);
	return record_show(ctx->out, "gallery_share", fields, &record, TONE_PLAIN, err);
}

const struct command gallery_share_command = {
	.name = "gallery share",
	.summary = "let a group of accounts use the gallery",
	.synopsis = "UNIXGROUP | --private",
	.help = "All members can read, change and delete everything in it. New files and backups are shared too.",
	.options = options,
	.args_size = sizeof(struct share_args),
	.fields = fields,
	.prepare = prepare,
	.run = run,
};
