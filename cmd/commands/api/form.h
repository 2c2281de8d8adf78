/* The body of a request with --form. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_API_FORM_H
#define FC_CMD_COMMANDS_API_FORM_H

#include "base/buffer.h"
#include "base/error.h"

enum { FORM_TYPE_SIZE = 80 };

/*
 * Make a body of type multipart/form-data from fields such as NAME=VALUE and NAME=@FILE. type: its content type. Errors: FC_INVALID_ARGUMENT,
 * those of fc_file_read, FC_NO_MEMORY.
 */
enum fc_status form_make(const char *const *fields, size_t count, size_t most,
			 char type[FORM_TYPE_SIZE], struct fc_buffer *body, struct fc_error *err);

#endif
