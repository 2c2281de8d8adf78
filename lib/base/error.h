/* Status codes and error texts as values. Nothing here allocates, prints or exits. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_ERROR_H
#define FC_BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>

#include "base/compiler.h"

/*
 * The result of a call, which callers must use. cmd/exit.c maps each value to an exit status. The order has no meaning, and values
 * are never stored on disk.
 */
__extension__ enum FC_MUST_USE_TYPE fc_status {
	FC_OK = 0,
	FC_NOT_FOUND,        /* no object with that name or number; also a negative result */
	FC_INVALID_ARGUMENT, /* invalid input from the caller or the command line */
	FC_UNSUPPORTED,      /* the service does not support the operation */
	FC_PARTIAL,          /* some inputs failed, the others succeeded */
	FC_UNREADABLE,       /* an input file is missing, not a regular file, or not readable */
	FC_BAD_IMAGE,        /* not a supported image, or a damaged one */
	FC_TOO_LARGE,        /* an input exceeds a limit */
	FC_NO_FACE,
	FC_SEVERAL_FACES,
	FC_POOR_QUALITY,  /* a face below the requested quality */
	FC_CONFLICT,      /* the request contradicts what is stored */
	FC_WORKER_DIED,   /* the worker process crashed on this photo */
	FC_WORKER_KILLED, /* another process killed the worker process of this photo */
	FC_TIMED_OUT,     /* the worker process exceeded the time limit of a photo */
	FC_GALLERY_MISSING,
	FC_GALLERY_LOST, /* its files were removed or replaced while it was in use */
	FC_DAMAGED,      /* stored data is corrupt */
	FC_FULL,         /* no space left, or the gallery's size limit is reached */
	FC_INCOMPATIBLE, /* a gallery created with another model or by a newer version */
	FC_MODEL_MISSING,
	FC_MODEL_MISMATCH, /* a model file does not match the SHA-256 of its descriptor */
	FC_REFUSED,        /* a remote service rejected the request; a retry would not help */
	FC_BUSY,           /* in use or unreachable for now; try again */
	FC_PERMISSION,
	FC_NO_MEMORY,
	FC_IO,       /* an operating system call failed */
	FC_INTERNAL, /* a bug */
	FC_STATUS_COUNT,
};

/*
 * Conditions for which a protocol documents a specific error. Callers compare codes, never message texts; lib/protocol maps a code to the
 * words of each protocol.
 */
enum fc_code {
	FC_CODE_NONE = 0,
	FC_CODE_NO_PERSON_ID, /* a request to add or delete without the number of a person */
	FC_CODE_EMPTY_IMAGE,  /* an image of 0 bytes */
};

/*
 * A status and its message. Owned by the caller; { 0 } is empty. The text is one line that starts in lower case and has no full stop at the
 * end. It may quote untrusted bytes: escape control characters before showing it.
 */
struct fc_error {
	enum fc_status status;
	enum fc_code code;
	bool shown; /* the text was already shown to the user and must not be printed again */
	char text[480];
	/* the JSON document in which a remote service returned this error; "" if there is none, or if it is longer */
	char answer[512];
};

/*
 * Fill err (which may be NULL) and return status: `return fc_fail(err, FC_NOT_FOUND, ...)`. A text that does not fit is
 * truncated. fc_fail_code is for a condition that a protocol documents.
 */
#define fc_fail(err, status, ...) fc_fail_code(err, status, FC_CODE_NONE, __VA_ARGS__)
enum fc_status fc_fail_code(struct fc_error *err, enum fc_status status, enum fc_code code,
			    const char *format, ...) FC_PRINTF(4, 5);

/*
 * Like fc_fail, followed by ": ", the system's text for os_errno, and the process limit to raise, if any. FC_IO becomes FC_PERMISSION
 * if os_errno is about permissions.
 */
enum fc_status fc_fail_errno(struct fc_error *err, enum fc_status status, int os_errno,
			     const char *format, ...) FC_PRINTF(4, 5);

/* Fill err for a failed allocation and return FC_NO_MEMORY. */
enum fc_status fc_fail_memory(struct fc_error *err);

/* Prepend to the text: "PREFIX: text". Keeps the status. */
void fc_error_prefix(struct fc_error *err, const char *format, ...) FC_PRINTF(2, 3);

/* Copy the answer of another error. Does nothing if err is NULL. */
void fc_error_copy_answer(struct fc_error *err, const struct fc_error *from);

/* A short lower-case word for records and logs, such as "no_face". Never NULL. */
const char *fc_status_name(enum fc_status status);

/* Call a function that fills err on failure, and return its status from the current function unless it is FC_OK. */
#define FC_TRY(call)                                                                               \
	do {                                                                                       \
		enum fc_status try_status_ = (call);                                               \
		if (try_status_ != FC_OK) {                                                        \
			return try_status_;                                                        \
		}                                                                                  \
	} while (0)

/* The same, but the error text gets a prefix; see fc_error_prefix. */
#define FC_TRY_PREFIX(call, err, ...)                                                              \
	do {                                                                                       \
		enum fc_status try_status_ = (call);                                               \
		if (try_status_ != FC_OK) {                                                        \
			fc_error_prefix(err, __VA_ARGS__);                                         \
			return try_status_;                                                        \
		}                                                                                  \
	} while (0)

#endif
