/*
 * One writer at a time, with a time limit and a name: who waits can say which process holds the gallery. LMDB has a lock of
 * its own under this one, which waits for ever and names nobody.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_WRITE_LOCK_H
#define FC_GALLERY_WRITE_LOCK_H

#include <signal.h>
#include <stdbool.h>

#include "base/error.h"
#include "gallery/store/directory.h"

struct fc_write_lock {
	int fd; /* -1 on a read-only file system, where nobody writes: it cannot be taken there */
	sigset_t signals; /* the mask to go back to */
};

/* Errors: FC_IO. */
FC_MUST_USE enum fc_status fc_write_lock_open(const struct fc_directory *directory,
					      struct fc_write_lock *out, struct fc_error *err);
void fc_write_lock_close(struct fc_write_lock *lock);

/*
 * Become the writer within timeout milliseconds. From then on the signals that end or stop a process are held back, and a
 * process that waits its turn is served before this one may have it again. *orphaned tells that the last writer died in the
 * middle. Errors: FC_BUSY (the text names the holder's process id), FC_IO.
 */
FC_MUST_USE enum fc_status fc_write_lock_take(struct fc_write_lock *lock, const char *gallery,
					      unsigned timeout, bool *orphaned,
					      struct fc_error *err);

/* Let the next one in. Not complete: leave the name behind, as if this writer had died. */
void fc_write_lock_release(struct fc_write_lock *lock, bool complete);

#endif
