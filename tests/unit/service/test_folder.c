/* Walking folders of photos: order, persons, and everything that is passed over. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "service/input/folder.h"

static char root[] = "/tmp/facectl-folder-XXXXXX";

/* The folder whose second entry cannot be read, as on a damaged disk; inode 0: none. */
static struct stat damaged;

/* In the place of the C library's, also for the walk. */
struct dirent *readdir(DIR *folder)
{
	static bool begun;
	struct dirent *(*next)(DIR *) = NULL;
	void *symbol = dlsym(RTLD_NEXT, sizeof(off_t) == sizeof(long) ? "readdir" : "readdir64");
	struct stat info;
	memcpy(&next, &symbol, sizeof(next));
	assert_int_equal(fstat(dirfd(folder), &info), 0);
	if (info.st_dev != damaged.st_dev || info.st_ino != damaged.st_ino) {
		return next(folder);
	}
	begun = !begun;
	if (!begun) {
		errno = EIO;
		return NULL;
	}
	return next(folder);
}

static void put(const char *path)
{
	FC_CLEANUP(fc_free) char *whole = fc_path_join(root, path);
	char *slash = strrchr(whole, '/');
	*slash = '\0';
	assert_int_equal(fc_make_directories(whole, 0700, NULL), FC_OK);
	*slash = '/';
	assert_int_equal(fc_file_replace(whole, "x", 1, 0600, NULL), FC_OK);
}

static int make_tree(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(root));
	put("bob/2.jpg");
	put("bob/1.PNG");
	put("anna/deep/er/a.jpeg");
	put("anna/notes.txt");
	put("anna/.hidden.jpg");
	put(".git/x.jpg");
	put("loose.jpg");
	FC_CLEANUP(fc_free) char *loop = fc_path_join(root, "anna/loop");
	FC_CLEANUP(fc_free) char *link = fc_path_join(root, "bob/link.jpg");
	assert_int_equal(symlink("..", loop), 0);
	FC_CLEANUP(fc_free) char *broken = fc_path_join(root, "bob/broken.jpg");
	FC_CLEANUP(fc_free) char *pipe = fc_path_join(root, "bob/pipe.jpg");
	assert_int_equal(symlink("2.jpg", link), 0);
	assert_int_equal(symlink("nowhere.jpg", broken), 0);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	return 0;
}

static int remove_tree(void **state)
{
	(void)state;
	char command[64];
	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	return system(command);
}

/* "person:path below root" of every photo, each on a line. */
static void walk(const struct fc_folder_options *options, struct fc_buffer *lines,
		 struct fc_folder_skipped *skipped)
{
	FC_CLEANUP(fc_folder_closep) struct fc_folder *folder = NULL;
	assert_int_equal(fc_folder_open(options, &folder, NULL), FC_OK);
	bool end = false;
	for (;;) {
		struct fc_folder_photo photo;
		assert_int_equal(fc_folder_next(folder, &photo, &end, NULL), FC_OK);
		if (end) {
			break;
		}
		if (photo.error) {
			const char *cause =
				damaged.st_ino ? "cannot read folder '/" : "cannot open folder '/";
			assert_non_null(strstr(photo.error, cause));
			continue;
		}
		fc_buffer_printf(lines, "%s:%s\n", photo.person ? photo.person : "-",
				 photo.path + strlen(root) + 1);
	}
	*skipped = *fc_folder_skipped(folder);
}

static void folders_are_persons_in_a_stable_order(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer lines = { 0 };
	struct fc_folder_options options = { .root = root, .layout = FC_LAYOUT_DIRS };
	struct fc_folder_skipped skipped;
	walk(&options, &lines, &skipped);
	assert_string_equal(fc_buffer_text(&lines), "anna:anna/deep/er/a.jpeg\n"
						    "bob:bob/1.PNG\n"
						    "bob:bob/2.jpg\n"
						    "-:loose.jpg\n");
	assert_int_equal(skipped.hidden, 2);
	assert_int_equal(skipped.other, 1); /* notes.txt */
	assert_int_equal(skipped.linked, 1);
	assert_int_equal(skipped.linked_files, 1);
	assert_int_equal(skipped.special, 2); /* a pipe, and a link that leads nowhere */
}

static void links_are_followed_on_request_and_never_in_a_loop(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer lines = { 0 };
	struct fc_folder_options options = { .root = root,
					     .layout = FC_LAYOUT_DIRS,
					     .follow_links = true };
	struct fc_folder_skipped skipped;
	walk(&options, &lines, &skipped);
	assert_non_null(strstr(fc_buffer_text(&lines), "bob:bob/link.jpg\n"));
	assert_int_equal(skipped.loops, 1);
	assert_int_equal(skipped.linked, 0);
	assert_int_equal(skipped.linked_files, 0);
}

static void patterns_select_by_the_path_below_the_root(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer lines = { 0 };
	const char *include[] = { "*.jpg", "*.jpeg" };
	const char *exclude[] = { "bob/l*" };
	struct fc_folder_options options = {
		.root = root,
		.layout = FC_LAYOUT_DIRS,
		.include = include,
		.include_count = 2,
		.exclude = exclude,
		.exclude_count = 1,
		.follow_links = true,
	};
	struct fc_folder_skipped skipped;
	walk(&options, &lines, &skipped);
	assert_string_equal(fc_buffer_text(&lines), "anna:anna/deep/er/a.jpeg\n"
						    "bob:bob/2.jpg\n"
						    "-:loose.jpg\n");
	assert_int_equal(skipped.excluded, 2);
}

