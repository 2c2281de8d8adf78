/* One worker process: start it with a clean environment, and end it reliably. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_WORKER_PROCESS_H
#define FC_VISION_WORKER_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

enum {
	FC_WORKER_SOCKET = 3, /* the worker's only descriptor besides the null device on 0 to 2 */
	FC_WORKER_PHOTOS =
		1000, /* a worker is replaced after so many photos, so that memory leaks do not add up */
};

/* The complete environment of a worker: "NAME=value" strings, NULL-terminated. */
extern const char *const fc_worker_environment[];

struct fc_worker_process {
	pid_t pid;  /* 0: no process */
	int socket; /* facectl's end; -1: none */
};

/*
 * Start the program. It inherits one end of a socket and nothing else. It gets its own process group, so that Ctrl-C reaches only
 * facectl, which can then finish the current photos. Errors: FC_IO.
 */
enum fc_status fc_worker_process_start(const char *program, struct fc_worker_process *out,
				       struct fc_error *err);

/* How a worker ended. */
struct fc_worker_end {
	/*
	 * FC_WORKER_KILLED: by a signal that decoders do not cause but other processes send, such as SIGKILL or SIGTERM. FC_INTERNAL: by
	 * SIGSYS, a system call that the sandbox does not allow. FC_WORKER_DIED: in any other way.
	 */
	enum fc_status status;
	char text[128]; /* "was ended by signal 11 (Segmentation fault)", "exited with status 1" */
};

/* Kill the process without waiting, so that several workers end at the same time. Call fc_worker_process_end afterwards. */
void fc_worker_process_kill(const struct fc_worker_process *process);

/*
 * Call when the worker has closed its end of the socket: waits briefly for the worker to exit, so that fc_worker_process_end can
 * report the cause.
 */
void fc_worker_process_wait_end(const struct fc_worker_process *process);

/* Kill the process if it still runs, and reap it. *end (may be NULL): how it ended, if it ended before this call. */
void fc_worker_process_end(struct fc_worker_process *process, struct fc_worker_end *end);

#endif
