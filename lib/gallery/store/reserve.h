/*
 * Disk space that is kept for changes that remove data. A change first writes new pages and then frees others, so that on a full disk nothing
 * could be deleted.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_STORE_RESERVE_H
#define FC_GALLERY_STORE_RESERVE_H

#include <stdbool.h>
#include <stdint.h>

#include "gallery/store/directory.h"

/*
 * Allocate the reserve of a gallery whose data file has so many bytes, unless it is there. A failure is ignored: the disk may be full, or the
 * file system may not support it.
 */
void fc_reserve_keep(const struct fc_directory *directory, uint64_t data_bytes);

/* Release the reserve. False if there was none. */
FC_MUST_USE bool fc_reserve_release(const struct fc_directory *directory);

#endif
