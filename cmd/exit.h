/* Exit statuses, documented in facectl(1). Only this module converts enum fc_status to them. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_EXIT_H
#define FC_CMD_EXIT_H

#include "base/error.h"

enum exit_status {
	EXIT_DONE = 0,    /* success, or a positive result */
	EXIT_NO = 1,      /* a negative result: no match, not verified, nothing to delete */
	EXIT_USAGE = 2,   /* an invalid command line, environment or configuration */
	EXIT_PARTIAL = 3, /* some inputs failed; the rest is done and kept */
	EXIT_INPUT = 4,   /* the single input is unusable */
	EXIT_GALLERY = 5, /* gallery missing, damaged, full or created with other models */
	EXIT_MODEL = 6,   /* a model is missing or does not match its hash */
	/* the remote service rejected the request; a retry would not help */
	EXIT_REFUSED = 7,
	EXIT_BUG = 70,          /* sysexits' EX_SOFTWARE */
	EXIT_OUTPUT = 74,       /* sysexits' EX_IOERR: reading or writing failed */
	EXIT_TRY_AGAIN = 75,    /* sysexits' EX_TEMPFAIL */
	EXIT_UNAUTHORISED = 77, /* sysexits' EX_NOPERM */
};

int exit_status_of(enum fc_status status);

/* Return status and mark err as shown: the command has already printed its failures, and main prints nothing more. */
enum fc_status exit_shown(enum fc_status status, struct fc_error *err);

/* Return a status for exit 1 (a negative result), and mark err as shown. */
enum fc_status exit_no(struct fc_error *err);

/* Ensure that every failure has a message: an error that was not shown and has no message becomes FC_INTERNAL with one. */
enum fc_status exit_require_message(enum fc_status status, const char *command,
				    struct fc_error *err);

#endif
