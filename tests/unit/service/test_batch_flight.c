/* Photos in flight, with a source that counts and workers that finish in a given order. */
/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdlib.h>

#include "service/batch/flight.h"
#include "unit.h"

enum { PHOTOS = 8 };

struct slot {
	unsigned number;
	bool working;
	char *owned;
};

/* A run over the photos 0 to photo_count - 1, each of which is finished by a call of wait unless it is known. */
struct run {
	struct fc_flight flight;
	unsigned photo_count, given;
	const unsigned *finish_order; /* photos that take a worker */
	unsigned finished;
	unsigned room; /* photos at work at once */
	unsigned working, most_working;
	bool known[PHOTOS];    /* finished as soon as they are started */
	unsigned ready_photos; /* the source is ready for so many; more become ready by a pause */
	unsigned stop_after; /* start ends the source, as after a signal, when so many were given */
	int fail_start, fail_hand_on; /* the photo; -1 for none */
	bool fail_wait;
	unsigned handed_on[PHOTOS], handed_on_count;
	unsigned pauses, idle_pauses, released;
};

static bool has_room(void *context)
{
	const struct run *run = context;
	return run->working < run->room;
}

static bool is_ready(void *context)
{
	const struct run *run = context;
	return run->given < run->ready_photos;
}

static enum fc_status start(void *context, uint64_t ticket, void *slot, bool *end,
			    struct fc_error *err)
{
	struct run *run = context;
	struct slot *photo = slot;
	assert_int_equal(ticket, run->given);
	assert_null(photo->owned);
	*end = run->given == run->photo_count || run->given == run->stop_after;
	if (*end) {
		return FC_OK;
	}
	photo->number = run->given++;
	photo->owned = calloc(1, 1);
	if ((int)photo->number == run->fail_start) {
		return fc_fail(err, FC_IO, "the source fails");
	}
	photo->working = !run->known[photo->number];
	run->working += photo->working;
	if (run->working > run->most_working) {
		run->most_working = run->working;
	}
	return FC_OK;
}

static enum fc_status finish_next(void *context, struct fc_error *err)
{
	struct run *run = context;
	if (run->fail_wait) {
		return fc_fail(err, FC_INTERNAL, "no worker is left");
	}
	struct slot *photo = fc_flight_slot(&run->flight, run->finish_order[run->finished++]);
	assert_true(photo->working);
	photo->working = false;
	run->working--;
	return FC_OK;
}

static bool is_finished(const void *slot)
{
	return !((const struct slot *)slot)->working;
}

static enum fc_status hand_on(void *context, void *slot, struct fc_error *err)
{
	struct run *run = context;
	const struct slot *photo = slot;
	if ((int)photo->number == run->fail_hand_on) {
		return fc_fail(err, FC_FULL, "the disk is full");
	}
	run->handed_on[run->handed_on_count++] = photo->number;
	return FC_OK;
}

static void release(void *context, void *slot)
{
	struct run *run = context;
	struct slot *photo = slot;
	free(photo->owned);
	photo->owned = NULL;
	run->released++;
}

static enum fc_status count_pause(void *context, bool idle, struct fc_error *err)
{
	struct run *run = context;
	(void)err;
	run->pauses++;
	run->idle_pauses += idle;
	if (idle && run->ready_photos < run->photo_count) {
		run->ready_photos++;
	}
	return FC_OK;
}

static struct run run_of(unsigned photo_count, const unsigned *finish_order)
{
	return (struct run){
		.photo_count = photo_count,
		.finish_order = finish_order,
		.room = PHOTOS,
		.ready_photos = PHOTOS + 1,
		.stop_after = PHOTOS + 1,
		.fail_start = -1,
		.fail_hand_on = -1,
		.flight = { .capacity = 4,
			    .slot_size = sizeof(struct slot),
			    .has_room = has_room,
			    .is_ready = is_ready,
			    .start = start,
			    .wait = finish_next,
			    .is_finished = is_finished,
			    .hand_on = hand_on,
			    .release = release,
			    .pause = count_pause },
	};
}

/* Run it; whatever happens, every photo that was started is released once. */
static enum fc_status carry_out(struct run *run)
{
	struct fc_error err = { 0 };
	run->flight.context = run;
	enum fc_status status = fc_flight_run(&run->flight, &err);
	assert_int_equal(status, err.status);
	fc_flight_release(&run->flight);
	assert_int_equal(run->released, run->given);
	return status;
}

static void assert_order(const struct run *run, const unsigned *expected, unsigned count)
{
	assert_int_equal(run->handed_on_count, count);
	for (unsigned i = 0; i < count; i++) {
		assert_int_equal(run->handed_on[i], expected[i]);
	}
}

static const unsigned in_order[] = { 0, 1, 2, 3, 4, 5, 6, 7 };

