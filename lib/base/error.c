/* Results and error texts as values. */
/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <stdio.h>
#include <string.h>

enum fc_status fc_fail(struct fc_error *err, enum fc_status status, const char *format, ...)
{
	if (err) {
		va_list arguments;
		va_start(arguments, format);
		err->status = status;
		FC_IGNORE(vsnprintf(err->text, sizeof(err->text), format, arguments));
		va_end(arguments);
	}
	return status;
}

enum fc_status fc_fail_errno(struct fc_error *err, enum fc_status status, int os_errno,
			     const char *format, ...)
{
	if (err) {
		char reason[128];
		char words[sizeof(err->text)];
		va_list arguments;
		va_start(arguments, format);
		FC_IGNORE(vsnprintf(words, sizeof(words), format, arguments));
		va_end(arguments);
		if (strerror_r(os_errno, reason, sizeof(reason)) != 0) {
			FC_IGNORE(snprintf(reason, sizeof(reason), "error %d", os_errno));
		}
		err->status = status;
		FC_IGNORE(snprintf(err->text, sizeof(err->text), "%.340s: %s", words, reason));
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
	char before[sizeof(err->text)];
	char whole[2 * sizeof(err->text)];
	va_list arguments;
	va_start(arguments, format);
	FC_IGNORE(vsnprintf(before, sizeof(before), format, arguments));
	va_end(arguments);
	FC_IGNORE(snprintf(whole, sizeof(whole), "%s: %s", before, err->text));
	whole[sizeof(err->text) - 1] = '\0';
	memcpy(err->text, whole, sizeof(err->text));
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
		[FC_CONFLICT] = "conflict",
		[FC_WORKER_DIED] = "worker_died",
		[FC_GALLERY_MISSING] = "gallery_missing",
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
