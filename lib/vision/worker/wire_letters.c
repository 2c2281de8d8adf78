/* Pack and unpack the frames between facectl and the program that draws names. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "vision/worker/wire.h"

void fc_wire_put_fonts(struct fc_buffer *frame, const struct fc_letterer_options *options,
		       uint32_t parent)
{
	fc_wire_begin(frame, FC_WIRE_FONTS);
	fc_buffer_put_u32(frame, parent);
	fc_buffer_put_u32(frame, options->timeout);
	fc_buffer_put_u8(frame, (uint8_t)options->sandbox);
	size_t count = 0;
	for (const char *const *next = options->environment; next && *next; next++) {
		if (count < FC_WIRE_VARIABLES_MAXIMUM && strlen(*next) < FC_WIRE_TEXT_MAXIMUM) {
			fc_buffer_put_text(frame, *next);
			count++;
		}
	}
	fc_wire_end(frame);
}

bool fc_wire_get_fonts(struct fc_reader *payload, struct fc_wire_fonts *out)
{
	size_t count = 0;
	*out = (struct fc_wire_fonts){ .parent = fc_reader_u32(payload) };
	out->timeout = fc_reader_u32(payload);
	out->sandbox = fc_reader_u8(payload) == FC_SANDBOX_BEST_EFFORT ? FC_SANDBOX_BEST_EFFORT
								       : FC_SANDBOX_STRICT;
	while (count < FC_WIRE_VARIABLES_MAXIMUM && !payload->failed && !fc_reader_done(payload)) {
		out->environment[count++] = fc_reader_text(payload, FC_WIRE_TEXT_MAXIMUM);
	}
	return fc_reader_done(payload);
}

void fc_wire_put_text(struct fc_buffer *frame, const char *text, uint32_t letter,
		      uint32_t width_maximum)
{
	fc_wire_begin(frame, FC_WIRE_TEXT);
	fc_buffer_put_u32(frame, letter);
	fc_buffer_put_u32(frame, width_maximum);
	fc_buffer_put_text(frame, text);
	fc_wire_end(frame);
}

bool fc_wire_get_text(struct fc_reader *payload, char **text, uint32_t *letter,
		      uint32_t *width_maximum)
{
	*letter = fc_reader_u32(payload);
	*width_maximum = fc_reader_u32(payload);
	FC_CLEANUP(fc_free) char *read = fc_reader_text(payload, FC_WIRE_TEXT_MAXIMUM);
	if (!fc_reader_done(payload)) {
		return false;
	}
	*text = FC_STEAL(read);
	return true;
}

void fc_wire_put_stencil(struct fc_buffer *frame, const struct fc_stencil *stencil)
{
	fc_buffer_put_u32(frame, stencil->width);
	fc_buffer_put_u32(frame, stencil->height);
	if (stencil->opacity) {
		fc_buffer_append(frame, stencil->opacity, (size_t)stencil->width * stencil->height);
	}
}

const char *fc_wire_get_stencil(struct fc_reader *payload, struct fc_stencil *out)
{
	uint32_t width = fc_reader_u32(payload);
	uint32_t height = fc_reader_u32(payload);
	if (payload->failed || width == 0 || height == 0) {
		return payload->failed ? "it is malformed" : NULL;
	}
	size_t bytes = (size_t)width * height;
	const uint8_t *opacity = fc_reader_borrow(payload, bytes);
	uint8_t *copy = opacity ? malloc(bytes) : NULL;
	if (!copy) {
		payload->failed = true;
		return opacity ? fc_wire_out_of_memory : "it is malformed";
	}
	memcpy(copy, opacity, bytes);
	*out = (struct fc_stencil){ width, height, copy };
	return NULL;
}