static void photos_are_handed_on_in_the_order_of_the_source(void **state)
{
	static const unsigned backwards[] = { 3, 2, 1, 0, 5, 4 };
	struct run run = run_of(6, backwards);
	(void)state;
	assert_int_equal(carry_out(&run), FC_OK);
	assert_order(&run, in_order, 6);
}

static void photos_in_any_order_are_handed_on_as_they_finish(void **state)
{
	static const unsigned order[] = { 2, 0, 3, 4, 1, 5 };
	struct run run = run_of(6, order);
	(void)state;
	run.flight.any_order = true;
	assert_int_equal(carry_out(&run), FC_OK);
	assert_order(&run, order, 6);
}

/* Photo 0 takes long: the ring is full until it is finished. */
static void a_slot_is_used_again_only_when_its_photo_was_handed_on(void **state)
{
	static const unsigned order[] = { 3, 2, 1, 0, 4 };
	struct run run = run_of(5, order);
	(void)state;
	run.flight.any_order = true;
	assert_int_equal(carry_out(&run), FC_OK);
	assert_order(&run, order, 5);
}

static void no_more_photos_are_at_work_than_there_is_room_for(void **state)
{
	struct run run = run_of(6, in_order);
	(void)state;
	run.room = 2;
	assert_int_equal(carry_out(&run), FC_OK);
	assert_order(&run, in_order, 6);
	assert_int_equal(run.most_working, 2);
}

static void a_photo_that_needs_no_work_keeps_its_turn(void **state)
{
	static const unsigned order[] = { 3, 0 };
	struct run run = run_of(4, order);
	(void)state;
	run.known[1] = run.known[2] = true;
	assert_int_equal(carry_out(&run), FC_OK);
	assert_order(&run, in_order, 4);
}

static void an_empty_source_ends_with_one_idle_pause(void **state)
{
	struct run run = run_of(0, NULL);
	(void)state;
	assert_int_equal(carry_out(&run), FC_OK);
	assert_int_equal(run.pauses, 1);
	assert_int_equal(run.idle_pauses, 1);
}

/* Photo by photo, as they arrive: what is in flight is finished before the source is waited for. */
static void a_source_that_is_not_ready_is_waited_for_only_when_nothing_is_in_flight(void **state)
{
	struct run run = run_of(3, in_order);
	(void)state;
	run.ready_photos = 0;
	assert_int_equal(carry_out(&run), FC_OK);
	assert_order(&run, in_order, 3);
	assert_int_equal(run.most_working, 1);
	/* before each photo, before the source ends, and at the end */
	assert_int_equal(run.idle_pauses, 3 + 2);
}

static void photos_in_flight_are_finished_after_a_request_to_stop(void **state)
{
	static const unsigned order[] = { 1, 0, 2 };
	struct run run = run_of(8, order);
	(void)state;
	run.stop_after = 3;
	assert_int_equal(carry_out(&run), FC_OK);
	assert_order(&run, in_order, 3);
}

static void an_error_of_the_source_ends_the_run(void **state)
{
	struct run run = run_of(8, in_order);
	(void)state;
	run.fail_start = 2;
	assert_int_equal(carry_out(&run), FC_IO);
	assert_int_equal(run.handed_on_count, 0);
}

static void an_error_of_the_receiver_ends_the_run(void **state)
{
	struct run run = run_of(8, in_order);
	(void)state;
	run.fail_hand_on = 3;
	assert_int_equal(carry_out(&run), FC_FULL);
	assert_order(&run, in_order, 3);
}

static void an_error_of_the_workers_ends_the_run(void **state)
{
	struct run run = run_of(8, in_order);
	(void)state;
	run.fail_wait = true;
	assert_int_equal(carry_out(&run), FC_INTERNAL);
	assert_int_equal(run.handed_on_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(photos_are_handed_on_in_the_order_of_the_source),
		cmocka_unit_test(photos_in_any_order_are_handed_on_as_they_finish),
		cmocka_unit_test(a_slot_is_used_again_only_when_its_photo_was_handed_on),
		cmocka_unit_test(no_more_photos_are_at_work_than_there_is_room_for),
		cmocka_unit_test(a_photo_that_needs_no_work_keeps_its_turn),
		cmocka_unit_test(an_empty_source_ends_with_one_idle_pause),
		cmocka_unit_test(
			a_source_that_is_not_ready_is_waited_for_only_when_nothing_is_in_flight),
		cmocka_unit_test(photos_in_flight_are_finished_after_a_request_to_stop),
		cmocka_unit_test(an_error_of_the_source_ends_the_run),
		cmocka_unit_test(an_error_of_the_receiver_ends_the_run),
		cmocka_unit_test(an_error_of_the_workers_ends_the_run),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
