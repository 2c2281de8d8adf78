/* Any bytes as the file of a snapshot: refused, or its persons and faces are unique, complete and as many as its end says. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "fuzz.h"
#include "gallery/transfer/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FC_CLEANUP(fc_snapshot_import_closep) struct fc_snapshot_import *import = NULL;
	const struct fc_snapshot_import_options options = { 0 };
	struct fc_error err = { 0 };
	enum fc_status status = fc_snapshot_import_open(&options, &import, &err);
	for (size_t at = 0; status == FC_OK && at < size;) {
		const uint8_t *end = memchr(data + at, '\n', size - at);
		size_t length = end ? (size_t)(end - data) - at : size - at;
		status = fc_snapshot_import_line(import, (const char *)data + at, length, &err);
		at += length + 1;
	}
	if (status != FC_OK || fc_snapshot_import_finish(import, &err) != FC_OK) {
		FUZZ_CHECK(err.text[0] != '\0');
		return 0;
	}
	const struct fc_container_snapshot *snapshot = fc_snapshot_import_snapshot(import);
	FUZZ_CHECK(!fc_uuid_is_nil(&snapshot->id));
	FUZZ_CHECK(snapshot->kind > FC_CONTAINER_NONE && snapshot->kind < FC_CONTAINER_KINDS);
	FUZZ_CHECK(!snapshot->complete && snapshot->scope_count == 0);
	return 0;
}
