/* Find the faces that FACE arguments name: a UUID or a unique prefix of it. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OPTION_FACE_H
#define FC_CMD_OPTION_FACE_H

#include "command.h"
#include "service/stored_faces.h"

/*
 * Find the face that the text names, of this person if pid is not NULL. If several faces match, they are listed on standard error. Errors: FC_NOT_FOUND, FC_INVALID_ARGUMENT
 * (several faces match, or the text has another form).
 */
enum fc_status face_find(struct command_context *ctx, const char *text, const struct fc_uuid *pid,
			 struct fc_stored_face *out, struct fc_error *err);

#endif
