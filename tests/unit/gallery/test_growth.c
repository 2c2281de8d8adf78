/* A gallery grows while processes use it, up to its limit or that of the disk, and can then still be emptied. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gallery/rows/snapshot.h"

enum { SMALL_MAP = 256 * 1024 };

static uint64_t bytes_of(const struct fc_gallery *gallery)
{
	uint64_t bytes;
	assert_int_equal(fc_store_bytes(gallery, &bytes, NULL), FC_OK);
	return bytes;
}

static enum fc_status open_small(const struct scratch *scratch, uint64_t maximum,
				 struct fc_gallery **out)
{
	const struct fc_gallery_options options = { .directory = scratch->gallery,
						    .mode = FC_GALLERY_CREATE,
						    .lock_timeout = 10000,
						    .maximum_bytes = maximum };
	return fc_store_open(&options, SMALL_MAP, out, NULL);
}

struct batch {
	uint64_t first, count, runs;
	const char *space;
};

static enum fc_status enrol_batch(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct batch *batch = context;
	batch->runs++;
	for (uint64_t i = 0; i < batch->count; i++) {
		struct enrolment enrolment = { .space = batch->space,
					       .number = batch->first + i,
					       .seed = batch->first + i };
		FC_TRY(enrol(txn, &enrolment, err));
	}
	return FC_OK;
}

static void a_change_too_large_for_the_map_is_run_again_in_a_larger_one(void **state)
{
	struct scratch *scratch = *state;
	struct batch batch = { .first = 1, .count = 1500, .space = "5" };
	struct fc_gallery *gallery = NULL;
	assert_int_equal(open_small(scratch, 0, &gallery), FC_OK);
	must_write(gallery, enrol_batch, &batch);
	assert_true(batch.runs > 2);
	struct fc_check_report report = must_check(gallery);
	assert_int_equal(report.faces, 1500);
	assert_int_equal(report.persons, 1500);
	assert_true(report.bytes > SMALL_MAP);
	fc_gallery_close(gallery);
}

static int grow_along(void *context)
{
	struct fc_gallery *gallery = NULL;
	struct batch batch = { .count = 10, .space = "6" };
	enum fc_status status = open_small(context, 0, &gallery);
	for (batch.first = 100000; status == FC_OK && batch.first < 100600; batch.first += 10) {
		status = fc_gallery_write(gallery, enrol_batch, &batch, NULL);
	}
	fc_gallery_close(gallery);
	return (int)status;
}

static void processes_grow_a_gallery_together(void **state)
{
	struct scratch *scratch = *state;
	struct batch batch = { .count = 10, .space = "5" };
	struct fc_gallery *gallery = NULL;
	pid_t child = start_child(grow_along, scratch);
	assert_int_equal(open_small(scratch, 0, &gallery), FC_OK);
	for (batch.first = 0; batch.first < 600; batch.first += 10) {
		must_write(gallery, enrol_batch, &batch);
		fc_gallery_end_read(must_read(gallery));
	}
	assert_int_equal(wait_for_child(child), FC_OK);
	assert_int_equal(must_check(gallery).faces, 1200);
	fc_gallery_close(gallery);
}

/* Enrol until it is refused; how many there are. */
static uint64_t fill_up(struct fc_gallery *gallery, struct fc_error *err)
{
	struct batch batch = { .first = 1, .count = 5, .space = "5" };
	enum fc_status status = FC_OK;
	for (;; batch.first += batch.count) {
		status = fc_gallery_write(gallery, enrol_batch, &batch, err);
		if (status != FC_OK) {
			assert_int_equal(status, FC_FULL);
			return batch.first - 1;
		}
	}
}

static enum fc_status delete_space(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct fc_space space;
	FC_TRY(fc_space_find(txn, context, &space, err));
	return fc_space_delete(txn, space.id, err);
}

