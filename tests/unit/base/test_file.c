/* Opening, limited reading, atomic replacement, directories. */
/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "unit.h"

enum { NOBODY = 65534 };

/* Each test runs in its own empty directory. */
struct scratch {
	char path[64];
	int before;
};

static int enter_scratch(void **state)
{
	struct scratch *scratch = calloc(1, sizeof(*scratch));
	if (!scratch) {
		return -1;
	}
	snprintf(scratch->path, sizeof(scratch->path), "/tmp/facectl-test-file.XXXXXX");
	scratch->before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*state = scratch;
	return scratch->before >= 0 && mkdtemp(scratch->path) && chdir(scratch->path) == 0 ? 0 : -1;
}

static int leave_scratch(void **state)
{
	struct scratch *scratch = *state;
	char command[128];
	snprintf(command, sizeof(command), "rm -rf '%s'", scratch->path);
	int left = fchdir(scratch->before);
	close(scratch->before);
	int removed = system(command);
	free(scratch);
	return left == 0 && removed == 0 ? 0 : -1;
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static int entries_here(void)
{
	DIR *directory = opendir(".");
	int count = 0;
	assert_non_null(directory);
	for (struct dirent *entry; (entry = readdir(directory));) {
		count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	}
	closedir(directory);
	return count;
}

static void a_regular_file_is_read_completely(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	write_file("a", "some bytes");
	assert_int_equal(fc_file_read("a", 10, &bytes, NULL), FC_OK);
	assert_string_equal(fc_buffer_text(&bytes), "some bytes");
}

static void opening_gives_the_size_and_a_cloexec_descriptor(void **state)
{
	(void)state;
	FC_CLEANUP(fc_fd_close) int fd = -1;
	uint64_t size = 0;
	write_file("a", "12345");
	assert_int_equal(fc_file_open("a", &fd, &size, NULL), FC_OK);
	assert_int_equal(size, 5);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
}

static void a_file_over_the_limit_is_refused(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	struct fc_error err = { 0 };
	write_file("a", "some bytes");
	assert_int_equal(fc_file_read("a", 9, &bytes, &err), FC_TOO_LARGE);
	assert_string_equal(err.text, "'a' is larger than 9 bytes");
}

static void assert_unreadable(const char *path, const char *reason)
{
	struct fc_error err = { 0 };
	int fd = -7;
	uint64_t size = 7;
	assert_int_equal(fc_file_open(path, &fd, &size, &err), FC_UNREADABLE);
	assert_int_equal(fd, -7);
	assert_int_equal(size, 7);
	assert_string_equal(err.text, reason);
}

static void a_fifo_directory_or_device_is_refused_without_blocking(void **state)
{
	(void)state;
	assert_int_equal(mkfifo("fifo.jpg", 0600), 0);
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "socket" };
	FC_CLEANUP(fc_fd_close) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);

	assert_unreadable("fifo.jpg", "'fifo.jpg' is a FIFO, not a regular file");
	assert_unreadable("folder", "'folder' is a directory, not a regular file");
	assert_unreadable("/dev/null", "'/dev/null' is a device, not a regular file");
	assert_unreadable("socket", "'socket' is a socket or device, not a regular file");
	assert_unreadable("missing", "cannot open 'missing': No such file or directory");
	assert_unreadable("dangling", "cannot open 'dangling': No such file or directory");
	assert_unreadable("", "cannot open '': No such file or directory");
}

static void a_file_without_permission_is_refused(void **state)
{
	(void)state;
	write_file("secret", "x");
	assert_int_equal(chmod("secret", 0), 0);
	uid_t user = geteuid();
	if (user == 0) { /* root can read every file: try it as another user */
		assert_int_equal(chmod(".", 0755), 0);
		assert_int_equal(seteuid(NOBODY), 0);
	}
	struct fc_error err = { 0 };
	int fd = -7;
	enum fc_status status = fc_file_open("secret", &fd, NULL, &err);
	assert_int_equal(seteuid(user), 0);
	assert_int_equal(status, FC_UNREADABLE);
	assert_int_equal(fd, -7);
	assert_string_equal(err.text, "cannot open 'secret': Permission denied");
}

