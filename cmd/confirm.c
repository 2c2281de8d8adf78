/* Confirmation before data is removed. */
/* SPDX-License-Identifier: MIT */
#include "confirm.h"

#include <string.h>
#include <unistd.h>

#include "base/text.h"

/* Read the first line of the user's answer; "" at the end of input. */
static void read_answer(char *answer, size_t size)
{
	size_t length = 0;
	char letter = '\0';
	while (read(STDIN_FILENO, &letter, 1) == 1 && letter != '\n') {
		if (length + 1 < size) {
			answer[length++] = letter;
		}
	}
	answer[length] = '\0';
}

enum fc_status confirm_check(const struct command_context *ctx, bool yes, struct fc_error *err)
{
	if (yes || (isatty(STDIN_FILENO) && isatty(ctx->out->message_fd))) {
		return FC_OK;
	}
	return fc_fail(err, FC_INVALID_ARGUMENT,
		       "'%s' needs --yes when standard input is not a terminal",
		       ctx->command->name);
}

enum fc_status confirm(const struct command_context *ctx, bool yes, const char *question,
		       struct fc_error *err)
{
	char answer[16];
	FC_CLEANUP(fc_buffer_release) struct fc_buffer prompt = { 0 };
	if (yes) {
		return FC_OK;
	}
	FC_TRY(confirm_check(ctx, yes, err));
	fc_text_append_visible(&prompt, question);
	fc_buffer_append_text(&prompt, " [y/N] ");
	if (!fc_buffer_ok(&prompt) ||
	    !write_fully(ctx->out->message_fd, prompt.data, prompt.length)) {
		return fc_fail(err, FC_IO, "cannot write the question to the terminal");
	}
	read_answer(answer, sizeof(answer));
	if (strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0) {
		return FC_OK;
	}
	return fc_fail(err, FC_NOT_FOUND, "nothing was changed");
}
