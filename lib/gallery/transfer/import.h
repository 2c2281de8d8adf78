/*
 * Records out of other galleries (transfer.h) become part of this one. Doing it twice changes nothing the second time: a person is
 * known by its pid, a face by its person and its photo, an entry by all of it.
 *
 * Records are gathered and stored in groups, each of which is one change: what fc_import_store has returned FC_OK for is on the disk.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_IMPORT_H
#define FC_GALLERY_IMPORT_H

#include "gallery/transfer/transfer.h"

struct fc_import_tally {
	uint64_t records;                  /* of all kinds, head and end too */
	uint64_t added[FC_TRANSFER_KINDS]; /* spaces and persons that others needed too */
	uint64_t unchanged;                /* were there already */
	uint64_t skipped; /* left out because of a conflict, or of a person who was */
	uint64_t failed;
};

struct fc_import_options {
	/* FC_GALLERY_WRITE; NULL in a dry run where there is none yet */
	struct fc_gallery *gallery;
	const char *source; /* where the lines come from, for texts */
	const char *space;  /* for every record, whatever it says; NULL: what it says */
	enum fc_import_conflict conflict;
	bool dry_run; /* store nothing */
	/* Where there is no gallery, and not in a dry run: make it, once there is something to store. It stays the caller's. */
	enum fc_status (*create)(void *context, struct fc_gallery **out, struct fc_error *err);
	/* A record that failed, in words that name source and line. May be called by every function below. */
	void (*problem)(void *context, const char *text);
	/*
	 * What a model is, where a record tells its name alone and the gallery has no face yet. Errors end the import.
	 */
	enum fc_status (*describe)(void *context, const char *model, struct fc_embedder_pin *out,
				   struct fc_error *err);
	void *context;
};

struct fc_import;

/* Borrows the options' texts. Errors: FC_NO_MEMORY, those of fc_gallery_begin_read. */
FC_MUST_USE enum fc_status fc_import_open(const struct fc_import_options *options,
					  struct fc_import **out, struct fc_error *err);
void fc_import_close(struct fc_import *import);
FC_DEFINE_CLEANUP(struct fc_import *, fc_import_close);

/*
 * Take one line. One that is no record fails alone. Errors end the import: FC_INCOMPATIBLE (another model; the text names source and
 * line, and what was gathered is not stored), those of fc_import_store.
 */
FC_MUST_USE enum fc_status fc_import_line(struct fc_import *import, uint64_t line, const char *text,
					  size_t length, struct fc_error *err);

/* Count a line as failed that could not be read at all. */
void fc_import_fail(struct fc_import *import, uint64_t line, const char *text);

/* Store what is gathered. Errors: those of fc_gallery_write. */
FC_MUST_USE enum fc_status fc_import_store(struct fc_import *import, struct fc_error *err);

/* There are no more lines: store what is left, and fail an export that ends before its end. */
FC_MUST_USE enum fc_status fc_import_finish(struct fc_import *import, struct fc_error *err);

const struct fc_import_tally *fc_import_tally(const struct fc_import *import);

#endif
