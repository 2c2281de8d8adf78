/* Snapshots: copies of containers that are made in several changes. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gallery/maintain/reembed.h"
#include "gallery/rows/snapshot.h"

enum { PERSONS = 25, STEP = 10 };

static const int64_t hour = 3600 * INT64_C(1000000);

/* A group of PERSONS persons with two faces each; the templates are those of the seeds 100, 101, ... */
static enum fc_status fill(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct fc_container *group = context;
	const struct fc_embedder_pin pin = make_pin();
	struct fc_container made = *group;
	float template[DIMENSION];
	FC_TRY(fc_gallery_set_pin(txn, &pin, err));
	FC_TRY(fc_container_add(txn, &made, err));
	for (uint64_t i = 0; i < PERSONS; i++) {
		char name[] = "n";
		struct fc_person person = { .space = made.space, .name = name };
		FC_TRY(fc_person_add(txn, &person, err));
		for (uint64_t k = 0; k < 2; k++) {
			char data[] = "about the face";
			struct fc_face_record face = {
				.space = made.space,
				.pid = person.pid,
				.embedding = template,
				.dimension = DIMENSION,
				.may_repeat = true,
				.user_data = data,
			};
			make_template(100 + 2 * i + k, template);
			FC_TRY(fc_face_add(txn, &face, err));
		}
	}
	return FC_OK;
}

/* An operation to start, with the ids that it gets. */
struct beginning {
	struct fc_snapshot_job job;
	struct fc_container_snapshot snapshot; /* taking: the record to add */
};

static enum fc_status begin(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct beginning *beginning = context;
	if (!beginning->job.applies) {
		FC_TRY(fc_snapshot_put(txn, &beginning->snapshot, true, err));
	}
	return fc_snapshot_job_put(txn, &beginning->job, err);
}

static struct fc_uuid start(struct fc_gallery *gallery, bool applies, const char *object,
			    struct fc_uuid *snapshot)
{
	struct beginning beginning = {
		.job = { .id = fc_uuid_new(), .applies = applies, .created = 1 },
	};
	if (!applies) {
		*snapshot = fc_uuid_new();
	}
	beginning.job.kind = FC_CONTAINER_PERSON_GROUP;
	beginning.job.snapshot = *snapshot;
	snprintf(beginning.job.object, sizeof(beginning.job.object), "%s", object);
	beginning.snapshot = (struct fc_container_snapshot){ .id = *snapshot,
							     .kind = FC_CONTAINER_PERSON_GROUP,
							     .created = 1,
							     .expires = 48 * hour };
	must_write(gallery, begin, &beginning);
	return beginning.job.id;
}

struct stepping {
	struct fc_uuid job;
	struct fc_snapshot_job out;
	unsigned steps;
};

static enum fc_status step(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct stepping *stepping = context;
	return fc_snapshot_step(txn, &stepping->job, 2, STEP, &stepping->out, err);
}

static struct fc_snapshot_job finish(struct fc_gallery *gallery, const struct fc_uuid *job)
{
	struct stepping stepping = { .job = *job };
	do {
		must_write(gallery, step, &stepping);
		must_check(gallery);
		stepping.steps++;
	} while (stepping.out.state < FC_SNAPSHOT_SUCCEEDED);
	assert_true(stepping.out.state == FC_SNAPSHOT_FAILED ||
		    stepping.steps == PERSONS / STEP + 1);
	return stepping.out;
}

static struct fc_space space_of(struct fc_gallery *gallery, const char *group)
{
	char name[FC_SPACE_NAME_SIZE];
	fc_container_space_name(FC_CONTAINER_PERSON_GROUP, group, name);
	return must_find_space(gallery, name);
}

static void make_group(struct fc_gallery *gallery)
{
	char title[] = "The cast", data[] = "from the photos";
	struct fc_container group = { .kind = FC_CONTAINER_PERSON_GROUP,
				      .id = "cast",
				      .trained = 77,
				      .recognition_model = 4,
				      .title = title,
				      .user_data = data };
	must_write(gallery, fill, &group);
}

static void a_copy_is_found_like_its_source(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct fc_uuid snapshot;
	make_group(gallery);
	struct fc_uuid job = start(gallery, false, "cast", &snapshot);
	assert_int_equal(finish(gallery, &job).state, FC_SNAPSHOT_SUCCEEDED);
	job = start(gallery, true, "copy", &snapshot);
	assert_int_equal(finish(gallery, &job).state, FC_SNAPSHOT_SUCCEEDED);

	struct fc_space source = space_of(gallery, "cast"), copy = space_of(gallery, "copy");
	assert_int_equal(copy.person_count, PERSONS);
	assert_int_equal(copy.face_count, 2 * PERSONS);
	struct fc_gallery_txn *txn = must_read(gallery);
	FC_CLEANUP(fc_container_release) struct fc_container group = { 0 };
	assert_int_equal(fc_container_find(txn, FC_CONTAINER_PERSON_GROUP, "copy", &group, NULL),
			 FC_OK);
	assert_int_equal(group.trained, 77);
	assert_int_equal(group.recognition_model, 4);
	assert_string_equal(group.title, "The cast");
	assert_string_equal(group.user_data, "from the photos");
	for (uint64_t seed = 100; seed < 100 + 2 * PERSONS; seed++) {
		struct fc_search_hit a, b;
		size_t count;
		assert_int_equal(find_nearest(txn, source.id, seed, &a, &count, NULL), FC_OK);
		assert_int_equal(find_nearest(txn, copy.id, seed, &b, &count, NULL), FC_OK);
		assert_true(a.score == b.score);
		assert_int_equal(b.templates, 2);
		/* the gallery has the person already, so the copy is another one */
		assert_false(fc_uuid_equal(&a.pid, &b.pid));
	}
	fc_gallery_end_read(txn);
}

