/* SIGINT and SIGTERM during a batch: finish the photos in flight, store and report them, then end by the signal. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_INTERRUPT_H
#define FC_CMD_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

/*
 * From now on the first SIGINT, SIGTERM or SIGHUP is only noted, and the value becomes its number; a second one ends the process at
 * once.
 */
const volatile sig_atomic_t *interrupt_watch(void);

/* The signal that was noted, or 0. */
int interrupt_noted(void);

/* From now on SIGUSR1 requests a message about the progress of a batch. */
void interrupt_watch_usr1(void);

/* Whether SIGUSR1 came since the last call. */
bool interrupt_usr1_came(void);

/* If a signal was noted, end the process by it: exit status 128 + N. */
void interrupt_end(void);

/*
 * Ignore SIGPIPE and SIGXFSZ, so that a failed write is reported and partial files are removed; false restores the default, for
 * a program that facectl executes.
 */
void interrupt_ignore_failed_writes(bool ignore);

#endif
