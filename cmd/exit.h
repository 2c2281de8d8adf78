/* The process's exit status: the only place where statuses become numbers. Documented in facectl(1). */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_EXIT_H
#define FC_CMD_EXIT_H

#include "base/error.h"

enum exit_status {
	EXIT_DONE = 0,       /* or: yes */
	EXIT_NO = 1,         /* negative answer: no match, not the same person, nothing to delete */
	EXIT_USAGE = 2,      /* the command line, the environment or the configuration is wrong */
	EXIT_PARTIAL = 3,    /* some inputs failed; the rest is done and kept */
	EXIT_INPUT = 4,      /* the single input is unusable */
	EXIT_GALLERY = 5,    /* gallery missing, damaged, full or made with other models */
	EXIT_MODEL = 6,      /* a model is missing or does not match its hash */
	EXIT_REFUSED = 7,    /* the remote refused for good */
	EXIT_BUG = 70,       /* sysexits' EX_SOFTWARE */
	EXIT_OUTPUT = 74,    /* sysexits' EX_IOERR: reading or writing failed */
	EXIT_TRY_AGAIN = 75, /* sysexits' EX_TEMPFAIL */
	EXIT_UNAUTHORISED = 77, /* sysexits' EX_NOPERM */
};

int exit_status_of(enum fc_status status);

/* A negative answer (exit 1). Clears err, so that nothing is printed. */
enum fc_status exit_no(struct fc_error *err);

#endif
