/* Send and receive whole frames over the socket between facectl and a worker. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_WORKER_WIRE_SOCKET_H
#define FC_VISION_WORKER_WIRE_SOCKET_H

#include "vision/worker/wire.h"

enum fc_wire_progress {
	FC_WIRE_WHOLE,   /* the frame is complete */
	FC_WIRE_PARTIAL, /* the rest has not arrived yet */
	FC_WIRE_CLOSED,  /* the other side closed the socket */
	FC_WIRE_BROKEN,  /* the data is not a frame of an expected kind */
	FC_WIRE_NO_MEMORY,
};

/*
 * Continue to read one frame. frame is an empty buffer at first and keeps the bytes that have arrived. Never reads past the end
 * of the frame. kinds: FC_WIRE_BIT of each expected kind; of other frames no more than the header is read. wait: block instead of returning FC_WIRE_PARTIAL. *passed_fd (-1: none yet) gets the descriptor that was sent
 * with the frame; further ones are closed. If passed_fd is NULL, the kernel drops all descriptors.
 */
FC_MUST_USE enum fc_wire_progress fc_wire_receive(int socket, struct fc_buffer *frame,
						  unsigned kinds, bool wait, int *passed_fd);

/* The payload of a whole frame. *kind is its kind. */
struct fc_reader fc_wire_payload(const struct fc_buffer *frame, enum fc_wire_kind *kind);

/*
 * Send a frame, and with it a copy of the descriptor fd unless fd is negative. If the socket's buffer is full, waits at most
 * `timeout` milliseconds each time; negative: without limit. Returns false when the other side has closed the socket or does not
 * read. Never raises SIGPIPE.
 */
FC_MUST_USE bool fc_wire_send(int socket, struct fc_buffer *frame, int fd, int timeout);

#endif
