/* Exit statuses, documented in facectl(1). Only this unit converts enum fc_status to them. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_EXIT_H
#define FC_CMD_EXIT_H

#include "base/error.h"

enum exit_status {
	EXIT_DONE = 0,          /* or a positive answer */
	EXIT_NO = 1,            /* a negative answer: no match, not verified, nothing to delete */
	EXIT_USAGE = 2,         /* a wrong command line, environment or configuration */
	EXIT_PARTIAL = 3,       /* some inputs failed; the rest is done and kept */
	EXIT_INPUT = 4,         /* the single input is unusable */
	EXIT_GALLERY = 5,       /* gallery missing, damaged, full or made with other models */
	EXIT_MODEL = 6,         /* a model is missing or does not match its hash */
	EXIT_REFUSED = 7,       /* the remote service refused; a retry would not help */
	EXIT_BUG = 70,          /* sysexits' EX_SOFTWARE */
	EXIT_OUTPUT = 74,       /* sysexits' EX_IOERR: reading or writing failed */
	EXIT_TRY_AGAIN = 75,    /* sysexits' EX_TEMPFAIL */
	EXIT_UNAUTHORISED = 77, /* sysexits' EX_NOPERM */
};

int exit_status_of(enum fc_status status);

/* End with status, whose failures the command has shown already: main prints nothing more. */
enum fc_status exit_shown(enum fc_status status, struct fc_error *err);

/* End with a negative answer (exit 1), which the command has shown already. */
enum fc_status exit_no(struct fc_error *err);

/* Make sure that no failure is silent: an error that is neither shown nor has a text becomes FC_INTERNAL with a text. */
enum fc_status exit_require_message(enum fc_status status, const char *command,
				    struct fc_error *err);

#endif
