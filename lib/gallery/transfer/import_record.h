/* One record of an import, inside a transaction. Private to the import. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_IMPORT_RECORD_H
#define FC_GALLERY_IMPORT_RECORD_H

#include "gallery/transfer/pid_map.h"
#include "gallery/transfer/transfer.h"

enum fc_import_outcome {
	FC_IMPORT_ADDED,
	FC_IMPORT_UNCHANGED,
	FC_IMPORT_SKIPPED,
	FC_IMPORT_FAILED, /* with words */
};

/* A record that waits for its group to be stored, and what became of it. */
struct fc_import_item {
	uint64_t line;
	struct fc_transfer record;
	/* results, set anew each time the change is run */
	enum fc_import_outcome outcome;
	bool space_added, person_added; /* because the record needed them */
	struct fc_error error;
};

struct fc_import_scope {
	struct fc_gallery_txn *txn;
	const char *space; /* NULL: the record's, which then has one */
	enum fc_import_conflict conflict;
	/*
	 * Persons of the records that are somebody else here, or (all zero) were left out: as earlier groups have it, and what this
	 * change adds to it.
	 */
	const struct fc_pid_map *settled;
	struct fc_pid_map *fresh;
};

/* Store the item's record, which names a space and, of a face, somebody. A conflict is an outcome; errors are the gallery's. */
FC_MUST_USE enum fc_status fc_import_record(struct fc_import_scope *scope,
					    struct fc_import_item *item, struct fc_error *err);

#endif
