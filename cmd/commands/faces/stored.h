/*
 * The commands faces add, list, show, update and delete for persons of the gallery's spaces. commands/azure/faces.c has their options and
 * implements them for face lists, person groups and remote services.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_FACES_STORED_H
#define FC_CMD_COMMANDS_FACES_STORED_H

#include "option/face.h"
#include "option/page.h"
#include "photos/photo_source.h"

/* person: NULL: any. space: of PERSON, or to list; may be NULL. given: user data, no_entry and dry_run. */
enum fc_status stored_faces_add(struct command_context *ctx, const char *person, const char *space,
				const struct fc_set_request *given, struct photo_source *source,
				struct fc_error *err);
enum fc_status stored_faces_list(struct command_context *ctx, const char *person, const char *space,
				 const struct page_args *page, struct fc_error *err);
enum fc_status stored_faces_show(struct command_context *ctx, const struct option_texts *faces,
				 const char *person, const char *space, struct fc_error *err);

/* change: with its operation and what belongs to it. done: the result word. */
enum fc_status stored_faces_change(struct command_context *ctx, const struct option_texts *faces,
				   const char *person, const char *space,
				   struct fc_stored_face_change *change, const char *done,
				   struct fc_error *err);

#endif
