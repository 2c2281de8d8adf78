/* One worker process: started clean, and ended for certain. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_WORKER_PROCESS_H
#define FC_VISION_WORKER_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

enum {
	FC_WORKER_SOCKET = 3, /* the worker's only descriptor besides the null device on 0 to 2 */
	FC_WORKER_PHOTOS =
		1000, /* after as many a worker is replaced, so that nothing can pile up in it */
};

/* The whole environment of a worker, NULL-terminated: "NAME=value". */
extern const char *const fc_worker_environment[];

struct fc_worker_process {
	pid_t pid;  /* 0: none */
	int socket; /* ours; -1: none */
};

/*
 * Start program with nothing of ours but one end of a socket, in a process group of its own, so that keys pressed at the
 * terminal reach facectl alone and it can finish what is in flight. Errors: FC_IO.
 */
FC_MUST_USE enum fc_status
fc_worker_process_start(const char *program, struct fc_worker_process *out, struct fc_error *err);

/* How a worker ended. */
struct fc_worker_end {
	bool killed;    /* somebody else killed it */
	char text[128]; /* "was ended by signal 11 (Segmentation fault)", "exited with status 1" */
};

/* Kill it without waiting, so that several end at once. fc_worker_process_end follows. */
void fc_worker_process_kill(const struct fc_worker_process *process);

/* Its end of the socket is closed: give it the moment that its end may take, so that this is told apart from our killing it. */
void fc_worker_process_settle(const struct fc_worker_process *process);

/* Kill it if it still runs, and reap it. *end (may be NULL): what had ended it before. */
void fc_worker_process_end(struct fc_worker_process *process, struct fc_worker_end *end);

#endif
