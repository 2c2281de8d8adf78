/*
 * A snapshot of a container as a file: lines of JSON as in an export (transfer.h). They are the header, the snapshot, each person followed by
 * its faces in order of the persons' UUIDs, and the end, which has the counts and the SHA-256 of all lines before it.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_TRANSFER_SNAPSHOT_H
#define FC_GALLERY_TRANSFER_SNAPSHOT_H

#include "gallery/transfer/export.h"

/*
 * Visit the records of a snapshot, whichever subscription it belongs to. The caller sets the digest of the end. No transaction is open
 * during a visit. Errors: FC_NOT_FOUND (there is no such snapshot, or it was deleted meanwhile), those of visit.
 */
enum fc_status fc_snapshot_export(struct fc_gallery *gallery, const struct fc_uuid *id,
				  fc_export_visit *visit, void *context, struct fc_error *err);

struct fc_snapshot_import_options {
	struct fc_gallery *gallery; /* FC_GALLERY_WRITE; NULL: only check the lines */
	int64_t expires;            /* of the new snapshot */
	struct fc_uuid *scope;      /* subscriptions that may apply it; NULL: the gallery's own */
	size_t scope_count;
};

struct fc_snapshot_import;

/* Borrows the options' scope. Errors: FC_NO_MEMORY. Close removes what was stored unless fc_snapshot_import_finish succeeded. */
enum fc_status fc_snapshot_import_open(const struct fc_snapshot_import_options *options,
				       struct fc_snapshot_import **out, struct fc_error *err);
void fc_snapshot_import_close(struct fc_snapshot_import *import);
FC_DEFINE_CLEANUP(struct fc_snapshot_import *, fc_snapshot_import_close);

/*
 * Read the next line, without its line end. What it has is stored in groups, but the snapshot does not exist before the end. Errors, after
 * which the import is over: FC_INVALID_ARGUMENT (this is not a line of a snapshot, or not the next one), FC_CONFLICT (the gallery has this
 * snapshot), FC_INCOMPATIBLE (another embedder), those of fc_gallery_write.
 */
enum fc_status fc_snapshot_import_line(struct fc_snapshot_import *import, const char *text,
				       size_t length, struct fc_error *err);

/* After the last line: complete the snapshot. Errors: FC_INVALID_ARGUMENT (the end is missing), FC_BUSY (it was removed meanwhile). */
enum fc_status fc_snapshot_import_finish(struct fc_snapshot_import *import, struct fc_error *err);

/* The snapshot's record, for its id and kind, after the second line. */
const struct fc_container_snapshot *
fc_snapshot_import_snapshot(const struct fc_snapshot_import *import);

#endif
