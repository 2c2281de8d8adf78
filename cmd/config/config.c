/* Read configuration files with inih. */
/* SPDX-License-Identifier: MIT */
#include "config/config.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

enum {
	CONFIG_BYTES_MAXIMUM = 1 << 20,
	CONFIG_LINE_MAXIMUM = 8192,
	SECTION_MAXIMUM = 49, /* inih truncates longer ones silently */
};

void config_release(struct config *config)
{
	for (size_t i = 0; i < config->line_count; i++) {
		fc_free(&config->lines[i].section);
		fc_free(&config->lines[i].name);
		fc_free(&config->lines[i].value);
	}
	for (size_t i = 0; i < config->problem_count; i++) {
		fc_free(&config->problems[i].text);
	}
	for (size_t i = 0; i < config->file_count; i++) {
		free(config->files[i]);
	}
	free(config->lines);
	free(config->problems);
	free(config->files);
	*config = (struct config){ 0 };
}

static enum fc_status note(struct config *config, const struct config_problem *problem,
			   struct fc_error *err)
{
	const char *file = problem->file;
	unsigned number = problem->number;
	FC_TRY(fc_array_grow(&config->problems, sizeof(*config->problems), config->problem_count,
			     &config->problem_capacity, err));
	char *copy = strdup(problem->text);
	if (!copy) {
		return fc_fail_memory(err);
	}
	struct config_problem *problems = config->problems;
	size_t place = config->problem_count++;
	for (; place > 0 && problems[place - 1].file == file && problems[place - 1].number > number;
	     place--) {
		problems[place] = problems[place - 1];
	}
	problems[place] = *problem;
	problems[place].text = copy;
	return FC_OK;
}

enum fc_status config_note(struct config *config, const char *file, unsigned number, bool warning,
			   const char *text, struct fc_error *err)
{
	const struct config_problem problem = { file, number, warning, FC_INVALID_ARGUMENT, text };
	return note(config, &problem, err);
}

enum fc_status config_note_line(struct config *config, const struct config_line *line,
				const struct fc_error *fault, struct fc_error *err)
{
	return fault->status == FC_NO_MEMORY
		       ? fc_fail_memory(err)
		       : config_note(config, line->file, line->number, false, fault->text, err);
}

enum fc_status config_describe(const struct config_problem *problem, struct fc_error *err)
{
	if (problem->number == 0) {
		return fc_fail(err, problem->status, "configuration '%s': %s", problem->file,
			       problem->text);
	}
	return fc_fail(err, problem->status, "configuration '%s' line %u: %s", problem->file,
		       problem->number, problem->text);
}

enum fc_status config_verdict(const struct config *config, struct fc_error *err)
{
	for (size_t i = 0; i < config->problem_count; i++) {
		if (!config->problems[i].warning) {
			return config_describe(&config->problems[i], err);
		}
	}
	return FC_OK;
}

/* ---- one file ---- */

struct reader {
	struct config *config;
	const char *file;
	enum setting_source source;
	const char *rest;      /* text that inih has not read yet */
	unsigned number;       /* number of the line that inih reads */
	const char *line;      /* its text */
	unsigned taken;        /* number of the last line that was "name = value" */
	enum fc_status status; /* FC_NO_MEMORY stops reading */
	struct fc_error *err;
};

static const char *fault_of_heading(const char *heading)
{
	size_t length = strcspn(heading, "]\n");
	for (size_t i = 1; i < length; i++) {
		if (heading[i] == ';' && isspace((unsigned char)heading[i - 1])) {
			return "']' is missing before the comment";
		}
	}
	if (heading[length] != ']') {
		return "']' is missing after the section's name";
	}
	return length - 1 > SECTION_MAXIMUM ? "the section's name is too long" : NULL;
}

/* inih silently ignores invalid lines. Check the last line and report it if it is invalid. */
static void judge_line(struct reader *reader)
{
	static const char byte_order_mark[] = "\xEF\xBB\xBF";
	const char *line = reader->line;
	if (!line || reader->status != FC_OK || reader->taken == reader->number) {
		return;
	}
	size_t length = strcspn(line, "\n");
	if (reader->number == 1 && strncmp(line, byte_order_mark, 3) == 0) {
		line += 3;
	}
	line += strspn(line, " \t\r\v\f");
	if (strchr(";#\n", line[0])) { /* strchr also finds the terminating NUL: an empty line */
		return;
	}
	const char *fault = "expected '[section]' or 'name = value'";
	if (length >= CONFIG_LINE_MAXIMUM - 1) {
		fault = "the line is too long";
	} else if (line[0] == '[') {
		fault = fault_of_heading(line);
	}
	if (fault) {
		reader->status = config_note(reader->config, reader->file, reader->number, false,
					     fault, reader->err);
	}
}

