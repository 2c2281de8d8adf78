/* SIGINT and SIGTERM during a batch: finish the photos in flight, keep and show what is done, then end by the signal. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_INTERRUPT_H
#define FC_CMD_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

/*
 * From now on the first SIGINT, SIGTERM or SIGHUP is only noted; a second one ends the process at once. The value becomes the
 * signal's number.
 */
const volatile sig_atomic_t *interrupt_watch(void);

/* The signal that was noted, or 0. */
int interrupt_noted(void);

/* From now on SIGUSR1 ends nothing: it asks a batch how far it is. */
void interrupt_take_questions(void);

/* Whether SIGUSR1 came since this was last asked. */
bool interrupt_asked(void);

/* End as an unhandled signal would, if one was noted: whoever waits sees 128 + N. */
void interrupt_end(void);

#endif
