/* Open the gallery that the settings choose. */
/* SPDX-License-Identifier: MIT */
#include "commands/gallery/open.h"

enum fc_status gallery_open(const struct command_context *ctx, enum fc_gallery_mode mode,
			    struct fc_gallery **out, struct fc_error *err)
{
	const struct fc_gallery_options options = {
		.directory = ctx->settings->gallery,
		.server = &ctx->settings->gallery_server,
		.mode = mode,
		.lock_timeout = (unsigned)ctx->settings->lock_timeout.value,
	};
	return fc_gallery_open(&options, out, err);
}
