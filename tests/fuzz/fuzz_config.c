/* Any bytes as a configuration file: each line is a setting, a remark or a problem with its place, and what config set writes is read back. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "config/config.h"
#include "config/edit.h"
#include "fuzz.h"

static const struct config_setting setting = { "service \"a\"", "url", "https://b" };

static bool is_setting(const struct config_line *line)
{
	return strcmp(line->section, setting.section) == 0 && strcmp(line->name, setting.name) == 0;
}

/* The last line that sets it; the count when none does. */
static size_t last_of(const struct config *config)
{
	for (size_t i = config->line_count; i > 0; i--) {
		if (is_setting(&config->lines[i - 1])) {
			return i - 1;
		}
	}
	return config->line_count;
}

static void read_config(const void *data, size_t size, struct config *out)
{
	char path[64];
	struct fc_error err = { 0 };
	int fd = memfd_create("config", MFD_CLOEXEC);
	FUZZ_CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	FUZZ_CHECK(snprintf(path, sizeof(path), "/proc/self/fd/%d", fd) > 0);
	FUZZ_CHECK(config_read(out, path, SOURCE_USER_FILE, &err) == FC_OK);
	FUZZ_CHECK(close(fd) == 0);
}

static void check_lines(const struct config *config, size_t size)
{
	unsigned number = 0;
	FUZZ_CHECK(config->file_count == 1 && config->line_count <= size);
	for (size_t i = 0; i < config->line_count; i++) {
		const struct config_line *line = &config->lines[i];
		size_t length = 0;
		FUZZ_CHECK(line->file == config->files[0] && line->number > number);
		number = line->number;
		const char *name = config_subsection(line->section, "service", &length);
		FUZZ_CHECK(!name || name + length + 1 == line->section + strlen(line->section));
		FC_CLEANUP(fc_free) char *expanded = config_expand_home(line->value);
		FUZZ_CHECK(expanded);
	}
}

static void check_problems(const struct config *config)
{
	struct fc_error err = { 0 };
	unsigned number = 0;
	for (size_t i = 0; i < config->problem_count; i++) {
		const struct config_problem *problem = &config->problems[i];
		FUZZ_CHECK(problem->text[0] != '\0' && !problem->warning);
		FUZZ_CHECK(problem->number > number || config->problem_count == 1);
		number = problem->number;
	}
	bool sound = config->problem_count == 0;
	FUZZ_CHECK(config_verdict(config, &err) == (sound ? FC_OK : FC_INVALID_ARGUMENT));
}

/* The setting has its value, and every other line says what it said. */
static void check_edit(const struct config *before, const uint8_t *data, size_t size)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer edited = { 0 };
	FC_CLEANUP(config_release) struct config after = { 0 };
	fc_buffer_append(&text, data, size);
	config_text_set(fc_buffer_text(&text), &setting, &edited);
	FUZZ_CHECK(fc_buffer_ok(&edited));
	read_config(edited.data, edited.length, &after);
	size_t old = last_of(before);
	size_t changed = last_of(&after);
	bool added = old == before->line_count;
	FUZZ_CHECK(after.problem_count == 0 && after.line_count == before->line_count + added);
	FUZZ_CHECK(changed < after.line_count && (added || changed == old));
	FUZZ_CHECK(strcmp(after.lines[changed].value, setting.value) == 0);
	for (size_t i = 0; i < before->line_count; i++) {
		const struct config_line *a = &before->lines[i];
		const struct config_line *b = &after.lines[i + (added && i >= changed)];
		FUZZ_CHECK(strcmp(a->section, b->section) == 0 && strcmp(a->name, b->name) == 0);
		FUZZ_CHECK(i == old || strcmp(a->value, b->value) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FC_CLEANUP(config_release) struct config config = { 0 };
	read_config(data, size, &config);
	check_lines(&config, size);
	check_problems(&config);
	if (config.problem_count == 0) {
		check_edit(&config, data, size);
	}
	return 0;
}
