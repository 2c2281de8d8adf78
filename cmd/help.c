/* Generate help from the option tables. */
/* SPDX-License-Identifier: MIT */
#include "help.h"

#include <stdio.h>
#include <string.h>

#include "config/services.h"

enum { WIDTH = 79, MARGIN = 29 };

/* Append text, wrapped at WIDTH columns. column: where the first word starts. */
static void wrap(struct fc_buffer *out, const char *text, size_t column, size_t indent)
{
	bool at_start = true;
	while (*text != '\0') {
		size_t length = strcspn(text, " \n");
		if (!at_start && column + 1 + length > WIDTH) {
			fc_buffer_printf(out, "\n%*s", (int)indent, "");
			column = indent;
			at_start = true;
		}
		if (!at_start) {
			fc_buffer_append_text(out, " ");
			column++;
		}
		fc_buffer_append(out, text, length);
		column += length;
		at_start = false;
		text += length;
		if (*text == '\n') {
			fc_buffer_printf(out, "\n\n%*s", (int)indent, "");
			column = indent;
			at_start = true;
		}
		text += *text != '\0';
	}
	fc_buffer_append_text(out, "\n");
}

/* Append a line "  head   text", with the text in its own column. */
static void append_pair(struct fc_buffer *out, const char *head, const char *text)
{
	size_t length = strlen(head);
	fc_buffer_append_text(out, head);
	if (length + 2 > MARGIN) {
		fc_buffer_append_text(out, "\n");
		length = 0;
	}
	fc_buffer_printf(out, "%*s", (int)(MARGIN - length), "");
	wrap(out, text, MARGIN, MARGIN);
}

static void append_option(struct fc_buffer *out, const struct option_row *row)
{
	char head[96];
	char text[400];
	char letter[8] = "    ";
	if (row->letter) {
		snprintf(letter, sizeof(letter), "-%c, ", row->letter);
	}
	if (row->type == OPTION_OPERANDS) {
		snprintf(head, sizeof(head), "  %s", row->argument);
	} else {
		snprintf(head, sizeof(head), "  %s--%s%s%s", letter, row->name,
			 row->argument ? " " : "", row->argument ? row->argument : "");
	}
	bool has_default = row->fallback && row->type != OPTION_FLAG;
	snprintf(text, sizeof(text), has_default ? "%s [%s]" : "%s", row->help,
		 has_default ? row->fallback : "");
	append_pair(out, head, text);
}

static void append_options(struct fc_buffer *out, const char *title, const struct option_row *rows)
{
	if (rows && rows->type != OPTION_END) {
		fc_buffer_printf(out, "\n%s:\n", title);
	}
	for (; rows && rows->type != OPTION_END; rows++) {
		if (rows->name || rows->type == OPTION_OPERANDS) {
			append_option(out, rows);
		}
	}
}

static void append_commands(struct fc_buffer *out, const char *group)
{
	for (const struct command *const *command = commands; *command; command++) {
		char head[64];
		if ((*command)->needs & COMMAND_HIDDEN ||
		    (group && !command_name_within(*command, group))) {
			continue;
		}
		snprintf(head, sizeof(head), "  %s", (*command)->name);
		append_pair(out, head, (*command)->summary);
	}
}

/* The commands in the order of the overview. A group's word stands for its commands. */
struct chapter {
	const char *title;
	const char *const *words; /* ends with NULL */
};

static const char *const everyday[] = { "set", "recognize", "detect", "verify", "delete", NULL };
static const char *const persons[] = { "status",   "truncate", "erase", "extract",
				       "profiles", "faces",    NULL };
static const char *const azure[] = { "identify",  "similar", "persongroups", "persons", "facelists",
				     "snapshots", NULL };
static const char *const logs[] = { "entries", "origins", NULL };
static const char *const storage[] = { "spaces", "gallery", "models", NULL };

static const struct chapter chapters[] = {
	{ "Every day", everyday },
	{ "Persons and photos", persons },
	{ "Objects of the Azure Face API", azure },
	{ "The log of processed faces", logs },
	{ "Gallery and models", storage },
	{ "Other commands", NULL },
};

static bool is_in(const struct command *command, const struct chapter *chapter)
{
	for (const char *const *word = chapter->words; word && *word; word++) {
		if (strcmp(command->name, *word) == 0 || command_name_within(command, *word)) {
			return true;
		}
	}
	return false;
}

static bool is_elsewhere(const struct command *command)
{
	bool found = false;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(chapters); i++) {
		found = found || is_in(command, &chapters[i]);
	}
	return found;
}

static void append_chapter(struct fc_buffer *out, const struct chapter *chapter)
{
	fc_buffer_printf(out, "\n%s:\n", chapter->title);
	for (const struct command *const *command = commands; *command; command++) {
		bool shows = chapter->words ? is_in(*command, chapter) : !is_elsewhere(*command);
		if (shows && !((*command)->needs & COMMAND_HIDDEN)) {
			char head[64];
			snprintf(head, sizeof(head), "  %s", (*command)->name);
			append_pair(out, head, (*command)->summary);
		}
	}
}

