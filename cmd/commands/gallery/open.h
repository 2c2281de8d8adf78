/* Open the gallery that the settings choose, for the gallery commands. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_GALLERY_OPEN_H
#define FC_CMD_COMMANDS_GALLERY_OPEN_H

#include "command.h"
#include "gallery/gallery.h"

/* Errors: those of fc_gallery_open. */
enum fc_status gallery_open(const struct command_context *ctx, enum fc_gallery_mode mode,
			    struct fc_gallery **out, struct fc_error *err);

#endif
