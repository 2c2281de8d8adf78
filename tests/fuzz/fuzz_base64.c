/* Any text as base64: what is accepted is the one text that its bytes have. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/digest.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer plain = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer encoded = { 0 };
	fc_buffer_append(&bytes, data, size);
	const char *text = fc_buffer_text(&bytes);
	FUZZ_CHECK(text);
	if (fc_base64_decode(text, &plain)) {
		fc_base64_append(&encoded, plain.data, plain.length);
		FUZZ_CHECK(strcmp(fc_buffer_text(&encoded), text) == 0);
	}
	return 0;
}
