/*
 * Photos in flight: taken from a source, processed concurrently, and handed on in the order of the source or in order of completion.
 *
 * A slot is one unit of work: one photo in a worker process, or the photos of one remote request. Each slot has a ticket, a number that
 * counts up from 0.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_BATCH_FLIGHT_H
#define FC_SERVICE_BATCH_FLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The owner sets everything except the state at the end. */
struct fc_flight {
	size_t capacity; /* maximum number of slots in flight, at least 1 */
	size_t slot_size;
	bool any_order; /* hand on slots in order of completion */
	void *context;  /* passed to the functions below; an error from any of them ends the run */
	/* Whether another slot can be started. NULL: always. */
	bool (*has_room)(void *context);
	/* Whether start would return without blocking. If not, start is called only when nothing is in flight. */
	bool (*is_ready)(void *context);
	/*
	 * Take the next photos into a zeroed slot and start to process them. *end: there are no more, and the slot stays unused.
	 * After an error the slot is passed to release.
	 */
	enum fc_status (*start)(void *context, uint64_t ticket, void *slot, bool *end,
				struct fc_error *err);
	/* Wait until any slot makes progress. Called only when no slot can be handed on. */
	enum fc_status (*wait)(void *context, struct fc_error *err);
	bool (*is_finished)(const void *slot);
	enum fc_status (*hand_on)(void *context, void *slot, struct fc_error *err);
	void (*release)(void *context, void *slot);
	/* Called before every wait, and at the end. idle: nothing is in flight. May be NULL. */
	enum fc_status (*pause)(void *context, bool idle, struct fc_error *err);

	/* state, zero at first */
	unsigned char *slots;
	bool *handed_on; /* for each slot */
	/* tickets: of the oldest slot in flight, and of the next slot to start */
	uint64_t first, next;
	bool ended;
};

/* Run until the source has no more photos and every slot was handed on. */
enum fc_status fc_flight_run(struct fc_flight *flight, struct fc_error *err);

/* Release the slots that are still in flight after an error. */
void fc_flight_release(struct fc_flight *flight);

/* The slot in flight that has this ticket. */
void *fc_flight_slot(const struct fc_flight *flight, uint64_t ticket);

#endif
