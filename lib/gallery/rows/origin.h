/*
 * Origins: where photos come from. Each belongs to a space, and its name stands for it alone in the whole gallery. Faces and entries
 * hold the name, so an origin keeps it for life, and what it delivered stays when it is deleted.
 *
 * "cli" is in every space without a record of its own: the origin of photos that come from nowhere else.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_ORIGINS_H
#define FC_GALLERY_ORIGINS_H

#include "gallery/gallery.h"

#define FC_ORIGIN_CLI "cli"

/* Values are stored; never renumber. */
enum fc_origin_flag {
	FC_ORIGIN_CREATE_ON_HA = 1 << 0, /* a match that is ha becomes a new profile all the same */
	FC_ORIGIN_CREATE_ON_JUNK = 1 << 1, /* a match that is junk */
};

struct fc_origin_settings {
	uint64_t min_facesize;        /* pixels; faces with a smaller box do not count. 0: all do */
	uint64_t create_min_facesize; /* pixels; for making profiles. 0: min_facesize counts */
	uint32_t flags;               /* enum fc_origin_flag */
	uint32_t save_entries;        /* bits 1 << enum fc_result: which results make entries */
	uint32_t entry_storage_days;  /* how long entries are kept; 0: for ever */
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

/* Every face counts, every result makes an entry, entries are kept. */
struct fc_origin_settings fc_origin_settings_default(void);

struct fc_origin {
	uint32_t id; /* from 1 */
	uint32_t space;
	char name[FC_LABEL_MAXIMUM + 1];
	int64_t created;
	struct fc_origin_settings settings;
};

/* What an origin can be called: a label that is no number. */
bool fc_origin_is_name(const char *name);

/*
 * id is set, and created unless it is not 0. Errors: FC_CONFLICT (the name is taken), FC_INVALID_ARGUMENT (the name is "cli", a number, or no label),
 * FC_NOT_FOUND (space).
 */
FC_MUST_USE enum fc_status fc_origin_add(struct fc_gallery_txn *txn, struct fc_origin *origin,
					 struct fc_error *err);

/* By name, or by number when the text is one. FC_NOT_FOUND for "cli" too: it is no record. */
FC_MUST_USE enum fc_status fc_origin_find(struct fc_gallery_txn *txn, const char *name,
					  struct fc_origin *out, struct fc_error *err);

/* All origins by id; *out is the caller's to free(). */
FC_MUST_USE enum fc_status fc_origin_list(struct fc_gallery_txn *txn, struct fc_origin **out,
					  size_t *count, struct fc_error *err);

/* Replace the settings. */
FC_MUST_USE enum fc_status fc_origin_update(struct fc_gallery_txn *txn,
					    const struct fc_origin *origin, struct fc_error *err);
FC_MUST_USE enum fc_status fc_origin_delete(struct fc_gallery_txn *txn, uint32_t id,
					    struct fc_error *err);

#endif
