/*
 * SIGINT and SIGTERM during a batch: finish the photos that are being processed, store and report them, then exit by the signal.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_INTERRUPT_H
#define FC_CMD_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

/*
 * From now on the first SIGINT, SIGTERM or SIGHUP only sets the returned variable to the number of the signal. A second one ends
 * the process immediately.
 */
const volatile sig_atomic_t *interrupt_watch(void);

/* The signal that was received, or 0. */
int interrupt_noted(void);

/* From now on SIGUSR1 requests a message about the progress of a batch. */
void interrupt_watch_usr1(void);

/* Whether SIGUSR1 was received since the last call. */
bool interrupt_usr1_came(void);

/* If a signal was received, end the process by that signal: exit status 128 + N in a shell. */
void interrupt_end(void);

/*
 * Ignore SIGPIPE and SIGXFSZ, so that failed writes are reported and partial files are removed. false restores the default; call
 * that before executing another program.
 */
void interrupt_ignore_failed_writes(bool ignore);

#endif
