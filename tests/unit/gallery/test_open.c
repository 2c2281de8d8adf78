/* What may be opened as a gallery, what may become one, and what is left alone. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void expect_open(const struct scratch *scratch, enum fc_gallery_mode mode,
			enum fc_status expected, const char *text)
{
	struct fc_gallery *gallery = NULL;
	struct fc_error err = { 0 };
	enum fc_status status = try_open(scratch, mode, &gallery, &err);
	if (status != expected || (text && !strstr(err.text, text))) {
		fail_msg("%s instead of %s (%s): %s", fc_status_name(status),
			 fc_status_name(expected), text ? text : "", err.text);
	}
	fc_gallery_close(gallery);
}

static void create(const struct scratch *scratch)
{
	fc_gallery_close(must_open(scratch, FC_GALLERY_CREATE));
}

static void create_with_a_face(const struct scratch *scratch)
{
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	must_enrol(gallery, "5", 1, 1);
	fc_gallery_close(gallery);
}

static unsigned mode_of(const char *path)
{
	struct stat info;
	assert_int_equal(lstat(path, &info), 0);
	return info.st_mode & 07777;
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0600), 0);
}

static void a_missing_gallery_is_made_only_when_asked(void **state)
{
	struct scratch *scratch = *state;
	expect_open(scratch, FC_GALLERY_READ, FC_GALLERY_MISSING, scratch->gallery);
	expect_open(scratch, FC_GALLERY_WRITE, FC_GALLERY_MISSING, scratch->gallery);
	assert_int_not_equal(access(scratch->gallery, F_OK), 0);
	create(scratch);
	expect_open(scratch, FC_GALLERY_READ, FC_OK, NULL);
	expect_open(scratch, FC_GALLERY_WRITE, FC_OK, NULL);
	expect_open(scratch, FC_GALLERY_CREATE, FC_OK, NULL);
}

static void a_new_gallery_is_closed_to_others(void **state)
{
	struct scratch *scratch = *state;
	mode_t before = umask(0);
	create_with_a_face(scratch);
	umask(before);
	assert_int_equal(mode_of(scratch->gallery), 0700);
	assert_int_equal(mode_of(scratch_file(scratch, "data.mdb")), 0600);
	assert_int_equal(mode_of(scratch_file(scratch, "lock.mdb")), 0600);
	assert_int_equal(mode_of(scratch_file(scratch, "write.lock")), 0600);
	assert_int_not_equal(access(scratch_file(scratch, "new.mdb"), F_OK), 0);
}

static void an_empty_directory_becomes_a_gallery(void **state)
{
	struct scratch *scratch = *state;
	assert_int_equal(mkdir(scratch->gallery, 0755), 0);
	expect_open(scratch, FC_GALLERY_READ, FC_GALLERY_MISSING, "there is no gallery in '");
	create(scratch);
	assert_int_equal(mode_of(scratch->gallery), 0700);
}

static void a_directory_with_other_files_is_left_alone(void **state)
{
	struct scratch *scratch = *state;
	assert_int_equal(mkdir(scratch->gallery, 0700), 0);
	write_file(scratch_file(scratch, "letter.txt"), "dear");
	expect_open(scratch, FC_GALLERY_CREATE, FC_GALLERY_MISSING, "other files");
	assert_int_equal(unlink(scratch_file(scratch, "letter.txt")), 0);
	assert_int_equal(rmdir(scratch->gallery), 0);
}

static void a_directory_without_a_gallery_gets_no_advice_about_its_mode(void **state)
{
	struct scratch *scratch = *state;
	assert_int_equal(mkdir(scratch->gallery, 0755), 0);
	write_file(scratch_file(scratch, "letter.txt"), "dear");
	expect_open(scratch, FC_GALLERY_READ, FC_GALLERY_MISSING, "there is no gallery in '");
	expect_open(scratch, FC_GALLERY_WRITE, FC_GALLERY_MISSING, "there is no gallery in '");
	expect_open(scratch, FC_GALLERY_CREATE, FC_GALLERY_MISSING, "there is no gallery in '");
	assert_int_equal(mode_of(scratch->gallery), 0755);
}

static void a_creation_that_was_killed_is_started_over(void **state)
{
	struct scratch *scratch = *state;
	assert_int_equal(mkdir(scratch->gallery, 0700), 0);
	write_file(scratch_file(scratch, "new.mdb"), "half a page");
	expect_open(scratch, FC_GALLERY_WRITE, FC_GALLERY_MISSING, NULL);
	create_with_a_face(scratch);
	assert_int_not_equal(access(scratch_file(scratch, "new.mdb"), F_OK), 0);
}

static int create_quietly(void *context)
{
	struct fc_gallery *gallery = NULL;
	enum fc_status status = try_open(context, FC_GALLERY_CREATE, &gallery, NULL);
	fc_gallery_close(gallery);
	return (int)status;
}

static void creation_may_be_killed_at_any_moment(void **state)
{
	struct scratch *scratch = *state;
	for (unsigned round = 0; round < 40; round++) {
		pid_t child = start_child(create_quietly, scratch);
		usleep(round * 150);
		kill(child, SIGKILL);
		(void)wait_for_child(child);
		create_with_a_face(scratch);
		struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_WRITE);
		must_check(gallery);
		fc_gallery_close(gallery);
		char command[256];
		snprintf(command, sizeof(command), "rm -rf '%s'", scratch->gallery);
		assert_int_equal(system(command), 0);
	}
}

static void processes_that_create_at_once_share_one_gallery(void **state)
{
	struct scratch *scratch = *state;
	pid_t children[6];
	for (size_t i = 0; i < FC_ARRAY_LENGTH(children); i++) {
		children[i] = start_child(create_quietly, scratch);
	}
	for (size_t i = 0; i < FC_ARRAY_LENGTH(children); i++) {
		assert_int_equal(wait_for_child(children[i]), FC_OK);
	}
	expect_open(scratch, FC_GALLERY_WRITE, FC_OK, NULL);
}

static void an_empty_or_missing_data_file_is_damage_and_stays(void **state)
{
	struct scratch *scratch = *state;
	create_with_a_face(scratch);
	assert_int_equal(truncate(scratch_file(scratch, "data.mdb"), 0), 0);
	expect_open(scratch, FC_GALLERY_READ, FC_DAMAGED, "0 bytes");
	expect_open(scratch, FC_GALLERY_CREATE, FC_DAMAGED, "0 bytes");
	struct stat info;
	assert_int_equal(stat(scratch_file(scratch, "data.mdb"), &info), 0);
	assert_int_equal(info.st_size, 0);
	assert_int_equal(unlink(scratch_file(scratch, "data.mdb")), 0);
	expect_open(scratch, FC_GALLERY_CREATE, FC_DAMAGED, "missing");
	assert_int_not_equal(access(scratch_file(scratch, "data.mdb"), F_OK), 0);
}

static void a_file_that_is_no_database_is_damage(void **state)
{
	struct scratch *scratch = *state;
	create(scratch);
	write_file(scratch_file(scratch, "data.mdb"), "hello");
	expect_open(scratch, FC_GALLERY_WRITE, FC_DAMAGED, scratch->gallery);
}

static void modes_that_let_others_in_are_refused(void **state)
{
	struct scratch *scratch = *state;
	create(scratch);
	assert_int_equal(chmod(scratch->gallery, 0750), 0);
	expect_open(scratch, FC_GALLERY_WRITE, FC_PERMISSION, "run chmod 700 '");
	assert_int_equal(chmod(scratch->gallery, 0700), 0);
	assert_int_equal(chmod(scratch_file(scratch, "data.mdb"), 0640), 0);
	expect_open(scratch, FC_GALLERY_READ, FC_PERMISSION, "run chmod 600 '");
	assert_int_equal(chmod(scratch_file(scratch, "data.mdb"), 0600), 0);
	expect_open(scratch, FC_GALLERY_READ, FC_OK, NULL);
}

static void anothers_gallery_is_refused(void **state)
{
	struct scratch *scratch = *state;
	if (geteuid() != 0) {
		skip(); /* only root can give a file away */
	}
	create(scratch);
	assert_int_equal(chown(scratch->gallery, 12345, (gid_t)-1), 0);
	expect_open(scratch, FC_GALLERY_READ, FC_PERMISSION, "belongs to user 12345");
	assert_int_equal(chown(scratch->gallery, 0, (gid_t)-1), 0);
	assert_int_equal(chown(scratch_file(scratch, "data.mdb"), 12345, (gid_t)-1), 0);
	expect_open(scratch, FC_GALLERY_READ, FC_PERMISSION, "data.mdb' belongs to user 12345");
}

