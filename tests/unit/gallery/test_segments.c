/* Segments: a search equals a full scan after additions, deletions, merges and rebuilds. */
/* SPDX-License-Identifier: MIT */
#include "model.h"

#include <stdlib.h>

#include "gallery/search/segments.h"

/* ---- growing ---- */

static void faces_become_segments_as_they_are_added(void **state)
{
	struct model *model = *state;
	add(model, 1000);
	struct fc_segment_stats stats = must_equal_a_full_scan(model);
	assert_int_equal(stats.segments, 0);
	assert_int_equal(stats.tail, 1000);
	for (size_t i = 0; i < 7; i++) {
		add(model, 1500);
		stats = must_equal_a_full_scan(model);
		assert_int_equal(stats.segments, model->count / FC_SEGMENT_MEANS);
		assert_int_equal(stats.packed, stats.segments * FC_SEGMENT_MEANS);
		assert_int_equal(stats.tail, model->count - stats.packed);
	}
	assert_true(stats.bytes >= stats.packed * DIMENSION);
}

static enum fc_status add_and_search(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	struct addition *addition = context;
	struct model *model = addition->model;
	FC_TRY(add_faces(txn, addition, err));
	note_added(model, addition->count);
	compare_with_full_scan(model, txn);
	model->count = 0;
	return FC_OK;
}

static void a_change_finds_what_it_has_added(void **state)
{
	struct model *model = *state;
	struct addition addition = { model, "5", 9000 };
	must_write(model->gallery, add_and_search, &addition);
	note_added(model, addition.count);
	assert_int_equal(must_equal_a_full_scan(model).segments, 2);
}

/* Ids are the gallery's; those of two spaces that grow together are mixed. */
static void spaces_that_grow_together_have_their_own_segments(void **state)
{
	struct model *model = *state;
	struct model *other = calloc(1, sizeof(*other));
	assert_non_null(other);
	other->gallery = model->gallery;
	other->persons = model->persons;
	for (size_t i = 0; i < 90; i++) {
		struct addition addition = { other, "6", 50 };
		add(model, 100);
		/* A photo may be in two spaces. */
		must_write(other->gallery, add_faces, &addition);
		note_added(other, 50);
	}
	assert_int_equal(must_equal_a_full_scan(model).segments, 2);
	assert_int_equal(must_equal_a_full_scan(other).segments, 1);
	free(other);
}

/* ---- deleting ---- */

static bool goes_first(const struct model *model, size_t face)
{
	(void)model;
	return face < 2 * FC_SEGMENT_MEANS;
}

static bool goes_tail(const struct model *model, size_t face)
{
	return face >= model->count / FC_SEGMENT_MEANS * FC_SEGMENT_MEANS;
}

static void deleted_faces_are_not_found_and_sparse_segments_merge(void **state)
{
	struct model *model = *state;
	add(model, 17000);
	remove_some(model, goes_two_of_three);
	struct fc_segment_stats stats = must_equal_a_full_scan(model);
	assert_int_equal(stats.segments, 4);
	assert_int_equal(stats.packed + stats.deleted, 4 * FC_SEGMENT_MEANS);
	add(model, 3000);
	stats = must_equal_a_full_scan(model);
	assert_int_equal(stats.segments, 2);
	assert_true(stats.deleted < stats.packed);
}

static void a_segment_goes_with_its_last_face(void **state)
{
	struct model *model = *state;
	add(model, 9000);
	remove_some(model, goes_first);
	struct fc_segment_stats stats = must_equal_a_full_scan(model);
	assert_int_equal(stats.segments, 0);
	assert_int_equal(stats.tail, 9000 - 2 * FC_SEGMENT_MEANS);
}

static void a_tail_may_go_and_come_back(void **state)
{
	struct model *model = *state;
	add(model, 5000);
	remove_some(model, goes_tail);
	assert_int_equal(must_equal_a_full_scan(model).tail, 0);
	add(model, 8000);
	assert_true(must_equal_a_full_scan(model).segments >= 2);
}

static enum fc_status delete_persons(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	const struct model *model = context;
	for (size_t i = 0; i < model->persons; i += 2) {
		FC_TRY(fc_person_delete(txn, &model->pids[i], err));
	}
	return FC_OK;
}

static void deleting_persons_deletes_them_from_segments(void **state)
{
	struct model *model = *state;
	model->persons = 9000;
	add(model, 9000);
	must_write(model->gallery, delete_persons, model);
	for (size_t i = 0; i < model->count; i++) {
		model->faces[i].gone = i % 2 == 0;
	}
	assert_int_equal(must_equal_a_full_scan(model).deleted, FC_SEGMENT_MEANS);
}

