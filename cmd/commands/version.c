/* version: show the version of facectl. */
/* SPDX-License-Identifier: MIT */
#include "base/memory.h"
#include "command.h"
#include "output/record.h"

struct version_record {
	const char *version;
	struct record_texts libraries;
};

/* The libraries that facectl was built with; those of Debian are updated without changing their interfaces. */
static const char *const libraries[] = { FC_LIBRARIES };

static const struct record_field fields[] = {
	{ RECORD_TEXT, "version", offsetof(struct version_record, version), 0, "facectl" },
	{ RECORD_TEXTS, "libraries", offsetof(struct version_record, libraries) },
	{ RECORD_END },
};

static enum fc_status run(struct command_context *ctx, void *args, struct fc_error *err)
{
	const struct version_record record = {
		.version = FC_VERSION,
		.libraries = { libraries, FC_ARRAY_LENGTH(libraries) },
	};
	(void)args;
	if (ctx->out->format == FORMAT_TEXT) {
		fc_buffer_append_text(&ctx->out->data, "facectl " FC_VERSION "\n");
		for (size_t i = 0; ctx->out->verbose && i < FC_ARRAY_LENGTH(libraries); i++) {
			fc_buffer_printf(&ctx->out->data, "%s\n", libraries[i]);
		}
		return out_flush(ctx->out, err);
	}
	return record_show(ctx->out, "version", fields, &record, TONE_PLAIN, err);
}

const struct command version_command = {
	.name = "version",
	.summary = "show the version of facectl",
	.synopsis = "",
	.fields = fields,
	.run = run,
};