static enum fc_status delete_cast(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct fc_space space;
	FC_TRY(fc_space_find(txn, "g/cast", &space, err));
	(void)context;
	return fc_space_delete(txn, space.id, err);
}

static bool keep_pid(const struct fc_person *person, void *context)
{
	*(struct fc_uuid *)context = person->pid;
	return false;
}

static void a_copy_of_a_deleted_source_keeps_its_ids(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct fc_uuid snapshot, before, after;
	make_group(gallery);
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(
		fc_person_each(txn, space_of(gallery, "cast").id, NULL, keep_pid, &before, NULL),
		FC_OK);
	fc_gallery_end_read(txn);
	struct fc_uuid job = start(gallery, false, "cast", &snapshot);
	assert_int_equal(finish(gallery, &job).state, FC_SNAPSHOT_SUCCEEDED);
	must_write(gallery, delete_cast, NULL);
	job = start(gallery, true, "cast", &snapshot);
	assert_int_equal(finish(gallery, &job).state, FC_SNAPSHOT_SUCCEEDED);
	txn = must_read(gallery);
	assert_int_equal(
		fc_person_each(txn, space_of(gallery, "cast").id, NULL, keep_pid, &after, NULL),
		FC_OK);
	fc_gallery_end_read(txn);
	assert_true(fc_uuid_equal(&before, &after));
}

static enum fc_status add_person(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct fc_space space;
	(void)context;
	FC_TRY(fc_space_find(txn, "g/cast", &space, err));
	return fc_person_add(txn, &(struct fc_person){ .space = space.id }, err);
}

static void a_changed_source_fails_the_operation_and_leaves_nothing(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct stepping stepping = { 0 };
	struct fc_uuid snapshot;
	uint64_t parts;
	make_group(gallery);
	stepping.job = start(gallery, false, "cast", &snapshot);
	must_write(gallery, step, &stepping);
	assert_int_equal(stepping.out.state, FC_SNAPSHOT_RUNNING);
	must_write(gallery, add_person, NULL);
	must_write(gallery, step, &stepping);
	assert_int_equal(stepping.out.state, FC_SNAPSHOT_FAILED);
	assert_non_null(strstr(stepping.out.message, "was changed"));
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_store_count(txn, FC_DB_SNAPSHOT_PART, &parts, NULL), FC_OK);
	assert_int_equal(parts, 0);
	assert_int_equal(fc_store_count(txn, FC_DB_SNAPSHOT, &parts, NULL), FC_OK);
	assert_int_equal(parts, 0);
	fc_gallery_end_read(txn);
}

static enum fc_status drop_snapshot(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	return fc_snapshot_delete(txn, context, err);
}

static void a_deleted_snapshot_fails_the_operation_and_leaves_nothing(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct stepping stepping = { 0 };
	struct fc_uuid snapshot;
	struct fc_space space;
	make_group(gallery);
	struct fc_uuid job = start(gallery, false, "cast", &snapshot);
	assert_int_equal(finish(gallery, &job).state, FC_SNAPSHOT_SUCCEEDED);
	stepping.job = start(gallery, true, "copy", &snapshot);
	must_write(gallery, step, &stepping);
	assert_int_equal(stepping.out.state, FC_SNAPSHOT_RUNNING);
	must_write(gallery, drop_snapshot, &snapshot);
	must_write(gallery, step, &stepping);
	assert_int_equal(stepping.out.state, FC_SNAPSHOT_FAILED);
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_space_find(txn, "g/copy", &space, NULL), FC_NOT_FOUND);
	fc_gallery_end_read(txn);
}

/* Dies inside the change after this many steps. */
static enum fc_status step_and_die(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct stepping *stepping = context;
	FC_TRY(fc_snapshot_step(txn, &stepping->job, 2, STEP, &stepping->out, err));
	if (stepping->steps == 0) {
		kill(getpid(), SIGKILL);
	}
	return FC_OK;
}

struct doomed {
	const struct scratch *scratch;
	struct fc_uuid job;
	unsigned steps;
};

