/* What the ledger knows a photo's file by, before anybody opens it. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_PHOTO_IDENTITY_H
#define FC_SERVICE_PHOTO_IDENTITY_H

#include <sys/stat.h>

#include "gallery/rows/ledger.h"

/*
 * A file that changed a moment ago may change again without a change of its times, which tick every few milliseconds, or every
 * two seconds where they have no fraction. Its identity equals none, so the next run looks again.
 */
struct fc_file_identity fc_photo_identity(const struct stat *info);

/* The path as the ledger has it: from the root, without "./" before it. folder is the current one. free() it; NULL: no memory. */
char *fc_photo_absolute(const char *folder, const char *path);

#endif