static void empty_and_refill(struct fc_gallery *gallery, uint64_t stored)
{
	char space[] = "5";
	struct fc_error err = { 0 };
	assert_int_equal(must_check(gallery).faces, stored);
	if (fc_gallery_write(gallery, delete_space, space, &err) != FC_OK) {
		fail_msg("%s", err.text);
	}
	assert_int_equal(must_check(gallery).faces, 0);
	struct batch batch = { .first = 1, .count = 5, .space = "5" };
	must_write(gallery, enrol_batch, &batch);
	assert_int_equal(must_check(gallery).faces, 5);
}

static enum fc_status delete_person(struct fc_gallery_txn *txn, void *number, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	const uint64_t *wanted = number;
	struct fc_space space;
	FC_TRY(fc_space_find(txn, "5", &space, err));
	FC_TRY(fc_person_by_number(txn, space.id, *wanted, &person, err));
	return fc_person_delete(txn, &person.pid, err);
}

static void at_its_limit_a_gallery_refuses_to_grow_and_can_be_emptied(void **state)
{
	struct scratch *scratch = *state;
	struct fc_gallery *gallery = NULL;
	struct fc_error err = { 0 };
	assert_int_equal(open_small(scratch, 2 << 20, &gallery), FC_OK);
	uint64_t stored = fill_up(gallery, &err);
	assert_true(stored > 100);
	assert_non_null(strstr(err.text, "limit of 2 MiB"));
	assert_true(bytes_of(gallery) <= 2 << 20);
	empty_and_refill(gallery, stored);
	fc_gallery_close(gallery);
}

/* Take a snapshot of space "5" in steps of 50 persons. FC_OK, or how it failed. */
static enum fc_status begin_take(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct fc_snapshot_job *job = context;
	const struct fc_container_snapshot snapshot = { .id = job->snapshot,
							.kind = job->kind,
							.expires = FC_SNAPSHOT_FOREVER };
	FC_TRY(fc_snapshot_put(txn, &snapshot, true, err));
	return fc_snapshot_job_put(txn, job, err);
}

static enum fc_status step_take(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct fc_snapshot_job *job = context;
	return fc_snapshot_step(txn, &job->id, 1, 50, job, err);
}

static enum fc_status take(struct fc_gallery *gallery)
{
	struct fc_snapshot_job job = { .id = fc_uuid_new(),
				       .kind = FC_CONTAINER_LARGE_PERSON_GROUP,
				       .snapshot = fc_uuid_new(),
				       .object = "5" };
	enum fc_status status = fc_gallery_write(gallery, begin_take, &job, NULL);
	while (status == FC_OK && job.state < FC_SNAPSHOT_SUCCEEDED) {
		status = fc_gallery_write(gallery, step_take, &job, NULL);
	}
	assert_true(status != FC_OK || job.state == FC_SNAPSHOT_SUCCEEDED);
	return status;
}

static enum fc_status drop_snapshots(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	(void)context;
	return fc_snapshot_drop_all(txn, err);
}

static enum fc_status add_list(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct fc_container list = { .kind = FC_CONTAINER_FACE_LIST, .recognition_model = 1 };
	char text[2001];
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	snprintf(list.id, sizeof(list.id), "l%d", *(int *)context);
	list.user_data = text;
	return fc_container_add(txn, &list, err);
}

static void containers_and_snapshots_grow_a_gallery(void **state)
{
	struct scratch *scratch = *state;
	struct fc_gallery *gallery = NULL;
	struct batch batch = { .first = 1, .count = 200, .space = "5" };
	assert_int_equal(open_small(scratch, 0, &gallery), FC_OK);
	must_write(gallery, enrol_batch, &batch);
	uint64_t bytes = must_check(gallery).bytes;
	for (int i = 0; i < 200; i++) {
		must_write(gallery, add_list, &i);
	}
	assert_true(must_check(gallery).bytes > bytes + 200 * 2000);
	bytes = must_check(gallery).bytes;
	for (int i = 0; i < 4; i++) {
		assert_int_equal(take(gallery), FC_OK);
	}
	assert_true(must_check(gallery).bytes > bytes + 4 * 200 * DIMENSION * sizeof(float));
	/* the freed pages are used again */
	must_write(gallery, drop_snapshots, NULL);
	bytes = must_check(gallery).bytes;
	assert_int_equal(take(gallery), FC_OK);
	assert_int_equal(must_check(gallery).bytes, bytes);
	fc_gallery_close(gallery);
}

