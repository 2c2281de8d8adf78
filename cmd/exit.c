/* Exit statuses. */
/* SPDX-License-Identifier: MIT */
#include "exit.h"

int exit_status_of(enum fc_status status)
{
	static const int numbers[FC_STATUS_COUNT] = {
		[FC_OK] = EXIT_DONE,
		[FC_NOT_FOUND] = EXIT_NO,
		[FC_INVALID_ARGUMENT] = EXIT_USAGE,
		[FC_UNSUPPORTED] = EXIT_USAGE,
		[FC_PARTIAL] = EXIT_PARTIAL,
		[FC_UNREADABLE] = EXIT_INPUT,
		[FC_BAD_IMAGE] = EXIT_INPUT,
		[FC_TOO_LARGE] = EXIT_INPUT,
		[FC_NO_FACE] = EXIT_INPUT,
		[FC_SEVERAL_FACES] = EXIT_INPUT,
		[FC_POOR_QUALITY] = EXIT_INPUT,
		[FC_CONFLICT] = EXIT_INPUT,
		[FC_WORKER_DIED] = EXIT_TRY_AGAIN,
		[FC_WORKER_KILLED] = EXIT_TRY_AGAIN,
		[FC_TIMED_OUT] = EXIT_TRY_AGAIN,
		[FC_GALLERY_MISSING] = EXIT_GALLERY,
		[FC_GALLERY_LOST] = EXIT_GALLERY,
		[FC_DAMAGED] = EXIT_GALLERY,
		[FC_FULL] = EXIT_GALLERY,
		[FC_INCOMPATIBLE] = EXIT_GALLERY,
		[FC_MODEL_MISSING] = EXIT_MODEL,
		[FC_MODEL_MISMATCH] = EXIT_MODEL,
		[FC_REFUSED] = EXIT_REFUSED,
		[FC_BUSY] = EXIT_TRY_AGAIN,
		[FC_PERMISSION] = EXIT_UNAUTHORISED,
		[FC_NO_MEMORY] = EXIT_TRY_AGAIN,
		[FC_IO] = EXIT_OUTPUT,
		[FC_INTERNAL] = EXIT_BUG,
	};
	if ((unsigned)status >= FC_STATUS_COUNT) {
		return EXIT_BUG;
	}
	return numbers[status];
}

enum fc_status exit_shown(enum fc_status status, struct fc_error *err)
{
	*err = (struct fc_error){ .status = status, .shown = true };
	return status;
}

enum fc_status exit_no(struct fc_error *err)
{
	return exit_shown(FC_NOT_FOUND, err);
}

enum fc_status exit_require_message(enum fc_status status, const char *command,
				    struct fc_error *err)
{
	if (status == FC_OK || err->shown || err->text[0] != '\0') {
		return status;
	}
	return fc_fail(err, FC_INTERNAL, "internal error: '%s' failed without a message (%s)",
		       command, fc_status_name(status));
}
