/* config edit: change the configuration file with an editor. Invalid text does not replace the file. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "command.h"
#include "interrupt.h"

enum { CONFIG_BYTES_MAXIMUM = 1 << 20 };

/* Read a file that may be missing. */
static enum fc_status read_text(const char *path, struct fc_buffer *out, struct fc_error *err)
{
	return fc_path_exists(path) ? fc_file_read(path, CONFIG_BYTES_MAXIMUM, out, err) : FC_OK;
}

static bool is_equal(const struct fc_buffer *a, const struct fc_buffer *b)
{
	return a->length == b->length &&
	       (a->length == 0 || memcmp(a->data, b->data, a->length) == 0);
}

static enum fc_status run_editor(const char *path, struct fc_error *err)
{
	const char *visual = getenv("VISUAL");
	const char *editor = visual && visual[0] != '\0' ? visual : getenv("EDITOR");
	FC_CLEANUP(fc_free) char *script = NULL;
	int state = 0;
	editor = editor && editor[0] != '\0' ? editor : "vi";
	/* the variable may have arguments, such as "emacs -nw" */
	if (asprintf(&script, "exec %s \"$@\"", editor) < 0) {
		script = NULL;
		return fc_fail_memory(err);
	}
	pid_t child = fork();
	if (child == 0) {
		interrupt_ignore_failed_writes(false);
		execl("/bin/sh", "sh", "-c", script, "sh", path, (char *)NULL);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &state, 0) < 0 || !WIFEXITED(state) ||
	    WEXITSTATUS(state) != 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the editor '%s' failed: nothing is changed; EDITOR names another",
			       editor);
	}
	return FC_OK;
}

static enum fc_status check_text(const char *path, struct fc_error *err)
{
	struct settings trial = { .config = path, .lenient = true };
	struct fc_error why = { 0 };
	enum fc_status status = settings_resolve(&trial, &why);
	if (status == FC_OK) {
		status = config_verdict(&trial.configuration, &why);
	}
	settings_release(&trial);
	return status == FC_OK ? FC_OK
			       : fc_fail(err, status,
					 "%s; this text is not in use: correct it with 'facectl "
					 "config edit'",
					 why.text);
}

/* path: of the configuration file. draft: of the copy that is edited; an invalid text stays in it until the next edit. */
static enum fc_status edit(const struct command_context *ctx, const char *path, const char *draft,
			   struct fc_error *err)
{
	static const char first_text[] = "# facectl.conf(5) lists the settings.\n";
	FC_CLEANUP(fc_buffer_release) struct fc_buffer before = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer after = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer now = { 0 };
	struct stat info = { .st_mode = 0600 };
	bool exists = stat(path, &info) == 0;
	FC_TRY(read_text(path, &before, err));
	if (!fc_path_exists(draft)) {
		const void *text = exists ? (const void *)before.data : first_text;
		size_t length = exists ? before.length : strlen(first_text);
		FC_TRY(fc_file_replace(draft, text, length, 0600, err));
	} else {
		out_note(ctx->out, "continuing with the text in '%s'", draft);
	}
	FC_TRY(run_editor(draft, err));
	FC_TRY(fc_file_read(draft, CONFIG_BYTES_MAXIMUM, &after, err));
	if (!is_equal(&before, &after)) {
		FC_TRY(check_text(draft, err));
		FC_TRY(read_text(path, &now, err));
		if (!is_equal(&before, &now)) {
			return fc_fail(err, FC_CONFLICT,
				       "'%s' was changed in the meantime; your text is in '%s'",
				       path, draft);
		}
		FC_TRY(fc_file_replace(path, after.data, after.length, info.st_mode & 0777, err));
	}
	out_note(ctx->out, "'%s' is %s", path,
		 is_equal(&before, &after) ? "not changed" : "changed");
	return unlink(draft) == 0 ? FC_OK : fc_fail(err, FC_IO, "cannot remove '%s'", draft);
}

static enum fc_status run(struct command_context *ctx, void *args, struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *given = NULL;
	FC_CLEANUP(fc_free) char *real = NULL;
	FC_CLEANUP(fc_free) char *draft = NULL;
	(void)args;
	FC_TRY(settings_config_path(ctx->settings, &given, err));
	real = realpath(given, NULL); /* the target of a symbolic link is edited */
	const char *path = real ? real : given;
	if (asprintf(&draft, "%s.edit", path) < 0) {
		draft = NULL;
		return fc_fail_memory(err);
	}
	size_t folder = (size_t)(fc_path_name(path) - path);
	FC_CLEANUP(fc_free) char *parent = strndup(path, folder);
	if (!parent) {
		return fc_fail_memory(err);
	}
	FC_TRY(folder > 0 ? fc_make_directories(parent, 0700, err) : FC_OK);
	return edit(ctx, path, draft, err);
}

const struct command config_edit_command = {
	.name = "config edit",
	.summary = "edit the configuration, and check it before it is used",
	.synopsis = "",
	.help = "Runs the editor that VISUAL or EDITOR names, else vi, on a copy of the user's configuration file or of the file of --config. If the text is invalid, the file stays as it is, and the next 'config edit' continues with the text.",
	.needs = COMMAND_LENIENT,
	.run = run,
};
