/* Write entries of the log as records or as the platform's JSON. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OUTPUT_ENTRY_RECORD_H
#define FC_CMD_OUTPUT_ENTRY_RECORD_H

#include "output/out.h"
#include "output/record.h"
#include "service/answer/platform.h"

extern const struct record_field entry_fields[];

/* Writes entries one by one: as records, or as items of a platform's document. */
struct entry_writer {
	struct out *out;
	const struct fc_platform_dialect *dialect;
	struct record_writer records;
	struct fc_json_writer json;
	uint64_t count;
	uint64_t last_id;
};

/* Create a writer. single: the command shows only one entry. A JSON document is appended to out->data. */
struct entry_writer entry_writer_of(struct out *out, const struct fc_platform_dialect *dialect,
				    bool single);
void entry_writer_release(struct entry_writer *writer);

/* Write an entry. A callback for fc_entry_sink; context is the writer. */
enum fc_status entry_write(void *context, const struct fc_entry_row *row, struct fc_error *err);

#endif
