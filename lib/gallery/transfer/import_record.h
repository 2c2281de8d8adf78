/* Storing one record of an import, inside a transaction. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_TRANSFER_IMPORT_RECORD_H
#define FC_GALLERY_TRANSFER_IMPORT_RECORD_H

#include "gallery/transfer/pid_map.h"
#include "gallery/transfer/transfer.h"

enum fc_import_outcome {
	FC_IMPORT_ADDED,
	FC_IMPORT_UNCHANGED,
	FC_IMPORT_SKIPPED,
	FC_IMPORT_FAILED, /* with an error text */
};

/* A record of the current group, and its outcome. */
struct fc_import_item {
	uint64_t line;
	struct fc_transfer record;
	/* results, set each time the change is run */
	enum fc_import_outcome outcome;
	bool space_added, person_added; /* added because this record required them */
	struct fc_error error;
};

struct fc_import_scope {
	struct fc_gallery_txn *txn;
	const char *space; /* NULL: use the record's space, which must not be empty */
	enum fc_import_conflict conflict;
	/*
	 * Maps from pids of records to different pids in the gallery, or to an all-zero pid if the person was skipped: stored_pids from
	 * earlier groups, new_pids from the current change.
	 */
	const struct fc_pid_map *stored_pids;
	struct fc_pid_map *new_pids;
};

/* Store the item's record, which has a space and, if it is a face, a person. A conflict is an outcome, not an error. */
enum fc_status fc_import_record(struct fc_import_scope *scope, struct fc_import_item *item,
				struct fc_error *err);

#endif
