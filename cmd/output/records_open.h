/* Open a file of face records, or standard input. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OUTPUT_RECORDS_OPEN_H
#define FC_CMD_OUTPUT_RECORDS_OPEN_H

#include "service/input/list_reader.h"

/*
 * Open path; "-" is standard input. *bytes is set to the length of the file, or 0 for a pipe; bytes may be NULL. Errors:
 * FC_UNREADABLE, FC_NO_MEMORY.
 */
enum fc_status records_open(const char *path, struct fc_list_reader **out, uint64_t *bytes,
			    struct fc_error *err);

#endif