static enum fc_status truncate_space(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	const struct model *model = context;
	uint64_t persons, faces;
	return fc_space_truncate(txn, model->space, &persons, &faces, err);
}

static void a_truncated_space_has_no_segments_and_fills_again(void **state)
{
	struct model *model = *state;
	add(model, 9000);
	must_write(model->gallery, truncate_space, model);
	for (size_t i = 0; i < model->count; i++) {
		model->faces[i].gone = true;
	}
	memset(model->pids, 0, sizeof(model->pids));
	assert_int_equal(must_equal_a_full_scan(model).segments, 0);
	add(model, 5000);
	assert_int_equal(must_equal_a_full_scan(model).segments, 1);
}

/* ---- merging persons ---- */

static enum fc_status merge_persons(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct model *model = context;
	uint64_t faces, entries;
	for (size_t i = 0; i < 100; i += 2) {
		FC_TRY(fc_person_merge(txn, &model->pids[i], &model->pids[i + 1], &faces, &entries,
				       err));
	}
	return FC_OK;
}

static void merged_persons_are_found_under_the_one_that_is_kept(void **state)
{
	struct model *model = *state;
	model->persons = 5000;
	add(model, 6000);
	must_write(model->gallery, merge_persons, model);
	for (size_t i = 0; i < model->count; i++) {
		size_t person = model->faces[i].person;
		if (person < 100 && person % 2 == 1) {
			model->faces[i].person = person - 1;
			note_change(model, person - 1);
		}
	}
	must_equal_a_full_scan(model);
}

/* ---- several faces of a person ---- */

static void a_person_is_one_vector(void **state)
{
	struct model *model = *state;
	model->persons = 5000;
	add(model, 5000);
	struct fc_segment_stats stats = must_equal_a_full_scan(model);
	assert_int_equal(stats.packed, FC_SEGMENT_MEANS);
	assert_int_equal(stats.tail, 5000 - FC_SEGMENT_MEANS);
	add(model, 100);
	stats = must_equal_a_full_scan(model);
	assert_int_equal(stats.deleted, 100);
	assert_int_equal(stats.packed + stats.tail, 5000);
	add(model, 19 * 1000 - 100);
	stats = must_equal_a_full_scan(model);
	assert_int_equal(stats.packed + stats.tail, 5000);
	assert_true(stats.deleted <= 2 * FC_SEGMENT_MEANS);
}

static void a_tail_of_changing_persons_stays_small(void **state)
{
	struct model *model = *state;
	model->persons = 3;
	add(model, 300);
	struct fc_segment_stats stats = must_equal_a_full_scan(model);
	assert_int_equal(stats.segments, 0);
	assert_int_equal(stats.tail, 3);
}

/* ---- rebuilding ---- */

static void compacting_leaves_nothing_of_deleted_faces(void **state)
{
	struct model *model = *state;
	struct fc_compact_report report;
	struct fc_error err = { 0 };
	uint64_t spaces = 9;
	add(model, 13000);
	assert_int_equal(fc_gallery_compact(model->gallery, &report, &err), FC_OK);
	assert_int_equal(report.spaces, 0);
	remove_some(model, goes_two_of_three);
	assert_true(must_equal_a_full_scan(model).deleted > 8000);
	assert_int_equal(fc_gallery_compact(model->gallery, &report, &err), FC_OK);
	assert_int_equal(report.spaces, 1);
	struct fc_segment_stats stats = must_equal_a_full_scan(model);
	assert_int_equal(stats.deleted, 0);
	assert_int_equal(stats.segments, 1);
	assert_int_equal(fc_gallery_reindex(model->gallery, &spaces, NULL), FC_OK);
	assert_int_equal(spaces, 1);
	assert_int_equal(must_equal_a_full_scan(model).segments, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_A_MODEL(faces_become_segments_as_they_are_added),
		WITH_A_MODEL(a_change_finds_what_it_has_added),
		WITH_A_MODEL(spaces_that_grow_together_have_their_own_segments),
		WITH_A_MODEL(deleted_faces_are_not_found_and_sparse_segments_merge),
		WITH_A_MODEL(a_segment_goes_with_its_last_face),
		WITH_A_MODEL(a_tail_may_go_and_come_back),
		WITH_A_MODEL(deleting_persons_deletes_them_from_segments),
		WITH_A_MODEL(a_truncated_space_has_no_segments_and_fills_again),
		WITH_A_MODEL(merged_persons_are_found_under_the_one_that_is_kept),
		WITH_A_MODEL(a_person_is_one_vector),
		WITH_A_MODEL(a_tail_of_changing_persons_stays_small),
		WITH_A_MODEL(compacting_leaves_nothing_of_deleted_faces),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
