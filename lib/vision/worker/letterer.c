/* Start the program that draws names, and exchange frames with it. */
/* SPDX-License-Identifier: MIT */
#include "vision/worker/letterer.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "vision/image/lettering.h"
#include "vision/worker/wire_socket.h"

enum {
	FAILURES_MAXIMUM = 3, /* of the program; then no more names are drawn */
	LOAD_TIMEOUT = 60000, /* milliseconds: without a cache, fontconfig reads all fonts */
};

/* End the process, which failed. reason NULL: how it ended decides. */
static enum fc_status lose(struct fc_letterer *letterer, enum fc_status status, const char *reason,
			   struct fc_error *err)
{
	struct fc_worker_end end;
	if (!reason) {
		fc_worker_process_wait_end(&letterer->process);
	}
	fc_worker_process_end(&letterer->process, &end);
	letterer->failures++;
	return fc_fail(err, reason ? status : end.status, "the program that draws names %s",
		       reason ? reason : end.text);
}

/* Send a frame, and wait for the response, which replaces it. On failure, the process is ended. */
static enum fc_status ask(struct fc_letterer *letterer, struct fc_buffer *frame,
			  enum fc_wire_kind expected, int timeout, struct fc_error *err)
{
	int socket = letterer->process.socket;
	enum fc_wire_progress progress = FC_WIRE_CLOSED;
	int64_t deadline = fc_clock_monotonic_ms() + timeout;
	if (fc_wire_send(socket, frame, -1, timeout)) {
		fc_buffer_clear(frame);
		progress = FC_WIRE_PARTIAL;
	} else if (!fc_buffer_ok(frame)) {
		progress = FC_WIRE_NO_MEMORY;
	}
	while (progress == FC_WIRE_PARTIAL) {
		struct pollfd readable = { .fd = socket, .events = POLLIN };
		int64_t left = deadline - fc_clock_monotonic_ms();
		int count = poll(&readable, 1, left > 0 ? (int)left : 0);
		if (count == 0 || (count < 0 && errno != EINTR)) {
			break;
		}
		progress = fc_wire_receive(socket, frame, FC_WIRE_BIT(expected), false, NULL);
	}
	switch (progress) {
	case FC_WIRE_WHOLE:
		return FC_OK;
	case FC_WIRE_PARTIAL:
		return lose(letterer, FC_TIMED_OUT, "did not finish in time", err);
	case FC_WIRE_CLOSED:
		return lose(letterer, FC_WORKER_DIED, NULL, err);
	case FC_WIRE_BROKEN:
		return lose(letterer, FC_WORKER_DIED, "sent data that is not a response", err);
	case FC_WIRE_NO_MEMORY:
		break;
	}
	fc_letterer_stop(letterer);
	return fc_fail_memory(err);
}

static enum fc_status start(struct fc_letterer *letterer, const struct fc_letterer_options *options,
			    struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	struct fc_protections protections;
	struct fc_error result = { 0 };
	enum fc_wire_kind kind;
	enum fc_status status = fc_worker_process_start(options->program, &letterer->process, err);
	if (status != FC_OK) {
		letterer->failures++;
		return status;
	}
	fc_wire_put_fonts(&frame, options, (uint32_t)getpid());
	FC_TRY(ask(letterer, &frame, FC_WIRE_READY, LOAD_TIMEOUT, err));
	struct fc_reader payload = fc_wire_payload(&frame, &kind);
	if (!fc_wire_get_ready(&payload, &result, &protections)) {
		return lose(letterer, FC_WORKER_DIED, "sent a malformed response", err);
	}
	if (result.status != FC_OK) {
		fc_letterer_stop(letterer);
		letterer->failures++;
		return fc_fail(err, FC_UNSUPPORTED, "%s", result.text);
	}
	return FC_OK;
}

enum fc_status fc_letterer_draw(struct fc_letterer *letterer,
				const struct fc_letterer_options *options, const char *text,
				uint32_t letter, uint32_t width_maximum, struct fc_stencil *out,
				struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	struct fc_stencil stencil = { 0 };
	enum fc_wire_kind kind;
	*out = stencil;
	if (letterer->process.pid == 0) {
		if (letterer->failures >= FAILURES_MAXIMUM || !options->program ||
		    access(options->program, X_OK) != 0) {
			return FC_OK;
		}
		FC_TRY(start(letterer, options, err));
	}
	fc_wire_put_text(&frame, text, letter, width_maximum);
	FC_TRY(ask(letterer, &frame, FC_WIRE_STENCIL, (int)options->timeout, err));
	struct fc_reader payload = fc_wire_payload(&frame, &kind);
	const char *objection = fc_wire_get_stencil(&payload, &stencil);
	if (objection == fc_wire_out_of_memory) {
		return fc_fail_memory(err);
	}
	if (objection || !fc_reader_done(&payload) ||
	    !fc_stencil_fits(&stencil, letter, width_maximum)) {
		free(stencil.opacity);
		return lose(letterer, FC_WORKER_DIED, "sent an invalid response", err);
	}
	*out = stencil;
	return FC_OK;
}

void fc_letterer_stop(struct fc_letterer *letterer)
{
	if (letterer->process.pid > 0) {
		fc_worker_process_end(&letterer->process, NULL);
	}
}

uint32_t fc_letter_height(uint32_t width, uint32_t height, const struct fc_box *face)
{
	float longer = (float)(width > height ? width : height);
	float smallest = fminf(96, fmaxf(8, longer / 160));
	float largest = fminf(96, fmaxf(10, longer / 50));
	float suits = (face->bottom - face->top) / 9;
	return (uint32_t)fmaxf(smallest, fminf(suits, largest));
}
