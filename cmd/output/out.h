/* Where data and messages leave the program: data on standard output, everything else on standard error. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OUT_H
#define FC_CMD_OUT_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"
#include "config/settings.h"

struct out {
	int fd;                /* data */
	int message_fd;        /* messages */
	struct fc_buffer data; /* not yet written */
	enum output_format format;
	bool color; /* text may be painted */
	bool quiet, verbose;
	int failure;      /* of writing data, as errno: no more of it is written */
	bool closed_pipe; /* the reader of the data is gone */
};

/* The process's own standard output and error, as the settings want them. */
struct out out_init(const struct settings *settings);
void out_release(struct out *out);

/* Write what is in out->data. Errors: FC_IO, FC_NO_MEMORY. */
FC_MUST_USE enum fc_status out_flush(struct out *out, struct fc_error *err);

/* One message: "facectl: TEXT", control characters escaped, in one write. */
void out_message(const struct out *out, const char *format, ...) FC_PRINTF(2, 3);

/* As out_message, unless --quiet. */
void out_note(const struct out *out, const char *format, ...) FC_PRINTF(2, 3);

/* Write all of it to a descriptor; false with errno set. */
bool write_fully(int fd, const void *data, size_t length);

#endif
