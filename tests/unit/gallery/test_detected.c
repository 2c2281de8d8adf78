/* Detected faces: found until they expire, and then no byte of them stays. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "gallery/maintain/reembed.h"
#include "gallery/rows/detected.h"

static const int64_t minute = 60 * INT64_C(1000000);

/* Faces to store; each template is that of its seed. */
struct faces {
	uint64_t first_seed;
	size_t count;
	int64_t expires;
	struct fc_uuid *ids; /* `count` items, filled by the caller: a change may run twice */
};

static enum fc_status add_detected(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct faces *faces = context;
	const struct fc_embedder_pin pin = make_pin();
	float template[DIMENSION];
	FC_TRY(fc_gallery_set_pin(txn, &pin, err));
	for (size_t i = 0; i < faces->count; i++) {
		make_template(faces->first_seed + i, template);
		const struct fc_detected detected = {
			.id = faces->ids[i],
			.created = 1,
			.expires = faces->expires,
			.box = { 1, 2, 30, 40 },
			.recognition = 4,
			.detection = 1,
			.embedding = template,
			.dimension = DIMENSION,
		};
		FC_TRY(fc_detected_add(txn, &detected, err));
	}
	return FC_OK;
}

static struct fc_uuid add_one(struct fc_gallery *gallery, uint64_t seed, int64_t expires)
{
	struct fc_uuid id = fc_uuid_new();
	struct faces faces = { seed, 1, expires, &id };
	must_write(gallery, add_detected, &faces);
	return id;
}

static enum fc_status get(struct fc_gallery *gallery, const struct fc_uuid *id, int64_t now,
			  struct fc_detected *out)
{
	struct fc_gallery_txn *txn = must_read(gallery);
	enum fc_status status = fc_detected_get(txn, id, now, out, NULL);
	fc_gallery_end_read(txn);
	return status;
}

struct sweep {
	int64_t now;
	uint64_t removed;
};

static enum fc_status sweep(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct sweep *run = context;
	return fc_detected_sweep(txn, run->now, &run->removed, err);
}

static uint64_t stored(struct fc_gallery *gallery)
{
	struct fc_gallery_stats stats;
	assert_int_equal(fc_gallery_stats(gallery, &stats, NULL), FC_OK);
	return stats.detected;
}

static void a_detected_face_is_found_until_it_expires(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	FC_CLEANUP(fc_detected_release) struct fc_detected found = { 0 };
	float template[DIMENSION];
	struct fc_uuid id = add_one(gallery, 7, 100 * minute);
	const struct fc_uuid other = fc_uuid_new();
	assert_int_equal(get(gallery, &id, 100 * minute - 1, &found), FC_OK);
	make_template(7, template);
	assert_memory_equal(found.embedding, template, sizeof(template));
	assert_int_equal(found.dimension, DIMENSION);
	assert_true(fc_uuid_equal(&found.id, &id));
	assert_int_equal(found.expires, 100 * minute);
	assert_int_equal(found.recognition, 4);
	assert_int_equal(found.detection, 1);
	assert_true(found.box[3] == 40);
	fc_detected_release(&found);
	assert_int_equal(get(gallery, &id, 100 * minute, &found), FC_NOT_FOUND);
	assert_null(found.embedding);
	assert_int_equal(get(gallery, &other, 0, &found), FC_NOT_FOUND);
}

static void a_sweep_removes_what_has_expired_and_nothing_else(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	FC_CLEANUP(fc_detected_release) struct fc_detected found = { 0 };
	struct sweep run = { .now = 20 * minute };
	struct fc_uuid early = add_one(gallery, 1, 10 * minute);
	struct fc_uuid exact = add_one(gallery, 2, 20 * minute);
	struct fc_uuid late = add_one(gallery, 3, 20 * minute + 1);
	must_write(gallery, sweep, &run);
	assert_int_equal(run.removed, 2);
	assert_int_equal(stored(gallery), 1);
	assert_int_equal(get(gallery, &early, 0, &found), FC_NOT_FOUND);
	assert_int_equal(get(gallery, &exact, 0, &found), FC_NOT_FOUND);
	assert_int_equal(get(gallery, &late, 0, &found), FC_OK);
	must_write(gallery, sweep, &run);
	assert_int_equal(run.removed, 0);
}

/* Detected while the clock was years ahead: it would stay for years. */
static void a_face_that_expires_too_late_has_expired(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	FC_CLEANUP(fc_detected_release) struct fc_detected found = { 0 };
	struct fc_detected_counts counts;
	const int64_t now = 100000 * minute;
	struct sweep run = { .now = now };
	struct fc_uuid usual = add_one(gallery, 1, now + 24 * 60 * minute);
	struct fc_uuid ahead = add_one(gallery, 2, now + 72 * 60 * minute);
	add_one(gallery, 3, now);
	assert_int_equal(get(gallery, &ahead, now, &found), FC_NOT_FOUND);
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_detected_count(txn, now, &counts, NULL), FC_OK);
	fc_gallery_end_read(txn);
	assert_int_equal(counts.stored, 3);
	assert_int_equal(counts.expired, 2);
	must_write(gallery, sweep, &run);
	assert_int_equal(run.removed, 2);
	assert_int_equal(get(gallery, &usual, now, &found), FC_OK);
}

