/* Global options: command line before environment before configuration before default. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"
#include "usual_limits.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "config/settings.h"
#include "vision/face.h"

static char folder[] = "/tmp/facectl-settings-XXXXXX";

static int set_up(void **state)
{
	(void)state;
	for (const struct option_row *row = setting_rows; row->type != OPTION_END; row++) {
		if (row->variable) {
			unsetenv(row->variable);
		}
	}
	unsetenv("XDG_DATA_HOME");
	unsetenv("XDG_CONFIG_HOME");
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	if (!mkdtemp(folder)) {
		return -1;
	}
	return setenv("HOME", folder, 1);
}

static int tear_down(void **state)
{
	char command[128];
	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

static void write_config(const char *name, const char *text)
{
	char path[256];
	snprintf(path, sizeof(path), "%s/.config/facectl", folder);
	assert_int_equal(fc_make_directories(path, 0700, NULL), FC_OK);
	snprintf(path, sizeof(path), "%s/.config/facectl/%s", folder, name);
	assert_int_equal(fc_file_replace(path, text, strlen(text), 0600, NULL), FC_OK);
}

struct outcome {
	enum fc_status status;
	struct settings settings;
	struct fc_error err;
};

static struct outcome resolve(const char *word)
{
	struct outcome outcome = { 0 };
	char *argv[1];
	memcpy(&argv[0], &word, sizeof(argv[0]));
	const struct option_scope scope = { setting_rows, &outcome.settings,
					    outcome.settings.given };
	assert_int_equal(options_parse(NULL, word ? 1 : 0, argv, &scope, 1, &outcome.err), FC_OK);
	outcome.status = settings_resolve(&outcome.settings, &outcome.err);
	return outcome;
}

static void without_anything_the_defaults_hold(void **state)
{
	(void)state;
	char gallery[256];
	struct outcome a = resolve(NULL);
	assert_int_equal(a.status, FC_OK);
	snprintf(gallery, sizeof(gallery), "%s/.local/share/facectl/gallery", folder);
	assert_string_equal(a.settings.gallery, gallery);
	assert_string_equal(a.settings.service, "local");
	assert_null(a.settings.embedder);
	assert_int_equal(a.settings.format, FORMAT_TEXT);
	assert_false(a.settings.jobs.given);
	assert_int_equal(a.settings.max_file_size.value, usual_limits.bytes);
	assert_int_equal(a.settings.max_pixels.value, usual_limits.pixels);
	assert_int_equal(a.settings.max_side.value, usual_limits.side);
	assert_int_equal(a.settings.lock_timeout.value, 30000);
	settings_release(&a.settings);
}

static void the_command_line_goes_before_the_environment_and_that_before_the_file(void **state)
{
	(void)state;
	write_config("facectl.conf", "[core]\n\tformat = tsv\n[models]\ndetector = from-file\n"
				     "[limits]\nmax-side = 5\n");
	struct outcome file = resolve(NULL);
	assert_int_equal(file.status, FC_OK);
	assert_int_equal(file.settings.format, FORMAT_TSV);
	assert_string_equal(file.settings.detector, "from-file");
	assert_int_equal(file.settings.max_side.value, 5);
	settings_release(&file.settings);

	setenv("FACECTL_DETECTOR", "from-environment", 1);
	setenv("FACECTL_MAX_SIDE", "6", 1);
	struct outcome environment = resolve(NULL);
	assert_string_equal(environment.settings.detector, "from-environment");
	assert_int_equal(environment.settings.max_side.value, 6);
	assert_int_equal(environment.settings.format, FORMAT_TSV);
	settings_release(&environment.settings);

	struct outcome line = resolve("--detector=from-line");
	assert_string_equal(line.settings.detector, "from-line");
	settings_release(&line.settings);
}

static void a_file_that_is_named_replaces_the_users(void **state)
{
	(void)state;
	char word[256];
	write_config("facectl.conf", "[models]\ndetector = users\nembedder = users\n");
	write_config("other.conf", "[models]\ndetector = named\n");
	snprintf(word, sizeof(word), "--config=%s/.config/facectl/other.conf", folder);
	struct outcome a = resolve(word);
	assert_int_equal(a.status, FC_OK);
	assert_string_equal(a.settings.detector, "named");
	assert_null(a.settings.embedder);
	settings_release(&a.settings);

	struct outcome missing = resolve("--config=/nonexistent/facectl.conf");
	assert_int_equal(missing.status, FC_INVALID_ARGUMENT);
	assert_non_null(strstr(missing.err.text, "/nonexistent/facectl.conf"));
	settings_release(&missing.settings);
}

static void the_last_line_of_a_file_counts_and_the_home_folder_is_spelled_out(void **state)
{
	(void)state;
	char expected[256];
	write_config("facectl.conf",
		     "# a comment\n[core]\ngallery = /one\n  gallery = ~/two ; here\n"
		     "[models]\nmodel-path = ~/a:~/b:/c~/d\n");
	struct outcome a = resolve(NULL);
	assert_int_equal(a.status, FC_OK);
	snprintf(expected, sizeof(expected), "%s/two", folder);
	assert_string_equal(a.settings.gallery, expected);
	snprintf(expected, sizeof(expected), "%s/a:%s/b:/c~/d", folder, folder);
	assert_string_equal(a.settings.model_path, expected);
	settings_release(&a.settings);
}

static void mistakes_name_the_file_and_the_line(void **state)
{
	(void)state;
	static const struct {
		const char *text, *line, *words;
	} rows[] = {
		{ "[core]\n\ngalery = x\n", "line 3", "did you mean 'core.gallery'?" },
		{ "gallery = x\n", "line 1", "there is no setting '.gallery'" },
		{ "[limits]\nmax-side = many\n", "line 2", "limits.max-side takes a whole number" },
		{ "[core]\nformat = xml\n", "line 2", "must be one of text, json, ndjson, tsv" },
		{ "[core]\nwhat is this\n", "line 2", "expected '[section]' or 'name = value'" },
		{ "[core\njobs = 1\n", "line 1", "']' is missing after the section's name" },
		{ "[core ;]\n", "line 1", "']' is missing before the comment" },
		{ "[core]\nquiet = perhaps\n", "line 2", "must be yes or no" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(rows); i++) {
		write_config("facectl.conf", rows[i].text);
		struct outcome a = resolve(NULL);
		assert_int_equal(a.status, FC_INVALID_ARGUMENT);
		assert_non_null(strstr(a.err.text, "facectl.conf"));
		assert_non_null(strstr(a.err.text, rows[i].line));
		assert_non_null(strstr(a.err.text, rows[i].words));
		settings_release(&a.settings);
	}
}

static void a_long_line_is_read_whole(void **state)
{
	(void)state;
	char text[4100] = "[models]\nmodel-path = /";
	size_t start = strlen(text);
	memset(text + start, 'x', 4000);
	text[start + 4000] = '\0';
	write_config("facectl.conf", text);
	struct outcome a = resolve(NULL);
	assert_int_equal(a.status, FC_OK);
	assert_int_equal(strlen(a.settings.model_path), 4001);
	settings_release(&a.settings);
}

static void a_wrong_variable_is_named_and_an_empty_one_is_none(void **state)
{
	(void)state;
	setenv("FACECTL_JOBS", "0", 1);
	struct outcome a = resolve(NULL);
	assert_int_equal(a.status, FC_INVALID_ARGUMENT);
	assert_non_null(strstr(a.err.text, "FACECTL_JOBS"));
	settings_release(&a.settings);
	setenv("FACECTL_JOBS", "", 1);
	struct outcome b = resolve(NULL);
	assert_int_equal(b.status, FC_OK);
	assert_false(b.settings.jobs.given);
	settings_release(&b.settings);
}

static void a_relative_data_home_is_passed_over(void **state)
{
	(void)state;
	setenv("XDG_DATA_HOME", "relative", 1);
	struct outcome a = resolve(NULL);
	assert_int_equal(strncmp(a.settings.gallery, folder, strlen(folder)), 0);
	settings_release(&a.settings);
	setenv("XDG_DATA_HOME", "/data", 1);
	struct outcome b = resolve(NULL);
	assert_string_equal(b.settings.gallery, "/data/facectl/gallery");
	settings_release(&b.settings);
	unsetenv("XDG_DATA_HOME");
	unsetenv("HOME");
	struct outcome c = resolve(NULL);
	assert_int_equal(c.status, FC_OK);
	assert_null(c.settings.gallery);
	settings_release(&c.settings);
}

/* --max-file-size is FACECTL_MAX_FILE_SIZE. */
static void every_option_has_the_variable_of_its_name(void **state)
{
	(void)state;
	for (const struct option_row *row = setting_rows; row->type != OPTION_END; row++) {
		char expected[64] = "FACECTL_";
		static const char *const of_one_run_names[] = { "help",   "version",   "output",
								"fields", "no-header", "null" };
		bool of_one_run = false;
		if (!row->name) {
			/* a setting that only files have */
			assert_true(row->key && !row->variable);
			continue;
		}
		for (size_t i = 0; i < FC_ARRAY_LENGTH(of_one_run_names); i++) {
			of_one_run = of_one_run || strcmp(row->name, of_one_run_names[i]) == 0;
		}
		size_t length = strlen(expected);
		for (const char *c = row->name; *c != '\0'; c++) {
			expected[length++] = (char)(*c == '-' ? '_' : toupper((unsigned char)*c));
		}
		expected[length] = '\0';
		if (of_one_run) {
			assert_null(row->variable);
		} else {
			assert_string_equal(row->variable, expected);
		}
		assert_true(row->key || of_one_run || strcmp(row->name, "config") == 0);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_anything_the_defaults_hold),
		TEST(the_command_line_goes_before_the_environment_and_that_before_the_file),
		TEST(a_file_that_is_named_replaces_the_users),
		TEST(the_last_line_of_a_file_counts_and_the_home_folder_is_spelled_out),
		TEST(mistakes_name_the_file_and_the_line),
		TEST(a_long_line_is_read_whole),
		TEST(a_wrong_variable_is_named_and_an_empty_one_is_none),
		TEST(a_relative_data_home_is_passed_over),
		TEST(every_option_has_the_variable_of_its_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