static void replacing_creates_or_changes_a_file_and_leaves_no_other(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	struct stat info;
	assert_int_equal(fc_file_replace("a", "old", 3, 0600, NULL), FC_OK);
	assert_int_equal(fc_file_replace("a", "newer", 5, 0640, NULL), FC_OK);
	assert_int_equal(fc_file_read("a", 100, &bytes, NULL), FC_OK);
	assert_string_equal(fc_buffer_text(&bytes), "newer");
	assert_int_equal(stat("a", &info), 0);
	assert_int_equal(info.st_mode & 07777, 0640);
	assert_int_equal(entries_here(), 1);
}

static void a_replacement_that_fails_leaves_the_old_file(void **state)
{
	(void)state;
	struct fc_error err = { 0 };
	assert_int_equal(mkdir("folder", 0700), 0);
	write_file("folder/inside", "kept");
	assert_int_equal(fc_file_replace("folder", "x", 1, 0600, &err), FC_IO);
	assert_int_equal(access("folder/inside", F_OK), 0);
	assert_int_equal(entries_here(), 1);
	assert_int_equal(fc_file_replace("missing/a", "x", 1, 0600, &err), FC_IO);
	assert_non_null(strstr(err.text, "missing/a"));
}

/* Like kill -9. */
static void a_killed_process_leaves_no_temporary_file(void **state)
{
	(void)state;
	int fd = open(".", O_TMPFILE | O_RDWR, 0600);
	if (fd < 0) {
		print_message("skipped: this file system knows no files without names\n");
		skip();
	}
	assert_int_equal(close(fd), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct fc_file_draft draft = { 0 };
		bool written = fc_file_draft_open("a", 0600, &draft, NULL) == FC_OK &&
			       write(draft.fd, "half", 4) == 4;
		_exit(written ? 0 : 1);
	}
	int ended = -1;
	assert_int_equal(waitpid(child, &ended, 0), child);
	assert_int_equal(ended, 0);
	assert_int_equal(entries_here(), 0);
}

static void a_replaced_link_becomes_a_file_and_its_target_stays(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	struct stat info;
	write_file("target", "untouched");
	assert_int_equal(symlink("target", "link"), 0);
	assert_int_equal(fc_file_replace("link", "new", 3, 0600, NULL), FC_OK);
	assert_int_equal(lstat("link", &info), 0);
	assert_true(S_ISREG(info.st_mode));
	assert_int_equal(fc_file_read("target", 100, &bytes, NULL), FC_OK);
	assert_string_equal(fc_buffer_text(&bytes), "untouched");
}

static void a_pipe_or_device_is_written_and_not_replaced(void **state)
{
	(void)state;
	struct stat info;
	char text[8] = "";
	assert_int_equal(mkfifo("pipe", 0600), 0);
	int fd = open("pipe", O_RDWR | O_NONBLOCK);
	assert_true(fd >= 0);
	assert_int_equal(symlink("pipe", "link"), 0);
	assert_int_equal(fc_file_replace("pipe", "one", 3, 0600, NULL), FC_OK);
	assert_int_equal(fc_file_replace("link", "two", 3, 0600, NULL), FC_OK);
	assert_int_equal(read(fd, text, sizeof(text)), 6);
	assert_string_equal(text, "onetwo");
	assert_int_equal(stat("pipe", &info), 0);
	assert_true(S_ISFIFO(info.st_mode));
	assert_int_equal(lstat("link", &info), 0);
	assert_true(S_ISLNK(info.st_mode));
	assert_int_equal(close(fd), 0);
	assert_int_equal(entries_here(), 2);
}

