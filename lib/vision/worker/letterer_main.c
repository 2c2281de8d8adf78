/*
 * facectl-lettering: the program that draws names with the fonts of the system. It receives over one socket where fonts may be, reads their list, enters
 * its sandbox, and draws texts until the other side closes the socket. Only facectl starts it.
 */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "vision/image/lettering.h"
#include "vision/worker/counters.h"
#include "vision/worker/process.h"
#include "vision/worker/sandbox.h"
#include "vision/worker/served.h"
#include "vision/worker/wire_socket.h"

enum { EXIT_DONE = 0, EXIT_NOT_STARTED = 1, EXIT_BROKEN = 2 };

/* Enter the sandbox, and report that. fonts must be kept until the process ends, because the environment consists of its strings. */
static bool begin(struct fc_buffer *frame, struct fc_wire_fonts *fonts)
{
	const struct fc_image_limits no_photos = { 0 };
	struct fc_protections protections = { 0 };
	struct fc_error result = { 0 };
	enum fc_wire_kind kind = 0;
	if (fc_wire_receive(FC_WORKER_SOCKET, frame, FC_WIRE_BIT(FC_WIRE_FONTS), true, NULL) !=
	    FC_WIRE_WHOLE) {
		return false;
	}
	struct fc_reader payload = fc_wire_payload(frame, &kind);
	if (!fc_wire_get_fonts(&payload, fonts) || !fc_sandbox_prepare((pid_t)fonts->parent) ||
	    clearenv() != 0) {
		return false;
	}
	for (size_t i = 0; fonts->environment[i]; i++) {
		FC_IGNORE(putenv(fonts->environment[i]));
	}
	/* Now, because fontconfig writes its cache if that is missing or old. */
	fc_lettering_files(NULL, NULL);
	enum fc_status status = fc_sandbox_lock(&no_photos, fonts->timeout, fc_lettering_files,
						&protections, &result);
	if (status != FC_OK && fonts->sandbox == FC_SANDBOX_BEST_EFFORT) {
		result = (struct fc_error){ 0 };
	}
	fc_wire_put_ready(frame, &result, &protections);
	return fc_served_send(frame) && result.status == FC_OK;
}

/* Receive a text and send its stencil, an empty one if the text cannot be drawn. Returns false to end the process. */
static bool serve(struct fc_buffer *frame)
{
	FC_CLEANUP(fc_free) char *text = NULL;
	struct fc_stencil stencil = { 0 };
	uint32_t letter, width_maximum;
	enum fc_wire_kind kind = 0;
	fc_buffer_clear(frame);
	if (fc_wire_receive(FC_WORKER_SOCKET, frame, FC_WIRE_BIT(FC_WIRE_TEXT), true, NULL) !=
	    FC_WIRE_WHOLE) {
		return false;
	}
	struct fc_reader payload = fc_wire_payload(frame, &kind);
	if (!fc_wire_get_text(&payload, &text, &letter, &width_maximum)) {
		return false;
	}
	FC_IGNORE(fc_lettering_draw(text, letter, width_maximum, &stencil));
	fc_wire_begin(frame, FC_WIRE_STENCIL);
	fc_wire_put_stencil(frame, &stencil);
	fc_wire_end(frame);
	free(stencil.opacity);
	return fc_served_send(frame);
}

int main(void)
{
	static struct fc_wire_fonts fonts;
	struct fc_buffer frame = { 0 };
	if (!fc_served_is_started("facectl-lettering")) {
		return EXIT_NOT_STARTED;
	}
	fc_counters_start();
	if (!begin(&frame, &fonts)) {
		_exit(EXIT_NOT_STARTED);
	}
	while (serve(&frame)) {
	}
	fc_counters_write();
	/* Skip atexit handlers: those of libraries may make system calls that the sandbox refuses. */
	_exit(frame.length == 0 ? EXIT_DONE : EXIT_BROKEN);
}
