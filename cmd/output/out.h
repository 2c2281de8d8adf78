/* Write data to standard output or the file of --output, and messages to standard error. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OUTPUT_OUT_H
#define FC_CMD_OUTPUT_OUT_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/file.h"
#include "config/settings.h"

struct out {
	int fd;                     /* data */
	int message_fd;             /* messages */
	struct fc_file_draft draft; /* with --output: the file that fd writes to */
	struct fc_buffer data;      /* data that is not yet written */
	enum output_format format;
	bool color; /* text output may have colours */
	bool quiet, verbose;
	bool journal;         /* messages go to the journal, with priorities */
	const char *fields;   /* --fields; NULL: the default of the format */
	bool no_header, null; /* TSV with `null`: each row is one field and ends with a NUL byte */
	size_t columns;       /* of the terminal that text is written to; 0: no limit */
	int failure;      /* errno of a failure to write data; no more data is written after it */
	bool closed_pipe; /* the reader of the data has closed the pipe */
};

/* Initialise with standard output, standard error and the format of the settings. */
struct out out_init(const struct settings *settings);

/* Open the file of --output, if there is one. Errors: FC_IO, FC_NO_MEMORY. */
enum fc_status out_open(struct out *out, const struct settings *settings, struct fc_error *err);

/*
 * Rename the temporary file of --output to its final name; otherwise it is deleted. Does nothing for standard output. Errors:
 * FC_IO.
 */
enum fc_status out_commit(struct out *out, struct fc_error *err);
void out_release(struct out *out);

/* Write what is in out->data. Errors: FC_IO, FC_NO_MEMORY. */
enum fc_status out_flush(struct out *out, struct fc_error *err);

/* Print the message "facectl: TEXT" with one write. Control characters are escaped. */
void out_message(const struct out *out, const char *format, ...) FC_PRINTF(2, 3);

/* As out_message, for what --verbose adds. In the journal it has the priority "debug"; out_message has "err", out_note "notice". */
void out_trace(const struct out *out, const char *format, ...) FC_PRINTF(2, 3);

/* As out_message, but prints nothing with --quiet. */
void out_note(const struct out *out, const char *format, ...) FC_PRINTF(2, 3);

/* Write all data to a descriptor. Returns false with errno set on failure. */
bool write_fully(int fd, const void *data, size_t length);

#endif
