/* Photos in flight. */
/* SPDX-License-Identifier: MIT */
#include "service/batch/flight.h"

#include <stdlib.h>
#include <string.h>

void *fc_flight_slot(const struct fc_flight *flight, uint64_t ticket)
{
	return flight->slots + flight->slot_size * (ticket % flight->capacity);
}

static bool *handed_on(const struct fc_flight *flight, uint64_t ticket)
{
	return &flight->handed_on[ticket % flight->capacity];
}

static enum fc_status pause_before_wait(const struct fc_flight *flight, bool idle,
					struct fc_error *err)
{
	return flight->pause ? flight->pause(flight->context, idle, err) : FC_OK;
}

/* Start slots while there is room for them and the source has photos. */
static enum fc_status fill(struct fc_flight *flight, struct fc_error *err)
{
	while (!flight->ended && flight->next - flight->first < flight->capacity &&
	       (!flight->has_room || flight->has_room(flight->context))) {
		if (!flight->is_ready(flight->context)) {
			if (flight->first < flight->next) {
				break;
			}
			FC_TRY(pause_before_wait(flight, true, err));
		}
		uint64_t ticket = flight->next++;
		void *slot = fc_flight_slot(flight, ticket);
		memset(slot, 0, flight->slot_size);
		*handed_on(flight, ticket) = false;
		FC_TRY(flight->start(flight->context, ticket, slot, &flight->ended, err));
		flight->next -= flight->ended;
	}
	return FC_OK;
}

/* Find a slot that can be handed on. Returns false if there is none. */
static bool find_finished(const struct fc_flight *flight, uint64_t *ticket)
{
	uint64_t end = flight->any_order ? flight->next : flight->first + 1;
	for (*ticket = flight->first; *ticket < end; ++*ticket) {
		if (!*handed_on(flight, *ticket) &&
		    flight->is_finished(fc_flight_slot(flight, *ticket))) {
			return true;
		}
	}
	return false;
}

static enum fc_status hand_on(struct fc_flight *flight, uint64_t ticket, struct fc_error *err)
{
	void *slot = fc_flight_slot(flight, ticket);
	FC_TRY(flight->hand_on(flight->context, slot, err));
	flight->release(flight->context, slot);
	*handed_on(flight, ticket) = true;
	while (flight->first < flight->next && *handed_on(flight, flight->first)) {
		flight->first++;
	}
	return FC_OK;
}

enum fc_status fc_flight_run(struct fc_flight *flight, struct fc_error *err)
{
	flight->slots = calloc(flight->capacity, flight->slot_size);
	flight->handed_on = calloc(flight->capacity, sizeof(*flight->handed_on));
	if (!flight->slots || !flight->handed_on) {
		return fc_fail_memory(err);
	}
	for (;;) {
		uint64_t ticket;
		FC_TRY(fill(flight, err));
		if (flight->first == flight->next) {
			return pause_before_wait(flight, true, err);
		}
		if (find_finished(flight, &ticket)) {
			FC_TRY(hand_on(flight, ticket, err));
		} else {
			FC_TRY(pause_before_wait(flight, false, err));
			FC_TRY(flight->wait(flight->context, err));
		}
	}
}

void fc_flight_release(struct fc_flight *flight)
{
	for (uint64_t ticket = flight->first; ticket < flight->next; ticket++) {
		if (!*handed_on(flight, ticket)) {
			flight->release(flight->context, fc_flight_slot(flight, ticket));
		}
	}
	free(flight->slots);
	free(flight->handed_on);
	flight->slots = NULL;
	flight->handed_on = NULL;
	flight->first = flight->next;
}
