/*
 * Origins: where photos come from. Each belongs to one space, and its name is unique in the gallery. Faces and entries store the name, so
 * an origin cannot be renamed, and its faces and entries are kept when it is deleted.
 *
 * "cli" is the default origin of photos. Every space has it. Its settings are those of the gallery.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_ROWS_ORIGIN_H
#define FC_GALLERY_ROWS_ORIGIN_H

#include "gallery/gallery.h"

#define FC_ORIGIN_CLI "cli"

/* The id of the record with the settings of "cli". It has no space, and no record before its settings are changed. */
#define FC_ORIGIN_CLI_ID 0u

/* The longest time that entries can be kept, in days: a hundred years. */
enum { FC_STORAGE_DAYS_MAXIMUM = 36525 };

/* Values are stored; never renumber. */
enum fc_origin_flag {
	/* create a profile even if an existing one matches with high accuracy (ha) */
	FC_ORIGIN_CREATE_ON_HA = 1 << 0,
	/* create a profile even if an existing one matches with low confidence (junk) */
	FC_ORIGIN_CREATE_ON_JUNK = 1 << 1,
};

struct fc_origin_settings {
	/* pixels; faces with a smaller box are ignored. 0: no face is ignored */
	uint64_t min_facesize;
	uint64_t create_min_facesize; /* pixels; minimum to create a profile. 0: min_facesize */
	uint32_t flags;               /* enum fc_origin_flag */
	/* bits 1 << enum fc_result of the results that are stored as entries */
	uint32_t save_entries;
	uint32_t entry_storage_days; /* how long entries are kept; 0: without limit */
};

/* Every enum fc_result, as bits. */
#define FC_ORIGIN_ALL_RESULTS 0x1FEu

enum fc_origin_field {
	FC_ORIGIN_MIN_FACESIZE = 1 << 0,
	FC_ORIGIN_CREATE_MIN_FACESIZE = 1 << 1,
	FC_ORIGIN_ON_HA = 1 << 2,
	FC_ORIGIN_ON_JUNK = 1 << 3,
	FC_ORIGIN_SAVE_ENTRIES = 1 << 4,
	FC_ORIGIN_STORAGE_DAYS = 1 << 5,
};

/*
 * The default settings of an origin: no face is ignored, every result is stored, of "cli" only new and reinit; entries are kept without
 * limit.
 */
struct fc_origin_settings fc_origin_settings_default(const char *origin);

struct fc_origin {
	uint32_t id; /* from 1 */
	uint32_t space;
	char name[FC_LABEL_MAXIMUM + 1];
	int64_t created;
	struct fc_origin_settings settings;
};

/* Whether an origin can have this name: a label that is not a number. */
bool fc_origin_is_name(const char *name);

/*
 * Add an origin. Sets id, and created if it is 0. Errors: FC_CONFLICT (the name is already used), FC_INVALID_ARGUMENT (the name is "cli", a
 * number, or not a label), FC_NOT_FOUND (space).
 */
enum fc_status fc_origin_add(struct fc_gallery_txn *txn, struct fc_origin *origin,
			     struct fc_error *err);

/* Find an origin by its name, or by its id if name is a number. FC_NOT_FOUND for "cli": see fc_origin_cli. */
enum fc_status fc_origin_find(struct fc_gallery_txn *txn, const char *name, struct fc_origin *out,
			      struct fc_error *err);

/* Get the settings of "cli". out->id is FC_ORIGIN_CLI_ID, out->created 0 if they are the default. */
enum fc_status fc_origin_cli(struct fc_gallery_txn *txn, struct fc_origin *out,
			     struct fc_error *err);
enum fc_status fc_origin_cli_update(struct fc_gallery_txn *txn,
				    const struct fc_origin_settings *settings,
				    struct fc_error *err);

/* List all origins but "cli", ordered by id. The caller frees *out. */
enum fc_status fc_origin_list(struct fc_gallery_txn *txn, struct fc_origin **out, size_t *count,
			      struct fc_error *err);

/* Replace the settings of an origin. */
enum fc_status fc_origin_update(struct fc_gallery_txn *txn, const struct fc_origin *origin,
				struct fc_error *err);
enum fc_status fc_origin_delete(struct fc_gallery_txn *txn, uint32_t id, struct fc_error *err);

#endif
