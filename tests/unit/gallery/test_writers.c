/* Several processes at once, killed, stopped and interrupted ones: what was acknowledged is stored, and no process waits for ever. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static enum fc_status enrol_seed(struct fc_gallery *gallery, uint64_t number, uint64_t seed,
				 struct fc_error *err)
{
	struct enrolment enrolment = { .space = "5", .number = number, .seed = seed };
	return fc_gallery_write(gallery, enrol, &enrolment, err);
}

/* ---- two and more at once ---- */

enum { WRITERS = 4, WRITES = 40 };

struct writer {
	const struct scratch *scratch;
	uint64_t index;
};

static int write_many(void *context)
{
	const struct writer *writer = context;
	struct fc_gallery *gallery = NULL;
	enum fc_status status = try_open(writer->scratch, FC_GALLERY_CREATE, &gallery, NULL);
	for (uint64_t i = 0; status == FC_OK && i < WRITES; i++) {
		status = enrol_seed(gallery, i % 10, writer->index * WRITES + i, NULL);
	}
	fc_gallery_close(gallery);
	return (int)status;
}

static void processes_that_write_at_once_lose_nothing(void **state)
{
	struct scratch *scratch = *state;
	struct writer writers[WRITERS];
	pid_t children[WRITERS];
	for (size_t i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){ scratch, i };
		children[i] = start_child(write_many, &writers[i]);
	}
	for (size_t i = 0; i < WRITERS; i++) {
		assert_int_equal(wait_for_child(children[i]), FC_OK);
	}
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_WRITE);
	struct fc_check_report report = must_check(gallery);
	assert_int_equal(report.faces, WRITERS * WRITES);
	assert_int_equal(report.entries, WRITERS * WRITES);
	assert_int_equal(report.persons, 10);
	struct enrolment next = { .space = "5", .number = 99, .seed = 99999 };
	must_write(gallery, enrol, &next);
	assert_int_equal(next.face, WRITERS * WRITES + 1);
	fc_gallery_close(gallery);
}

static int write_without_pause(void *context)
{
	struct fc_gallery *gallery = NULL;
	enum fc_status status = try_open(context, FC_GALLERY_WRITE, &gallery, NULL);
	for (uint64_t i = 0; status == FC_OK; i++) {
		status = enrol_seed(gallery, 1, 1000 + i, NULL);
	}
	return (int)status;
}

static void a_busy_neighbour_keeps_nobody_out(void **state)
{
	struct scratch *scratch = *state;
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	pid_t child = start_child(write_without_pause, scratch);
	for (uint64_t i = 0; i < 30; i++) {
		assert_int_equal(enrol_seed(gallery, 2, i, NULL), FC_OK);
	}
	kill(child, SIGKILL);
	assert_int_equal(wait_for_child(child), 128 + SIGKILL);
	must_check(gallery);
	fc_gallery_close(gallery);
}

static void a_reader_sees_one_moment_while_others_write(void **state)
{
	struct scratch *scratch = *state;
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	assert_int_equal(enrol_seed(gallery, 1, 1, NULL), FC_OK);
	pid_t child = start_child(write_without_pause, scratch);
	for (size_t i = 0; i < 200; i++) {
		FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
		struct fc_space space;
		struct fc_gallery_txn *txn = must_read(gallery);
		assert_int_equal(fc_space_find(txn, "5", &space, NULL), FC_OK);
		assert_int_equal(fc_person_by_number(txn, space.id, 1, &person, NULL), FC_OK);
		fc_gallery_end_read(txn);
		assert_int_equal(person.face_count, space.face_count);
		assert_int_equal(space.entry_count, space.face_count);
	}
	kill(child, SIGKILL);
	assert_int_equal(wait_for_child(child), 128 + SIGKILL);
	fc_gallery_close(gallery);
}

/* ---- killed ---- */

enum { KILLS = 60, DELETED_EVERY = 5 };

struct acknowledgement {
	uint64_t seed;
	bool deleted;
};

struct victim {
	const struct scratch *scratch;
	uint64_t first;
	int pipe;
};

static enum fc_status delete_by_photo(struct fc_gallery_txn *txn, void *seed, struct fc_error *err)
{
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	struct fc_space space;
	struct fc_sha256 photo = { 0 };
	memcpy(photo.bytes, seed, sizeof(uint64_t));
	FC_TRY(fc_space_find(txn, "5", &space, err));
	FC_TRY(fc_face_by_photo(txn, space.id, &photo, 0, &face, err));
	return fc_face_delete(txn, space.id, face.id, err);
}

