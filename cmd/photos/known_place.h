/* Warn about a space, an origin or a gallery that does not exist, before a verb treats it as empty or creates it. */
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

/*
 * For verbs that create their space: print a note if the local engine has no space of this name but one with a similar name, so that a typing
 * mistake is noticed. With --strict it is an error: FC_NOT_FOUND. Names that differ only in digits, such as room1 and room2, are not similar.
 */
enum fc_status known_place_check_new(struct command_context *ctx, const char *space,
				     struct fc_error *err);

#endif
