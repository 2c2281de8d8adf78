/*
 * Photos in flight: taken from a source, worked on side by side, and handed on in the order of the source, or as they finish.
 *
 * A slot holds what is worked on together: one photo at a worker process, or the photos of one remote request. Slots are numbered
 * by tickets, which count up from 0.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_BATCH_FLIGHT_H
#define FC_SERVICE_BATCH_FLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Set by the owner, all but the last part. */
struct fc_flight {
	size_t capacity; /* slots in flight, at least 1 */
	size_t slot_size;
	bool any_order; /* hand slots on as they finish */
	void *context;  /* of the functions; an error from any of them ends the run */
	/* Whether the work of another slot can be started. NULL: always. */
	bool (*has_room)(void *context);
	/* Whether start would return at once. A source that is not ready is waited for only when nothing is in flight. */
	bool (*is_ready)(void *context);
	/*
	 * Take the next photos into a slot of zero bytes and start to work on them. *end: there are no more, and the slot stays
	 * unused. After an error the slot must be fit for release.
	 */
	enum fc_status (*start)(void *context, uint64_t ticket, void *slot, bool *end,
				struct fc_error *err);
	/* Wait for progress of any slot. Called only when no slot can be handed on. */
	enum fc_status (*wait)(void *context, struct fc_error *err);
	bool (*is_finished)(const void *slot);
	enum fc_status (*hand_on)(void *context, void *slot, struct fc_error *err);
	void (*release)(void *context, void *slot);
	/* Called before every wait: idle when nothing is in flight, which is the case at the end, too. NULL: nothing to do. */
	enum fc_status (*pause)(void *context, bool idle, struct fc_error *err);

	/* state, zero at first */
	unsigned char *slots;
	bool *handed_on;      /* by slot */
	uint64_t first, next; /* tickets: the oldest in flight, and the one to start next */
	bool ended;
};

/* Run until the source has no more and every slot was handed on. */
FC_MUST_USE enum fc_status fc_flight_run(struct fc_flight *flight, struct fc_error *err);

/* Release the slots that an error has left in flight. */
void fc_flight_release(struct fc_flight *flight);

/* A slot in flight. */
void *fc_flight_slot(const struct fc_flight *flight, uint64_t ticket);

#endif
