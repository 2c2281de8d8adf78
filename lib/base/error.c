/* Status codes and error texts. */
/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum fc_status fc_fail_code(struct fc_error *err, enum fc_status status, enum fc_code code,
			    const char *format, ...)
{
	if (err) {
		va_list arguments;
		va_start(arguments, format);
		vsnprintf(err->text, sizeof(err->text), format, arguments);
		va_end(arguments);
		err->status = status;
		err->code = code;
		err->shown = false;
		err->answer[0] = '\0';
	}
	return status;
}

/* FC_IO becomes FC_PERMISSION if os_errno is about permissions. */
static enum fc_status status_of_errno(enum fc_status status, int os_errno)
{
	bool forbidden = os_errno == EACCES || os_errno == EPERM || os_errno == EROFS;
	return status == FC_IO && forbidden ? FC_PERMISSION : status;
}

/* The command that raises the process limit named by os_errno; "" for other errors. */
static const char *remedy_of_errno(int os_errno)
{
	switch (os_errno) {
	case EMFILE:
		return "; raise the limit with ulimit -n";
	case EFBIG:
		return "; raise the limit with ulimit -f";
	default:
		return "";
	}
}

enum fc_status fc_fail_errno(struct fc_error *err, enum fc_status status, int os_errno,
			     const char *format, ...)
{
	status = status_of_errno(status, os_errno);
	if (err) {
		/* GNU's strerror_r returns a static text or one written to room. */
		char room[128];
		char words[sizeof(err->text)];
		va_list arguments;
		va_start(arguments, format);
		vsnprintf(words, sizeof(words), format, arguments);
		va_end(arguments);
		return fc_fail(err, status, "%.340s: %.96s%s", words,
			       strerror_r(os_errno, room, sizeof(room)), remedy_of_errno(os_errno));
	}
	return status;
}

enum fc_status fc_fail_memory(struct fc_error *err)
{
	return fc_fail(err, FC_NO_MEMORY, "out of memory");
}

void fc_error_prefix(struct fc_error *err, const char *format, ...)
{
	if (!err) {
		return;
	}
	char text[sizeof(err->text)];
	memcpy(text, err->text, sizeof(text));
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(err->text, sizeof(err->text), format, arguments);
	va_end(arguments);
	if (length >= 0 && (size_t)length < sizeof(err->text)) {
		size_t left = sizeof(err->text) - (size_t)length;
		/* a text that does not fit is cut; using the result says so to the compiler */
		if (snprintf(err->text + length, left, ": %s", text) < 0) {
			err->text[length] = '\0';
		}
	}
}

void fc_error_copy_answer(struct fc_error *err, const struct fc_error *from)
{
	if (err) {
		memcpy(err->answer, from->answer, sizeof(err->answer));
	}
}

const char *fc_status_name(enum fc_status status)
{
	static const char *const names[FC_STATUS_COUNT] = {
		[FC_OK] = "ok",
		[FC_NOT_FOUND] = "not_found",
		[FC_INVALID_ARGUMENT] = "invalid_argument",
		[FC_UNSUPPORTED] = "unsupported",
		[FC_PARTIAL] = "partial",
		[FC_UNREADABLE] = "unreadable",
		[FC_BAD_IMAGE] = "bad_image",
		[FC_TOO_LARGE] = "too_large",
		[FC_NO_FACE] = "no_face",
		[FC_SEVERAL_FACES] = "several_faces",
		[FC_POOR_QUALITY] = "poor_quality",
		[FC_CONFLICT] = "conflict",
		[FC_WORKER_DIED] = "worker_died",
		[FC_WORKER_KILLED] = "worker_killed",
		[FC_TIMED_OUT] = "timed_out",
		[FC_GALLERY_MISSING] = "gallery_missing",
		[FC_GALLERY_LOST] = "gallery_lost",
		[FC_DAMAGED] = "damaged",
		[FC_FULL] = "full",
		[FC_INCOMPATIBLE] = "incompatible",
		[FC_MODEL_MISSING] = "model_missing",
		[FC_MODEL_MISMATCH] = "model_mismatch",
		[FC_REFUSED] = "refused",
		[FC_BUSY] = "busy",
		[FC_PERMISSION] = "permission",
		[FC_NO_MEMORY] = "no_memory",
		[FC_IO] = "io",
		[FC_INTERNAL] = "internal",
	};
	if ((unsigned)status >= FC_STATUS_COUNT) {
		return "unknown";
	}
	return names[status];
}
