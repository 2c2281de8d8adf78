/* Open a photo (a file or standard input) as a descriptor that can be read at any position. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_INPUT_PHOTO_FILE_H
#define FC_SERVICE_INPUT_PHOTO_FILE_H

#include <stdint.h>

#include "base/error.h"

/* The maximum size of a photo, and the advice in the error message. */
struct fc_photo_limit {
	uint64_t bytes;
	const char *advice; /* "see --max-file-size" */
};

/*
 * path "-" is standard input, which is read whole into memory. *size_out may be NULL.
 * Errors: FC_UNREADABLE, FC_TOO_LARGE, FC_IO, FC_NO_MEMORY; the message contains the path.
 */
enum fc_status fc_photo_open(const char *path, const struct fc_photo_limit *limit, int *fd_out,
			     uint64_t *size_out, struct fc_error *err);

#endif
