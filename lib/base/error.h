/* Results and error texts as values. Nothing here allocates, prints or exits. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_ERROR_H
#define FC_BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>

#include "base/compiler.h"

/*
 * What became of a call. cmd/exit.c maps each value to the process's exit status; the order has no meaning, and values
 * are never stored on disk.
 */
enum fc_status {
	FC_OK = 0,
	FC_NOT_FOUND,        /* a clean no: nothing of that name or number */
	FC_INVALID_ARGUMENT, /* the caller's words are off */
	FC_UNSUPPORTED,      /* the service that was asked has no such verb */
	FC_PARTIAL,          /* some inputs failed, the rest is done */
	FC_UNREADABLE,       /* an input file is missing, not a regular file, or may not be read */
	FC_BAD_IMAGE,        /* not an allowed image, or a broken one */
	FC_TOO_LARGE,        /* an input is over a limit */
	FC_NO_FACE,
	FC_SEVERAL_FACES,
	FC_POOR_QUALITY,  /* a face that is not as good as the request wants it */
	FC_CONFLICT,      /* the request contradicts what is stored */
	FC_WORKER_DIED,   /* the worker process that held the photo crashed */
	FC_WORKER_KILLED, /* somebody else killed the worker process that held the photo */
	FC_TIMED_OUT,     /* the worker process that held the photo ran out of time */
	FC_GALLERY_MISSING,
	FC_DAMAGED,      /* stored bytes are not what was written */
	FC_FULL,         /* no space left, or the gallery's size limit is reached */
	FC_INCOMPATIBLE, /* a gallery made with another model or a newer version */
	FC_MODEL_MISSING,
	FC_MODEL_MISMATCH, /* a model's bytes are not those its descriptor names */
	FC_REFUSED,        /* a remote service refused for good */
	FC_BUSY,           /* somebody else holds what is needed; try again */
	FC_PERMISSION,
	FC_NO_MEMORY,
	FC_IO,       /* an operating system call failed */
	FC_INTERNAL, /* a bug */
	FC_STATUS_COUNT,
};

/*
 * Conditions for which a protocol documents an error of its own. Callers compare codes, never message texts; lib/protocol
 * has the words of each protocol for a code.
 */
enum fc_code {
	FC_CODE_NONE = 0,
	FC_CODE_NO_PERSON_ID, /* a photo or a deletion without the number of a person */
	FC_CODE_EMPTY_IMAGE,  /* an image of 0 bytes */
};

/*
 * The text that goes with a status. Caller-owned; { 0 } is an empty one. The text is one line, lower case, without a
 * full stop, and may quote bytes that came from outside: whoever shows it must escape control characters.
 */
struct fc_error {
	enum fc_status status;
	enum fc_code code;
	bool shown; /* the user has seen it already: nothing is left to print */
	char text[480];
};

/*
 * Fill err (which may be NULL) and return status, so that `return fc_fail(err, FC_NOT_FOUND, ...)` reads well.
 * A text that does not fit is cut.
 */
enum fc_status fc_fail(struct fc_error *err, enum fc_status status, const char *format, ...)
	FC_PRINTF(3, 4);

/* As fc_fail, for a condition that a protocol documents. */
enum fc_status fc_fail_code(struct fc_error *err, enum fc_status status, enum fc_code code,
			    const char *format, ...) FC_PRINTF(4, 5);

/*
 * As fc_fail, with ": " and the system's words for os_errno added, and which limit of the process to raise if it was one. FC_IO
 * becomes FC_PERMISSION where the system says that it is not permitted.
 */
enum fc_status fc_fail_errno(struct fc_error *err, enum fc_status status, int os_errno,
			     const char *format, ...) FC_PRINTF(4, 5);

/* The one text for a failed allocation. */
enum fc_status fc_fail_memory(struct fc_error *err);

/* Put words before the text that is there: "PREFIX: text". Keeps the status. */
void fc_error_prefix(struct fc_error *err, const char *format, ...) FC_PRINTF(2, 3);

/* A short lower-case word for records and logs, such as "no_face". Never NULL. */
const char *fc_status_name(enum fc_status status);

/* Leave the function with the status of a failed call. The call has filled err already. */
#define FC_TRY(call)                                                                               \
	do {                                                                                       \
		enum fc_status try_status_ = (call);                                               \
		if (try_status_ != FC_OK) {                                                        \
			return try_status_;                                                        \
		}                                                                                  \
	} while (0)

#endif