/* Enrol one seed after the other, delete some again, and acknowledge each change once it is durable. */
static int write_until_killed(void *context)
{
	const struct victim *victim = context;
	struct fc_gallery *gallery = NULL;
	enum fc_status status = try_open(victim->scratch, FC_GALLERY_CREATE, &gallery, NULL);
	for (uint64_t seed = victim->first; status == FC_OK; seed++) {
		struct acknowledgement done = { .seed = seed };
		status = enrol_seed(gallery, seed % 20, seed, NULL);
		if (status == FC_OK && write(victim->pipe, &done, sizeof(done)) < 0) {
			return 1;
		}
		if (status == FC_OK && seed % DELETED_EVERY == 0) {
			done.deleted = true;
			status = fc_gallery_write(gallery, delete_by_photo, &seed, NULL);
			if (status == FC_OK && write(victim->pipe, &done, sizeof(done)) < 0) {
				return 1;
			}
		}
	}
	return (int)status;
}

static void expect_stored(struct fc_gallery *gallery, const struct acknowledgement *done)
{
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	struct fc_space space;
	struct fc_sha256 photo = { 0 };
	memcpy(photo.bytes, &done->seed, sizeof(done->seed));
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_space_find(txn, "5", &space, NULL), FC_OK);
	enum fc_status status = fc_face_by_photo(txn, space.id, &photo, 0, &face, NULL);
	fc_gallery_end_read(txn);
	if (done->deleted) {
		assert_int_equal(status, FC_NOT_FOUND);
	} else if (done->seed % DELETED_EVERY != 0) {
		assert_int_equal(status, FC_OK);
	}
}

/*
 * Kill a writer some time after its start, or after its first acknowledgement: however slow the machine is, some die having
 * promised something. The seed to go on with: one more change may be stored than was acknowledged.
 */
static uint64_t kill_one_writer(const struct scratch *scratch, uint64_t first, bool let_begin,
				uint64_t *acknowledged)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	struct victim victim = { scratch, first, ends[1] };
	pid_t child = start_child(write_until_killed, &victim);
	close(ends[1]);
	struct acknowledgement done[2000];
	size_t count = 0;
	if (let_begin) {
		assert_int_equal(read(ends[0], &done[count++], sizeof(*done)), sizeof(*done));
	}
	usleep((useconds_t)(rand() % 20000));
	kill(child, SIGKILL);
	assert_int_equal(wait_for_child(child), 128 + SIGKILL);
	while (count < FC_ARRAY_LENGTH(done) &&
	       read(ends[0], &done[count], sizeof(*done)) == sizeof(*done)) {
		count++;
	}
	close(ends[0]);

	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	for (size_t i = 0; i < count; i++) {
		expect_stored(gallery, &done[i]);
	}
	must_check(gallery);
	fc_gallery_close(gallery);
	*acknowledged += count;
	return count > 0 ? done[count - 1].seed + 2 : first + 1;
}

static void killed_writers_lose_nothing_they_acknowledged(void **state)
{
	uint64_t first = 1, acknowledged = 0;
	srand(1);
	for (size_t i = 0; i < KILLS; i++) {
		first = kill_one_writer(*state, first, i % 2 == 0, &acknowledged);
	}
	assert_true(acknowledged >= KILLS / 2);
}

/* ---- stopped ---- */

static enum fc_status enrol_and_stop(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	FC_TRY(enrol(txn, context, err));
	raise(SIGSTOP);
	return FC_OK;
}

static int stop_while_writing(void *context)
{
	struct fc_gallery *gallery = NULL;
	struct enrolment enrolment = { .space = "5", .number = 1, .seed = 2 };
	if (try_open(context, FC_GALLERY_WRITE, &gallery, NULL) != FC_OK) {
		return 1;
	}
	return (int)fc_gallery_write(gallery, enrol_and_stop, &enrolment, NULL);
}

static void a_stopped_writer_is_named_and_its_death_frees_the_gallery(void **state)
{
	SKIP_IN_POSTGRES();
	struct scratch *scratch = *state;
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	must_enrol(gallery, "5", 1, 1);
	fc_gallery_close(gallery);
	pid_t child = start_child(stop_while_writing, scratch);
	int status;
	assert_int_equal(waitpid(child, &status, WUNTRACED), child);

	const struct fc_gallery_options options = { .directory = scratch->gallery,
						    .mode = FC_GALLERY_WRITE,
						    .lock_timeout = 60 };
	struct fc_error err = { 0 };
	struct fc_space space;
	char named[32];
	snprintf(named, sizeof(named), "process %d:", (int)child);
	assert_int_equal(fc_gallery_open(&options, &gallery, NULL), FC_OK);
	assert_int_equal(enrol_seed(gallery, 1, 3, &err), FC_BUSY);
	assert_non_null(strstr(err.text, named));
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_space_find(txn, "5", &space, NULL), FC_OK);
	fc_gallery_end_read(txn);
	assert_int_equal(space.face_count, 1);

	kill(child, SIGKILL);
	assert_int_equal(wait_for_child(child), 128 + SIGKILL);
	assert_int_equal(enrol_seed(gallery, 1, 3, NULL), FC_OK);
	assert_int_equal(must_check(gallery).faces, 2);
	fc_gallery_close(gallery);
}

