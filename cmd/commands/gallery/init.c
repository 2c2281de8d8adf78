/* gallery init: create a gallery. */
/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "commands/gallery/open.h"
#include "output/record.h"

struct init_record {
	const char *gallery;
	const char *id;
	enum record_flag created;
};

static const struct record_field fields[] = {
	{ RECORD_TEXT, "gallery", offsetof(struct init_record, gallery), 0, "gallery" },
	{ RECORD_TEXT, "id", offsetof(struct init_record, id), 0, "id" },
	{ RECORD_FLAG, "created", offsetof(struct init_record, created), 0, "created" },
	{ RECORD_END },
};

static enum fc_status run_init(struct command_context *ctx, void *args, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_closep) struct fc_gallery *gallery = NULL;
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	struct init_record record = { .gallery = ctx->settings->gallery, .created = RECORD_FALSE };
	char text[FC_UUID_TEXT_SIZE];
	struct fc_uuid id;
	(void)args;
	enum fc_status status = gallery_open(ctx, FC_GALLERY_READ, &gallery, err);
	if (status == FC_GALLERY_MISSING) {
		record.created = RECORD_TRUE;
		status = gallery_open(ctx, FC_GALLERY_CREATE, &gallery, err);
	}
	FC_TRY(status);
	FC_TRY(fc_gallery_begin_read(gallery, &txn, err));
	FC_TRY(fc_gallery_uuid(txn, &id, err));
	fc_uuid_format(&id, text);
	record.id = text;
	return record_show(ctx->out, "init", fields, &record, TONE_PLAIN, err);
}

const struct command gallery_init_command = {
	.name = "gallery init",
	.summary = "create a gallery",
	.synopsis = "",
	.help = "Other commands create a gallery when they first store something. In a PostgreSQL database, this needs a role that may create a schema.",
	.run = run_init,
};