static void links_and_other_kinds_of_file_are_refused(void **state)
{
	struct scratch *scratch = *state;
	static const char *const names[] = { "data.mdb", "lock.mdb", "write.lock" };
	char target[100];
	create(scratch);
	snprintf(target, sizeof(target), "%s/elsewhere", scratch->directory);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(names); i++) {
		const char *name = scratch_file(scratch, names[i]);
		assert_int_equal(rename(name, target), 0);
		assert_int_equal(symlink(target, name), 0);
		expect_open(scratch, FC_GALLERY_WRITE, FC_PERMISSION, "symbolic link");
		assert_int_equal(unlink(name), 0);
		assert_int_equal(link(target, name), 0);
		expect_open(scratch, FC_GALLERY_WRITE, FC_PERMISSION, "hard link");
		assert_int_equal(unlink(name), 0);
		assert_int_equal(mkfifo(name, 0600), 0);
		expect_open(scratch, FC_GALLERY_WRITE, FC_PERMISSION, "regular");
		assert_int_equal(unlink(name), 0);
		assert_int_equal(rename(target, name), 0);
	}
	expect_open(scratch, FC_GALLERY_WRITE, FC_OK, NULL);
}

static void a_lock_file_removed_from_an_idle_gallery_is_made_again(void **state)
{
	struct scratch *scratch = *state;
	create_with_a_face(scratch);
	assert_int_equal(unlink(scratch_file(scratch, "lock.mdb")), 0);
	expect_open(scratch, FC_GALLERY_READ, FC_OK, NULL);
	struct stat info;
	assert_int_equal(stat(scratch_file(scratch, "lock.mdb"), &info), 0);
	assert_true(info.st_size >= 65536 && info.st_blocks * 512 >= info.st_size);
}

