/* One setting changed, everything else kept. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "config/edit.h"

static const struct config_setting setting = { "models", "embedder", "sface" };

static void becomes(const char *before, const char *after)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
	config_text_set(before, &setting, &out);
	assert_string_equal(fc_buffer_text(&out), after);
}

static void the_line_that_sets_it_is_changed_alone(void **state)
{
	(void)state;
	becomes("[core]\n\tquiet = yes\n[models]\n# why\nembedder=a\n\tdetector = d\n",
		"[core]\n\tquiet = yes\n[models]\n# why\n\tembedder = sface\n\tdetector = d\n");
	becomes("[models]\n\tembedder = a", "[models]\n\tembedder = sface\n");
}

static void the_last_line_counts(void **state)
{
	(void)state;
	becomes("[models]\nembedder = a\n[core]\njobs = 1\n[models]\nembedder : b\n",
		"[models]\nembedder = a\n[core]\njobs = 1\n[models]\n\tembedder = sface\n");
}

static void a_comment_behind_the_value_stays(void **state)
{
	(void)state;
	becomes("[models]\nembedder = a ; it is fast = yes\ndetector = d\n",
		"[models]\n\tembedder = sface ; it is fast = yes\ndetector = d\n");
	becomes("[models]\nembedder: a\t\t; why; who \r\n",
		"[models]\n\tembedder = sface\t\t; why; who\n");
	becomes("[models]\nembedder = ;", "[models]\n\tembedder = sface ;\n");
	/* without a blank before it there is none, nor on the next line */
	becomes("[models]\nembedder = a;b\n; x\n", "[models]\n\tembedder = sface\n; x\n");
	becomes("[models]\nembedder =;b # c", "[models]\n\tembedder = sface\n");
}

static void a_mark_and_odd_blanks_are_passed_over_as_in_reading(void **state)
{
	(void)state;
	becomes("\xEF\xBB\xBF[models]\nembedder = a\n",
		"\xEF\xBB\xBF[models]\n\tembedder = sface\n");
	becomes("\v[models]\r\n\fembedder\v= a\r\n", "\v[models]\r\n\tembedder = sface\n");
}

static void other_sections_comments_and_longer_names_are_left_alone(void **state)
{
	(void)state;
	becomes("[core]\nembedder = a\n[models]\n; embedder = b\n#embedder = c\nembedder2 = d\n",
		"[core]\nembedder = a\n[models]\n; embedder = b\n#embedder = c\n"
		"embedder2 = d\n\tembedder = sface\n");
}

static void a_new_line_comes_last_in_its_section(void **state)
{
	(void)state;
	becomes("[models]\n\tdetector = a\n\n# of the core\n[core]\n\tjobs = 1\n",
		"[models]\n\tdetector = a\n\tembedder = sface\n\n# of the core\n[core]\n"
		"\tjobs = 1\n");
	becomes("[models]", "[models]\n\tembedder = sface\n");
}

static void a_missing_section_comes_last(void **state)
{
	(void)state;
	becomes("", "[models]\n\tembedder = sface\n");
	becomes("[core]\n\tjobs = 1", "[core]\n\tjobs = 1\n\n[models]\n\tembedder = sface\n");
}

static void a_file_is_made_with_its_folder_and_keeps_its_mode(void **state)
{
	(void)state;
	char folder[] = "/tmp/facectl-config-XXXXXX";
	char command[64];
	struct stat info;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	assert_non_null(mkdtemp(folder));
	FC_CLEANUP(fc_free) char *path = fc_path_join(folder, "a/b.conf");
	FC_CLEANUP(fc_free) char *link = fc_path_join(folder, "link.conf");
	assert_int_equal(config_file_set(path, &setting, NULL), FC_OK);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(symlink("a/b.conf", link), 0);
	const struct config_setting other = { "core", "jobs", "2" };
	assert_int_equal(config_file_set(link, &other, NULL), FC_OK);
	assert_int_equal(fc_file_read(path, 1000, &text, NULL), FC_OK);
	assert_string_equal(fc_buffer_text(&text),
			    "[models]\n\tembedder = sface\n\n[core]\n\tjobs = 2\n");
	assert_int_equal(lstat(link, &info), 0);
	assert_true(S_ISLNK(info.st_mode));
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0640);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	assert_int_equal(system(command), 0);
}

static void changes_at_the_same_time_are_all_kept(void **state)
{
	(void)state;
	enum { PROCESSES = 4, CHANGES = 10 };
	char folder[] = "/tmp/facectl-edit-XXXXXX";
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	pid_t processes[PROCESSES];
	assert_non_null(mkdtemp(folder));
	FC_CLEANUP(fc_free) char *path = fc_path_join(folder, "facectl.conf");
	for (int i = 0; i < PROCESSES; i++) {
		processes[i] = fork();
		for (int k = 0; processes[i] == 0 && k < CHANGES; k++) {
			char name[32];
			snprintf(name, sizeof(name), "key-%d-%d", i, k);
			const struct config_setting change = { "core", name, "1" };
			if (config_file_set(path, &change, NULL) != FC_OK) {
				_exit(1);
			}
		}
		if (processes[i] == 0) {
			_exit(0);
		}
	}
	for (int i = 0; i < PROCESSES; i++) {
		int status = 0;
		assert_int_equal(waitpid(processes[i], &status, 0), processes[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(fc_file_read(path, 65536, &text, NULL), FC_OK);
	size_t count = 0;
	for (const char *at = fc_buffer_text(&text); (at = strstr(at, "key-")) != NULL; at++) {
		count++;
	}
	assert_int_equal(count, PROCESSES * CHANGES);
	assert_int_equal(unlink(path) | rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_line_that_sets_it_is_changed_alone),
		cmocka_unit_test(the_last_line_counts),
		cmocka_unit_test(a_comment_behind_the_value_stays),
		cmocka_unit_test(a_mark_and_odd_blanks_are_passed_over_as_in_reading),
		cmocka_unit_test(other_sections_comments_and_longer_names_are_left_alone),
		cmocka_unit_test(a_new_line_comes_last_in_its_section),
		cmocka_unit_test(a_missing_section_comes_last),
		cmocka_unit_test(a_file_is_made_with_its_folder_and_keeps_its_mode),
		cmocka_unit_test(changes_at_the_same_time_are_all_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
