/*
 * Export of a gallery, record by record. No transaction is open while a record is visited: the gallery is read in pages, each a snapshot,
 * so that the visitor may be slow. A person and its faces are from the same snapshot unless a page becomes full between them. Changes that
 * are made during the export may or may not be included. If persons are merged or moved meanwhile, the export fails with FC_BUSY.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_TRANSFER_EXPORT_H
#define FC_GALLERY_TRANSFER_EXPORT_H

#include "gallery/transfer/transfer.h"

struct fc_export_options {
	const char *space;          /* NULL: all spaces */
	const struct fc_uuid *pids; /* the persons to export, if pid_count is not 0 */
	size_t pid_count;           /* 0: all persons, with spaces, origins and entries */
	bool entries, crops;
};

/* Return a status other than FC_OK to end the export. The record is valid only during the call. */
typedef enum fc_status fc_export_visit(void *context, const struct fc_transfer *record,
				       struct fc_error *err);

/*
 * Visit the header, the spaces, the origins, each person followed by its faces, the entries, and the end. An import stores records in this
 * order, so that an export of an imported gallery has the same records. Errors: FC_NOT_FOUND (space or person), FC_DAMAGED, those of visit.
 */
enum fc_status fc_gallery_export(struct fc_gallery *gallery,
				 const struct fc_export_options *options, fc_export_visit *visit,
				 void *context, struct fc_error *err);

#endif