static int die_in_a_step(void *context)
{
	const struct doomed *doomed = context;
	struct fc_gallery *gallery = NULL;
	struct stepping stepping = { .job = doomed->job };
	enum fc_status status = try_open(doomed->scratch, FC_GALLERY_WRITE, &gallery, NULL);
	for (stepping.steps = doomed->steps; status == FC_OK; stepping.steps--) {
		status = fc_gallery_write(gallery, step_and_die, &stepping, NULL);
	}
	return (int)status;
}

static void a_killed_operation_is_completed_by_another_process(void **state)
{
	struct scratch *scratch = *state;
	struct fc_uuid snapshot;
	make_group(scratch->open);
	for (unsigned applies = 0; applies < 2; applies++) {
		for (unsigned steps = 0; steps <= PERSONS / STEP; steps++) {
			char name[16];
			snprintf(name, sizeof(name), "copy%u", steps);
			struct fc_uuid job = start(scratch->open, applies == 1,
						   applies == 1 ? name : "cast", &snapshot);
			struct doomed doomed = { scratch, job, steps };
			fc_gallery_close(scratch->open);
			scratch->open = NULL;
			assert_int_equal(wait_for_child(start_child(die_in_a_step, &doomed)),
					 128 + SIGKILL);
			scratch->open = must_open(scratch, FC_GALLERY_WRITE);
			must_check(scratch->open);
			struct stepping stepping = { .job = job };
			do {
				must_write(scratch->open, step, &stepping);
			} while (stepping.out.state < FC_SNAPSHOT_SUCCEEDED);
			assert_int_equal(stepping.out.state, FC_SNAPSHOT_SUCCEEDED);
			if (applies == 1) {
				struct fc_space copy = space_of(scratch->open, name);
				assert_int_equal(copy.person_count, PERSONS);
				assert_int_equal(copy.face_count, 2 * PERSONS);
			}
		}
	}
}

static void expired_snapshots_go_with_compact(void **state)
{
	SKIP_IN_POSTGRES();
	struct scratch *scratch = *state;
	struct fc_gallery *gallery = gallery_of(state);
	struct fc_compact_report report;
	struct fc_uuid snapshot;
	make_group(gallery);
	struct fc_uuid job = start(gallery, false, "cast", &snapshot);
	assert_int_equal(finish(gallery, &job).state, FC_SNAPSHOT_SUCCEEDED);
	must_write(gallery, delete_cast, NULL);
	assert_true(file_has_template(scratch, 100));
	/* its time was in 1970 */
	assert_int_equal(fc_gallery_compact(gallery, &report, NULL), FC_OK);
	assert_false(file_has_template(scratch, 100));
}

static enum fc_status forever(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	FC_CLEANUP(fc_container_snapshot_release) struct fc_container_snapshot snapshot = { 0 };
	FC_TRY(fc_snapshot_get(txn, context, 2, &snapshot, err));
	snapshot.expires = FC_SNAPSHOT_FOREVER;
	return fc_snapshot_put(txn, &snapshot, false, err);
}

static void erased_persons_leave_the_snapshots(void **state)
{
	SKIP_IN_POSTGRES();
	struct scratch *scratch = *state;
	struct fc_gallery *gallery = gallery_of(state);
	struct fc_uuid snapshot, pid;
	struct fc_erase_report report;
	struct fc_search_hit hit;
	size_t count;
	make_group(gallery);
	struct fc_uuid job = start(gallery, false, "cast", &snapshot);
	assert_int_equal(finish(gallery, &job).state, FC_SNAPSHOT_SUCCEEDED);
	must_write(gallery, forever, &snapshot);
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(find_nearest(txn, space_of(gallery, "cast").id, 100, &hit, &count, NULL),
			 FC_OK);
	fc_gallery_end_read(txn);
	pid = hit.pid;
	const struct fc_erase_request request = { .pids = &pid, .pid_count = 1 };
	assert_int_equal(fc_gallery_erase(gallery, &request, &report, NULL), FC_OK);
	assert_false(file_has_template(scratch, 100));
	assert_true(file_has_template(scratch, 140));
	job = start(gallery, true, "copy", &snapshot);
	struct stepping stepping = { .job = job };
	do {
		must_write(gallery, step, &stepping);
	} while (stepping.out.state < FC_SNAPSHOT_SUCCEEDED);
	assert_int_equal(space_of(gallery, "copy").person_count, PERSONS - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_GALLERY(a_copy_is_found_like_its_source),
		IN_A_GALLERY(a_copy_of_a_deleted_source_keeps_its_ids),
		IN_A_GALLERY(a_changed_source_fails_the_operation_and_leaves_nothing),
		IN_A_GALLERY(a_deleted_snapshot_fails_the_operation_and_leaves_nothing),
		IN_A_GALLERY(a_killed_operation_is_completed_by_another_process),
		IN_A_GALLERY(expired_snapshots_go_with_compact),
		IN_A_GALLERY(erased_persons_leave_the_snapshots),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