/* Like /dev/stdout, but in a folder where a file could replace it. */
static void a_link_to_an_open_file_stays_a_link(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	char target[64];
	struct stat info;
	write_file("open", "before ");
	int fd = open("open", O_RDWR);
	assert_true(fd >= 0);
	snprintf(target, sizeof(target), "/proc/self/fd/%d", fd);
	assert_int_equal(symlink(target, "link"), 0);
	assert_int_equal(fc_file_replace("link", "after!", 6, 0600, NULL), FC_OK);
	assert_int_equal(close(fd), 0);
	assert_int_equal(lstat("link", &info), 0);
	assert_true(S_ISLNK(info.st_mode));
	assert_int_equal(fc_file_read("open", 100, &bytes, NULL), FC_OK);
	assert_string_equal(fc_buffer_text(&bytes), "before after!");
}

static void missing_directories_are_made_with_their_mode(void **state)
{
	(void)state;
	struct stat info;
	mode_t before = umask(0);
	enum fc_status status = fc_make_directories("a/b/c", 0700, NULL);
	umask(before);
	assert_int_equal(status, FC_OK);
	assert_int_equal(stat("a/b", &info), 0);
	assert_int_equal(info.st_mode & 07777, 0700);
	assert_int_equal(fc_make_directories("a/b/c", 0700, NULL), FC_OK);
	assert_int_equal(fc_make_directories("a/b/d/", 0700, NULL), FC_OK);
	assert_int_equal(stat("a/b/d", &info), 0);
	assert_int_equal(fc_make_directories("/", 0700, NULL), FC_OK);
}

static void a_file_in_the_way_of_a_directory_is_an_error(void **state)
{
	(void)state;
	struct fc_error err = { 0 };
	write_file("a", "x");
	assert_int_equal(fc_make_directories("a", 0700, &err), FC_IO);
	assert_string_equal(err.text, "'a' is not a directory");
	assert_int_equal(fc_make_directories("a/b", 0700, &err), FC_IO);
	assert_int_equal(fc_make_directories("", 0700, &err), FC_IO);
}

static void assert_join(const char *directory, const char *name, const char *expected)
{
	FC_CLEANUP(fc_free) char *path = fc_path_join(directory, name);
	assert_string_equal(path, expected);
}

static void paths_join_with_one_slash_and_end_in_a_name(void **state)
{
	(void)state;
	assert_join("a", "b", "a/b");
	assert_join("a/", "b", "a/b");
	assert_join("/", "b", "/b");
	assert_string_equal(fc_path_name("a/b.jpg"), "b.jpg");
	assert_string_equal(fc_path_name("b.jpg"), "b.jpg");
	assert_string_equal(fc_path_name("a/"), "");
}

static void a_file_in_memory_cannot_be_changed(void **state)
{
	(void)state;
	FC_CLEANUP(fc_fd_close) int fd = fc_file_in_memory("bytes", 5);
	char text[8] = "";
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "other", 5), -1);
	assert_int_equal(ftruncate(fd, 0), -1);
	assert_int_equal(pread(fd, text, sizeof(text), 0), 5);
	assert_string_equal(text, "bytes");
}

#define in_scratch(test) cmocka_unit_test_setup_teardown(test, enter_scratch, leave_scratch)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_scratch(a_regular_file_is_read_completely),
		in_scratch(opening_gives_the_size_and_a_cloexec_descriptor),
		in_scratch(a_file_over_the_limit_is_refused),
		in_scratch(a_fifo_directory_or_device_is_refused_without_blocking),
		in_scratch(a_file_without_permission_is_refused),
		in_scratch(replacing_creates_or_changes_a_file_and_leaves_no_other),
		in_scratch(a_replacement_that_fails_leaves_the_old_file),
		in_scratch(a_killed_process_leaves_no_temporary_file),
		in_scratch(a_replaced_link_becomes_a_file_and_its_target_stays),
		in_scratch(a_pipe_or_device_is_written_and_not_replaced),
		in_scratch(a_link_to_an_open_file_stays_a_link),
		in_scratch(missing_directories_are_made_with_their_mode),
		in_scratch(a_file_in_the_way_of_a_directory_is_an_error),
		cmocka_unit_test(a_file_in_memory_cannot_be_changed),
		cmocka_unit_test(paths_join_with_one_slash_and_end_in_a_name),
	};
	return cmocka_run_group_tests_name("base/file", tests, NULL, NULL);
}
