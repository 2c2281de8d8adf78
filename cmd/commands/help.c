/* help: show the manual of a command, or its -h; and the internal command that prints all options. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <unistd.h>

#include "base/memory.h"
#include "command.h"
#include "help.h"
#include "interrupt.h"
#include "locate.h"

struct help_args {
	struct option_texts words;
};

static const struct option_row help_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "COMMAND", offsetof(struct help_args, words),
	  "command to explain; default: list all commands", .maximum = 2 },
	{ OPTION_END },
};

/* Replace this process by man(1) with facectl-WORD.1. Returns if there is no such page. */
static void show_manual(const char *word)
{
	static const char *const endings[] = { "", ".gz" };
	struct locations locations = { 0 };
	if (locations_find(&locations, NULL) != FC_OK) {
		return;
	}
	for (size_t i = 0; i < FC_ARRAY_LENGTH(endings); i++) {
		FC_CLEANUP(fc_free) char *page = NULL;
		if (asprintf(&page, "%s/facectl%s%s.1%s", locations.manuals, word ? "-" : "",
			     word ? word : "", endings[i]) < 0) {
			page = NULL;
		} else if (access(page, R_OK) == 0) {
			interrupt_ignore_failed_writes(false);
			FC_IGNORE(execlp("man", "man", page, (char *)NULL));
			interrupt_ignore_failed_writes(true);
		}
	}
	locations_release(&locations);
}

static enum fc_status append_page(const char *first, const char *second, struct fc_buffer *data,
				  struct fc_error *err)
{
	char name[80];
	snprintf(name, sizeof(name), "%s%s%s", first, second ? " " : "", second ? second : "");
	const struct command *command = command_find(name);
	if (command) {
		help_command_page(command, data);
	} else if (!second && command_is_group(first)) {
		help_group(first, data);
	} else {
		return command_fail_unknown(second ? first : NULL, second ? second : first, err);
	}
	return FC_OK;
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct help_args *args = parsed;
	const char *first = args->words.count > 0 ? args->words.items[0] : NULL;
	const char *second = args->words.count > 1 ? args->words.items[1] : NULL;
	if (first) {
		FC_TRY(append_page(first, second, &ctx->out->data, err));
	} else {
		help_overview(&ctx->out->data);
	}
	if (first && isatty(ctx->out->fd)) {
		show_manual(first);
	}
	return out_flush(ctx->out, err);
}

const struct command help_command = {
	.name = "help",
	.summary = "show the manual of a command",
	.synopsis = "[COMMAND]",
	.options = help_options,
	.args_size = sizeof(struct help_args),
	.run = run,
};

static enum fc_status run_dump(struct command_context *ctx, void *args, struct fc_error *err)
{
	(void)args;
	help_dump_options(&ctx->out->data);
	return out_flush(ctx->out, err);
}

const struct command dump_options_command = {
	.name = "dump-options",
	.summary = "print every option as TSV",
	.synopsis = "",
	.needs = COMMAND_HIDDEN,
	.run = run_dump,
};
