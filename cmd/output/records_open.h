/* Records of faces from a file or standard input. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_RECORDS_OPEN_H
#define FC_CMD_RECORDS_OPEN_H

#include "service/input/list_reader.h"

/* path "-" is standard input. *bytes (may be NULL): the length of the file, 0 for a pipe. Errors: FC_UNREADABLE, FC_NO_MEMORY. */
FC_MUST_USE enum fc_status records_open(const char *path, struct fc_list_reader **out,
					uint64_t *bytes, struct fc_error *err);

#endif
