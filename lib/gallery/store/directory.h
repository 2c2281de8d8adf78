/*
 * The gallery's directory and its files: who owns them, who may read them, and the lock that says "in use". LMDB's own view of
 * the files is the store's.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_DIRECTORY_H
#define FC_GALLERY_DIRECTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "gallery/gallery.h"

#define FC_DATA_FILE "data.mdb"
#define FC_LOCK_FILE "lock.mdb"
#define FC_WRITE_LOCK_FILE "write.lock"
/* A data file under construction: renamed to FC_DATA_FILE when it is whole and synced. */
#define FC_NEW_DATA_FILE "new.mdb"

/* Readers that may be active at once. LMDB's default of 126 is soon reached by a busy machine. */
enum { FC_READERS_MAXIMUM = 1022 };

struct fc_directory {
	char *path; /* as given, for error texts */
	int fd;     /* holds the shared flock; -1 when not open */
};

void fc_directory_close(struct fc_directory *directory);

/*
 * Open the directory (for FC_GALLERY_CREATE make it when it is missing), check owner and modes, and hold the lock.
 *
 * *vacant tells that there is no gallery and one may be made here, which only FC_GALLERY_CREATE gets to see: then the lock
 * is exclusive, and once FC_DATA_FILE is there fc_directory_settle() must be called. Otherwise the lock is shared and the
 * files are ready for LMDB.
 *
 * Errors: as fc_gallery_open.
 */
FC_MUST_USE enum fc_status fc_directory_open(const char *path, enum fc_gallery_mode mode,
					     unsigned timeout, struct fc_directory *out,
					     bool *vacant, struct fc_error *err);

/*
 * Make the lock exclusive, so that no other process has the gallery open. Errors: FC_BUSY (not within timeout; no lock is held
 * then), FC_IO.
 */
FC_MUST_USE enum fc_status fc_directory_seclude(const struct fc_directory *directory,
						unsigned timeout, struct fc_error *err);

/*
 * After FC_NEW_DATA_FILE was made under the exclusive lock: put it into place, make the lock files, go on with a shared lock.
 */
FC_MUST_USE enum fc_status fc_directory_settle(const struct fc_directory *directory,
					       unsigned timeout, struct fc_error *err);

#endif
