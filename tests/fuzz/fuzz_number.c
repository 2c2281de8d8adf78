/* Any text as a number: what is accepted lies in its range, what is refused changes nothing. */
/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <string.h>

#include "base/buffer.h"
#include "base/number.h"
#include "fuzz.h"

enum { MINIMUM = 3, MAXIMUM = 1 << 20, UNTOUCHED = 1 };

static void check(enum fc_status status, bool in_range, bool untouched, const struct fc_error *err)
{
	FUZZ_CHECK(status == FC_OK || status == FC_INVALID_ARGUMENT);
	FUZZ_CHECK(status == FC_OK ? in_range : untouched && err->text[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	struct fc_error err = { 0 };
	uint64_t whole = UNTOUCHED, length = UNTOUCHED, duration = UNTOUCHED;
	double real = UNTOUCHED;
	fc_buffer_append(&bytes, data, size);
	const char *text = fc_buffer_text(&bytes);
	FUZZ_CHECK(text);

	enum fc_status status = fc_parse_u64(text, MINIMUM, MAXIMUM, "it", &whole, &err);
	check(status, whole >= MINIMUM && whole <= MAXIMUM, whole == UNTOUCHED, &err);
	FUZZ_CHECK(status != FC_OK || strspn(text, "0123456789") == strlen(text));

	status = fc_parse_real(text, MINIMUM, MAXIMUM, "it", &real, &err);
	check(status, real >= MINIMUM && real <= MAXIMUM, real <= UNTOUCHED, &err);

	status = fc_parse_size(text, MAXIMUM, "it", &length, &err);
	check(status, length <= MAXIMUM, length == UNTOUCHED, &err);

	status = fc_parse_duration(text, MAXIMUM, "it", &duration, &err);
	check(status, duration <= MAXIMUM, duration == UNTOUCHED, &err);
	return 0;
}
