/* Any text shown on a terminal: it comes out well-formed, without anything that acts, and as wide as was said. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"
#include "fuzz.h"

static size_t code_points(const char *text)
{
	size_t count = 0;
	for (; *text != '\0'; text++) {
		count += ((unsigned char)*text & 0xc0) != 0x80;
	}
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer shown = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer again = { 0 };
	fc_buffer_append(&bytes, data, size);
	const char *text = fc_buffer_text(&bytes);
	FUZZ_CHECK(text);

	fc_text_append_visible(&shown, text);
	const char *visible = fc_buffer_text(&shown);
	FUZZ_CHECK(visible && fc_text_is_utf8(visible, shown.length));
	FUZZ_CHECK(visible[0] == '\0' || fc_text_is_label(visible, SIZE_MAX));
	FUZZ_CHECK(fc_text_columns(text) == code_points(visible));

	fc_text_append_visible(&again, visible);
	FUZZ_CHECK(strcmp(fc_buffer_text(&again), visible) == 0);
	FUZZ_CHECK(!fc_text_is_label(text, 255) || strcmp(text, visible) == 0);
	FUZZ_CHECK(!fc_text_is_space_name(text) || fc_text_is_label(text, 64));
	return 0;
}