/* ---- interrupted ---- */

static enum fc_status enrol_and_be_terminated(struct fc_gallery_txn *txn, void *context,
					      struct fc_error *err)
{
	FC_TRY(enrol(txn, context, err));
	raise(SIGTERM);
	raise(SIGINT);
	raise(SIGHUP);
	raise(SIGTSTP);
	return FC_OK;
}

static int be_terminated(void *context)
{
	struct fc_gallery *gallery = NULL;
	struct enrolment enrolment = { .space = "5", .number = 1, .seed = 1 };
	if (try_open(context, FC_GALLERY_CREATE, &gallery, NULL) != FC_OK) {
		return 1;
	}
	return (int)fc_gallery_write(gallery, enrol_and_be_terminated, &enrolment, NULL) + 2;
}

static void a_signal_in_the_middle_takes_effect_after_the_commit(void **state)
{
	struct scratch *scratch = *state;
	int how = wait_for_child(start_child(be_terminated, scratch));
	assert_true(how == 128 + SIGTERM || how == 128 + SIGINT || how == 128 + SIGHUP);
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_WRITE);
	assert_int_equal(must_check(gallery).faces, 1);
	fc_gallery_close(gallery);
}

static enum fc_status give_up(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	sigset_t *during = context;
	(void)txn;
	pthread_sigmask(SIG_SETMASK, NULL, during);
	return fc_fail(err, FC_NO_FACE, "no face");
}

static void signals_are_held_back_only_while_writing(void **state)
{
	struct scratch *scratch = *state;
	static const int held[] = { SIGINT, SIGTERM, SIGTSTP, SIGHUP };
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	sigset_t before, during, after;
	pthread_sigmask(SIG_SETMASK, NULL, &before);
	expect_write(gallery, give_up, &during, FC_NO_FACE);
	pthread_sigmask(SIG_SETMASK, NULL, &after);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(held); i++) {
		assert_true(sigismember(&during, held[i]));
		assert_int_equal(sigismember(&after, held[i]), sigismember(&before, held[i]));
	}
	fc_gallery_close(gallery);
}

/* ---- readers that die ---- */

static int die_reading(void *context)
{
	struct fc_gallery *gallery = NULL;
	struct fc_gallery_txn *txn = NULL;
	if (try_open(context, FC_GALLERY_READ, &gallery, NULL) == FC_OK &&
	    fc_gallery_begin_read(gallery, &txn, NULL) == FC_OK) {
		raise(SIGKILL);
	}
	return 1;
}

static uint64_t size_after_updates(const struct scratch *scratch, uint64_t first)
{
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_WRITE);
	for (uint64_t i = 0; i < 50; i++) {
		uint64_t seed = (first + i) * DELETED_EVERY;
		assert_int_equal(enrol_seed(gallery, 1, seed, NULL), FC_OK);
		must_write(gallery, delete_by_photo, &seed);
	}
	uint64_t size;
	assert_int_equal(fc_store_bytes(gallery, &size, NULL), FC_OK);
	fc_gallery_close(gallery);
	return size;
}

static void readers_that_were_killed_do_not_make_the_gallery_grow(void **state)
{
	struct scratch *scratch = *state;
	fc_gallery_close(must_open(scratch, FC_GALLERY_CREATE));
	uint64_t before = size_after_updates(scratch, 1);
	assert_int_equal(wait_for_child(start_child(die_reading, scratch)), 128 + SIGKILL);
	uint64_t after = size_after_updates(scratch, 1000);
	assert_true(after < 2 * before);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, enter_scratch, leave_scratch)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(processes_that_write_at_once_lose_nothing),
		CASE(a_busy_neighbour_keeps_nobody_out),
		CASE(a_reader_sees_one_moment_while_others_write),
		CASE(killed_writers_lose_nothing_they_acknowledged),
		CASE(a_stopped_writer_is_named_and_its_death_frees_the_gallery),
		CASE(a_signal_in_the_middle_takes_effect_after_the_commit),
		CASE(signals_are_held_back_only_while_writing),
		CASE(readers_that_were_killed_do_not_make_the_gallery_grow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