void help_overview(struct fc_buffer *out)
{
	fc_buffer_append_text(out, "usage: facectl [OPTION...] COMMAND [ARGUMENT...]\n\n"
				   "Find, enrol and recognise faces on this machine.\n");
	for (size_t i = 0; i < FC_ARRAY_LENGTH(chapters); i++) {
		append_chapter(out, &chapters[i]);
	}
	append_options(out, "Options, before or after the command", setting_rows);
	fc_buffer_append_text(
		out, "\n'facectl COMMAND -h' shows a command's own options, 'facectl "
		     "help COMMAND' its\nmanual. 'facectl help batch' explains runs over many "
		     "photos, and\n'facectl help output' the output formats.\n");
}

void help_command_page(const struct command *command, struct fc_buffer *out)
{
	char usage[64];
	snprintf(usage, sizeof(usage), "usage: facectl %s%s", command->name,
		 command->synopsis[0] != '\0' ? " " : "");
	fc_buffer_append_text(out, usage);
	wrap(out, command->synopsis, strlen(usage), strlen("usage: facectl "));
	fc_buffer_append_text(out, "\n");
	char summary[128];
	snprintf(summary, sizeof(summary), "%s.", command->summary);
	summary[0] = (char)(summary[0] >= 'a' && summary[0] <= 'z' ? summary[0] - 'a' + 'A'
								   : summary[0]);
	wrap(out, summary, 0, 0);
	if (command->help) {
		fc_buffer_append_text(out, "\n");
		wrap(out, command->help, 0, 0);
	}
	append_options(out, "Options", command->options);
	fc_buffer_append_text(out, "\n'facectl -h' lists the options that every command takes.\n");
}

void help_group(const char *word, struct fc_buffer *out)
{
	fc_buffer_printf(out, "usage: facectl %s COMMAND [ARGUMENT...]\n\nCommands:\n", word);
	append_commands(out, word);
	fc_buffer_printf(out, "\n'facectl %s COMMAND -h' shows a command's own options.\n", word);
}

static void dump_row(struct fc_buffer *out, const char *command, const struct option_row *row)
{
	static const char *const kinds[] = {
		[OPTION_FLAG] = "flag",     [OPTION_SWITCH] = "flag",
		[OPTION_TEXT] = "text",     [OPTION_PATH] = "path",
		[OPTION_TEXTS] = "text",    [OPTION_CHOICE] = "choice",
		[OPTION_NUMBER] = "number", [OPTION_NUMBERS] = "number",
		[OPTION_REAL] = "number",   [OPTION_SIZE] = "size",
		[OPTION_DURATION] = "time", [OPTION_OPERANDS] = "operand",
	};
	const char letter[2] = { row->letter, '\0' };
	fc_buffer_printf(out, "%s\t%s\t%s\t%s\t%s\t", command, letter, row->name ? row->name : "",
			 row->argument ? row->argument : "", kinds[row->type]);
	for (size_t i = 0; row->choices && row->choices[i]; i++) {
		fc_buffer_printf(out, "%s%s", i > 0 ? " " : "", row->choices[i]);
	}
	fc_buffer_printf(out, "\t%s\t%s\t%s\n", row->help, row->variable ? row->variable : "",
			 row->key ? row->key : "");
}

/* Keys of services are not options: write only the last column. */
static void dump_keys(struct fc_buffer *out, const char *section, const struct option_row *rows)
{
	for (const struct option_row *row = rows; row->type != OPTION_END; row++) {
		fc_buffer_printf(out, "service\t\t\t\tkey\t\t%s\t\t%s.%s\n", row->help, section,
				 row->name);
	}
}

void help_dump_options(struct fc_buffer *out)
{
	for (const struct option_row *row = setting_rows; row->type != OPTION_END; row++) {
		if (row->name) {
			dump_row(out, "", row);
		} else {
			fc_buffer_printf(out, "\t\t\t\tkey\t\t%s\t\t%s\n", row->help, row->key);
		}
	}
	for (const struct command *const *command = commands; *command; command++) {
		const struct option_row *row = (*command)->options;
		if ((*command)->needs & COMMAND_HIDDEN) {
			continue;
		}
		fc_buffer_printf(out, "%s\t\t\t\tcommand\t\t%s\t\t\n", (*command)->name,
				 (*command)->summary);
		for (; row && row->type != OPTION_END; row++) {
			dump_row(out, (*command)->name, row);
		}
	}
	dump_keys(out, "service", service_rows);
	for (size_t i = 0; service_type_names[i]; i++) {
		char section[64];
		snprintf(section, sizeof(section), "service.%s", service_type_names[i]);
		dump_keys(out, section, service_types[i].rows);
	}
}