static int hold_open(void *context)
{
	struct fc_gallery *gallery = NULL;
	if (try_open(context, FC_GALLERY_WRITE, &gallery, NULL) != FC_OK) {
		return 1;
	}
	raise(SIGSTOP);
	return 0;
}

static void a_lock_file_removed_from_a_gallery_in_use_is_noticed(void **state)
{
	struct scratch *scratch = *state;
	create(scratch);
	pid_t child = start_child(hold_open, scratch);
	int status;
	assert_int_equal(waitpid(child, &status, WUNTRACED), child);
	assert_int_equal(unlink(scratch_file(scratch, "lock.mdb")), 0);
	const struct fc_gallery_options options = { .directory = scratch->gallery,
						    .mode = FC_GALLERY_WRITE,
						    .lock_timeout = 50 };
	struct fc_gallery *gallery = NULL;
	assert_int_equal(fc_gallery_open(&options, &gallery, NULL), FC_BUSY);
	assert_int_not_equal(access(scratch_file(scratch, "lock.mdb"), F_OK), 0);
	kill(child, SIGKILL);
	(void)wait_for_child(child);
	expect_open(scratch, FC_GALLERY_WRITE, FC_OK, NULL);
}

static void a_gallery_that_is_being_rebuilt_is_waited_for(void **state)
{
	struct scratch *scratch = *state;
	create(scratch);
	int fd = open(scratch->gallery, O_RDONLY | O_DIRECTORY);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	const struct fc_gallery_options options = { .directory = scratch->gallery,
						    .mode = FC_GALLERY_READ,
						    .lock_timeout = 20 };
	struct fc_gallery *gallery = NULL;
	assert_int_equal(fc_gallery_open(&options, &gallery, NULL), FC_BUSY);
	close(fd);
	expect_open(scratch, FC_GALLERY_READ, FC_OK, NULL);
}

/* ---- formats ---- */

static enum fc_status set_format(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	struct fc_key key = fc_key_text("format");
	fc_fields_put(&payload, fc_format_fields, context);
	return fc_store_put(txn, FC_DB_META, &key, &payload, FC_STORE_REPLACE, err);
}

