/* Warn about a space, an origin or a gallery that does not exist, before a verb treats it as empty. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PHOTOS_KNOWN_PLACE_H
#define FC_CMD_PHOTOS_KNOWN_PLACE_H

#include "command.h"

/*
 * For verbs that only read persons: print a warning if the local engine has no such space or origin (each may be NULL), or no gallery.
 * The warning names the most similar one. With --strict it is an error: FC_NOT_FOUND, FC_GALLERY_MISSING. A gallery that is given by
 * --gallery must always exist. Remote services answer for themselves.
 */
enum fc_status known_place_check(struct command_context *ctx, const char *space, const char *origin,
				 struct fc_error *err);

#endif
