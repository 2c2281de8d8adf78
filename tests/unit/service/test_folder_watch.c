/* The photos of a folder as they arrive. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "service/input/file_table.h"
#include "service/input/folder_watch.h"

enum { PATIENT = 30000, SHORT = 100 }; /* milliseconds */

static char root[] = "/tmp/facectl-watch-XXXXXX";

static int make_root(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(root));
	return 0;
}

static int remove_root(void **state)
{
	(void)state;
	char command[64];
	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	return system(command);
}

static char *path_of(const char *name)
{
	char *path = fc_path_join(root, name);
	assert_non_null(path);
	return path;
}

static struct fc_folder_watch *watch_root(void)
{
	const struct fc_folder_watch_options options = { .folder = { .root = root } };
	struct fc_folder_watch *watch = NULL;
	assert_int_equal(fc_folder_watch_open(&options, &watch, NULL), FC_OK);
	return watch;
}

static void put(const char *name, const char *text)
{
	FC_CLEANUP(fc_free) char *path = path_of(name);
	assert_int_equal(fc_file_replace(path, text, strlen(text), 0600, NULL), FC_OK);
}

static void take_away(const char *name)
{
	FC_CLEANUP(fc_free) char *path = path_of(name);
	assert_int_equal(unlink(path), 0);
}

static void assert_next(struct fc_folder_watch *watch, const char *name)
{
	struct fc_folder_photo photo;
	bool found = false;
	assert_int_equal(fc_folder_watch_next(watch, PATIENT, &photo, &found, NULL), FC_OK);
	assert_true(found);
	assert_string_equal(photo.path + strlen(root) + 1, name);
}

static void assert_none(struct fc_folder_watch *watch)
{
	struct fc_folder_photo photo;
	bool found = false;
	assert_int_equal(fc_folder_watch_next(watch, SHORT, &photo, &found, NULL), FC_OK);
	assert_false(found);
}

static void a_renamed_file_arrives_once(void **state)
{
	(void)state;
	FC_CLEANUP(fc_folder_watch_closep) struct fc_folder_watch *watch = watch_root();
	assert_none(watch);
	assert_true(fc_folder_watch_is_idle(watch));
	put("one.jpg", "a photo");
	assert_next(watch, "one.jpg");
	assert_false(fc_folder_watch_is_idle(watch));
	assert_none(watch);
	assert_true(fc_folder_watch_is_idle(watch));
	put("one.jpg", "another");
	assert_next(watch, "one.jpg");
	take_away("one.jpg");
}

static void a_file_that_is_written_arrives_when_it_is_closed(void **state)
{
	(void)state;
	FC_CLEANUP(fc_free) char *path = path_of("written.jpg");
	FC_CLEANUP(fc_folder_watch_closep) struct fc_folder_watch *watch = watch_root();
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fc_fd_write_all(fd, "half", 4));
	assert_none(watch);
	assert_true(fc_fd_write_all(fd, "half", 4));
	assert_none(watch);
	fc_fd_close(&fd);
	assert_next(watch, "written.jpg");
	assert_none(watch);
	take_away("written.jpg");
}

/* The kernel keeps 16384 events by default, and reports only that it lost the others. */
static void photos_arrive_after_lost_events(void **state)
{
	(void)state;
	FC_CLEANUP(fc_free) char *a = path_of("a");
	FC_CLEANUP(fc_free) char *b = path_of("b");
	put("a", "x");
	FC_CLEANUP(fc_folder_watch_closep) struct fc_folder_watch *watch = watch_root();
	assert_none(watch);
	for (int i = 0; i < 20000; i++) {
		assert_int_equal(rename(i % 2 == 0 ? a : b, i % 2 == 0 ? b : a), 0);
	}
	put("two.jpg", "a photo");
	assert_next(watch, "two.jpg");
	put("three.jpg", "a photo");
	assert_next(watch, "three.jpg");
	assert_none(watch);
}

static void a_table_keeps_what_was_seen_in_the_last_round(void **state)
{
	(void)state;
	struct fc_file_table table = { 0 };
	struct fc_table_file *file;
	assert_null(fc_file_table_find(&table, 7));
	for (uint64_t key = 0; key < 5000; key++) {
		assert_int_equal(fc_file_table_add(&table, key, &file, NULL), FC_OK);
		file->round = key % 2 == 0 ? 2 : 1;
		file->state = (uint8_t)(key % 5);
	}
	assert_int_equal(fc_file_table_add(&table, 4, &file, NULL), FC_OK);
	assert_int_equal(table.count, 5000);
	assert_int_equal(fc_file_table_remove_before(&table, 2, NULL), FC_OK);
	assert_int_equal(table.count, 2500);
	for (uint64_t key = 0; key < 5000; key++) {
		file = fc_file_table_find(&table, key);
		assert_int_equal(file != NULL, key % 2 == 0);
		assert_true(!file || file->state == key % 5);
	}
	assert_int_not_equal(fc_file_table_key(1, "a"), fc_file_table_key(2, "a"));
	fc_file_table_release(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_renamed_file_arrives_once),
		cmocka_unit_test(a_file_that_is_written_arrives_when_it_is_closed),
		cmocka_unit_test(photos_arrive_after_lost_events),
		cmocka_unit_test(a_table_keeps_what_was_seen_in_the_last_round),
	};
	return cmocka_run_group_tests(tests, make_root, remove_root);
}