/* Callback of inih: read the next line. A line that is too long is read as an empty line and reported by judge_line. */
static char *next_line(char *out, int size, void *context)
{
	struct reader *reader = context;
	size_t length = strcspn(reader->rest, "\n");
	judge_line(reader);
	reader->line = reader->rest[0] != '\0' ? reader->rest : NULL;
	if (!reader->line || reader->status != FC_OK) {
		return NULL;
	}
	reader->number++;
	reader->rest += length + (reader->rest[length] == '\n');
	length = length + 1 < (size_t)size ? length : 0;
	memcpy(out, reader->line, length);
	out[length] = '\0';
	return out;
}

/* Callback of inih for each "name = value". */
static int on_line(void *context, const char *section, const char *name, const char *value)
{
	struct reader *reader = context;
	struct config *config = reader->config;
	reader->taken = reader->number;
	if (reader->status == FC_OK) {
		reader->status =
			fc_array_grow(&config->lines, sizeof(*config->lines), config->line_count,
				      &config->line_capacity, reader->err);
	}
	if (reader->status != FC_OK) {
		return 1;
	}
	struct config_line *line = &config->lines[config->line_count++];
	*line = (struct config_line){
		reader->file,    reader->number, reader->source,
		strdup(section), strdup(name),   strdup(value),
	};
	if (!line->section || !line->name || !line->value) {
		reader->status = fc_fail_memory(reader->err);
	}
	return 1;
}

/* Read the whole file. */
static enum fc_status read_text(const char *path, struct fc_buffer *out, const char **text,
				struct fc_error *err)
{
	FC_TRY(fc_file_read(path, CONFIG_BYTES_MAXIMUM, out, err));
	*text = fc_buffer_text(out);
	if (!*text) {
		return fc_fail_memory(err);
	}
	return strlen(*text) == out->length
		       ? FC_OK
		       : fc_fail(err, FC_INVALID_ARGUMENT, "the file contains a NUL byte");
}

enum fc_status config_read(struct config *config, const char *path, enum setting_source source,
			   struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	const char *text = NULL;
	struct fc_error fault = { 0 };
	FC_TRY(fc_array_grow(&config->files, sizeof(*config->files), config->file_count,
			     &config->file_capacity, err));
	char *file = strdup(path);
	if (!file) {
		return fc_fail_memory(err);
	}
	config->files[config->file_count++] = file;

	enum fc_status status = read_text(path, &bytes, &text, &fault);
	if (status == FC_NO_MEMORY) {
		return fc_fail_memory(err);
	}
	if (status != FC_OK) {
		/* a mistake of the user, unless the system refuses to read the file */
		bool denied = status == FC_UNREADABLE && access(path, R_OK) != 0 && errno == EACCES;
		const struct config_problem unreadable = {
			.file = file,
			.status = denied            ? FC_PERMISSION
				  : status == FC_IO ? FC_IO
						    : FC_INVALID_ARGUMENT,
			.text = fault.text,
		};
		return note(config, &unreadable, err);
	}
	struct reader reader = {
		.config = config,
		.file = file,
		.source = source,
		.rest = text,
		.err = err,
	};
	/* keys may be indented, as in git's configuration; without this inih reads them as continuation lines */
	ini_allow_multiline = false;
	ini_max_line = CONFIG_LINE_MAXIMUM;
	FC_IGNORE(ini_parse_stream(next_line, &reader, on_line, &reader));
	judge_line(&reader);
	return reader.status;
}

const char *config_subsection(const char *section, const char *group, size_t *length)
{
	size_t word = strlen(group);
	if (strncmp(section, group, word) != 0 || section[word] != ' ') {
		return NULL;
	}
	const char *name = section + word + strspn(section + word, " \t");
	size_t size = strlen(name);
	if (size < 3 || name[0] != '"' || name[size - 1] != '"') {
		return NULL;
	}
	*length = size - 2;
	return name + 1;
}

char *config_expand_home(const char *text)
{
	const char *home = getenv("HOME");
	FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
	bool at_start = true;
	for (const char *cursor = text; *cursor != '\0'; cursor++) {
		if (at_start && home && cursor[0] == '~' && cursor[1] == '/') {
			fc_buffer_append_text(&out, home);
		} else {
			fc_buffer_append(&out, cursor, 1);
		}
		at_start = *cursor == ':';
	}
	return fc_buffer_steal_text(&out);
}
