/* Any text shown on a terminal: it comes out well-formed, without anything that acts, and as wide as was said. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"
#include "base/unicode.h"
#include "fuzz.h"

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
	size_t taken;
	FUZZ_CHECK(fc_text_cells(text) == fc_text_cells(visible));
	FUZZ_CHECK(fc_text_fit(visible, SIZE_MAX, &taken) == shown.length);
	FUZZ_CHECK(fc_text_fit(visible, 5, &taken) <= shown.length && taken <= 5);

	fc_text_append_visible(&again, visible);
	FUZZ_CHECK(strcmp(fc_buffer_text(&again), visible) == 0);
	FUZZ_CHECK(!fc_text_is_label(text, 255) || strcmp(text, visible) == 0);
	FUZZ_CHECK(!fc_text_is_space_name(text) || fc_text_is_label(text, 64));
	return 0;
}