static void at_its_limit_a_gallery_refuses_snapshots_and_keeps_the_others(void **state)
{
	struct scratch *scratch = *state;
	struct fc_gallery *gallery = NULL;
	struct batch batch = { .first = 1, .count = 100, .space = "5" };
	size_t taken = 0;
	assert_int_equal(open_small(scratch, 2 << 20, &gallery), FC_OK);
	must_write(gallery, enrol_batch, &batch);
	enum fc_status status = FC_OK;
	while (status == FC_OK && taken < 100) {
		status = take(gallery);
		taken += status == FC_OK;
	}
	assert_int_equal(status, FC_FULL);
	assert_true(taken > 2);
	assert_int_equal(must_check(gallery).faces, 100);
	must_write(gallery, drop_snapshots, NULL);
	assert_int_equal(take(gallery), FC_OK);
	must_check(gallery);
	fc_gallery_close(gallery);
}

static bool write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");
	bool written = file && fputs(text, file) >= 0;
	return file && fclose(file) == 0 && written;
}

/* A name space for mounts, in which a user who is not root can mount, too. */
static bool enter_mount_space(void)
{
	char users[64], groups[64];
	snprintf(users, sizeof(users), "%u %u 1", geteuid(), geteuid());
	snprintf(groups, sizeof(groups), "%u %u 1", getegid(), getegid());
	return unshare(CLONE_NEWNS) == 0 || (unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
					     write_text("/proc/self/setgroups", "deny") &&
					     write_text("/proc/self/uid_map", users) &&
					     write_text("/proc/self/gid_map", groups));
}

/* A small disk of its own, seen by this process alone. */
static bool mount_small_disk(const struct scratch *scratch)
{
	return mkdir(scratch->gallery, 0700) == 0 && enter_mount_space() &&
	       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("none", scratch->gallery, "tmpfs", 0, "size=2m,mode=0700") == 0;
}

static void on_a_full_disk_nothing_is_lost_and_deleting_works(void **state)
{
	struct scratch *scratch = *state;
	if (!mount_small_disk(scratch)) {
		print_message("mounting is not possible here\n");
		skip();
	}
	struct fc_error err = { 0 };
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	uint64_t stored = fill_up(gallery, &err);
	assert_true(stored > 100);
	assert_non_null(strstr(err.text, "no space left"));
	assert_int_equal(must_check(gallery).faces, stored);
	for (uint64_t number = 1; number <= 50; number++) {
		if (fc_gallery_write(gallery, delete_person, &number, &err) != FC_OK) {
			fail_msg("person %d: %s", (int)number, err.text);
		}
	}
	assert_int_equal(must_check(gallery).faces, stored - 50);
	struct batch batch = { .first = 1, .count = 5, .space = "5" };
	must_write(gallery, enrol_batch, &batch);
	fc_gallery_close(gallery);
	assert_int_equal(umount(scratch->gallery), 0);
}

static void fill_disk(struct scratch *scratch)
{
	char block[4096] = { 0 };
	FILE *file = fopen(scratch_file(scratch, "filling"), "w");
	assert_non_null(file);
	while (fwrite(block, sizeof(block), 1, file) == 1 && fflush(file) == 0) {
	}
	fclose(file);
}

static enum fc_status truncate_5(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	uint64_t *persons = context;
	uint64_t faces;
	return fc_space_truncate(txn, 1, persons, &faces, err);
}

