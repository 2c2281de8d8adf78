/*
 * The gallery's directory and its files: owner, modes, and the lock that marks the gallery as in use. The other files of store/ access the
 * content of the data file.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_STORE_DIRECTORY_H
#define FC_GALLERY_STORE_DIRECTORY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/error.h"
#include "gallery/gallery.h"

#define FC_DATA_FILE "data.mdb"
#define FC_LOCK_FILE "lock.mdb"
#define FC_WRITE_LOCK_FILE "write.lock"
/* The data file while it is being written. It is renamed to FC_DATA_FILE when it is complete and synced. */
#define FC_NEW_DATA_FILE "new.mdb"
/* Disk space for changes that remove more than they add: it is released when such a change finds the disk full (reserve.c). */
#define FC_RESERVE_FILE "reserve"

/* Maximum number of active readers of all processes. LMDB's default of 126 is too low for a busy machine. */
enum { FC_READERS_MAXIMUM = 1022 };

struct fc_directory {
	char *path; /* as given, for error texts */
	int fd;     /* holds the shared flock; -1 when not open */
	/* The disk is too full for the lock files. The gallery is read without LMDB's locks; no writer can open it meanwhile. */
	bool lockless;
	/* Several accounts use the gallery: the directory has mode 2770, and its group may read and write the files (gallery share). */
	bool shared;
	uint32_t group;
};

void fc_directory_close(struct fc_directory *directory);

/* Give a file that was created in the directory to the group if the gallery is shared: the umask may have removed that mode. */
void fc_directory_adopt(const struct fc_directory *directory, int fd);

/* Set shared and group from the mode of the open directory. */
void fc_directory_read_sharing(struct fc_directory *directory);

/* Check that only the user, or the group of a shared gallery, can access a file of the directory or, as "", the directory. */
enum fc_status fc_directory_check_owner(const struct fc_directory *directory, const char *name,
					const struct stat *info, struct fc_error *err);

/* Return FC_GALLERY_MISSING for a path without a directory; the text has the most similar name of a gallery in the same folder. */
enum fc_status fc_directory_fail_missing(const char *path, struct fc_error *err);

/*
 * Open the directory (FC_GALLERY_CREATE creates it if it is missing), check owner and modes, and lock it.
 *
 * *is_new (only with FC_GALLERY_CREATE): the directory contains no gallery yet, and one may be created in it. The lock is then exclusive,
 * and fc_directory_install() must be called once FC_NEW_DATA_FILE is complete. Otherwise the lock is shared and the files are ready for
 * LMDB.
 *
 * Errors: as fc_gallery_open.
 */
enum fc_status fc_directory_open(const char *path, enum fc_gallery_mode mode, unsigned timeout,
				 struct fc_directory *out, bool *is_new, struct fc_error *err);

/*
 * Make the lock exclusive, so that no other process has the gallery open. Errors: FC_BUSY (not possible within the timeout; no lock is held
 * then), FC_IO.
 */
enum fc_status fc_directory_lock_exclusive(const struct fc_directory *directory, unsigned timeout,
					   struct fc_error *err);

/* Rename FC_NEW_DATA_FILE to FC_DATA_FILE, create the lock files, and change the exclusive lock to a shared one. */
enum fc_status fc_directory_install(const struct fc_directory *directory, unsigned timeout,
				    struct fc_error *err);

#endif
