/* The JSON of snapshots and of the operations on them, as the Azure Face API answers. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_AZURE_SNAPSHOTS_H
#define FC_PROTOCOL_AZURE_SNAPSHOTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/json_writer.h"
#include "base/uuid.h"
#include "protocol/azure/operations.h"

/* Times in microseconds since the epoch. */
struct fc_azure_snapshot_row {
	struct fc_uuid id, subscription;
	enum fc_azure_kind kind;
	const struct fc_uuid *scope;
	size_t scope_count;
	const char *user_data; /* NULL when it has none */
	int64_t created, updated;
};

void fc_azure_write_snapshot(struct fc_json_writer *json,
			     const struct fc_azure_snapshot_row *snapshot);

struct fc_azure_operation_row {
	const char *status; /* "notstarted", "running", "succeeded", "failed" */
	int64_t created, acted;
	const char *resource; /* path of the result; NULL: none yet */
	const char *message;  /* why it failed; NULL: it did not */
};

void fc_azure_write_operation(struct fc_json_writer *json,
			      const struct fc_azure_operation_row *operation);

#endif