static void on_a_disk_that_others_fill_persons_can_be_deleted(void **state)
{
	struct scratch *scratch = *state;
	if (!mount_small_disk(scratch)) {
		print_message("mounting is not possible here\n");
		skip();
	}
	struct fc_error err = { 0 };
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	struct batch batch = { .first = 1, .count = 60, .space = "5" };
	struct batch more = { .first = 100, .count = 60, .space = "5" };
	struct fc_compact_report report;
	must_write(gallery, enrol_batch, &batch);
	/* Without free pages in the file. */
	assert_int_equal(fc_gallery_compact(gallery, &report, &err), FC_OK);
	fc_gallery_close(gallery);
	fill_disk(scratch);

	gallery = must_open(scratch, FC_GALLERY_WRITE);
	assert_int_equal(fc_gallery_write(gallery, enrol_batch, &more, &err), FC_FULL);
	for (uint64_t number = 1; number <= 20; number++) {
		if (fc_gallery_write(gallery, delete_person, &number, &err) != FC_OK) {
			fail_msg("person %d: %s", (int)number, err.text);
		}
	}
	uint64_t persons;
	assert_int_equal(fc_gallery_write(gallery, truncate_5, &persons, &err), FC_OK);
	assert_int_equal(persons, 40);
	assert_int_equal(must_check(gallery).faces, 0);
	fc_gallery_close(gallery);

	/* The reserve is there again when the disk has room. */
	assert_int_equal(unlink(scratch_file(scratch, "filling")), 0);
	gallery = must_open(scratch, FC_GALLERY_WRITE);
	must_enrol(gallery, "5", 500, 500);
	struct stat info;
	assert_int_equal(stat(scratch_file(scratch, "reserve"), &info), 0);
	assert_true(info.st_blocks * 512 >= 1 << 20);
	fc_gallery_close(gallery);
	assert_int_equal(umount(scratch->gallery), 0);
}

static void on_a_full_disk_compact_and_erase_report_the_missing_bytes(void **state)
{
	struct scratch *scratch = *state;
	if (!mount_small_disk(scratch)) {
		print_message("mounting is not possible here\n");
		skip();
	}
	struct fc_error err = { 0 };
	struct fc_compact_report report;
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	must_enrol(gallery, "5", 1, 1);
	fill_disk(scratch);
	assert_int_equal(fc_gallery_compact(gallery, &report, &err), FC_FULL);
	assert_non_null(strstr(err.text, "more bytes for the new file: 0 are free"));
	fc_gallery_close(gallery);
	gallery = must_open(scratch, FC_GALLERY_WRITE);
	const struct fc_erase_request whole = { .space = "5", .whole_space = true };
	struct fc_erase_report erased;
	assert_int_equal(fc_gallery_erase(gallery, &whole, &erased, &err), FC_FULL);
	assert_non_null(strstr(err.text, "more bytes for the new file: 0 are free"));
	fc_gallery_close(gallery);
	assert_int_equal(access(scratch_file(scratch, "new.mdb"), F_OK), -1);
	gallery = must_open(scratch, FC_GALLERY_READ);
	assert_int_equal(must_check(gallery).faces, 1);
	fc_gallery_close(gallery);
	assert_int_equal(umount(scratch->gallery), 0);
}

static void on_a_full_disk_a_gallery_without_lock_files_can_be_read(void **state)
{
	struct scratch *scratch = *state;
	if (!mount_small_disk(scratch)) {
		print_message("mounting is not possible here\n");
		skip();
	}
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	struct fc_gallery *second = NULL;
	must_enrol(gallery, "5", 1, 1);
	fc_gallery_close(gallery);
	fill_disk(scratch);
	assert_int_equal(unlink(scratch_file(scratch, "lock.mdb")), 0);
	fill_disk(scratch);
	gallery = must_open(scratch, FC_GALLERY_READ);
	struct fc_gallery_txn *txn = must_read(gallery);
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	assert_int_equal(fc_face_get(txn, 1, 1, &face, NULL), FC_OK);
	fc_gallery_end_read(txn);
	/* No other process can open it meanwhile. */
	struct fc_gallery_options options = { .directory = scratch->gallery,
					      .mode = FC_GALLERY_READ };
	assert_int_equal(fc_gallery_open(&options, &second, NULL), FC_BUSY);
	options.mode = FC_GALLERY_WRITE;
	assert_int_equal(fc_gallery_open(&options, &second, NULL), FC_BUSY);
	fc_gallery_close(gallery);
	assert_int_equal(access(scratch_file(scratch, "lock.mdb"), F_OK), -1);
	assert_int_equal(try_open(scratch, FC_GALLERY_WRITE, &gallery, NULL), FC_FULL);

	assert_int_equal(unlink(scratch_file(scratch, "filling")), 0);
	gallery = must_open(scratch, FC_GALLERY_WRITE);
	must_enrol(gallery, "5", 2, 2);
	fc_gallery_close(gallery);
	assert_int_equal(umount(scratch->gallery), 0);
}

