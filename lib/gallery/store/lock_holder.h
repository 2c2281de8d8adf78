/* Who holds a lock of flock(2), for messages. Private to store/. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_STORE_LOCK_HOLDER_H
#define FC_GALLERY_STORE_LOCK_HOLDER_H

enum { FC_LOCK_HOLDER_SIZE = 40 };

/* Write "process 123", or "another process" if the kernel does not say which, for a lock on the file open in fd. Returns out. */
const char *fc_lock_holder(int fd, char out[FC_LOCK_HOLDER_SIZE]);

#endif
