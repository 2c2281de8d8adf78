/*
 * All that a gallery holds, handed out record by record for other galleries. Nothing of the gallery is held while a record is handed
 * out: it is read a page at a time, each page one moment of the gallery, so that whoever takes the records may be as slow as it
 * likes. A person and its faces are of one moment unless they fill a page alone. What is added or removed meanwhile may be in or not.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_EXPORT_H
#define FC_GALLERY_EXPORT_H

#include "gallery/transfer/transfer.h"

struct fc_export_options {
	const char *space;          /* NULL: all */
	const struct fc_uuid *pids; /* these persons alone */
	size_t pid_count;           /* 0: all of them, and spaces, origins and entries */
	bool entries, crops;
};

/* Return anything but FC_OK to end the export. The record is valid during the call. */
typedef enum fc_status fc_export_visit(void *context, const struct fc_transfer *record,
				       struct fc_error *err);

/*
 * The head, spaces, origins, persons each followed by its faces, entries, the end: in an order that an import keeps, so that
 * exporting what was imported gives the same records. Errors: FC_NOT_FOUND (space or person), FC_DAMAGED, those of visit.
 */
FC_MUST_USE enum fc_status fc_gallery_export(struct fc_gallery *gallery,
					     const struct fc_export_options *options,
					     fc_export_visit *visit, void *context,
					     struct fc_error *err);

#endif
