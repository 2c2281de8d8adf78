/*
 * Export of a gallery, record by record. No transaction is open while a record is visited: the gallery is read in pages, each a snapshot,
 * so that the visitor may be slow. A person and its faces are from one snapshot unless a page becomes full. Changes during the export
 * may or may not be included.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_EXPORT_H
#define FC_GALLERY_EXPORT_H

#include "gallery/transfer/transfer.h"

struct fc_export_options {
	const char *space;          /* NULL: all */
	const struct fc_uuid *pids; /* only these persons */
	size_t pid_count;           /* 0: all persons, with spaces, origins and entries */
	bool entries, crops;
};

/* Return anything but FC_OK to end the export. The record is valid during the call. */
typedef enum fc_status fc_export_visit(void *context, const struct fc_transfer *record,
				       struct fc_error *err);

/*
 * Visits the header, spaces, origins, persons each followed by its faces, entries, and the end. An import keeps this order, so that an
 * export of what was imported has the same records. Errors: FC_NOT_FOUND (space or person), FC_DAMAGED, those of visit.
 */
FC_MUST_USE enum fc_status fc_gallery_export(struct fc_gallery *gallery,
					     const struct fc_export_options *options,
					     fc_export_visit *visit, void *context,
					     struct fc_error *err);

#endif
