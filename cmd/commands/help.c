/* help: show the manual of a command, or its -h; and the internal command that prints all options. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
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
	  "command to explain, or batch, output or configuration; default: list all commands",
	  .maximum = 2 },
	{ OPTION_END },
};

/* Manual pages that are not those of a command. */
struct topic {
	const char *word, *page, *section;
};

static const struct topic topics[] = {
	{ "batch", "facectl-batch", "7" },
	{ "output", "facectl-output", "5" },
	{ "configuration", "facectl.conf", "5" },
};

static const struct topic *find_topic(const char *word)
{
	for (size_t i = 0; word && i < FC_ARRAY_LENGTH(topics); i++) {
		if (strcmp(topics[i].word, word) == 0) {
			return &topics[i];
		}
	}
	return NULL;
}

/* Replace this process by man(1) with a page. Returns if there is no such page or no man(1). */
static void show_manual(const char *name, const char *section)
{
	enum {
		PLACES = 3
	}; /* the folder of a build, and the installed page, which may be compressed */
	struct locations locations = { 0 };
	if (locations_find(&locations, NULL) != FC_OK) {
		return;
	}
	for (size_t i = 0; i < PLACES; i++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer path = { 0 };
		if (i == 0) {
			fc_buffer_printf(&path, "%s/%s.%s", locations.manuals, name, section);
		} else {
			fc_buffer_printf(&path, "%s/../man%s/%s.%s%s", locations.manuals, section,
					 name, section, i == 2 ? ".gz" : "");
		}
		const char *page = fc_buffer_text(&path);
		if (page && access(page, R_OK) == 0) {
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
	const struct topic *topic = second ? NULL : find_topic(first);
	if (topic) {
		show_manual(topic->page, topic->section);
		return fc_fail(err, FC_NOT_FOUND,
			       "the manual page %s(%s) cannot be shown: it is not installed, or "
			       "there is no program 'man'",
			       topic->page, topic->section);
	}
	if (first) {
		FC_TRY(append_page(first, second, &ctx->out->data, err));
	} else {
		help_overview(&ctx->out->data);
	}
	if (first && isatty(ctx->out->fd)) {
		char page[80];
		snprintf(page, sizeof(page), "facectl-%s", first);
		show_manual(page, "1");
	}
	return out_flush(ctx->out, err);
}

const struct command help_command = {
	.name = "help",
	.summary = "show the manual of a command",
	.synopsis = "[COMMAND | TOPIC]",
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