static void compact_leaves_no_template_of_an_expired_face(void **state)
{
	SKIP_IN_POSTGRES();
	struct scratch *scratch = *state;
	struct fc_gallery *gallery = gallery_of(state);
	struct fc_compact_report report;
	int64_t now = fc_clock_now();
	add_one(gallery, 1, now - 1);
	add_one(gallery, 2, now + 60 * minute);
	assert_true(file_has_template(scratch, 1));
	assert_int_equal(fc_gallery_compact(gallery, &report, NULL), FC_OK);
	assert_false(file_has_template(scratch, 1));
	assert_true(file_has_template(scratch, 2));
	assert_int_equal(stored(gallery), 1);
}

static void erase_leaves_no_detected_face(void **state)
{
	SKIP_IN_POSTGRES();
	struct scratch *scratch = *state;
	struct fc_gallery *gallery = gallery_of(state);
	struct fc_erase_report report;
	must_enrol(gallery, "5", 1, 50);
	add_one(gallery, 2, fc_clock_now() + 60 * minute);
	const struct fc_erase_request whole = { .space = "5", .whole_space = true };
	assert_int_equal(fc_gallery_erase(gallery, &whole, &report, NULL), FC_OK);
	assert_int_equal(stored(gallery), 0);
	assert_false(file_has_template(scratch, 2));
}

static enum fc_status no_template(void *context, uint32_t space, uint64_t face, float *out,
				  bool *has, struct fc_error *err)
{
	(void)context, (void)space, (void)face, (void)out, (void)err;
	*has = false;
	return FC_OK;
}

static void another_embedder_drops_the_detected_faces(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct fc_embedder_pin to = make_pin();
	struct fc_reembedded done;
	to.preprocessing++;
	const struct fc_reembedding reembedding = { .from = make_pin(),
						    .to = to,
						    .template_of = no_template };
	add_one(gallery, 2, INT64_MAX);
	assert_int_equal(fc_gallery_reembed(gallery, &reembedding, &done, NULL), FC_OK);
	assert_int_equal(stored(gallery), 0);
}

static enum fc_status add_short(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	float template[1] = { 1 };
	(void)context;
	return fc_detected_add(
		txn,
		&(struct fc_detected){
			.recognition = 1, .detection = 1, .embedding = template, .dimension = 1 },
		err);
}

static void ids_are_unique_and_templates_fit_the_gallery(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct fc_uuid id = fc_uuid_new();
	struct faces faces = { 1, 1, minute, &id };
	must_write(gallery, add_detected, &faces);
	expect_write(gallery, add_detected, &faces, FC_CONFLICT);
	expect_write(gallery, add_short, NULL, FC_INCOMPATIBLE);
}

static enum fc_status lose_time(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	(void)context;
	const struct fc_key everything = { 0 };
	return fc_store_delete_all(txn, FC_DB_DETECTED_TIME, &everything, err);
}

static void the_check_finds_a_face_that_would_never_be_swept(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	if (is_in_postgres()) {
		fc_gallery_close(gallery); /* the teardown does not */
		skip();
	}
	add_one(gallery, 1, minute);
	must_write(gallery, lose_time, NULL);
	assert_int_equal(count_problems(gallery), 1);
	fc_gallery_close(gallery);
}

static void many_faces_grow_the_gallery_and_a_sweep_empties_it(void **state)
{
	SKIP_IN_POSTGRES();
	enum { COUNT = 3000, SMALL_MAP = 256 * 1024 };
	struct scratch *scratch = *state;
	const struct fc_gallery_options options = { .directory = scratch->gallery,
						    .mode = FC_GALLERY_CREATE,
						    .lock_timeout = 10000 };
	struct fc_gallery *gallery = NULL;
	struct fc_uuid *ids = calloc(COUNT, sizeof(*ids));
	struct sweep run = { .now = minute };
	assert_non_null(ids);
	for (size_t i = 0; i < COUNT; i++) {
		ids[i] = fc_uuid_new();
	}
	struct faces faces = { 1, COUNT, minute, ids };
	assert_int_equal(fc_store_open(&options, SMALL_MAP, &gallery, NULL), FC_OK);
	must_write(gallery, add_detected, &faces);
	assert_true(must_check(gallery).bytes > SMALL_MAP);
	assert_int_equal(stored(gallery), COUNT);
	must_write(gallery, sweep, &run);
	assert_int_equal(run.removed, COUNT);
	must_check(gallery);
	assert_int_equal(stored(gallery), 0);
	fc_gallery_close(gallery);
	free(ids);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_GALLERY(a_detected_face_is_found_until_it_expires),
		IN_A_GALLERY(a_sweep_removes_what_has_expired_and_nothing_else),
		IN_A_GALLERY(a_face_that_expires_too_late_has_expired),
		IN_A_GALLERY(compact_leaves_no_template_of_an_expired_face),
		IN_A_GALLERY(erase_leaves_no_detected_face),
		IN_A_GALLERY(another_embedder_drops_the_detected_faces),
		IN_A_GALLERY(ids_are_unique_and_templates_fit_the_gallery),
		cmocka_unit_test_setup_teardown(the_check_finds_a_face_that_would_never_be_swept,
						enter_gallery, leave_scratch),
		cmocka_unit_test_setup_teardown(many_faces_grow_the_gallery_and_a_sweep_empties_it,
						enter_scratch, leave_scratch),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
