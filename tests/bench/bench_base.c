/* The cost of checksums (every record) and JSON (every manifest). */
/* SPDX-License-Identifier: MIT */
#include "base/digest.h"
#include "base/json.h"
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

enum { MEBIBYTE = 1 << 20, NAMES = 20000 };

static void crc32c(void *context)
{
	const struct fc_buffer *bytes = context;
	FC_IGNORE(fc_crc32c(0, bytes->data, bytes->length));
}

static void sha256(void *context)
{
	const struct fc_buffer *bytes = context;
	FC_IGNORE(fc_sha256_of(bytes->data, bytes->length));
}

static void json(void *context)
{
	const struct fc_buffer *text = context;
	FC_CLEANUP(fc_json_release) cJSON *value = NULL;
	if (fc_json_parse((const char *)text->data, text->length, text->length, "text", &value,
			  NULL) != FC_OK) {
		abort();
	}
}

int main(void)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	for (unsigned i = 0; i < MEBIBYTE; i++) {
		fc_buffer_put_u8(&bytes, (uint8_t)(i * 31 >> 3));
	}
	for (unsigned i = 0; i < NAMES; i++) {
		fc_buffer_printf(&text, "%s\"name%05u\":%u", i == 0 ? "{" : ",", i * 7919 % NAMES,
				 i);
	}
	fc_buffer_append_text(&text, "}");
	if (!fc_buffer_ok(&bytes) || !fc_buffer_ok(&text)) {
		abort();
	}
	bench_header();
	bench_run("crc32c, 1 MiB", crc32c, &bytes, MEBIBYTE, "bytes");
	bench_run("sha256, 1 MiB", sha256, &bytes, MEBIBYTE, "bytes");
	bench_run("json, one object of 20000 members", json, &text, NAMES, "members");
	return 0;
}
