/* What every program that facectl starts over a socket does. */
/* SPDX-License-Identifier: MIT */
#include "vision/worker/served.h"

#include <stdio.h>
#include <sys/socket.h>

#include "vision/worker/counters.h"
#include "vision/worker/process.h"
#include "vision/worker/wire_socket.h"

bool fc_served_is_started(const char *program)
{
	int type = 0;
	socklen_t size = sizeof(type);
	bool is_started = getsockopt(FC_WORKER_SOCKET, SOL_SOCKET, SO_TYPE, &type, &size) == 0;
	if (!is_started) {
		FC_IGNORE(fprintf(stderr,
				  "%s is started by facectl; it cannot be used on its own\n",
				  program));
	}
	return is_started;
}

bool fc_served_send(struct fc_buffer *frame)
{
	/* Now, because facectl may kill this process as soon as it has the frame. */
	fc_counters_write();
	return fc_wire_send(FC_WORKER_SOCKET, frame, -1, -1);
}
