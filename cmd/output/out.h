/* Where data and messages leave the program: data on standard output or in the file of --output, all else on standard error. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OUT_H
#define FC_CMD_OUT_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/file.h"
#include "config/settings.h"

struct out {
	int fd;                     /* data */
	int message_fd;             /* messages */
	struct fc_file_draft draft; /* with --output: the file that fd writes */
	struct fc_buffer data;      /* not yet written */
	enum output_format format;
	bool color; /* text may be painted */
	bool quiet, verbose;
	int failure;      /* of writing data, as errno: no more of it is written */
	bool closed_pipe; /* the reader of the data is gone */
};

/* Standard output and error, in the format of the settings. */
struct out out_init(const struct settings *settings);

/* Open the file of --output, if there is one. Errors: FC_IO, FC_NO_MEMORY. */
FC_MUST_USE enum fc_status out_open(struct out *out, const struct settings *settings,
				    struct fc_error *err);

/* Give the file of --output its name; without this it is dropped. Does nothing for standard output. Errors: FC_IO. */
FC_MUST_USE enum fc_status out_commit(struct out *out, struct fc_error *err);
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
