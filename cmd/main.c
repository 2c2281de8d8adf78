/* main: find the command, parse its options, open what it needs, run it, exit with its status. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "command.h"
#include "exit.h"
#include "help.h"
#include "interrupt.h"
#include "service_stack.h"

/*
 * Open descriptors 0 to 2 if they are closed. Otherwise the next opened file would get one of them, and messages would go into
 * it.
 */
static bool hold_standard_descriptors(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY) != fd) {
			return false;
		}
	}
	return true;
}

static enum fc_status open_and_run(struct command_context *ctx, void *args, struct fc_error *err)
{
	FC_CLEANUP(service_stack_release) struct service_stack stack = { 0 };
	const struct command *command = ctx->command;
	const struct option_row *operands = option_operands(command->options);
	if (operands && command->needs & COMMAND_VISION) {
		const struct option_texts *words = (const void *)((char *)args + operands->offset);
		ctx->photos = words->count;
	}
	if (command->prepare) {
		FC_TRY(command->prepare(ctx, args, err));
	}
	if (command->needs & COMMAND_SERVICE) {
		FC_TRY(service_stack_open(&stack, ctx, err));
	}
	return command->run(ctx, args, err);
}

/* With --format json, write a document for a failure too. */
static void answer_error(struct command_context *ctx, enum fc_status status,
			 const struct fc_error *err)
{
	struct fc_error answer = *err;
	/* if a part was done, the document reports the failure of the others */
	answer.status = status == FC_PARTIAL && err->status != FC_OK ? err->status : status;
	if (answer.text[0] == '\0') {
		snprintf(answer.text, sizeof(answer.text), "%s", fc_status_name(status));
	}
	command_answer_error(ctx, &answer);
}

/* Check --fields, --no-header and --null before the command does anything. */
static enum fc_status check_fields(const struct command *command, const struct out *out,
				   struct fc_error *err)
{
	const struct record_field *chosen[RECORD_FIELDS];
	size_t count = 0;
	const char *option = out->fields ? "--fields" : out->no_header ? "--no-header" : "--null";
	if (!out->fields && !out->no_header && !out->null) {
		return FC_OK;
	}
	if (!command->fields || out->format == FORMAT_JSON) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "%s is for text, NDJSON and TSV%s%s%s",
			       option, command->fields ? "" : ", but '",
			       command->fields ? "" : command->name,
			       command->fields ? "" : "' has no choice of fields");
	}
	FC_TRY(record_choose(out, command->fields, chosen, &count, err));
	if (out->null && (out->format != FORMAT_TSV || count != 1)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--null needs --format tsv and --fields with one field");
	}
	return FC_OK;
}

static int run_command(const struct command *command, const struct settings *settings,
		       struct out *out, void *args)
{
	struct fc_error err = { 0 };
	struct command_context ctx = {
		.command = command,
		.settings = settings,
		.out = out,
		.dialect = fc_platform_dialect_of((enum fc_platform_kind)settings->dialect),
	};
	enum fc_status status = options_check_operands(command->options, args, &err);
	if (status == FC_OK) {
		status = check_fields(command, out, &err);
	}
	if (status == FC_OK) {
		status = out_open(out, settings, &err);
	}
	if (status == FC_OK) {
		status = open_and_run(&ctx, args, &err);
	}
	status = exit_require_message(status, command->name, &err);
	if (status != FC_OK && !err.shown && !out->closed_pipe) {
		out_message(out, "%s", err.text);
	}
	if (status != FC_OK && !out->closed_pipe) {
		answer_error(&ctx, status, &err);
	}
	/* FC_NOT_FOUND that was shown is a negative result, not an error: the output is complete */
	bool complete = ctx.answered || status == FC_OK || status == FC_PARTIAL ||
			(status == FC_NOT_FOUND && err.shown);
	bool reported = out->failure != 0;
	enum fc_status written = out_flush(out, &err);
	if (written == FC_OK && complete) {
		written = out_commit(out, &err);
	}
	if (written != FC_OK && !out->closed_pipe) {
		if (!reported && status != FC_NO_MEMORY) {
			out_message(out, "%s", err.text);
		}
		status = written == FC_NO_MEMORY ? FC_NO_MEMORY : FC_IO;
	}
	if (command->release) {
		command->release(args);
	}
	return exit_status_of(status);
}