static void write_format(const struct scratch *scratch, uint32_t read, uint32_t write)
{
	struct fc_format format = { .read = read, .write = write };
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	must_write(gallery, set_format, &format);
	fc_gallery_close(gallery);
}

static void a_newer_format_is_refused_with_both_numbers(void **state)
{
	struct scratch *scratch = *state;
	write_format(scratch, 7, 7);
	expect_open(scratch, FC_GALLERY_READ, FC_INCOMPATIBLE, "format 7");
	expect_open(scratch, FC_GALLERY_WRITE, FC_INCOMPATIBLE, "up to format 5");
	expect_open(scratch, FC_GALLERY_CREATE, FC_INCOMPATIBLE, "use a newer facectl");
}

static void a_newer_write_format_may_be_read(void **state)
{
	struct scratch *scratch = *state;
	write_format(scratch, 5, 6);
	expect_open(scratch, FC_GALLERY_READ, FC_OK, NULL);
	expect_open(scratch, FC_GALLERY_WRITE, FC_INCOMPATIBLE, "write format 6");
}

/* ---- use ---- */

static void a_gallery_opened_for_reading_is_not_written(void **state)
{
	struct scratch *scratch = *state;
	create_with_a_face(scratch);
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_READ);
	struct enrolment enrolment = { .space = "5", .number = 2, .seed = 2 };
	expect_write(gallery, enrol, &enrolment, FC_INTERNAL);
	assert_int_equal(must_check(gallery).faces, 1);
	fc_gallery_close(gallery);
}

static int use_inherited(void *context)
{
	struct enrolment enrolment = { .space = "5", .number = 2, .seed = 2 };
	struct fc_gallery_txn *txn;
	if (fc_gallery_begin_read(context, &txn, NULL) != FC_INTERNAL) {
		return 1;
	}
	return fc_gallery_write(context, enrol, &enrolment, NULL) == FC_INTERNAL ? 0 : 2;
}

static void a_gallery_is_of_no_use_after_fork(void **state)
{
	struct scratch *scratch = *state;
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	assert_int_equal(wait_for_child(start_child(use_inherited, gallery)), 0);
	fc_gallery_close(gallery);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, enter_scratch, leave_scratch)

static void an_address_is_never_a_folder(void **state)
{
	const struct fc_gallery_options options = { .directory = "postgresql://host/db",
						    .mode = FC_GALLERY_CREATE };
	struct fc_gallery *gallery = NULL;
	struct fc_error err = { 0 };
	(void)state;
	assert_int_equal(fc_gallery_open(&options, &gallery, &err), FC_UNSUPPORTED);
	assert_non_null(strstr(err.text, "facectl-postgres.so"));
	assert_int_equal(fc_store_open(&options, 1 << 20, &gallery, NULL), FC_UNSUPPORTED);
	assert_int_not_equal(access("postgresql:", F_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_never_a_folder),
		CASE(a_missing_gallery_is_made_only_when_asked),
		CASE(a_new_gallery_is_closed_to_others),
		CASE(an_empty_directory_becomes_a_gallery),
		CASE(a_directory_with_other_files_is_left_alone),
		CASE(a_directory_without_a_gallery_gets_no_advice_about_its_mode),
		CASE(a_creation_that_was_killed_is_started_over),
		CASE(creation_may_be_killed_at_any_moment),
		CASE(processes_that_create_at_once_share_one_gallery),
		CASE(an_empty_or_missing_data_file_is_damage_and_stays),
		CASE(a_file_that_is_no_database_is_damage),
		CASE(modes_that_let_others_in_are_refused),
		CASE(anothers_gallery_is_refused),
		CASE(links_and_other_kinds_of_file_are_refused),
		CASE(a_lock_file_removed_from_an_idle_gallery_is_made_again),
		CASE(a_lock_file_removed_from_a_gallery_in_use_is_noticed),
		CASE(a_gallery_that_is_being_rebuilt_is_waited_for),
		CASE(a_newer_format_is_refused_with_both_numbers),
		CASE(a_newer_write_format_may_be_read),
		CASE(a_gallery_opened_for_reading_is_not_written),
		CASE(a_gallery_is_of_no_use_after_fork),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
