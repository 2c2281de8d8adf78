/*
 * One writer at a time, with a time limit and the writer's process id for messages. LMDB also has a lock of its own, but without these
 * features.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_STORE_WRITE_LOCK_H
#define FC_GALLERY_STORE_WRITE_LOCK_H

#include <signal.h>
#include <stdbool.h>

#include "base/error.h"
#include "gallery/store/directory.h"

struct fc_write_lock {
	int fd;           /* -1 on a read-only file system, where there are no writers */
	sigset_t signals; /* the mask to restore */
};

/* Errors: FC_IO. */
enum fc_status fc_write_lock_open(const struct fc_directory *directory, struct fc_write_lock *out,
				  struct fc_error *err);
void fc_write_lock_close(struct fc_write_lock *lock);

/*
 * Become the writer within timeout milliseconds. Signals that end or stop a process are blocked until the release. A waiting process gets
 * the lock before the current writer can get it again. Errors: FC_BUSY (the text names the holder's process id), FC_IO.
 */
enum fc_status fc_write_lock_take(struct fc_write_lock *lock, const char *gallery, unsigned timeout,
				  struct fc_error *err);
void fc_write_lock_release(struct fc_write_lock *lock);

/* The id of the process that is writing; 0 if there is none or it is unknown. */
long fc_write_lock_holder(const struct fc_write_lock *lock);

#endif