static int show_help(const struct command *command, const char *group, struct out *out)
{
	struct fc_error err = { 0 };
	if (command) {
		help_command_page(command, &out->data);
	} else if (group) {
		help_group(group, &out->data);
	} else {
		help_overview(&out->data);
	}
	enum fc_status status = out_flush(out, &err);
	if (status != FC_OK) {
		out_message(out, "%s", err.text);
	}
	return status == FC_OK ? EXIT_DONE : status == FC_NO_MEMORY ? EXIT_TRY_AGAIN : EXIT_OUTPUT;
}

/* The parsed command line. */
struct invocation {
	const struct command *command; /* NULL if no command is given */
	/* the first word of a two-word name whose second word is missing */
	const char *group;
	void *args;
	char **words; /* arguments without the name of the command */
};

static void invocation_release(struct invocation *invocation)
{
	if (invocation->command) {
		options_release(invocation->command->options, invocation->args);
	}
	free(invocation->args);
	free(invocation->words);
}

static enum fc_status read_command_line(int argc, char **argv, struct invocation *out,
					struct settings *settings, struct fc_error *err)
{
	int count = 0;
	out->words = calloc((size_t)argc + 1, sizeof(*out->words));
	if (!out->words) {
		return fc_fail_memory(err);
	}
	FC_TRY(command_take(argc, argv, &out->command, &out->group, out->words, &count, err));
	out->args = calloc(1, out->command ? out->command->args_size + 1 : 1);
	if (!out->args) {
		return fc_fail_memory(err);
	}
	const struct option_scope scopes[] = {
		{ setting_rows, settings, settings->given },
		{ out->command ? out->command->options : NULL, out->args, NULL },
	};
	return options_parse(out->command ? out->command->name : NULL, count, out->words, scopes,
			     FC_ARRAY_LENGTH(scopes), err);
}

static int act(int argc, char **argv, struct settings *settings, struct out *out)
{
	FC_CLEANUP(invocation_release) struct invocation invocation = { 0 };
	struct fc_error err = { 0 };
	enum fc_status status = read_command_line(argc, argv, &invocation, settings, &err);
	if (status == FC_OK && settings->help) {
		return show_help(invocation.command, invocation.group, out);
	}
	if (status == FC_OK) {
		settings->lenient =
			invocation.command && invocation.command->needs & COMMAND_LENIENT;
		status = settings_resolve(settings, &err);
	}
	if (status != FC_OK) {
		out_message(out, "%s", err.text);
		return exit_status_of(status);
	}
	*out = out_init(settings);
	if (settings->version) {
		return run_command(&version_command, settings, out, NULL);
	}
	if (!invocation.command && invocation.group) {
		out_message(out, "'%s' is a group of commands; 'facectl %s -h' lists them",
			    invocation.group, invocation.group);
		return EXIT_USAGE;
	}
	if (!invocation.command) {
		out->fd = out->message_fd;
		FC_IGNORE(show_help(NULL, NULL, out));
		return EXIT_USAGE;
	}
	return run_command(invocation.command, settings, out, invocation.args);
}

/* This process holds templates and tokens: it writes no core file, and other processes of the user cannot read its memory. */
static void protect_memory(void)
{
	const struct rlimit none = { 0 };
	FC_IGNORE(setrlimit(RLIMIT_CORE, &none));
	FC_IGNORE(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
}

int main(int argc, char **argv)
{
	struct settings settings = { 0 };
	protect_memory();
	if (!hold_standard_descriptors()) {
		return EXIT_OUTPUT;
	}
	/* if the parent process ignores it, so does this one, and the exit statuses of its own child processes are lost */
	FC_IGNORE(signal(SIGCHLD, SIG_DFL));
	interrupt_ignore_failed_writes(true);
	interrupt_watch_usr1();
	struct out out = out_init(&settings);
	int result = act(argc, argv, &settings, &out);
	bool closed_pipe = out.closed_pipe;
	out_release(&out);
	settings_release(&settings);
	interrupt_end();
	if (closed_pipe) {
		/* the reader has closed the pipe: end by SIGPIPE, as other programs in a pipe do */
		FC_IGNORE(signal(SIGPIPE, SIG_DFL));
		FC_WRITE_COVERAGE();
		FC_IGNORE(raise(SIGPIPE));
	}
	return result;
}
