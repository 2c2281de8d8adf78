/* Whole frames over the socket between facectl and a worker. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_WIRE_SOCKET_H
#define FC_VISION_WIRE_SOCKET_H

#include "vision/worker/wire.h"

enum fc_wire_progress {
	FC_WIRE_WHOLE,   /* the frame is complete */
	FC_WIRE_PARTIAL, /* nothing more to read at the moment */
	FC_WIRE_CLOSED,  /* the other side is gone */
	FC_WIRE_BROKEN,  /* what came is no frame, or memory ran out */
};

/*
 * Read on towards one frame, which starts as an empty buffer and keeps what has come so far. Never reads past the frame's end.
 * wait: block for more instead of returning FC_WIRE_PARTIAL. passed_fd, where a descriptor is welcome, gets the one that came
 * along and replaces none that is there; with NULL the kernel drops what the other side passes.
 */
FC_MUST_USE enum fc_wire_progress fc_wire_receive(int socket, struct fc_buffer *frame, bool wait,
						  int *passed_fd);

/* The payload of a whole frame, and its kind. */
struct fc_reader fc_wire_payload(const struct fc_buffer *frame, enum fc_wire_kind *kind);

/*
 * Send a frame, and a copy of the descriptor fd with it if that is not negative. Waits for room at most timeout milliseconds in
 * one go, for ever if that is negative. False when the other side is gone or does not read; never raises SIGPIPE.
 */
FC_MUST_USE bool fc_wire_send(int socket, const struct fc_buffer *frame, int fd, int timeout);

#endif
