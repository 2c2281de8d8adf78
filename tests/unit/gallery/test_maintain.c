/* Stats, compaction and backup. What processes do to each other is tested from outside. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "gallery/maintain/maintain.h"

static enum fc_status delete_some(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const uint64_t *number = context;
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	struct fc_space space;
	FC_TRY(fc_space_find(txn, "s", &space, err));
	FC_TRY(fc_person_by_number(txn, space.id, *number, &person, err));
	return fc_person_delete(txn, &person.pid, err);
}

static void stats_tell_what_is_there(void **state)
{
	struct fc_gallery_stats stats;
	struct fc_gallery *gallery = must_open(*state, FC_GALLERY_CREATE);
	assert_int_equal(fc_gallery_stats(gallery, &stats, NULL), FC_OK);
	assert_false(stats.has_pin);
	assert_int_equal(stats.faces, 0);
	for (uint64_t i = 1; i <= 10; i++) {
		must_enrol(gallery, "s", i, i);
	}
	assert_int_equal(fc_gallery_stats(gallery, &stats, NULL), FC_OK);
	assert_true(stats.has_pin);
	assert_int_equal(stats.persons, 10);
	assert_int_equal(stats.faces, 10);
	assert_int_equal(stats.entries, 10);
	assert_int_equal(stats.segments.tail, 10);
	assert_int_equal(stats.segments.segments, 0);
	assert_int_equal(stats.readers, 0);
	assert_int_equal(stats.transaction, 11);
	uint64_t pages = 0;
	for (size_t i = 0; i < stats.table_count; i++) {
		pages += stats.tables[i].bytes / stats.page_bytes;
	}
	assert_true(pages > 0 && (pages + stats.free_pages) * stats.page_bytes <= stats.file_bytes);
	fc_gallery_close(gallery);
}

/* Whatever changes a gallery went through, LMDB's account of its pages adds up, or a compacting copy would refuse it. */
static void a_gallery_with_a_past_is_compacted_and_goes_on(void **state)
{
	struct fc_compact_report report;
	struct fc_gallery_stats stats;
	struct fc_error err = { 0 };
	struct fc_gallery *gallery = must_open(*state, FC_GALLERY_CREATE);
	uint64_t random = 5;
	for (uint64_t round = 0; round < 8; round++) {
		for (uint64_t i = 1; i <= 60; i++) {
			must_enrol(gallery, "s", round * 100 + i, round * 100 + i);
		}
		for (uint64_t i = 1; i <= 40; i++) {
			random = random * UINT64_C(6364136223846793005) + 1;
			uint64_t number = round * 100 + 1 + (random >> 33) % 60;
			FC_IGNORE(fc_gallery_write(gallery, delete_some, &number, &err));
		}
		struct fc_check_report before = must_check(gallery);
		assert_int_equal(fc_gallery_compact(gallery, &report, &err), FC_OK);
		assert_true(report.after <= report.before);
		struct fc_check_report after = must_check(gallery);
		assert_int_equal(after.faces, before.faces);
		assert_int_equal(after.persons, before.persons);
		assert_int_equal(after.entries, before.entries);
		assert_int_equal(fc_gallery_stats(gallery, &stats, NULL), FC_OK);
		assert_int_equal(stats.free_pages, 0);
		assert_int_equal(stats.segments.deleted, 0);
	}
	fc_gallery_close(gallery);
}

static void a_reader_of_another_process_keeps_a_compaction_out(void **state)
{
	struct scratch *scratch = *state;
	struct fc_compact_report report;
	struct fc_error err = { 0 };
	struct fc_gallery *gallery = NULL, *other = must_open(scratch, FC_GALLERY_CREATE);
	must_enrol(other, "s", 1, 1);
	/* Locks belong to the open file, so a second open file in this process acts like another process. */
	const struct fc_gallery_options options = { .directory = scratch->gallery,
						    .mode = FC_GALLERY_WRITE,
						    .lock_timeout = 50 };
	int held = open(scratch->gallery, O_RDONLY | O_DIRECTORY);
	assert_int_equal(flock(held, LOCK_SH), 0);
	fc_gallery_close(other);
	assert_int_equal(fc_gallery_open(&options, &gallery, &err), FC_OK);
	assert_int_equal(fc_gallery_compact(gallery, &report, &err), FC_BUSY);
	assert_non_null(strstr(err.text, "exclusive access"));
	fc_gallery_close(gallery);
	close(held);
	gallery = must_open(scratch, FC_GALLERY_WRITE);
	assert_int_equal(fc_gallery_compact(gallery, &report, &err), FC_OK);
	assert_int_equal(must_check(gallery).faces, 1);
	fc_gallery_close(gallery);
}

static void a_backup_is_a_gallery_of_its_own(void **state)
{
	struct scratch *scratch = *state;
	struct fc_backup_report report;
	struct fc_error err = { 0 };
	char place[120];
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	must_enrol(gallery, "s", 1, 1);
	snprintf(place, sizeof(place), "%s/kept", scratch->directory);
	assert_int_equal(fc_gallery_backup(gallery, place, false, &report, &err), FC_OK);
	assert_int_equal(report.counts.faces, 1);
	assert_int_equal(fc_gallery_backup(gallery, place, false, &report, &err), FC_CONFLICT);
	must_enrol(gallery, "s", 2, 2);
	assert_int_equal(fc_gallery_backup(gallery, place, true, &report, &err), FC_OK);
	assert_int_equal(report.counts.faces, 2);
	fc_gallery_close(gallery);
	const struct fc_gallery_options options = { .directory = place,
						    .mode = FC_GALLERY_WRITE,
						    .lock_timeout = 1000 };
	assert_int_equal(fc_gallery_open(&options, &gallery, &err), FC_OK);
	must_enrol(gallery, "s", 3, 3);
	assert_int_equal(must_check(gallery).faces, 3);
	fc_gallery_close(gallery);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(stats_tell_what_is_there, enter_scratch,
						leave_scratch),
		cmocka_unit_test_setup_teardown(a_gallery_with_a_past_is_compacted_and_goes_on,
						enter_scratch, leave_scratch),
		cmocka_unit_test_setup_teardown(a_reader_of_another_process_keeps_a_compaction_out,
						enter_scratch, leave_scratch),
		cmocka_unit_test_setup_teardown(a_backup_is_a_gallery_of_its_own, enter_scratch,
						leave_scratch),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
