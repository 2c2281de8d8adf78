/* Ignore files. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "service/input/ignore.h"

static char folder[] = "/tmp/facectl-ignore-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static enum fc_status read_text(const char *text, size_t length, struct fc_ignore **out,
				struct fc_error *err)
{
	FC_CLEANUP(fc_fd_close) int fd = open(folder, O_RDONLY | O_DIRECTORY);
	char path[sizeof(folder) + 20];
	snprintf(path, sizeof(path), "%s/" FC_IGNORE_FILE, folder);
	assert_int_equal(fc_file_replace(path, text, length, 0600, NULL), FC_OK);
	enum fc_status status = fc_ignore_read(fd, out, err);
	assert_int_equal(unlink(path), 0);
	return status;
}

/* What the patterns say of each path: s (skip), k (keep), - (nothing). A path that ends in a slash is a folder. */
static void expect(const char *patterns, const char *const *paths, const char *wanted)
{
	struct fc_ignore *ignore = NULL;
	char found[32] = "";
	assert_int_equal(read_text(patterns, strlen(patterns), &ignore, NULL), FC_OK);
	for (size_t i = 0; paths[i]; i++) {
		char path[128];
		size_t length = strlen(paths[i]);
		bool is_folder = paths[i][length - 1] == '/';
		snprintf(path, sizeof(path), "%.*s", (int)(length - is_folder), paths[i]);
		found[i] = "-sk"[fc_ignore_matches(ignore, path, is_folder)];
	}
	fc_ignore_free(ignore);
	assert_string_equal(found, wanted);
}

static void a_pattern_without_a_slash_matches_at_any_depth(void **state)
{
	(void)state;
	const char *const paths[] = {
		"a.jpg", "x/a.jpg", "x/y/a.jpg", "ab.jpg", "x/a.jpg/b", NULL
	};
	expect("a.jpg\n", paths, "sss--");
	expect("?.jpg", paths, "sss--");
	expect("[b-z]*.jpg\na*", paths, "ssss-");
}

static void a_slash_anchors_a_pattern(void **state)
{
	(void)state;
	const char *const paths[] = { "old/", "x/old/", "old", "x/old/a.jpg", "old/a.jpg", NULL };
	expect("/old", paths, "s-s--");
	expect("old/", paths, "ss---");
	expect("old/*.jpg", paths, "----s");
	expect("x/old/", paths, "-s---");
}

static void two_stars_match_any_number_of_folders(void **state)
{
	(void)state;
	const char *const paths[] = { "a/b", "a/x/b", "a/x/y/b", "b", "a", NULL };
	expect("a/**/b", paths, "sss--");
	expect("**/b", paths, "ssss-");
	expect("a/**", paths, "sss--");
	expect("/**/y/**", paths, "--s--");
}

static void the_last_match_decides_and_a_mark_keeps(void **state)
{
	(void)state;
	const char *const paths[] = { "a.png", "good.png", "a.jpg", NULL };
	expect("*.png\n!good.png\n", paths, "sk-");
	expect("!good.png\n*.png\n", paths, "ss-");
}

static void comments_spaces_and_escapes(void **state)
{
	(void)state;
	const char *const paths[] = { "#a", "!b", "c ", "d", NULL };
	expect("# comment\n\n   \n/\n\\#a\n\\!b\nc\\ \nd  \r\n", paths, "ssss");
	expect("\xef\xbb\xbf"
	       "d\r\n",
	       paths, "---s");
}

static void a_file_that_cannot_be_used_is_an_error(void **state)
{
	(void)state;
	struct fc_ignore *ignore = NULL;
	struct fc_error err = { 0 };
	static char large[(1 << 20) + 2];
	memset(large, 'x', sizeof(large));
	assert_int_equal(read_text(large, sizeof(large), &ignore, &err), FC_TOO_LARGE);
	const char stars[] = "a/**/**/**/**/**/b\n";
	assert_int_equal(read_text(stars, strlen(stars), &ignore, &err), FC_INVALID_ARGUMENT);
	FC_CLEANUP(fc_fd_close) int fd = open(folder, O_RDONLY | O_DIRECTORY);
	assert_int_equal(fc_ignore_read(fd, &ignore, NULL), FC_OK);
	assert_null(ignore);
	assert_int_equal(mkdirat(fd, FC_IGNORE_FILE, 0700), 0);
	assert_int_equal(fc_ignore_read(fd, &ignore, NULL), FC_UNREADABLE);
	assert_int_equal(unlinkat(fd, FC_IGNORE_FILE, AT_REMOVEDIR), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pattern_without_a_slash_matches_at_any_depth),
		cmocka_unit_test(a_slash_anchors_a_pattern),
		cmocka_unit_test(two_stars_match_any_number_of_folders),
		cmocka_unit_test(the_last_match_decides_and_a_mark_keeps),
		cmocka_unit_test(comments_spaces_and_escapes),
		cmocka_unit_test(a_file_that_cannot_be_used_is_an_error),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