/* ---- a reader that is stopped ---- */

static int stop_while_reading(void *context)
{
	struct fc_gallery *gallery = NULL;
	struct fc_gallery_txn *txn = NULL;
	if (try_open(context, FC_GALLERY_READ, &gallery, NULL) != FC_OK ||
	    fc_gallery_begin_read(gallery, &txn, NULL) != FC_OK) {
		return 1;
	}
	raise(SIGSTOP);
	fc_gallery_end_read(txn);
	fc_gallery_close(gallery);
	return 0;
}

static void keep_user(const struct fc_gallery_user *user, void *context)
{
	*(struct fc_gallery_user *)context = *user;
}

/* Replace the same persons again and again, until that fails. */
static enum fc_status churn(struct fc_gallery *gallery, uint64_t rounds, struct fc_error *err)
{
	struct batch batch = { .first = 1, .count = 20, .space = "5" };
	char space[] = "5";
	for (uint64_t i = 0; i < rounds; i++) {
		enum fc_status status = fc_gallery_write(gallery, delete_space, space, err);
		FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
		FC_TRY(fc_gallery_write(gallery, enrol_batch, &batch, err));
	}
	return FC_OK;
}

static void a_stopped_reader_is_named_before_the_file_grows_without_bound(void **state)
{
	struct scratch *scratch = *state;
	const struct fc_gallery_options options = { .directory = scratch->gallery,
						    .mode = FC_GALLERY_CREATE,
						    .lock_timeout = 60 };
	struct fc_gallery *gallery = NULL;
	struct fc_gallery_user user = { 0 };
	struct fc_error err = { 0 };
	struct batch batch = { .first = 1, .count = 20, .space = "5" };
	char named[32];
	int status;
	assert_int_equal(fc_store_open(&options, SMALL_MAP, &gallery, &err), FC_OK);
	must_write(gallery, enrol_batch, &batch);
	pid_t child = start_child(stop_while_reading, scratch);
	assert_int_equal(waitpid(child, &status, WUNTRACED), child);
	assert_true(WIFSTOPPED(status));

	assert_int_equal(churn(gallery, 10000, &err), FC_BUSY);
	snprintf(named, sizeof(named), "process %d reads", (int)child);
	assert_non_null(strstr(err.text, named));
	assert_true(bytes_of(gallery) <= 4 << 20);
	fc_gallery_each_user(gallery, keep_user, &user);
	assert_int_equal(user.process, child);
	assert_false(user.writes);
	assert_true(user.behind > 0);

	kill(child, SIGCONT);
	assert_int_equal(wait_for_child(child), 0);
	assert_int_equal(churn(gallery, 20, &err), FC_OK);
	assert_true(bytes_of(gallery) <= 4 << 20);
	user = (struct fc_gallery_user){ 0 };
	fc_gallery_each_user(gallery, keep_user, &user);
	assert_int_equal(user.process, 0);
	fc_gallery_close(gallery);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, enter_scratch, leave_scratch)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_change_too_large_for_the_map_is_run_again_in_a_larger_one),
		CASE(processes_grow_a_gallery_together),
		CASE(at_its_limit_a_gallery_refuses_to_grow_and_can_be_emptied),
		CASE(containers_and_snapshots_grow_a_gallery),
		CASE(at_its_limit_a_gallery_refuses_snapshots_and_keeps_the_others),
		CASE(on_a_full_disk_nothing_is_lost_and_deleting_works),
		CASE(on_a_disk_that_others_fill_persons_can_be_deleted),
		CASE(on_a_full_disk_compact_and_erase_report_the_missing_bytes),
		CASE(a_stopped_reader_is_named_before_the_file_grows_without_bound),
		CASE(on_a_full_disk_a_gallery_without_lock_files_can_be_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
