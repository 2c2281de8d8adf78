/*
 * Which photos of the ledger are gone. A photo that cannot be found may also be on a disk that is not mounted: its mount point looks like a
 * folder without photos. So a missing photo is gone only if the innermost folder above it that exists is on the device on which the photo
 * was last read, or if another photo below that folder was read on its present device, because devices can get other numbers.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_BATCH_MISSING_H
#define FC_SERVICE_BATCH_MISSING_H

#include "service/batch/ledger.h"

enum fc_presence {
	FC_PRESENCE_THERE, /* or not known, because a folder cannot be read */
	FC_PRESENCE_GONE,
	FC_PRESENCE_AWAY, /* missing, but perhaps only because its disk is not mounted */
};

/* The presence of one photo, without regard to other photos of its folder. identity: as it was last read. */
enum fc_presence fc_photo_presence(const char *path, const struct fc_file_identity *identity);

struct fc_missing_photo {
	char *path;
	struct fc_file_identity identity; /* as it was last read */
	struct fc_ledger_item item;       /* only its key fields */
	enum fc_presence presence;        /* GONE or AWAY */
};

struct fc_missing_photos {
	struct fc_missing_photo *items; /* sorted by path */
	size_t count, capacity;
};

void fc_missing_photos_release(struct fc_missing_photos *photos);

/* Find the missing photos of these tasks below a folder, whose path ends with a slash. Errors: FC_NO_MEMORY, FC_DAMAGED. */
enum fc_status fc_missing_photos_find(struct fc_gallery_txn *txn,
				      const struct fc_ledger_target *targets, size_t target_count,
				      const char *folder, struct fc_missing_photos *out,
				      struct fc_error *err);

/* Whether the photo of a path is in the list and gone. */
bool fc_missing_photos_has_gone(const struct fc_missing_photos *photos, const char *path);

/* FC_CONFLICT, with a message for people, if any photo is away. */
enum fc_status fc_missing_photos_check(const struct fc_missing_photos *photos,
				       struct fc_error *err);

/*
 * After a run, count the photos of its ledger below a folder that are gone (tally->gone) or away (tally->away). Photos that exist at another
 * path are not counted. origin: of the run; may be NULL.
 */
enum fc_status fc_missing_photos_count(struct fc_batch_ledger *ledger, const char *origin,
				       const char *folder, struct fc_tally *tally,
				       struct fc_error *err);

#endif