static void flat_names_lose_their_number(void **state)
{
	(void)state;
	static const char *const names[][2] = {
		{ "flat/anna_01.jpg", "anna:flat/anna_01.jpg\n" },
		{ "flat/anna-2.jpg", "anna:flat/anna-2.jpg\n" },
		{ "flat/bob3.jpg", "bob:flat/bob3.jpg\n" },
		{ "flat/42.jpg", "42:flat/42.jpg\n" },
		/* A number that is the person's own stays. */
		{ "flat/person_12.jpg", "person_12:flat/person_12.jpg\n" },
		{ "flat/person7.jpg", "person7:flat/person7.jpg\n" },
		{ "flat/person7-03.jpg", "person7:flat/person7-03.jpg\n" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(names); i++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer lines = { 0 };
		struct fc_folder_options options = {
			.root = root,
			.layout = FC_LAYOUT_FLAT,
			.include = &names[i][0],
			.include_count = 1,
		};
		struct fc_folder_skipped skipped;
		put(names[i][0]);
		walk(&options, &lines, &skipped);
		assert_string_equal(fc_buffer_text(&lines), names[i][1]);
	}
}

static void a_pattern_finds_the_person_in_a_flat_name(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *wanted;
	} cases[] = {
		{ "^[0-9]+-([a-z]+)", "cat:pattern/2019-cat.jpg\n" },
		{ "[a-z]+", "cat:pattern/2019-cat.jpg\n" },
		{ "^dog", "-:pattern/2019-cat.jpg\n" },
		{ "(dog)?", "-:pattern/2019-cat.jpg\n" },
	};
	const char *include[] = { "pattern/*" };
	put("pattern/2019-cat.jpg");
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer lines = { 0 };
		struct fc_folder_options options = {
			.root = root,
			.layout = FC_LAYOUT_FLAT,
			.pattern = cases[i].pattern,
			.include = include,
			.include_count = 1,
		};
		struct fc_folder_skipped skipped;
		walk(&options, &lines, &skipped);
		assert_string_equal(fc_buffer_text(&lines), cases[i].wanted);
	}
	struct fc_folder *folder = NULL;
	struct fc_folder_options wrong = { .root = root, .layout = FC_LAYOUT_FLAT, .pattern = "(" };
	assert_int_equal(fc_folder_open(&wrong, &folder, NULL), FC_INVALID_ARGUMENT);
	assert_null(folder);
}

/* Deeper than paths may be long: what cannot be reached is counted, and nothing else suffers. */
static void folders_that_lie_too_deep_are_counted(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer lines = { 0 };
	const char *include[] = { "loose.jpg" };
	struct fc_folder_options options = { .root = root, .include = include, .include_count = 1 };
	struct fc_folder_skipped skipped;
	char name[201] = "";
	memset(name, 'd', sizeof(name) - 1);
	int here = open(root, O_RDONLY | O_DIRECTORY);
	for (size_t i = 0; i < 22; i++) {
		assert_int_equal(mkdirat(here, name, 0700), 0);
		int next = openat(here, name, O_RDONLY | O_DIRECTORY);
		assert_true(next >= 0);
		assert_int_equal(close(here), 0);
		here = next;
	}
	assert_int_equal(close(here), 0);
	walk(&options, &lines, &skipped);
	assert_string_equal(fc_buffer_text(&lines), "-:loose.jpg\n");
	assert_int_equal(skipped.unreadable, 1);
	/* An excluded folder is not reported. */
	const char *exclude[] = { "ddd*" };
	options.exclude = exclude;
	options.exclude_count = 1;
	uint64_t excluded = skipped.excluded;
	fc_buffer_release(&lines);
	walk(&options, &lines, &skipped);
	assert_int_equal(skipped.unreadable, 0);
	assert_int_equal(skipped.excluded, excluded + 1);
}

static void a_folder_that_cannot_be_read_to_its_end_is_skipped(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer lines = { 0 };
	FC_CLEANUP(fc_free) char *anna = fc_path_join(root, "anna");
	struct fc_folder_options options = { .root = root, .layout = FC_LAYOUT_DIRS };
	struct fc_folder_skipped skipped;
	assert_int_equal(stat(anna, &damaged), 0);
	walk(&options, &lines, &skipped);
	assert_string_equal(fc_buffer_text(&lines), "bob:bob/1.PNG\n"
						    "bob:bob/2.jpg\n"
						    "-:loose.jpg\n");
	assert_int_equal(skipped.unreadable, 1);

	struct fc_folder *folder = NULL;
	struct fc_error err = { 0 };
	assert_int_equal(stat(root, &damaged), 0);
	assert_int_equal(fc_folder_open(&options, &folder, &err), FC_UNREADABLE);
	assert_non_null(strstr(err.text, "cannot read folder '/"));
	damaged = (struct stat){ 0 };
}

static void a_missing_root_or_a_file_is_refused(void **state)
{
	(void)state;
	struct fc_folder *folder = NULL;
	FC_CLEANUP(fc_free) char *file = fc_path_join(root, "loose.jpg");
	struct fc_folder_options missing = { .root = "/nonexistent" };
	struct fc_folder_options no_folder = { .root = file };
	assert_int_equal(fc_folder_open(&missing, &folder, NULL), FC_UNREADABLE);
	assert_int_equal(fc_folder_open(&no_folder, &folder, NULL), FC_UNREADABLE);
	assert_null(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folders_are_persons_in_a_stable_order),
		cmocka_unit_test(a_folder_that_cannot_be_read_to_its_end_is_skipped),
		cmocka_unit_test(links_are_followed_on_request_and_never_in_a_loop),
		cmocka_unit_test(patterns_select_by_the_path_below_the_root),
		cmocka_unit_test(flat_names_lose_their_number),
		cmocka_unit_test(a_pattern_finds_the_person_in_a_flat_name),
		cmocka_unit_test(folders_that_lie_too_deep_are_counted),
		cmocka_unit_test(a_missing_root_or_a_file_is_refused),
	};
	return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
