/*
 * Coverage counters of a worker, only in a coverage build. A second process writes them: it shares the worker's memory, and thus
 * its counters, but it is not in the sandbox.
 */
/* SPDX-License-Identifier: MIT */
#include "vision/worker/counters.h"

#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/compiler.h"
#include "vision/worker/process.h"

enum { WORKER, WRITER };

static int ends[2]; /* of a connection between the two processes */
static _Alignas(16) char stack[1 << 18];

/* The worker waits while this process writes, because they also share the state of the C library. It ends with the worker. */
static int write_when_asked(void *unused)
{
	char byte;
	(void)unused;
	FC_IGNORE(close(FC_WORKER_SOCKET));
	FC_IGNORE(close(ends[WORKER]));
	while (read(ends[WRITER], &byte, 1) == 1) {
		FC_WRITE_COVERAGE();
		FC_IGNORE(write(ends[WRITER], &byte, 1));
	}
	return 0;
}

void fc_counters_start(void)
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0 ||
	    clone(write_when_asked, stack + sizeof(stack), CLONE_VM, NULL) < 0) {
		abort();
	}
	FC_IGNORE(close(ends[WRITER]));
}

void fc_counters_write(void)
{
	char byte = 0;
	FC_IGNORE(write(ends[WORKER], &byte, 1));
	FC_IGNORE(read(ends[WORKER], &byte, 1));
}
