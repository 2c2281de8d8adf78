/*
 * Import of records from other galleries (transfer.h). A second import of the same records changes nothing: a person is identified by its
 * pid, a face by its person and photo, an entry by all of its fields.
 *
 * Records are collected and stored in groups. Each group is one change, durable when fc_import_store returns FC_OK.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_TRANSFER_IMPORT_H
#define FC_GALLERY_TRANSFER_IMPORT_H

#include "gallery/transfer/transfer.h"

struct fc_import_tally {
	uint64_t records; /* of all kinds, including header and end */
	uint64_t added
		[FC_TRANSFER_KINDS]; /* including spaces and persons that were added for other records */
	uint64_t unchanged;          /* already existed */
	uint64_t skipped; /* not imported because of a conflict of the record or of its person */
	uint64_t failed;
};

struct fc_import_options {
	/* FC_GALLERY_WRITE; NULL if there is none yet */
	struct fc_gallery *gallery;
	const char *source; /* name of the input, for messages */
	const char *space;  /* the space for every record; NULL: the space that the record names */
	enum fc_import_conflict conflict;
	bool dry_run; /* store nothing */
	/* Creates the gallery when there is something to store, if gallery is NULL and this is not a dry run. The caller closes it. */
	enum fc_status (*create)(void *context, struct fc_gallery **out, struct fc_error *err);
	/* Reports a record that failed; the text names source and line. May be called by every function below. */
	void (*problem)(void *context, const char *text);
	/* Finds a model by name. Used if the gallery has no face yet and a record has only the name of its model. Errors end the import. */
	enum fc_status (*describe)(void *context, const char *model, struct fc_embedder_pin *out,
				   struct fc_error *err);
	void *context;
};

struct fc_import;

/* Borrows the options' texts. Errors: FC_NO_MEMORY, those of fc_gallery_begin_read. */
enum fc_status fc_import_open(const struct fc_import_options *options, struct fc_import **out,
			      struct fc_error *err);
void fc_import_close(struct fc_import *import);
FC_DEFINE_CLEANUP(struct fc_import *, fc_import_close);

/*
 * Import one line. An invalid line is reported and counted as failed. Errors end the import: FC_INCOMPATIBLE (another model; the text
 * names source and line, and the current group is not stored), those of fc_import_store.
 */
enum fc_status fc_import_line(struct fc_import *import, uint64_t line, const char *text,
			      size_t length, struct fc_error *err);

/* Report a line that could not be read, and count it as failed. */
void fc_import_fail(struct fc_import *import, uint64_t line, const char *text);

/* Store the current group. Errors: those of fc_gallery_write. */
enum fc_status fc_import_store(struct fc_import *import, struct fc_error *err);

/* After the last line: store the current group. Reports an export without its end record. */
enum fc_status fc_import_finish(struct fc_import *import, struct fc_error *err);

const struct fc_import_tally *fc_import_tally(const struct fc_import *import);

#endif
